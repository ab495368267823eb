// Formulas as RASP programs.
//
// With padding (Merrill, Sabharwal 2025, exact expressive power): a formula of k variables gets n^k
// padding tokens, each of which represents values of the variables. Every part of the formula has a
// value at every padding token; a quantifier attends to those that agree in the other variables.
// One attention layer for each quantifier on the longest path, after one that computes n and one
// that gathers the symbols.
//
// Without padding: if no quantifier has more than one other free variable, and parts with both
// variables compare sums of one variable each, such as x + 1 < y, the quantifier is a selector: its
// variable is the key's position, the other one the query's. Pairs are counted by a
// selector for one of their variables and a sum over the other.
#pragma once

#include <optional>
#include <string>

#include "frontends/formulas/formula.h"
#include "frontends/generated_program.h"

namespace raspc {

// Whether the construction without padding applies.
bool NeedsNoPads(const Sentence& formula);

// The number of padding tokens of the construction with padding: `n^2`; `0` for a formula of at
// most one variable, whose positions represent themselves.
Polynomial PaddingOf(const Sentence& formula);

// The recogniser of the words over the alphabet on which the sentence holds; `name` in the
// comments. Requires an alphabet that has the formula's symbols, and for mechanisms other than kPad
// NeedsNoPads. Reports kLimit: more than kMaxPadding; kInput: symbols that no RASP literal can
// hold. Equal arguments give equal source.
std::optional<GeneratedProgram> FormulaProgram(const Sentence& formula, const Alphabet& alphabet,
                                               const std::string& name,
                                               const GeneratedProgramOptions& options,
                                               Diagnostics& diag);

}  // namespace raspc
