// An s-op as a linear form of variables: embedding columns, sums, and outputs of heads.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "compiler/domains/mean_domain.h"
#include "compiler/domains/wide_map.h"
#include "compiler/lower/lowering.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {
bool Lowering::IsNumeric(NodeId id) const {
  const Domain& domain = DomainOf(id);
  return !domain.is_finite || std::all_of(domain.values.begin(), domain.values.end(), IsNumber);
}

Code Lowering::NumberCode(NodeId id) const {
  Code code;
  for (const Atom& value : DomainOf(id).values) {
    code.push_back(IsNumber(value) ? NumberOf(value) : 0);
  }
  return code;
}

std::optional<std::pair<double, double>> Lowering::AffineInNumber(NodeId id,
                                                                  const Code& code) const {
  if ((!IsNumeric(id) && !HasNumberOnly(id)) || code.empty()) return std::nullopt;
  const Code numbers = NumberCode(id);
  double factor = 0;
  for (std::size_t i = 1; i < code.size(); ++i) {
    if (numbers[i] != numbers[0]) {
      factor = (code[i] - code[0]) / (numbers[i] - numbers[0]);
      break;
    }
  }
  const double offset = code[0] - factor * numbers[0];
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] != factor * numbers[i] + offset) return std::nullopt;
  }
  return std::pair{factor, offset};
}

VariableId Lowering::AddVariable(Variable variable, const VariableMeaning& meaning) {
  variable.SetMeaning(meaning);
  blocks_.variables.push_back(std::move(variable));
  return VariableId{static_cast<std::int32_t>(blocks_.variables.size()) - 1};
}
namespace {

// 1 minus the column of a variable whose only column holds nothing but 0 and 1.
std::optional<std::pair<std::vector<double>, std::vector<double>>> Complement(
    std::vector<double> by_token, std::vector<double> by_position) {
  if (by_token.empty() == by_position.empty()) return std::nullopt;
  for (double& entry : by_token.empty() ? by_position : by_token) {
    if (entry != 0 && entry != 1) return std::nullopt;
    entry = 1 - entry;
  }
  return std::pair{std::move(by_token), std::move(by_position)};
}

bool AllEqual(const std::vector<double>& values) {
  return std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end();
}

}  // namespace

// A variable whose column is by_token + by_position; a constant stays a constant.
LinearForm Lowering::FreeForm(std::vector<double> by_token, std::vector<double> by_position,
                              const VariableMeaning& meaning) {
  double constant = 0;
  for (std::vector<double>* column : {&by_token, &by_position}) {
    if (column->empty() || !AllEqual(*column)) continue;
    constant += column->front();
    column->clear();
  }
  if (by_token.empty() && by_position.empty()) return LinearForm::Constant(constant);
  // A column of 0s and 1s can stand in for its complement.
  if (const auto complement = Complement(by_token, by_position)) {
    const auto known = free_variables_.find(*complement);
    if (known != free_variables_.end()) {
      return Shifted(Scaled(LinearForm::Of(known->second), -1), constant + 1);
    }
  }
  auto [at, is_new] = free_variables_.try_emplace({by_token, by_position});
  if (is_new) {
    Variable variable;
    variable.by_token = by_token;
    variable.by_position = by_position;
    for (const std::vector<double>* column : {&by_token, &by_position}) {
      double largest = 0;
      for (const double entry : *column) {
        const Bound bound = BoundOfConstant(entry, blocks_.arithmetic);
        largest = std::max(largest, bound.max_abs);
        variable.bound.error = std::max(variable.bound.error, bound.error);
        variable.bound.grid = std::min(variable.bound.grid, bound.grid);
      }
      variable.bound.max_abs += largest;
    }
    if (!by_token.empty() && !by_position.empty()) {  // the stream adds the two
      SumBound sum(blocks_.arithmetic);
      sum.Add(1, variable.bound);
      sum.Add(1, Bound{});
      variable.bound = sum.Computed();
    }
    at->second = AddVariable(std::move(variable), meaning);
  }
  LinearForm form = LinearForm::Of(at->second);
  form.constant = constant;
  return form;
}

const Feature* Lowering::FreeFeatureOf(NodeId id) const {
  const std::vector<Feature>& features = domains_.TableOf(id).features;
  return features.size() == 1 && features[0].kind != Feature::Kind::kNode ? features.data()
                                                                          : nullptr;
}

