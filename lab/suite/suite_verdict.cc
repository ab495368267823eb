#include "lab/suite/suite_verdict.h"

namespace raspc {

std::string_view ObservedName(Observed observed) {
  switch (observed) {
    case Observed::kSolved:
      return "solved";
    case Observed::kFailed:
      return "failed";
    case Observed::kRefused:
      return "refused";
    case Observed::kBeyondLimit:
      return "beyond_limit";
    case Observed::kNotRun:
      return "not_run";
  }
  return "";
}

std::string_view ExpectationName(Expectation expectation) {
  switch (expectation) {
    case Expectation::kYes:
      return "yes";
    case Expectation::kNo:
      return "no";
    case Expectation::kConditionalNo:
      return "conditional_no";
    case Expectation::kNoClaim:
      return "no_claim";
  }
  return "";
}

bool Matches(const MechanismTheory& theory, Observed observed) {
  if (observed == Observed::kBeyondLimit || observed == Observed::kNotRun) return true;
  switch (theory.expectation) {
    case Expectation::kYes:
      return observed == (theory.IsBuilt() ? Observed::kSolved : Observed::kRefused);
    case Expectation::kNo:
    case Expectation::kConditionalNo:
      return observed == Observed::kRefused;
    case Expectation::kNoClaim:
      return observed != Observed::kFailed;
  }
  return false;
}

}  // namespace raspc
