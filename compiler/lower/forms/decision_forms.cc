#include "compiler/lower/forms/decision_forms.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "compiler/domains/wide_map.h"

namespace raspc {
namespace {

// The error of what the digits before a digit stand for may be so large a part of the distance of
// the number from where the digit changes.
constexpr double kPartOfDistance = 1.0 / 8;

// Of a comparison, whether it holds at the differences of its operands that are next to 0, and at
// the outermost.
std::map<double, double> OutcomesByDifference(const Outcomes& outcomes,
                                              const Separation& separation) {
  std::map<double, double> values;
  const auto add = [&](double difference, bool holds) { values[difference] = holds ? 1 : 0; };
  if (std::isfinite(separation.above)) {
    add(separation.lowest, outcomes.less);
    add(-separation.above, outcomes.less);
  }
  if (separation.may_equal) add(0, outcomes.equal);
  if (std::isfinite(separation.below)) {
    add(separation.below, outcomes.greater);
    add(separation.highest, outcomes.greater);
  }
  return values;
}

struct Points {
  std::vector<double> at, targets;

  explicit Points(const std::map<double, double>& values) {
    for (const auto& [point, target] : values) {
      at.push_back(point);
      targets.push_back(target);
    }
  }
};

}  // namespace

LinearForm DecisionForms::Of(NodeId id) {
  if (const auto known = known_.find(id); known != known_.end()) return known->second;
  return known_.emplace(id, Make(id)).first->second;
}

LinearForm DecisionForms::Make(NodeId id) {
  const auto& map = *sops_.As<MapNode>(id);
  const Code numbers = sops_.NumberCode(id);
  if (numbers.size() == 1) return LinearForm::Constant(numbers[0]);  // nothing to decide
  if (OutcomesOf(map.op)) return Compared(id);
  if (map.op == MapOp::kDigit) return StepsOf(id, RestAt(id), Digits(id));
  const Steps steps = map.op == MapOp::kRound ? Rounded(id) : Placed(id);
  return StepsOf(id, forms_.Number(map.operands[0]), steps);
}

// A step, or two, on the difference of the operands.
LinearForm DecisionForms::Compared(NodeId id) {
  const auto& map = *sops_.As<MapNode>(id);
  const Separation separation = *fractions_.Separate(map.operands[0], map.operands[1]);
  const Points points(OutcomesByDifference(*OutcomesOf(map.op), separation));
  const LinearForm z =
      Sum(forms_.Number(map.operands[0]), Scaled(forms_.Number(map.operands[1]), -1));
  MlpSegment segment(builder_.blocks(), z, points.at);
  const auto output = segment.Steps(points.targets);
  if (output && output->bound.error <= plan_.number_tolerance) {
    return builder_.AddSegment(segment, *output, z, meanings_.NumberOf(id));
  }
  const double closest = std::min(separation.above, separation.below);
  const std::string what = separation.closest_a == separation.closest_b
                               ? std::string("numbers that can be")
                               : fmt::format("{} and {},", PythonFloat(separation.closest_a),
                                             PythonFloat(separation.closest_b));
  sops_.FailImprecise(id, fmt::format("compares {} {:.2g} apart, but their difference is known "
                                      "only to within {:.2g}",
                                      what, closest, builder_.BoundOf(z).error));
}

// A step half-way between two ints; just there the result is the even one.
DecisionForms::Steps DecisionForms::Rounded(NodeId id) {
  const double distance = *fractions_.DistanceFromHalves(sops_.As<MapNode>(id)->operands[0]);
  Steps steps;
  const std::vector<double> ints = sops_.NumberCode(id);
  for (const double number : ints) {
    steps.emplace(number, number);
    if (number == ints.back()) break;
    const double half = number + 0.5;
    steps.emplace(half - distance, number);
    steps.emplace(half, std::nearbyint(half));
    steps.emplace(half + distance, number + 1);
  }
  return steps;
}

// Two steps at each of the listed numbers.
DecisionForms::Steps DecisionForms::Placed(NodeId id) {
  const auto& map = *sops_.As<MapNode>(id);
  const Separation separation =
      *fractions_.Separate(map.operands[0], DomainOfItems(*map.table));
  const double distance = std::min(separation.above, separation.below);
  Steps steps;
  double place = 0;
  for (const Atom& item : map.table->items) {
    steps.emplace(NumberOf(item), place + 1);
    place += 2;
  }
  // Below and above all items, and between two where there is room for another number.
  const Steps items = steps;
  steps.emplace(items.begin()->first - distance, 0);
  for (const auto& [item, at_item] : items) {
    const auto next = items.upper_bound(item);
    if (next != items.end() && next->first - item < 2 * distance) continue;
    steps.emplace(item + distance, at_item + 1);
    if (next != items.end()) steps.emplace(next->first - distance, at_item + 1);
  }
  return steps;
}

// A step at each end of a cell, in what the digits before leave of the number.
DecisionForms::Steps DecisionForms::Digits(NodeId id) const {
  const CellDigit digit = DigitOf(*sops_.As<MapNode>(id)->table);
  Steps steps;
  for (std::int64_t cell = 1; cell < digit.radix; ++cell) {
    const double number = static_cast<double>(cell), end = number * digit.width;
    steps.emplace(end - digit.distance, number - 1);
    steps.emplace(end + digit.distance, number);
  }
  return steps;
}

// How far the number is from the start of the cell that the digits before this one name.
LinearForm DecisionForms::RestAt(NodeId digit) {
  const auto& map = *sops_.As<MapNode>(digit);
  const NodeId before = map.operands[1];
  const MapNode* coarser = sops_.AsMap(before, MapOp::kDigit);
  if (coarser == nullptr) {
    return Shifted(forms_.Number(map.operands[0]), -DigitOf(*map.table).start);
  }
  const double width = DigitOf(*coarser->table).width;
  const double tolerance = kPartOfDistance * DigitOf(*map.table).distance / width;
  return Sum(RestAt(before), Scaled(PreciseDigit(before, tolerance), -width));
}

// The steps of a digit are steep, and so it is rounded; those between ints are not.
LinearForm DecisionForms::PreciseDigit(NodeId digit, double tolerance) {
  const LinearForm number = forms_.Number(digit);
  if (builder_.BoundOf(number).error <= tolerance) return number;
  const auto [known, is_new] = precise_digits_.try_emplace(digit);
  if (is_new) {
    Steps steps;
    for (const double value : sops_.NumberCode(digit)) steps.emplace(value, value);
    known->second = StepsOf(digit, number, steps);
  }
  return known->second;
}

LinearForm DecisionForms::StepsOf(NodeId id, const LinearForm& z, const Steps& steps) {
  const NodeId operand = sops_.As<MapNode>(id)->operands[0];
  const Points points(steps);
  MlpSegment segment(builder_.blocks(), z, points.at);
  const auto output = segment.Steps(points.targets);
  if (output && output->bound.error <= plan_.number_tolerance) {
    return builder_.AddSegment(segment, *output, z, meanings_.NumberOf(id));
  }
  double closest = points.at.back() - points.at.front();
  for (std::size_t i = 0; i + 1 < points.at.size(); ++i) {
    closest = std::min(closest, points.at[i + 1] - points.at[i]);
  }
  sops_.FailImprecise(id, fmt::format("depends on {}, which can be {:.2g} from where the result "
                                      "changes, but is known only to within {:.2g}",
                                      NameInMessage(sops_.graph(), operand), closest,
                                      builder_.BoundOf(z).error));
}

}  // namespace raspc
