// Match3 by padding.
#pragma once

#include <optional>

#include "base/diagnostics.h"
#include "frontends/generated_program.h"

namespace raspc {

// A program for words of numbers `0` to `modulus`-1, as symbols: its value at each position i of
// the word is "1" if there are positions j and k with x_i + x_j + x_k = 0 modulo `modulus`, else
// "0"; j and k may be equal, and equal i. The n^2 padding tokens represent the pairs (j, k).
// Width does not grow with the number of matches (Sanford, Hsu, Telgarsky 2023 show that one layer
// without padding needs a size linear in n). Requires 1 <= modulus. Reports kLimit.
std::optional<GeneratedProgram> Match3ByPads(int modulus, const GeneratedProgramOptions& options,
                                       Diagnostics& diag);

}  // namespace raspc
