#include "compiler/lower/forms/choice_forms.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "compiler/operations/atom_ops.h"

namespace raspc {

LinearForm ChoiceForms::Chosen(const LinearForm& condition, const RangedNumber& then,
                           const RangedNumber& otherwise, const VariableMeaning& meaning) {
  constexpr double kLeastReach = 0x1p-20;
  const LinearForm negated = Shifted(Scaled(condition, -1), 1);
  const LinearForm least =
      Sum(Scaled(condition, then.range.low), Scaled(negated, otherwise.range.low));
  MlpBlock block;
  MlpSegment::Output output;
  SumBound sum(builder_.arithmetic());
  LinearForm read;  // everything that the neurons read
  const auto add = [&](const RangedNumber& side, const LinearForm& is_other) {
    const double reach = side.range.high - side.range.low;
    if (reach == 0 && side.form.IsConstant()) return;
    const double suppression = PowerOfTwoAtLeast(std::max(reach, kLeastReach) * 1.125);
    const LinearForm input =
        Sum(Shifted(side.form, -side.range.low), Scaled(is_other, -suppression));
    Bound bound = builder_.BoundOf(input);
    bound.max_abs = reach;
    sum.Add(1, bound);
    output.weights.emplace_back(static_cast<std::int32_t>(block.neurons.size()), 1.0);
    block.neurons.push_back(input);
    read = Sum(read, input);
  };
  add(then, negated);
  add(otherwise, condition);
  if (block.neurons.empty()) return least;
  output.bound = sum.Computed();
  output.margin = std::numeric_limits<double>::infinity();
  const int ready = std::max(builder_.ReadyAfterMlp(read), builder_.ReadyAfterMlp(condition));
  const LinearForm rest = builder_.AddOutput(block, output, meaning, ready);
  builder_.AddMlp(std::move(block));
  return Sum(least, rest);
}

// 1 where it holds, else 0.
LinearForm ChoiceForms::Condition(NodeId choice) {
  const NodeId condition = sops_.As<MapNode>(choice)->operands[0];
  if (!sops_[condition].is_finite) {
    sops_.FailTooLarge(condition, "is a condition, but has more values than can be listed");
  }
  Code code;
  for (const Atom& value : sops_[condition].values) code.push_back(IsTrue(value) ? 1 : 0);
  return forms_.Real(condition, code);
}

LinearForm ChoiceForms::Real(NodeId choice, const Code& code) {
  const auto& map = *sops_.As<MapNode>(choice);
  const auto side = [&](NodeId id) {
    Code own;
    for (const Atom& value : sops_[id].values) {
      own.push_back(code[static_cast<std::size_t>(sops_[choice].IndexOf(value))]);
    }
    const auto [low, high] = std::minmax_element(own.begin(), own.end());
    const Interval range{*low, *high};
    return RangedNumber{forms_.Real(id, own), range, sops_.graph().Describe(id)};
  };
  const LinearForm condition = Condition(choice);
  const RangedNumber then = side(map.operands[1]);
  return Chosen(condition, then, side(map.operands[2]), meanings_.FunctionOf(choice, code));
}

LinearForm ChoiceForms::Number(NodeId choice) {
  if (const auto known = numbers_.find(choice); known != numbers_.end()) return known->second;
  const auto& map = *sops_.As<MapNode>(choice);
  const auto side = [&](NodeId id) {
    Interval range = IntervalOfNumbers(sops_[id]).value_or(Interval{});
    if (!sops_.IsNumeric(id)) range = {std::min(0.0, range.low), std::max(0.0, range.high)};
    if (!std::isfinite(range.low) || !std::isfinite(range.high)) {
      sops_.FailTooLarge(id, "is chosen, but may be any number");
    }
    return RangedNumber{forms_.NumberPart(id), range, sops_.graph().Describe(id)};
  };
  const LinearForm condition = Condition(choice);
  const RangedNumber then = side(map.operands[1]);
  LinearForm form = Chosen(condition, then, side(map.operands[2]), meanings_.NumberOf(choice));
  return numbers_.emplace(choice, std::move(form)).first->second;
}

LinearForm ChoiceForms::OfSides(NodeId choice, double most, const VariableMeaning& meaning,
                            const std::function<LinearForm(NodeId side)>& of_side) {
  const auto& map = *sops_.As<MapNode>(choice);
  const auto side = [&](NodeId id) {
    const LinearForm form = of_side(id);
    const bool is_constant = form.IsConstant();
    const Interval range = is_constant ? Interval{form.constant, form.constant} : Interval{0, most};
    return RangedNumber{form, range, sops_.graph().Describe(id)};
  };
  const RangedNumber then = side(map.operands[1]), otherwise = side(map.operands[2]);
  if (then.form == otherwise.form) return then.form;
  return Chosen(Condition(choice), then, otherwise, meaning);
}

std::optional<LinearForm> ChoiceForms::GatedProduct(NodeId product) {
  if (sops_.HasTable(product)) return std::nullopt;
  if (const auto known = numbers_.find(product); known != numbers_.end()) return known->second;
  const auto& map = *sops_.As<MapNode>(product);
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    const NodeId gate = map.operands[i], other = map.operands[1 - i];
    const Code numbers = sops_.NumberCode(gate);
    const bool is_gate =
        sops_[gate].is_finite && std::all_of(numbers.begin(), numbers.end(), [](double number) {
          return number == 0 || number == 1;
        });
    const auto range = IntervalOf(sops_[other]);
    if (!is_gate || !range || !std::isfinite(range->low) || !std::isfinite(range->high)) continue;
    const RangedNumber kept{forms_.Number(other), *range, sops_.graph().Describe(other)};
    LinearForm form = Chosen(forms_.Number(gate), kept, {}, meanings_.NumberOf(product));
    return numbers_.emplace(product, std::move(form)).first->second;
  }
  return std::nullopt;
}

}  // namespace raspc
