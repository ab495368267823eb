// The suite: every problem by every mechanism, on all cores, in one report.
#pragma once

#include <atomic>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lab/suite/suite_options.h"
#include "lab/suite/suite_problem.h"

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
  // The report of an earlier run (suite_report.h), or null.
  nlohmann::json resumed;
  // Called from the thread of RunSuite: a few times a second, and with the current report
  // every `seconds_between_checkpoints`. Both may be empty.
  std::function<void(const SuiteProgress&)> on_progress;
  std::function<void(const nlohmann::json& report)> on_checkpoint;
  double seconds_between_checkpoints = 20;
};

// The report, whose form is in docs/suite.md. Once `stop` is set running cells are abandoned and
// the report has "complete": false. A cell without enough memory, even alone, is not run, and says
// so; bad_alloc is thrown only if there is not enough for the report itself.
nlohmann::json RunSuite(const SuiteRun& run, const std::atomic<bool>& stop);

}  // namespace raspc
