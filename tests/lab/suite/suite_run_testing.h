// Small runs of the suite, for tests.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lab/registry/registry.h"
#include "lab/suite/suite.h"
#include "lab/suite/suite_options.h"
#include "lab/suite/suite_problem.h"

namespace raspc {

inline SuiteOptions SmallOptions() {
  SuiteOptions options = SuiteOptionsFor(SuiteLevel::kQuick);
  options.max_length = 8;
  options.samples = 8;
  options.max_seconds = 0;  // sanitizers are slow
  return options;
}

inline SuiteProblem Named(const std::string& name) {
  return {name, [name](const LanguageLimits& limits, Diagnostics& diag) {
            return ReadProblem(name, std::nullopt, limits, diag);
          }};
}

// A modified problem.
inline SuiteProblem Changed(const std::string& name, const std::function<void(Problem&)>& change) {
  return {name, [name, change](const LanguageLimits& limits, Diagnostics& diag) {
            auto problem = ReadProblem(name, std::nullopt, limits, diag);
            if (problem) change(*problem);
            return problem;
          }};
}

inline SuiteResult RunOf(std::vector<SuiteProblem> problems, const SuiteOptions& options,
                         int num_threads = 2) {
  SuiteRun run;
  run.problems = std::move(problems);
  run.options = options;
  run.options.num_threads = num_threads;
  run.version = "test";
  const std::atomic<bool> stop = false;
  return RunSuite(run, stop);
}

}  // namespace raspc
