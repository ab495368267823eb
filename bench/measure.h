// Runs work, in particular compiling, in a separate process, so that its time and memory can be
// measured.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/diagnostics.h"
#include "runtime/model/model.h"

namespace raspc {

// The result of work in a separate process.
struct ChildRun {
  std::string failure;  // empty if there is a report
  std::string report;
  double peak_bytes = 0;  // maximum resident memory of the process
};

// Runs `work` in a forked process that is killed after `limit_seconds`. Its report must not be
// empty. Requires that this process has one thread.
ChildRun RunInChild(const std::function<std::string()>& work, int limit_seconds);

// The result of compiling something: a model of these sizes, or the reason why not.
struct Measurement {
  std::string failure;  // empty if there is a model
  ModelSizes sizes;
  DType dtype = DType::kFloat32;
  double seconds = 0;     // from source text to weights: the median of all runs
  double peak_bytes = 0;  // maximum resident memory of the process over all runs
  bool HasModel() const { return failure.empty(); }
};

using Compilation = std::function<std::optional<Model>(Diagnostics& diag)>;

// Runs `compile` `repeats` times, at least once, each in a forked process that is killed after
// `limit_seconds`. Requires that this process has one thread.
Measurement MeasureCompilation(const Compilation& compile, int repeats, int limit_seconds);

}  // namespace raspc
