// The grammar of random programs: a table of productions, one line per way to make a type.
//
// In a pattern, `@x` is an expression and `#x` a constant, where x is
//
//     i int   f number   b bool   s string   S selector   1 selector of at most one position
//
// and besides, for constants, `g` (a float, usually not a dyadic fraction), `p` an int from 1 to 4,
// `k` an int from -3 to 3, `c` a comparison, `r` a bool, and `v` the vocabulary as the keys of a
// dict with ints as values.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/compiler/random_program.h"

namespace raspc {

struct Production {
  int weight;
  std::string_view pattern;
};

std::span<const Production> ProductionsOf(RandomType type);
// Those of programs about the rounding of floats; nothing for a type that uses the general ones.
std::span<const Production> RoundedProductionsOf(RandomType type);

// The type that a letter of a pattern stands for.
RandomType TypeNamed(char letter);

// Whether an expression of type `is` can be used where `wanted` is required.
bool Fits(RandomType is, RandomType wanted);

// The simplest expressions, simplest first.
std::vector<std::string> PlainTexts(RandomType type);

}  // namespace raspc
