// Padding tokens that represent tuples of positions of the word.
//
// A word of n symbols is followed by the end marker and n^k padding tokens. Padding token p,
// from 0, represents the tuple (x1, ..., xk) of positions, from 0, that are the digits of p in base
// n: p = x1 + x2 n + ... + xk n^(k-1).
//
// The digits are found from the highest down. A digit is the number of multiples m n^j, for
// 0 < m < N, that the remainder of p reaches, so it takes some 3 N neurons whatever the number of
// padding tokens, and no table of pairs (n, p). (Merrill, Sabharwal 2025, exact expressive power,
// use padding in this way.)
#pragma once

#include <cstdint>
#include <string>

#include "base/diagnostics.h"
#include "frontends/rasp_writer.h"

namespace raspc {

struct PadGrid {
  int arity = 2;                // k, at least 1
  std::string end_marker, pad;  // the tokens after the word
  std::int64_t max_length = 1;  // N, the maximum number of symbols of a word
};

// The maximum number of padding tokens of a program.
inline constexpr std::int64_t kMaxPadding = 40'000;

// The --max-domain to compile with: functions of two positions are laid out as a whole, those of n
// and the number of a padding token, which have many more values, are computed in steps.
std::int64_t MaxDomainForPads(std::int64_t max_length);

// N^k, or more than kMaxPadding if it is too large.
std::int64_t NumPadding(std::int64_t max_length, int arity);
// Reports kLimit past kMaxPadding, with the maximum length that stays within it.
bool CheckNumPads(std::int64_t max_length, int arity, Diagnostics& diag);
// A coordinate, from 1 on: `x1`.
Expr Coordinate(int number);

// Assigns `n`, the number of symbols, at every position; `is_pad`; and the coordinates of each
// padding token. At other positions the coordinates are arbitrary positions.
void WritePadGrid(const PadGrid& grid, RaspWriter& w);

}  // namespace raspc
