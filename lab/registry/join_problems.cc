#include "lab/registry/join_problems.h"

namespace raspc {
namespace {

ProblemTheory TheoryOfBoth(const Problem& problem, const Problem& other) {
  ProblemTheory theory = *other.theory;
  for (const Mechanism mechanism : kAllMechanisms) {
    const MechanismTheory& own = problem.TheoryOf(mechanism);
    if (own.IsBuilt()) theory.mechanisms[static_cast<std::size_t>(mechanism)] = own;
  }
  return theory;
}

}  // namespace

void JoinProblems(Problem& problem, const Problem& other) {
  problem.minimal = other.minimal;
  problem.make_program = [own = problem.make_program, of_other = other.make_program,
                          known = problem](const GeneratedProgramOptions& options,
                                           Diagnostics& diag) {
    return known.TheoryOf(options.mechanism).IsBuilt() ? own(options, diag)
                                                       : of_other(options, diag);
  };
  problem.theory =
      LazyTheory([problem = Problem(problem), other] { return TheoryOfBoth(problem, other); });
}

}  // namespace raspc
