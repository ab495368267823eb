// The fifteen tasks: their definitions, sources and programs.
#include <catch2/catch.hpp>

#include "languages/problems/registry.h"
#include "tests/languages/problem_testing.h"

namespace raspc {
namespace {

const char* const kTasks[] = {"even_pairs_task",
                              "modular_arithmetic_simple",
                              "parity_check",
                              "cycle_navigation_task",
                              "stack_manipulation",
                              "reverse_string",
                              "modular_arithmetic_brackets",
                              "solve_equation",
                              "duplicate_string",
                              "missing_duplicate",
                              "odds_first",
                              "binary_addition",
                              "binary_multiplication",
                              "compute_sqrt",
                              "bucket_sort"};

TEST_CASE("tasks are solved by every mechanism that theory gives a program for") {
  for (const char* name : kTasks) {
    const Problem problem = ProblemOf(name);
    for (const Mechanism mechanism : kAllMechanisms) {
      if (problem.TheoryOf(mechanism).expectation != Expectation::kYes) continue;
      ProgramCheck check;
      check.mechanism = mechanism;
      check.max_length = 24;
      check.most_exhaustive = 20'000;
      CheckProgram(problem, check);
    }
  }
}

}  // namespace
}  // namespace raspc
