// Padding positions that stand for tuples of positions of the word.
//
// A word of n symbols is followed by the end marker and n^k padding tokens. The pad with number p,
// from 0, stands for the tuple (x1, ..., xk) of positions, from 0, that are the digits of p to the
// base n: p = x1 + x2 n + ... + xk n^(k-1).
//
// The digits are found from the highest down. A digit is how many of the multiples m n^j, for
// 0 < m < N, what is left of p reaches, so it takes some 3 N neurons whatever the number of pads;
// no table of pairs (n, p) is made. (Merrill, Sabharwal 2025, exact expressive power, use padding
// so.)
#pragma once

#include <cstdint>
#include <string>

#include "base/diagnostics.h"

namespace raspc {

struct PadGrid {
  int arity = 2;                // k, at least 1
  std::string end_marker, pad;  // the tokens after the word
  std::int64_t max_length = 1;  // N, the most symbols of a word
};

// The most padding tokens that a program is made for.
inline constexpr std::int64_t kMaxPads = 40'000;

// What to compile with as --max-domain: functions of two positions are laid out as a whole, those
// of n and the number of a pad, which have many more values, are computed in steps.
std::int64_t MaxDomainForPads(std::int64_t max_length);

// N^k, or more than kMaxPads if it is that.
std::int64_t NumPads(std::int64_t max_length, int arity);
// Reports kLimit past kMaxPads, with the greatest length that has no more.
bool CheckNumPads(std::int64_t max_length, int arity, Diagnostics& diag);
// How many padding tokens a word of n symbols gets: `n^2`.
std::string PadCount(int arity);
// The coordinate's name, from 1 on: `x1`.
std::string CoordinateName(int number);

// Statements that assign `n`, the number of symbols, at every position; `is_pad`; and the
// coordinates of each pad. At other positions than pads coordinates are some position.
std::string PadGridStatements(const PadGrid& grid);

}  // namespace raspc
