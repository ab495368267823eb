#include "compiler/lower/forms/types.h"

#include <algorithm>

namespace raspc {
namespace {

// Whether values may have another type than this one.
bool MayBeAnother(const Domain& domain, AtomType type) {
  for (const AtomType other :
       {AtomType::kInt, AtomType::kFloat, AtomType::kBool, AtomType::kString}) {
    if (other != type && domain.MayBe(other)) return true;
  }
  return false;
}

}  // namespace

LinearForm Types::Of(NodeId id) {
  return Sum(Sum(FloatForm(id), Scaled(BoolForm(id), 2)), StringForm(id, sops_[id].Strings()));
}

LinearForm Types::FloatForm(NodeId id) {
  const Domain& domain = sops_[id];
  if (!domain.MayBe(AtomType::kFloat)) return LinearForm::Constant(0);
  if (!MayBeAnother(domain, AtomType::kFloat)) return LinearForm::Constant(1);
  if (const auto listed = ListedTypeForm(id, AtomType::kFloat)) return *listed;
  if (const auto* aggregate = sops_.As<AggregateNode>(id)) {
    const LinearForm single = TypeAtKey(id, *aggregate, AtomType::kFloat);
    return IsSingle(*aggregate) ? single : AnyForm({single, SeveralForm(id)}, id);
  }
  if (sops_.AsMap(id, MapOp::kChoose) != nullptr) {
    return choices_.OfSides(id, 1, meanings_.TextFor(id, "float"),
                            [this](NodeId side) { return FloatForm(side); });
  }
  if (domain.MayBe(AtomType::kBool)) FailUnknownType(id);
  std::vector<LinearForm> operands;
  for (const NodeId operand : sops_.graph().OperandsOf(id)) operands.push_back(FloatForm(operand));
  return AnyForm(operands, id);
}

LinearForm Types::BoolForm(NodeId id) {
  const Domain& domain = sops_[id];
  if (!domain.MayBe(AtomType::kBool)) return LinearForm::Constant(0);
  if (!MayBeAnother(domain, AtomType::kBool)) return LinearForm::Constant(1);
  if (const auto listed = ListedTypeForm(id, AtomType::kBool)) return *listed;
  if (sops_.AsMap(id, MapOp::kChoose) != nullptr) {
    return choices_.OfSides(id, 1, meanings_.TextFor(id, "bool"),
                            [this](NodeId side) { return BoolForm(side); });
  }
  const auto* aggregate = sops_.As<AggregateNode>(id);
  if (aggregate == nullptr) FailUnknownType(id);
  const LinearForm single = TypeAtKey(id, *aggregate, AtomType::kBool);
  if (IsSingle(*aggregate)) return single;
  // 1 for a single bool, 0 for another single value, at most 0 for several.
  const LinearForm difference = Sum(single, Scaled(SeveralForm(id), -1));
  if (difference.IsConstant()) return LinearForm::Constant(difference.constant > 0 ? 1 : 0);
  MlpSegment segment(builder_.blocks(), difference, {-1, 0, 1});
  const auto output = segment.Steps({0, 0, 1});
  if (!output) sops_.FailImprecise(id, "has a type that cannot be determined");
  return builder_.AddSegment(segment, *output, difference, meanings_.TextFor(id, "bool"));
}

// For the only value that an aggregate selects: 1 where it is a float, or a bool, else 0. For
// several values it is a mean of that, but then `several` decides.
LinearForm Types::TypeAtKey(NodeId id, const AggregateNode& aggregate, AtomType type) {
  const bool is_float = type == AtomType::kFloat;
  const bool is_single = IsSingle(aggregate);
  const std::string name = std::string(is_single ? "" : "single ") + (is_float ? "float" : "bool");
  return heads_.Channel(aggregate.selector,
                        is_float ? FloatForm(aggregate.values) : BoolForm(aggregate.values),
                        TypeOf(DefaultOf(aggregate)) == type ? 1 : 0,
                        is_single ? Heads::Combination::kGather : Heads::Combination::kMean,
                        meanings_.TextFor(id, name));
}

// The type code of a string, 0 for a number. Several strings cannot be averaged.
LinearForm Types::StringForm(NodeId id, const std::vector<Atom>& strings) {
  const Domain& domain = sops_[id];
  if (!domain.MayBe(AtomType::kString)) return LinearForm::Constant(0);
  if (domain.is_finite && !sops_.HasNumberOnly(id)) {
    return forms_.Real(id, sops_.StringCode(id, strings));
  }
  if (sops_.AsMap(id, MapOp::kChoose) != nullptr) {
    const double most = Sops::kFirstStringType + static_cast<double>(strings.size());
    return choices_.OfSides(id, most, meanings_.TextFor(id, "string"),
                            [&](NodeId side) { return StringForm(side, strings); });
  }
  const auto* aggregate = sops_.As<AggregateNode>(id);
  if (aggregate == nullptr) {
    sops_.FailTooLarge(id, "can be a string, and " + sops_.WhyUnlisted(id));
  }
  const Atom missing = DefaultOf(*aggregate);
  const auto at = std::lower_bound(strings.begin(), strings.end(), missing, IdentityLess);
  const double at_bos =
      IsNumber(missing) ? 0 : Sops::kFirstStringType + static_cast<double>(at - strings.begin());
  return heads_.Channel(
      aggregate->selector, StringForm(aggregate->values, strings), at_bos,
      IsSingle(*aggregate) ? Heads::Combination::kGather : Heads::Combination::kMean,
      meanings_.TextFor(id, "string"));
}

// From the share 1/(1+w), which falls with the width w: at least 2 is at most 1/3.
LinearForm Types::SeveralForm(NodeId id) {
  const NodeId selector = sops_.As<AggregateNode>(id)->selector;
  const LinearForm share = heads_.Share(program_.FormulaOf(selector));
  MlpSegment segment(builder_.blocks(), share, {1.0 / 3, 0.5});
  const auto output = segment.Steps({1, 0});
  if (!output) sops_.FailImprecise(id, "cannot distinguish one selected position from several");
  return builder_.AddSegment(segment, *output, share, meanings_.TextFor(selector, "several"));
}

// 1 if any of the forms, which are approximately 0 or 1, is 1, else 0.
LinearForm Types::AnyForm(const std::vector<LinearForm>& forms, NodeId origin) {
  LinearForm sum;
  for (const LinearForm& form : forms) sum = Sum(sum, form);
  if (sum.IsConstant()) return LinearForm::Constant(sum.constant > 0 ? 1 : 0);
  std::vector<double> points, values;
  for (std::size_t i = 0; i <= forms.size(); ++i) {
    points.push_back(static_cast<double>(i));
    values.push_back(i == 0 ? 0 : 1);
  }
  if (points.size() == 2) return sum;
  MlpSegment segment(builder_.blocks(), sum, points);
  const auto output = segment.Steps(values);
  if (!output) sops_.FailImprecise(origin, "has a type that cannot be determined");
  return builder_.AddSegment(segment, *output, sum, meanings_.TextFor(origin, "float"));
}

// Whether an s-op is a float exactly if one of its operands is, and some of these are means, whose
// types are easier to distinguish than values that may be close together.
bool Types::IsArithmeticOfMeans(NodeId id) const {
  const auto* map = sops_.As<MapNode>(id);
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
  return sops_.IsNumeric(id) &&
         std::any_of(map->operands.begin(), map->operands.end(), [&](NodeId operand) {
           return sops_.IsNumeric(operand) &&
                  (sops_.HasNumberOnly(operand) || IsArithmeticOfMeans(operand));
         });
}

// 1 where an s-op whose values are listed, and which is not a mean, has this type, else 0.
std::optional<LinearForm> Types::ListedTypeForm(NodeId id, AtomType type) {
  const Domain& domain = sops_[id];
  if (!domain.is_finite || sops_.HasNumberOnly(id) || IsArithmeticOfMeans(id)) return std::nullopt;
  Code code;
  for (const Atom& value : domain.values) code.push_back(TypeOf(value) == type ? 1 : 0);
  return forms_.Real(id, code);
}

bool Types::IsSingle(const AggregateNode& aggregate) const {
  return sops_.SelectsAtMostOne(aggregate.selector);
}

void Types::FailUnknownType(NodeId id) const {
  sops_.FailTooLarge(id, "can be a bool as well as a number, and " + sops_.WhyUnlisted(id));
}

}  // namespace raspc