bool Lowering::IsFree(NodeId id) const {
  if (IsFeature(graph_, domains_, id) || !DomainOf(id).is_finite) return false;
  return domains_.TableOf(id).features.empty() || FreeFeatureOf(id) != nullptr;
}

LinearForm Lowering::Real(NodeId id, const Code& code) {
  const auto known = reals_.find({id, code});
  if (known != reals_.end()) return known->second;
  LinearForm form = ComputeReal(id, code);
  reals_.emplace(std::pair{id, code}, form);
  return form;
}

LinearForm Lowering::ComputeReal(NodeId id, const Code& code) {
  if (AllEqual(code)) return LinearForm::Constant(code.empty() ? 0 : code[0]);
  if (IsFree(id)) {
    std::vector<double> column;
    for (const std::int32_t value : domains_.TableOf(id).rows) {
      column.push_back(value < 0 ? 0 : code[static_cast<std::size_t>(value)]);
    }
    const bool by_token = FreeFeatureOf(id)->kind == Feature::Kind::kToken;
    return by_token ? FreeForm(column, {}, FunctionOf(id, code))
                    : FreeForm({}, column, FunctionOf(id, code));
  }
  const auto linear = LinearReal(id, code);
  if (!linear) return RealOfFeatures(id, code);
  const bool is_table = !domains_.TableOf(id).rows.empty();
  if (!is_table || DriftOf(blocks_, *linear) <= ToleranceOf(code)) return *linear;
  // Where floats cancel, a sum of forms can be far from the sum of floats: the table shows it.
  try {
    return RealOfFeatures(id, code);
  } catch (const LoweringFailure& failure) {
    if (!failure.is_imprecise) throw;
    return *linear;  // a caller that needs more precision asks for it
  }
}

// The code as a multiple of a sum, a mean or the like.
std::optional<LinearForm> Lowering::LinearReal(NodeId id, const Code& code) {
  const auto affine = AffineInNumber(id, code);
  const auto number = affine ? LinearNumber(id) : std::nullopt;
  return number ? std::optional(AffineForm(id, *number, *affine)) : std::nullopt;
}

// number * factor + offset, for a form of the s-op's number. Codes were found equal to its
// rounded value.
LinearForm Lowering::AffineForm(NodeId id, const LinearForm& number,
                                const std::pair<double, double>& affine) const {
  const auto& [factor, offset] = affine;
  LinearForm form = Shifted(Scaled(number, factor), offset);
  double rounding = 0;
  for (const double value : NumberCode(id)) {
    rounding =
        std::max(rounding, ErrorOfProduct(factor, value) + ErrorOfSum(factor * value, offset));
  }
  form.drift += rounding;
  return form;
}

LinearForm Lowering::RealOfFeatures(NodeId id, const Code& code) {
  if (IsListedChoice(id)) return RealOfChoice(id, code);
  if (const auto product = RealOfProduct(id, code)) return *product;
  if (std::holds_alternative<AggregateNode>(graph_[id].kind) && IsLookUp(id)) {
    return RealOfLookUp(id, code);
  }
  // A function of one gathered value is gathered instead.
  const std::vector<Feature>& features = domains_.TableOf(id).features;
  if (features.size() == 1 && features[0].kind == Feature::Kind::kNode &&
      std::holds_alternative<AggregateNode>(graph_[features[0].node].kind) &&
      IsLookUp(features[0].node)) {
    Code composed;
    for (const std::int32_t value : domains_.TableOf(id).rows) {
      composed.push_back(value < 0 ? 0 : code[static_cast<std::size_t>(value)]);
    }
    return Real(features[0].node, composed);
  }
  if (const auto renamed = RenamedFrom(id, code)) return Real(renamed->first, renamed->second);
  FunctionRequest request;
  request.nodes = {id};
  if (!domains_.TableOf(id).rows.empty()) request.opened = id;
  auto table = Tabulate(graph_, domains_, request.nodes, request.opened);
  if (!table) FailTooLarge(id, "is a function of too many values");
  request.table = std::move(*table);
  request.targets.emplace_back();
  for (const std::int32_t value : request.table.values[0]) {
    request.targets[0].push_back(value < 0 ? std::nan("") : code[static_cast<std::size_t>(value)]);
  }
  return Pieces(request, Quality::kNumber)[0];
}

