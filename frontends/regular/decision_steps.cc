#include "frontends/regular/decision_steps.h"

#include <algorithm>
#include <map>

namespace raspc {
namespace {

class StepBuilder {
 public:
  explicit StepBuilder(const std::vector<int>& num_values)
      : num_values_(num_values), nodes_(num_values.size()) {}

  // The node for the points from `first` to `last`, sorted and equal in the variables
  // before `level`.
  int NodeOf(const DecisionPoint* first, const DecisionPoint* last, std::size_t level) {
    if (level == num_values_.size()) return first->result ? 1 : 0;
    const auto num_values = static_cast<std::size_t>(num_values_[level]);
    std::vector<int> next(num_values, -1);
    for (const DecisionPoint* at = first; at != last;) {
      const int value = at->values[level];
      const DecisionPoint* end = std::find_if(
          at, last, [&](const DecisionPoint& point) { return point.values[level] != value; });
      next[static_cast<std::size_t>(value)] = NodeOf(at, end, level + 1);
      at = end;
    }
    // A value that does not occur is treated like one that does, so that more nodes are equal.
    const int any = *std::find_if(next.begin(), next.end(), [](int node) { return node >= 0; });
    std::replace(next.begin(), next.end(), -1, any);
    std::map<std::vector<int>, int>& known = nodes_[level];
    return known.emplace(std::move(next), static_cast<int>(known.size())).first->second;
  }

  std::vector<DecisionStep> Steps() const {
    std::vector<DecisionStep> steps;
    for (std::size_t level = 0; level < nodes_.size(); ++level) {
      DecisionStep step;
      step.variable = level;
      step.num_nodes = static_cast<int>(nodes_[level].size());
      step.next.resize(nodes_[level].size());
      for (const auto& [next, node] : nodes_[level])
        step.next[static_cast<std::size_t>(node)] = next;
      steps.push_back(std::move(step));
    }
    return steps;
  }

 private:
  const std::vector<int>& num_values_;
  std::vector<std::map<std::vector<int>, int>> nodes_;  // by level: the successors by value
};

bool Matters(const DecisionStep& step) {
  return std::any_of(step.next.begin(), step.next.end(), [](const std::vector<int>& next) {
    return std::any_of(next.begin(), next.end(), [&](int node) { return node != next.front(); });
  });
}

}  // namespace

std::vector<DecisionStep> DecisionSteps(const std::vector<DecisionPoint>& points,
                                        const std::vector<int>& num_values) {
  std::vector<DecisionPoint> sorted = points;
  std::sort(sorted.begin(), sorted.end(),
            [](const DecisionPoint& a, const DecisionPoint& b) { return a.values < b.values; });
  StepBuilder builder(num_values);
  builder.NodeOf(sorted.data(), sorted.data() + sorted.size(), 0);
  std::vector<DecisionStep> steps = builder.Steps();
  for (std::size_t i = 0; i < steps.size();) {
    if (Matters(steps[i])) {
      ++i;
      continue;
    }
    // Each node has only one successor, so the previous step leads there directly.
    if (i > 0) {
      for (std::vector<int>& next : steps[i - 1].next) {
        for (int& node : next) node = steps[i].next[static_cast<std::size_t>(node)].front();
      }
    }
    steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return steps;
}

}  // namespace raspc
