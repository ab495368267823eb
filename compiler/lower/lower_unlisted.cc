// Comparisons, rounding and choices of numbers that have no table: decisions are steps with the
// least distance between two values as their margin (compiler/domains/fractions.h), and a choice
// between two numbers is one neuron for each, so neither depends on how many values there are.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compiler/domains/wide_map.h"
#include "compiler/lower/lowering.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {

// A step, or two, on the difference of the operands, where their values leave room for it.
LinearForm Lowering::ComparisonNumber(NodeId id) {
  if (const auto known = decisions_.find(id); known != decisions_.end()) return known->second;
  const auto& map = std::get<MapNode>(graph_[id].kind);
  const Outcomes outcomes = *OutcomesOf(map.op);
  const Separation separation = *fractions_.Separate(map.operands[0], map.operands[1]);
  std::map<double, double> values;  // by difference: those next to 0, and the outermost
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
  std::vector<double> points, targets;
  for (const auto& [difference, value] : values) {
    points.push_back(difference);
    targets.push_back(value);
  }
  const LinearForm z = Sum(Number(map.operands[0]), Scaled(Number(map.operands[1]), -1));
  MlpPiece piece(blocks_, z, points);
  const auto output = piece.Steps(targets);
  if (!output || !(output->bound.error <= effort_.number_tolerance)) {
    FailImprecise(
        id, fmt::format("compares {} and {}, {:.2g} apart, but their difference is known "
                        "only to within {:.2g}",
                        PythonFloat(separation.closest_a), PythonFloat(separation.closest_b),
                        std::min(separation.above, separation.below), BoundOf(blocks_, z).error));
  }
  return decisions_.emplace(id, AddPiece(piece, *output, z, NumberMeaning(id))).first->second;
}

// The number of an s-op that is a function of steps of its operand: `steps` has the points on
// either side of each step, and the results there.
LinearForm Lowering::StepsNumber(NodeId id, const std::map<double, double>& steps) {
  const NodeId operand = std::get<MapNode>(graph_[id].kind).operands[0];
  std::vector<double> points, targets;
  for (const auto& [point, target] : steps) {
    points.push_back(point);
    targets.push_back(target);
  }
  const LinearForm z = Number(operand);
  MlpPiece piece(blocks_, z, points);
  const auto output = piece.Steps(targets);
  if (!output || !(output->bound.error <= effort_.number_tolerance)) {
    double closest = points.back() - points.front();
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
      closest = std::min(closest, points[i + 1] - points[i]);
    }
    FailImprecise(id, fmt::format("depends on {}, which can be {:.2g} from where the result changes, "
                                  "but is known only to within {:.2g}",
                                  NameInMessage(graph_, operand), closest,
                                  BoundOf(blocks_, z).error));
  }
  return decisions_.emplace(id, AddPiece(piece, *output, z, NumberMeaning(id))).first->second;
}

// A step half-way between two ints; just there the result is the even one.
LinearForm Lowering::RoundedNumber(NodeId id) {
  if (const auto known = decisions_.find(id); known != decisions_.end()) return known->second;
  const NodeId operand = std::get<MapNode>(graph_[id].kind).operands[0];
  const double distance = *fractions_.DistanceFromHalves(operand);
  std::map<double, double> steps;
  const Domain& domain = DomainOf(id);
  for (const Atom& value : domain.values) {
    const double number = NumberOf(value);
    steps.emplace(number, number);
    const double half = number + 0.5;
    if (number == NumberOf(domain.values.back())) break;
    steps.emplace(half - distance, number);
    steps.emplace(half, std::nearbyint(half));
    steps.emplace(half + distance, number + 1);
  }
  return StepsNumber(id, steps);
}

// Two steps at each of the listed numbers.
LinearForm Lowering::PlaceNumber(NodeId id) {
  if (const auto known = decisions_.find(id); known != decisions_.end()) return known->second;
  const auto& map = std::get<MapNode>(graph_[id].kind);
  const Domain listed = DomainOfItems(*map.table);
  const Separation separation = *fractions_.Separate(map.operands[0], listed);
  const double distance = std::min(separation.above, separation.below);
  std::map<double, double> steps;
  double place = 0;
  for (const Atom& item : map.table->items) {
    const double number = NumberOf(item);
    steps.emplace(number - distance, place);
    steps.emplace(number, place + 1);
    place += 2;
    steps[number + distance] = place;
  }
  return StepsNumber(id, steps);
}