// Where a map only renames the values of one operand: the operand, and the code by its values.
std::optional<std::pair<NodeId, Code>> Lowering::RenamedFrom(NodeId id, const Code& code) const {
  const auto* map = std::get_if<MapNode>(&graph_[id].kind);
  if (map == nullptr || !DomainOf(id).is_finite) return std::nullopt;
  std::vector<Atom> arguments;
  std::optional<std::size_t> varying;
  for (std::size_t i = 0; i < map->operands.size(); ++i) {
    const Domain& domain = DomainOf(map->operands[i]);
    if (!domain.is_finite || domain.values.empty()) return std::nullopt;
    arguments.push_back(domain.values.front());
    if (domain.values.size() == 1) continue;
    if (varying && map->operands[*varying] != map->operands[i]) return std::nullopt;
    varying = i;
  }
  if (!varying) return std::nullopt;
  const NodeId from = map->operands[*varying];
  if (HasNumberOnly(from) || DomainOf(from).values.size() != DomainOf(id).values.size()) {
    return std::nullopt;
  }
  Code by_value;
  for (const Atom& value : DomainOf(from).values) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (map->operands[i] == from) arguments[i] = value;
    }
    const OpResult result = Apply(map->op, arguments, map->table.get());
    const Atom* name = std::get_if<Atom>(&result);
    const int index = name == nullptr ? -1 : DomainOf(id).IndexOf(*name);
    if (index < 0) return std::nullopt;
    by_value.push_back(code[static_cast<std::size_t>(index)]);
  }
  return std::pair{from, by_value};
}

LinearForm Lowering::Number(NodeId id) {
  if (!IsNumeric(id)) FailTooLarge(id, "holds strings where a number is needed");
  return NumberPart(id);
}

LinearForm Lowering::NumberPart(NodeId id) {
  return DomainOf(id).is_finite ? Real(id, NumberCode(id)) : NumberOfUnlisted(id);
}

namespace {

// Whether a negligible change of an operand can change the result by much.
bool Jumps(MapOp op) {
  return OutcomesOf(op) || op == MapOp::kRound || op == MapOp::kModulo || op == MapOp::kMember ||
         op == MapOp::kLookUp || op == MapOp::kLookUpKey;
}

}  // namespace

LinearForm Lowering::NumberOfUnlisted(NodeId id) {
  if (const auto number = LinearNumber(id)) return *number;
  const auto* map = std::get_if<MapNode>(&graph_[id].kind);
  if (map != nullptr && Jumps(map->op)) {
    FailTooLarge(id, "jumps where its operand, whose values cannot be listed, is off by rounding");
  }
  if (map != nullptr && map->op == MapOp::kMultiply) {
    FailImprecise(id, "is a product of numbers that may be too large");
  }
  FailTooLarge(id, "has more values than can be listed, and is no sum or product of others");
}

