// Random programs over means: numbers that cannot be listed, since the limit on lists is low.
#pragma once

#include <cstdint>

#include "tests/compiler/random_program.h"

namespace raspc {

// The program with this number: means of ints over several selectors, their sums, differences,
// multiples and quotients, then comparisons, rounding, conditions, choices and selectors over
// these. In all of them the rounding of floats decides nothing, so that they must compile.
RandomProgram MakeRandomMeanProgram(std::uint64_t seed);

}  // namespace raspc
