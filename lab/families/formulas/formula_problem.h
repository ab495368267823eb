// A formula as a language of the laboratory.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lab/problem/problem.h"

namespace raspc {

inline constexpr const char* kFormulaLevel = "first-order with counting";

// The language of the words on which the formula holds. The default alphabet is the symbols that
// the formula names, sorted. Reports errors in the formula.
std::optional<Problem> FormulaProblem(std::string_view formula, const std::string& name,
                                      const std::optional<Alphabet>& alphabet, Diagnostics& diag);

}  // namespace raspc
