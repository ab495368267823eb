// The outcome of a cell of the suite, and whether it agrees with theory.
#pragma once

#include <string_view>

#include "lab/problem/problem.h"

namespace raspc {

// The outcome of a cell.
enum class Observed {
  kSolved,       // right on every word tried
  kFailed,       // wrong on some word, or the program does not compile
  kRefused,      // there is no program, according to the problem
  kBeyondLimit,  // too large for this run, whatever the length
  kNotRun,       // left out, or not reached
};
std::string_view ObservedName(Observed observed);
std::string_view ExpectationName(Expectation expectation);

// Whether theory and observation agree: `yes` with solved, or with refused if raspc has
// no program; `no` and `conditional_no` with refused, `no_claim` with anything but failed; a cell that
// was not tried agrees with anything.
bool Matches(const MechanismTheory& theory, Observed observed);

}  // namespace raspc