std::optional<LinearForm> Lowering::LinearNumber(NodeId id) {
  if (std::holds_alternative<AggregateNode>(graph_[id].kind)) {
    return IsLookUp(id) ? std::nullopt : std::optional(MeanForm(id));
  }
  if (std::holds_alternative<SumNode>(graph_[id].kind)) return SumNumber(id);
  if (std::holds_alternative<WidthNode>(graph_[id].kind)) {
    const auto parts = WidthParts(id);
    if (parts.size() == 1) return std::nullopt;
    LinearForm sum;
    for (const WidthPart& part : parts) {
      sum = Sum(sum, Scaled(PartNumber(id, part.formula), part.sign));
    }
    return sum;
  }
  const auto* map = std::get_if<MapNode>(&graph_[id].kind);
  if (map == nullptr) return std::nullopt;
  const bool has_table = !domains_.TableOf(id).rows.empty();
  if (map->op == MapOp::kChoose) return has_table ? std::nullopt : ChoiceNumber(id);
  for (const NodeId operand : map->operands) {
    if (!IsNumeric(operand)) return std::nullopt;
  }
  const auto constant = [&](std::size_t i) -> std::optional<double> {
    const auto* node = std::get_if<ConstantNode>(&graph_[map->operands[i]].kind);
    return node == nullptr ? std::nullopt : std::optional(NumberOf(node->value));
  };
  const auto has_only = [&](AtomType type) {
    const Domain& domain = DomainOf(map->operands[0]);
    return domain.is_finite &&
           std::all_of(domain.values.begin(), domain.values.end(),
                       [&](const Atom& value) { return TypeOf(value) == type; });
  };
  const auto rounded = [&](LinearForm form) {
    form.drift += RoundingOf(id);
    return form;
  };
  switch (map->op) {
    case MapOp::kAdd:
      return rounded(Sum(Number(map->operands[0]), Number(map->operands[1])));
    case MapOp::kSubtract:
      return rounded(Sum(Number(map->operands[0]), Scaled(Number(map->operands[1]), -1)));
    case MapOp::kNegate:
      return Scaled(Number(map->operands[0]), -1);
    case MapOp::kPlus:
      return Number(map->operands[0]);
    case MapOp::kMultiply:
      for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
        if (const auto factor = constant(i)) {
          return rounded(Scaled(Number(map->operands[1 - i]), *factor));
        }
      }
      if (const auto gated = GatedProduct(id)) return gated;
      [[fallthrough]];
    case MapOp::kPower:
      return has_table ? std::nullopt : ProductForm(id);
    case MapOp::kDivide:
      if (const auto divisor = constant(1); divisor && *divisor != 0) {
        return rounded(Scaled(Number(map->operands[0]), 1 / *divisor));
      }
      return has_table ? std::nullopt : QuotientForm(id);
    case MapOp::kRound:
      if (has_only(AtomType::kInt)) return Number(map->operands[0]);
      return has_table || !DomainOf(id).is_finite ? std::nullopt : std::optional(RoundedNumber(id));
    case MapOp::kPlace:
      return has_table || !DomainOf(id).is_finite ? std::nullopt : std::optional(PlaceNumber(id));
    case MapOp::kIndicator:
      if (has_only(AtomType::kBool)) return Number(map->operands[0]);
      return std::nullopt;
    default:
      if (OutcomesOf(map->op) && DomainOf(id).is_finite && !has_table) {
        return ComparisonNumber(id);
      }
      return std::nullopt;
  }
}

bool Lowering::IsCheaplyLinear(NodeId id) const {
  if (!IsNumeric(id)) return false;
  if (IsFree(id) || IsFeature(graph_, domains_, id)) return true;
  const auto* map = std::get_if<MapNode>(&graph_[id].kind);
  if (map == nullptr) return false;
  const auto cheap = [&](std::size_t i) { return IsCheaplyLinear(map->operands[i]); };
  const auto is_constant = [&](std::size_t i) {
    return std::holds_alternative<ConstantNode>(graph_[map->operands[i]].kind);
  };
  switch (map->op) {
    case MapOp::kAdd:
    case MapOp::kSubtract:
      return cheap(0) && cheap(1);
    case MapOp::kNegate:
    case MapOp::kPlus:
      return cheap(0);
    case MapOp::kMultiply:
      return cheap(0) && cheap(1) && (is_constant(0) || is_constant(1));
    case MapOp::kDivide:
      return cheap(0) && is_constant(1);
    default:
      return false;
  }
}

// --- Outputs of heads.

bool Lowering::IsLookUp(NodeId id) const {
  const auto& aggregate = std::get<AggregateNode>(graph_[id].kind);
  if (!DomainOf(id).is_finite || !DomainOf(aggregate.values).is_finite) return false;
  if (domains_.at_most_one[static_cast<std::size_t>(aggregate.selector.value)]) return true;
  const auto means = MeansOf(DomainOf(aggregate.values).values, 2, domains_.scope.max_domain);
  return means && means->empty();
}

bool Lowering::HasNumberOnly(NodeId id) const {
  if (!DomainOf(id).is_finite) return false;
  const NodeKind& kind = graph_[id].kind;
  if (std::holds_alternative<AggregateNode>(kind)) return !IsLookUp(id);
  return std::holds_alternative<MapNode>(kind) && domains_.TableOf(id).rows.empty() &&
         !IsListedChoice(id);
}

LinearForm Lowering::RealOfLookUp(NodeId id, const Code& code) {
  const auto& aggregate = std::get<AggregateNode>(graph_[id].kind);
  const Domain& domain = DomainOf(id);
  const auto code_of = [&](const Atom& value) {  // 0 for impossible values
    const int index = domain.IndexOf(value);
    return index < 0 ? 0 : code[static_cast<std::size_t>(index)];
  };
  Code at_key;
  for (const Atom& value : DomainOf(aggregate.values).values) at_key.push_back(code_of(value));
  return AddChannel(aggregate.selector, Real(aggregate.values, at_key),
                    code_of(DefaultOf(aggregate)),
                    /*is_lookup=*/true, FunctionOf(id, code));
}