// With a condition c and numbers a from [low, high] and b likewise: max(0, a - low - r (1 - c)) is
// a - low where c is 1, and exactly 0 where it is 0, for an r that is a little larger than high -
// low; so the sum of two such neurons is the chosen number, apart from a multiple of c.
LinearForm Lowering::ChoiceForm(const LinearForm& condition, const Ranged& then,
                                const Ranged& otherwise, const VariableMeaning& meaning) {
  const LinearForm negated = Shifted(Scaled(condition, -1), 1);
  LinearForm chosen = Sum(Scaled(condition, then.range.low), Scaled(negated, otherwise.range.low));
  MlpBlock block;
  MlpPiece::Output output;
  SumBound sum(blocks_.arithmetic);
  int ready = ReadyOf(blocks_, condition);
  const auto add = [&](const Ranged& side, const LinearForm& other_side) {
    const double reach = side.range.high - side.range.low;
    if (reach == 0 && side.form.IsConstant()) return;
    const double suppression = PowerOfTwoAtLeast(std::max(reach, 0x1p-20) * 1.125);
    const LinearForm input =
        Sum(Shifted(side.form, -side.range.low), Scaled(other_side, -suppression));
    Bound bound = BoundOf(blocks_, input);
    bound.max_abs = reach;
    sum.Add(1, bound);
    output.weights.emplace_back(static_cast<std::int32_t>(block.neurons.size()), 1.0);
    block.neurons.push_back(input);
    ready = std::max(ready, ReadyOf(blocks_, side.form));
  };
  add(then, negated);
  add(otherwise, condition);
  if (block.neurons.empty()) return chosen;
  output.bound = sum.Computed();
  output.margin = std::numeric_limits<double>::infinity();
  const LinearForm rest = AddOutput(block, output, meaning, EarliestMlpLayer(ready) * 2 + 2);
  blocks_.mlps.push_back(std::move(block));
  return Sum(chosen, rest);
}

// 1 where the condition of a choice holds, else 0.
LinearForm Lowering::ConditionForm(NodeId choice) {
  const NodeId condition = std::get<MapNode>(graph_[choice].kind).operands[0];
  const Domain& domain = DomainOf(condition);
  if (!domain.is_finite) {
    FailTooLarge(condition, "is a condition, but has more values than can be listed");
  }
  Code code;
  for (const Atom& value : domain.values) code.push_back(IsTrue(value) ? 1 : 0);
  return Real(condition, code);
}

// Whether it is a choice without a table between two s-ops whose values the model distinguishes.
bool Lowering::IsListedChoice(NodeId id) const {
  const auto* map = std::get_if<MapNode>(&graph_[id].kind);
  if (map == nullptr || map->op != MapOp::kChoose || !DomainOf(id).is_finite ||
      !domains_.TableOf(id).rows.empty()) {
    return false;
  }
  return DomainOf(map->operands[0]).is_finite && DomainOf(map->operands[1]).is_finite &&
         DomainOf(map->operands[2]).is_finite && !HasNumberOnly(map->operands[1]) &&
         !HasNumberOnly(map->operands[2]);
}

LinearForm Lowering::RealOfChoice(NodeId id, const Code& code) {
  const auto& map = std::get<MapNode>(graph_[id].kind);
  const auto side = [&](NodeId operand) {
    Code own;
    for (const Atom& value : DomainOf(operand).values) {
      own.push_back(code[static_cast<std::size_t>(DomainOf(id).IndexOf(value))]);
    }
    const auto [low, high] = std::minmax_element(own.begin(), own.end());
    const Interval range{*low, *high};
    return Ranged{Real(operand, own), range, graph_.Describe(operand), LineOf(operand)};
  };
  const LinearForm condition = ConditionForm(id);
  const Ranged then = side(map.operands[1]);
  return ChoiceForm(condition, then, side(map.operands[2]), FunctionOf(id, code));
}

// The number of a choice without a table, 0 where it is a string.
std::optional<LinearForm> Lowering::ChoiceNumber(NodeId id) {
  if (IsListedChoice(id)) return std::nullopt;
  if (const auto known = choices_.find(id); known != choices_.end()) return known->second;
  const auto& map = std::get<MapNode>(graph_[id].kind);
  const auto side = [&](NodeId operand) {
    Interval range = IntervalOfNumbers(DomainOf(operand)).value_or(Interval{});
    if (!IsNumeric(operand)) range = {std::min(0.0, range.low), std::max(0.0, range.high)};
    return Ranged{NumberPart(operand), range, graph_.Describe(operand), LineOf(operand)};
  };
  const LinearForm condition = ConditionForm(id);
  const Ranged then = side(map.operands[1]);
  LinearForm form = ChoiceForm(condition, then, side(map.operands[2]), NumberMeaning(id));
  return choices_.emplace(id, std::move(form)).first->second;
}

// A product with a number that is 0 or 1, and has no table.
std::optional<LinearForm> Lowering::GatedProduct(NodeId id) {
  if (!domains_.TableOf(id).rows.empty()) return std::nullopt;
  if (const auto known = choices_.find(id); known != choices_.end()) return known->second;
  const auto& map = std::get<MapNode>(graph_[id].kind);
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    const NodeId gate = map.operands[i], other = map.operands[1 - i];
    const Domain& domain = DomainOf(gate);
    const bool is_gate = domain.is_finite && std::all_of(domain.values.begin(), domain.values.end(),
                                                         [](const Atom& value) {
                                                           const double number = NumberOf(value);
                                                           return number == 0 || number == 1;
                                                         });
    if (!is_gate) continue;
    const auto range = IntervalOf(DomainOf(other));
    if (!range || !std::isfinite(range->low) || !std::isfinite(range->high)) continue;
    const Ranged kept{Number(other), *range, graph_.Describe(other), LineOf(other)};
    LinearForm form = ChoiceForm(Number(gate), kept, {}, NumberMeaning(id));
    return choices_.emplace(id, std::move(form)).first->second;
  }
  return std::nullopt;
}

}  // namespace raspc
