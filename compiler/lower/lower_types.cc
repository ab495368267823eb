// The type of a number: to the model ints, floats and bools of equal number are the same, and so
// are a single selected value and a mean. A string has its own type, and the number 0.

#include <algorithm>
#include <cmath>

#include "compiler/lower/lowering.h"

namespace raspc {
LinearForm Lowering::TypeForm(NodeId id) {
  return Sum(Sum(FloatForm(id), Scaled(BoolForm(id), 2)), StringForm(id, DomainOf(id).Strings()));
}

Code Lowering::TypeCode(NodeId id) const {
  Code code;
  for (const Atom& value : DomainOf(id).values) {
    const AtomType type = TypeOf(value);
    code.push_back(type == AtomType::kFloat ? 1 : type == AtomType::kBool ? 2 : 0);
  }
  const Code of_strings = StringCode(id, DomainOf(id).Strings());
  for (std::size_t i = 0; i < code.size(); ++i) code[i] += of_strings[i];
  return code;
}

// For several values the channel for a single one holds a mean of types, but then `several`
// decides.
LinearForm Lowering::FloatForm(NodeId id) {
  const Domain& domain = DomainOf(id);
  if (!domain.MayBe(AtomType::kFloat)) return LinearForm::Constant(0);
  if (!domain.MayBe(AtomType::kInt) && !domain.MayBe(AtomType::kBool) &&
      !domain.MayBe(AtomType::kString)) {
    return LinearForm::Constant(1);
  }
  if (const auto listed = ListedTypeForm(id, AtomType::kFloat)) return *listed;
  if (const auto* aggregate = std::get_if<AggregateNode>(&graph_[id].kind)) {
    const LinearForm lone =
        AddChannel(aggregate->selector, FloatForm(aggregate->values),
                   TypeOf(DefaultOf(*aggregate)) == AtomType::kFloat ? 1 : 0, IsSingle(*aggregate),
                   TextFor(id, IsSingle(*aggregate) ? "float" : "lone float"));
    return IsSingle(*aggregate) ? lone : AnyForm({lone, SeveralForm(id)}, id);
  }
  if (IsChoice(id)) {
    return ChosenType(id, 1, [this](NodeId side) { return FloatForm(side); });
  }
  if (domain.MayBe(AtomType::kBool)) FailUnknownType(id);
  std::vector<LinearForm> operands;
  for (const NodeId operand : graph_.OperandsOf(id)) operands.push_back(FloatForm(operand));
  return AnyForm(operands, id);
}

LinearForm Lowering::BoolForm(NodeId id) {
  const Domain& domain = DomainOf(id);
  if (!domain.MayBe(AtomType::kBool)) return LinearForm::Constant(0);
  if (!domain.MayBe(AtomType::kInt) && !domain.MayBe(AtomType::kFloat) &&
      !domain.MayBe(AtomType::kString)) {
    return LinearForm::Constant(1);
  }
  if (const auto listed = ListedTypeForm(id, AtomType::kBool)) return *listed;
  if (IsChoice(id)) {
    return ChosenType(id, 1, [this](NodeId side) { return BoolForm(side); });
  }
  const auto* aggregate = std::get_if<AggregateNode>(&graph_[id].kind);
  if (aggregate == nullptr) FailUnknownType(id);
  const LinearForm lone =
      AddChannel(aggregate->selector, BoolForm(aggregate->values),
                 TypeOf(DefaultOf(*aggregate)) == AtomType::kBool ? 1 : 0, IsSingle(*aggregate),
                 TextFor(id, IsSingle(*aggregate) ? "bool" : "lone bool"));
  if (IsSingle(*aggregate)) return lone;
  // 1 for a single bool, 0 for another single value, at most 0 for several.
  const LinearForm difference = Sum(lone, Scaled(SeveralForm(id), -1));
  if (difference.IsConstant()) return LinearForm::Constant(difference.constant > 0 ? 1 : 0);
  MlpPiece piece(blocks_, difference, {-1, 0, 1});
  const auto output = piece.Steps({0, 0, 1});
  if (!output) FailImprecise(id, "has a type that cannot be told");
  return AddPiece(piece, *output, difference, TextFor(id, "bool"));
}

Code Lowering::StringCode(NodeId id, const std::vector<Atom>& strings) const {
  Code code;
  for (const Atom& value : DomainOf(id).values) {
    const auto at = std::lower_bound(strings.begin(), strings.end(), value, IdentityLess);
    const bool is_there = at != strings.end() && Identical(*at, value);
    code.push_back(is_there ? kFirstStringType + static_cast<double>(at - strings.begin()) : 0);
  }
  return code;
}

// The type code of a string, 0 for a number. Several strings cannot be averaged.
LinearForm Lowering::StringForm(NodeId id, const std::vector<Atom>& strings) {
  const Domain& domain = DomainOf(id);
  if (!domain.MayBe(AtomType::kString)) return LinearForm::Constant(0);
  if (domain.is_finite && !HasNumberOnly(id)) return Real(id, StringCode(id, strings));
  if (IsChoice(id)) {
    const double most = kFirstStringType + static_cast<double>(strings.size());
    return ChosenType(id, most, [&](NodeId side) { return StringForm(side, strings); });
  }
  const auto* aggregate = std::get_if<AggregateNode>(&graph_[id].kind);
  if (aggregate == nullptr) {
    FailTooLarge(id, "can be a string, and has more values than can be listed");
  }
  const Atom missing = DefaultOf(*aggregate);
  const auto at = std::lower_bound(strings.begin(), strings.end(), missing, IdentityLess);
  const double at_bos =
      IsNumber(missing) ? 0 : kFirstStringType + static_cast<double>(at - strings.begin());
  return AddChannel(aggregate->selector, StringForm(aggregate->values, strings), at_bos,
                    IsSingle(*aggregate), TextFor(id, "string"));
}

bool Lowering::IsChoice(NodeId id) const {
  const auto* map = std::get_if<MapNode>(&graph_[id].kind);
  return map != nullptr && map->op == MapOp::kChoose;
}

// The type of the chosen side, a number from 0 to `most`.
LinearForm Lowering::ChosenType(NodeId id, double most,
                                const std::function<LinearForm(NodeId side)>& type_of) {
  const auto& map = std::get<MapNode>(graph_[id].kind);
  const auto side = [&](NodeId operand) {
    const LinearForm form = type_of(operand);
    const Interval range = form.IsConstant() ? Interval{form.constant, form.constant}
                                             : Interval{0, most};
    return Ranged{form, range, graph_.Describe(operand), LineOf(operand)};
  };
  const Ranged then = side(map.operands[1]), otherwise = side(map.operands[2]);
  if (then.form == otherwise.form) return then.form;
  return ChoiceForm(ConditionForm(id), then, otherwise, TextFor(id, "type"));
}

// From the share 1/(1+w), which falls with the width w: at least 2 is at most 1/3.
LinearForm Lowering::SeveralForm(NodeId id) {
  const auto& aggregate = std::get<AggregateNode>(graph_[id].kind);
  const LinearForm share = ShareForm(FormulaOf(aggregate.selector));
  MlpPiece piece(blocks_, share, {1.0 / 3, 0.5});
  const auto output = piece.Steps({1, 0});
  if (!output) FailImprecise(id, "cannot tell one selected position from several");
  return AddPiece(piece, *output, share, TextFor(aggregate.selector, "several"));
}

// 1 if any of the forms, which are approximately 0 or 1, is 1, else 0.
LinearForm Lowering::AnyForm(const std::vector<LinearForm>& forms, NodeId origin) {
  LinearForm sum;
  for (const LinearForm& form : forms) sum = Sum(sum, form);
  if (sum.IsConstant()) return LinearForm::Constant(sum.constant > 0 ? 1 : 0);
  std::vector<double> points, values;
  for (std::size_t i = 0; i <= forms.size(); ++i) {
    points.push_back(static_cast<double>(i));
    values.push_back(i == 0 ? 0 : 1);
  }
  if (points.size() == 2) return sum;
  MlpPiece piece(blocks_, sum, points);
  const auto output = piece.Steps(values);
  if (!output) FailImprecise(origin, "has a type that cannot be told");
  return AddPiece(piece, *output, sum, TextFor(origin, "float"));
}

// Whether an s-op is a float exactly if one of its operands is, and some of these are means, whose
// types are easier to distinguish than values that may be close together.
bool Lowering::IsArithmeticOfMeans(NodeId id) const {
  const auto* map = std::get_if<MapNode>(&graph_[id].kind);
  if (map == nullptr) return false;
  switch (map->op) {
    case MapOp::kAdd:
    case MapOp::kSubtract:
    case MapOp::kMultiply:
    case MapOp::kNegate:
    case MapOp::kPlus:
      break;
    default:
      return false;
  }
  return IsNumeric(id) &&
         std::any_of(map->operands.begin(), map->operands.end(), [&](NodeId operand) {
           return IsNumeric(operand) && (HasNumberOnly(operand) || IsArithmeticOfMeans(operand));
         });
}

// 1 where an s-op whose values are listed, and which is not a mean, has this type, else 0.
std::optional<LinearForm> Lowering::ListedTypeForm(NodeId id, AtomType type) {
  const Domain& domain = DomainOf(id);
  if (!domain.is_finite || HasNumberOnly(id) || IsArithmeticOfMeans(id)) return std::nullopt;
  Code code;
  for (const Atom& value : domain.values) code.push_back(TypeOf(value) == type ? 1 : 0);
  return Real(id, code);
}

bool Lowering::IsSingle(const AggregateNode& aggregate) const {
  return domains_.at_most_one[static_cast<std::size_t>(aggregate.selector.value)];
}

void Lowering::FailUnknownType(NodeId id) const {
  FailTooLarge(id, "can be a bool as well as a number, and has more values than can be listed");
}

}  // namespace raspc
