// One cell of the suite: a problem by one mechanism, from its program to its verdict.
#pragma once

#include <atomic>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "languages/laboratory/suite_options.h"
#include "languages/problems/problem.h"

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

// Whether theory and observation go together: `yes` with solved, `no` and `conditional_no` with
// refused, `no_claim` with anything but failed; what was not tried is compatible with anything.
bool Matches(Expectation expectation, Observed observed);

// The cell as it stands before it is run; its form is in docs/suite.md. `message` says why it is
// not run.
nlohmann::json CellNotRun(const Problem& problem, Mechanism mechanism,
                          const std::optional<std::string>& message);

// Runs the cell on this thread alone. The result depends on the problem, the mechanism and
// ToJson(options) alone, but for "seconds" and where a limit on time cut it short. Nothing once
// `stop` is set.
std::optional<nlohmann::json> RunCell(const Problem& problem, Mechanism mechanism,
                                      const SuiteOptions& options, const std::atomic<bool>& stop);

}  // namespace raspc
