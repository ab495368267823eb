// What a cell of the suite turned out to be, and whether that goes together with theory.
#pragma once

#include <string_view>

#include "lab/problem/problem.h"

namespace raspc {

// What a cell turned out to be.
enum class Observed {
  kSolved,       // right on every word tried
  kFailed,       // wrong on some word, or the program does not compile
  kRefused,      // there is no program, as the problem says
  kBeyondLimit,  // too large for this run, whatever the length
  kNotRun,       // left out, or not come to
};
std::string_view ObservedName(Observed observed);
std::string_view ExpectationName(Expectation expectation);

// Whether theory and observation go together: `yes` with solved, or with refused where no program
// is made here; `no` and `conditional_no` with refused, `no_claim` with anything but failed; what
// was not tried is compatible with anything.
bool Matches(const MechanismTheory& theory, Observed observed);

}  // namespace raspc
