// Decides from measurements whether models meet the goals for their sizes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "bench/tracr_twins.h"

namespace raspc {

// The measurements of one twin for one architecture, by length. Null where there is none.
using MeasuredAt = std::function<const Measurement*(std::int64_t max_length)>;

struct SizeGoal {
  std::string name;
  // Whether it is only about sizes, which are the same on every machine.
  bool is_of_sizes;
  // Nothing if the goal does not apply to the twin, or the figure was not measured.
  std::function<std::optional<bool>(const TracrTwin& twin, const MeasuredAt& at)> is_met;
};

// All goals, in the order in which they are shown.
const std::vector<SizeGoal>& SizeGoals();

}  // namespace raspc
