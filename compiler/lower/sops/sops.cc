#include "compiler/lower/sops/sops.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/domains/mean_domain.h"
#include "compiler/lower/sops/too_large.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {

bool Sops::IsNumeric(NodeId id) const {
  const Domain& domain = domains_[id];
  return !domain.is_finite || std::all_of(domain.values.begin(), domain.values.end(), IsNumber);
}

bool Sops::HasIntsOnly(NodeId id) const {
  const Domain& domain = domains_[id];
  return domain.is_finite && !domain.values.empty() &&
         std::all_of(domain.values.begin(), domain.values.end(),
                     [](const Atom& value) { return TypeOf(value) == AtomType::kInt; });
}

Code Sops::NumberCode(NodeId id) const {
  Code code;
  for (const Atom& value : domains_[id].values) {
    code.push_back(IsNumber(value) ? NumberOf(value) : 0);
  }
  return code;
}

Code Sops::TypeCode(NodeId id) const {
  Code code;
  for (const Atom& value : domains_[id].values) {
    const AtomType type = TypeOf(value);
    code.push_back(type == AtomType::kFloat ? 1 : type == AtomType::kBool ? 2 : 0);
  }
  const Code of_strings = StringCode(id, domains_[id].Strings());
  for (std::size_t i = 0; i < code.size(); ++i) code[i] += of_strings[i];
  return code;
}

Code Sops::StringCode(NodeId id, const std::vector<Atom>& strings) const {
  Code code;
  for (const Atom& value : domains_[id].values) {
    const auto at = std::lower_bound(strings.begin(), strings.end(), value, IdentityLess);
    const bool is_there = at != strings.end() && Identical(*at, value);
    code.push_back(is_there ? kFirstStringType + static_cast<double>(at - strings.begin()) : 0);
  }
  return code;
}

std::optional<std::pair<double, double>> Sops::AffineInNumber(NodeId id, const Code& code) const {
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

const Feature* Sops::EmbeddedFeatureOf(NodeId id) const {
  const std::vector<Feature>& features = TableOf(id).features;
  return features.size() == 1 && features[0].kind != Feature::Kind::kNode ? features.data()
                                                                          : nullptr;
}

bool Sops::IsEmbedded(NodeId id) const {
  if (IsFeature(id) || !domains_[id].is_finite) return false;
  return TableOf(id).features.empty() || EmbeddedFeatureOf(id) != nullptr;
}

bool Sops::IsOfPosition(NodeId id) const {
  const Feature* feature = EmbeddedFeatureOf(id);
  return IsEmbedded(id) && feature != nullptr && feature->kind == Feature::Kind::kPosition;
}

bool Sops::IsGather(NodeId id) const {
  const auto& aggregate = std::get<AggregateNode>(graph_[id].kind);
  if (!domains_[id].is_finite || !domains_[aggregate.values].is_finite) return false;
  if (SelectsAtMostOne(aggregate.selector)) return true;
  const auto means = MeansOf(graph_.arithmetic(), domains_[aggregate.values].values, 2,
                             domains_.scope.max_domain, graph_.rules());
  return means && means->empty();
}

bool Sops::IsEmbeddedLookUp(NodeId id) const {
  const auto* aggregate = As<AggregateNode>(id);
  return aggregate != nullptr && IsGather(id) && IsEmbedded(aggregate->values);
}

bool Sops::SelectsAtMostOne(NodeId selector) const {
  return domains_.at_most_one[static_cast<std::size_t>(selector.value)];
}

bool Sops::HasNumberOnly(NodeId id) const {
  if (!domains_[id].is_finite) return false;
  if (As<AggregateNode>(id) != nullptr) return !IsGather(id);
  return As<MapNode>(id) != nullptr && !HasTable(id) && !IsListedChoice(id);
}

bool Sops::IsListedChoice(NodeId id) const {
  const MapNode* choice = AsMap(id, MapOp::kChoose);
  if (choice == nullptr || HasTable(id)) return false;
  return domains_[choice->operands[0]].is_finite &&
         std::all_of(choice->operands.begin() + 1, choice->operands.end(), [this](NodeId side) {
           return domains_[side].is_finite && !HasNumberOnly(side);
         });
}

bool Sops::IsCheaplyLinear(NodeId id) const {
  if (!IsNumeric(id)) return false;
  if (IsEmbedded(id) || IsFeature(id)) return true;
  const auto* map = As<MapNode>(id);
  if (map == nullptr) return false;
  const auto cheap = [&](std::size_t i) { return IsCheaplyLinear(map->operands[i]); };
  const auto is_constant = [&](std::size_t i) {
    return As<ConstantNode>(map->operands[i]) != nullptr;
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

std::optional<std::pair<NodeId, Code>> Sops::RenamedFrom(NodeId id, const Code& code) const {
  const auto* map = As<MapNode>(id);
  if (map == nullptr || !domains_[id].is_finite) return std::nullopt;
  std::vector<Atom> arguments;
  std::optional<std::size_t> varying;
  for (std::size_t i = 0; i < map->operands.size(); ++i) {
    const Domain& domain = domains_[map->operands[i]];
    if (!domain.is_finite || domain.values.empty()) return std::nullopt;
    arguments.push_back(domain.values.front());
    if (domain.values.size() == 1) continue;
    if (varying && map->operands[*varying] != map->operands[i]) return std::nullopt;
    varying = i;
  }
  if (!varying) return std::nullopt;
  const NodeId from = map->operands[*varying];
  if (HasNumberOnly(from) || domains_[from].values.size() != domains_[id].values.size()) {
    return std::nullopt;
  }
  Code by_value;
  for (const Atom& value : domains_[from].values) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (map->operands[i] == from) arguments[i] = value;
    }
    const OpResult result = Apply(graph_.arithmetic(), map->op, arguments, map->table.get());
    const Atom* name = std::get_if<Atom>(&result);
    const int index = name == nullptr ? -1 : domains_[id].IndexOf(*name);
    if (index < 0) return std::nullopt;
    by_value.push_back(code[static_cast<std::size_t>(index)]);
  }
  return std::pair{from, by_value};
}

std::string Sops::WhyUnlisted(NodeId id) const {
  return raspc::WhyUnlisted(graph_, domains_, id);
}

void Sops::FailTooLarge(NodeId id, const std::string& what) const {
  LoweringFailure failure;
  failure.diagnostic = TooLarge(graph_, domains_, id, what);
  throw failure;
}

void Sops::FailUndecided(NodeId id, std::string_view what_jumps) const {
  LoweringFailure failure;
  failure.diagnostic = Undecided(graph_, domains_, id, what_jumps);
  throw failure;
}

void Sops::FailImprecise(NodeId id, const std::string& what) const {
  LoweringFailure failure;
  failure.is_imprecise = true;
  failure.diagnostic.kind = ErrorKind::kLimit;
  failure.diagnostic.location = PlaceInMessage(graph_, id);
  failure.diagnostic.message =
      fmt::format("{} {} in {}", NameInMessage(graph_, id), what, NameOf(options_.dtype));
  if (options_.dtype == DType::kFloat32) {
    failure.diagnostic.Note({}, "float64 is more precise: --dtype float64");
  }
  if (graph_.arithmetic() == ArithmeticKind::kFloat) {
    failure.diagnostic.Note({},
                            "--arithmetic rational may help: floats are then exact fractions, so "
                            "that the program's own operations round nothing");
  }
  throw failure;
}

}  // namespace raspc