LinearForm Lowering::MeanForm(NodeId id) {
  const auto& aggregate = std::get<AggregateNode>(graph_[id].kind);
  const Atom missing = DefaultOf(aggregate);
  const double at_bos = IsNumber(missing) ? NumberOf(missing) : 0;
  const bool one = domains_.at_most_one[static_cast<std::size_t>(aggregate.selector.value)];
  return AddChannel(aggregate.selector, NumberPart(aggregate.values), at_bos, one,
                    NumberMeaning(id), !one && !IsRoundedOnce(aggregate));
}

LinearForm Lowering::AddChannel(NodeId selector, const LinearForm& value, double at_bos,
                                bool is_lookup, const VariableMeaning& meaning,
                                bool is_rounded_often) {
  if (value.IsConstant()) {
    // Only whether any key is selected matters; an indicator at BOS shows it without rounding,
    // since its weight is exactly 1 or 0.
    if (value.constant == at_bos) return value;
    if (value.constant != 0 || at_bos != 1) {
      const LinearForm none = AddChannel(selector, {}, 1, true, TextFor(selector, "empty"));
      // Not one weight at_bos - constant: how that is rounded is known to Sum only.
      return Sum(Sum(Scaled(none, at_bos), Scaled(none, -value.constant)), value);
    }
    is_lookup = true;
  }
  const Formula& formula = FormulaOf(selector);
  // Where at most one key is selected, the scores of several need not be equal.
  const bool one = domains_.at_most_one[static_cast<std::size_t>(selector.value)] &&
                   options_.optimizations.Has(Optimization::kNear);
  const Scoring& scoring = ScoringOf(formula, one ? Quality::kNearSet : Quality::kZeroSet);
  const int layer = EarliestHeadLayer(std::max(ReadyOf(blocks_, value), ReadyOfScoring(scoring)));
  // Aggregates over one selector that can run in one layer are channels of one head.
  const std::string apart = options_.optimizations.Has(Optimization::kSharedHeads)
                                ? ""
                                : fmt::format(" {}", blocks_.heads.size());
  const auto [at, is_new] =
      heads_.try_emplace({KeyOf(formula) + apart, layer}, blocks_.heads.size());
  if (is_new) {
    blocks_.heads.push_back(HeadFor(scoring, formula, false));
    if (one) {
      blocks_.margins.push_back(
          {{"scores of " + NameInMessage(graph_, selector), scoring.slack, kMaxSlack}, {}});
    }
  }
  HeadBlock& head = blocks_.heads[at->second];
  for (const auto& channel : head.channels) {
    if (channel.value == value && channel.at_bos == at_bos) return LinearForm::Of(channel.output);
  }
  Variable variable;
  variable.origin = Variable::Origin::kHead;
  variable.at_bos = at_bos;
  variable.ready = 2 * layer + 1;
  variable.bound = BoundOf(blocks_, value);
  const Bound missing = BoundAtBos(blocks_, value, at_bos);
  variable.bound.max_abs = std::max(variable.bound.max_abs, missing.max_abs);
  variable.bound.error = std::max(variable.bound.error, missing.error);
  variable.bound.grid = std::min(variable.bound.grid, missing.grid);
  if (!is_lookup) {
    // c weights of 1/c, each rounded, c products and c - 1 additions, in any order: at most (c + 3)
    // roundings of numbers whose sizes add up to max_abs. Normalising after the sum costs no more.
    const double count = static_cast<double>(domains_.scope.context_length) + 3;
    // One of these is the language's division. Where its sum is rounded too, the error doubles.
    const double of_language = is_rounded_often ? ArithmeticOf(DType::kFloat64).unit_roundoff : 0;
    variable.bound.error += 1.01 * count * (blocks_.arithmetic.unit_roundoff + of_language) *
                            (variable.bound.max_abs + variable.bound.error);
  }
  const VariableId output = AddVariable(std::move(variable), meaning);
  head.channels.push_back({value, at_bos, output});
  return LinearForm::Of(output);
}

}  // namespace raspc
