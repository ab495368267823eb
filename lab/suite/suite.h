// The suite: every problem by every mechanism, on all cores, in one report.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lab/suite/suite_options.h"
#include "lab/suite/suite_problem.h"
#include "lab/suite/suite_result.h"

namespace raspc {

struct SuiteProgress {
  int done = 0, total = 0;  // cells and descriptions of problems
  double seconds = 0;       // since the run began
  std::string last;         // the last completed job
};

struct SuiteRun {
  std::vector<SuiteProblem> problems;
  SuiteOptions options;
  std::string version;  // of raspc
  DrawAutomaton draw;   // may be empty
  std::optional<SuiteResult> resumed;  // the result of an earlier run (suite_report.h)
  // Called from the thread of RunSuite: a few times a second, and with the current result
  // every `seconds_between_checkpoints`. Both may be empty.
  std::function<void(const SuiteProgress&)> on_progress;
  std::function<void(const SuiteResult& result)> on_checkpoint;
  double seconds_between_checkpoints = 20;
};

// The result of a run that has not begun: that of the earlier run, if there is one.
SuiteResult ResultBefore(const SuiteRun& run);

// The result, its problems in the order of the run's. Once `stop` is set running cells are
// abandoned and the result is not complete. A cell without enough memory, even alone, is not run,
// and says so; bad_alloc is thrown only if there is not enough for the result itself.
SuiteResult RunSuite(const SuiteRun& run, const std::atomic<bool>& stop);

}  // namespace raspc
