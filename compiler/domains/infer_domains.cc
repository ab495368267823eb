#include "compiler/domains/infer_domains.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>

#include "base/stop.h"
#include "compiler/domains/equal_rows.h"
#include "compiler/domains/fractions.h"
#include "compiler/domains/mean_domain.h"
#include "compiler/domains/memoized_operation.h"
#include "compiler/domains/positional_rows.h"
#include "compiler/domains/single_keys.h"
#include "compiler/domains/wide_map.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {
namespace {

// The values of a domain, given in any order with repetitions.
std::vector<Atom> Distinct(std::vector<Atom> values) {
  std::sort(values.begin(), values.end(), IdentityLess);
  values.erase(std::unique(values.begin(), values.end(), Identical), values.end());
  return values;
}

class Inference {
 public:
  Inference(const DataflowGraph& graph, const CompileScope& scope, Diagnostics& diag)
      : graph_(graph), diag_(diag) {
    domains_.scope = scope;
    const auto size = static_cast<std::size_t>(graph.size());
    domains_.domain.resize(size);
    domains_.table.resize(size);
    domains_.is_cut.resize(size);
    domains_.at_most_one.resize(size);
  }

  Domains Run() {
    for (std::int32_t i = 0; i < graph_.size(); ++i) {
      const NodeId id{i};
      std::visit([&](const auto& kind) { Infer(id, kind); }, graph_[id].kind);
    }
    return std::move(domains_);
  }

 private:
  const Domain& domain(NodeId id) const { return domains_[id]; }
  Domain& domain(NodeId id) { return domains_.domain[static_cast<std::size_t>(id.value)]; }
  FunctionTable& table(NodeId id) { return domains_.table[static_cast<std::size_t>(id.value)]; }

  // A function of one of the two embedding-only features, given its value for each of the
  // feature's.
  void SetTable(NodeId id, std::vector<Feature> features,
                const std::vector<std::optional<Atom>>& values) {
    std::vector<Atom> present;
    for (const auto& value : values) {
      if (value) present.push_back(*value);
    }
    Domain& result = domain(id);
    result.values = Distinct(std::move(present));
    FunctionTable& function = table(id);
    function.features = std::move(features);
    for (const auto& value : values) {
      function.rows.push_back(value ? result.IndexOf(*value) : -1);
      if (!value) result.may_fail = true;
    }
    RequireSomeValue(id);
  }

  void RequireSomeValue(NodeId id) {
    if (!domain(id).is_finite || !domain(id).values.empty()) return;
    // Only the first s-op without values is reported; those computed from it follow.
    for (const NodeId operand : graph_.OperandsOf(id)) {
      if (!graph_.IsSelector(operand) && domain(operand).is_finite &&
          domain(operand).values.empty()) {
        return;
      }
    }
    Diagnostic& failure = diag_.Error(
        ErrorKind::kValue, PlaceInMessage(graph_, id),
        fmt::format("{} fails on every input over this vocabulary", NameInMessage(graph_, id)));
    if (const auto reason = FailureOfHost(id)) failure.Note({}, *reason);
  }

  // What a function of the host says at a point, where it has no value.
  std::optional<std::string> FailureOfHost(NodeId id) const {
    const auto* map = std::get_if<MapNode>(&graph_[id].kind);
    if (map == nullptr || map->op != MapOp::kHost) return std::nullopt;
    std::vector<Atom> point;
    for (const NodeId operand : map->operands) {
      if (domain(operand).values.empty()) return std::nullopt;
      point.push_back(domain(operand).values.front());
    }
    const OpResult result = Apply(graph_.arithmetic(), map->op, point, map->table.get());
    const auto* error = std::get_if<OpError>(&result);
    return error != nullptr ? std::optional(error->message) : std::nullopt;
  }

  void Infer(NodeId id, const TokensNode& node) {
    std::vector<std::optional<Atom>> values;
    for (const Atom& token : domains_.scope.vocabulary) {
      const OpResult value = ReadToken(graph_.arithmetic(), node.view, token);
      const Atom* read = std::get_if<Atom>(&value);
      values.push_back(read != nullptr ? std::optional<Atom>(*read) : std::nullopt);
    }
    SetTable(id, {Feature{Feature::Kind::kToken, {}}}, values);
  }

  void Infer(NodeId id, const IndicesNode&) {
    std::vector<std::optional<Atom>> values;
    for (std::int64_t i = 0; i < domains_.scope.context_length; ++i) values.emplace_back(Atom(i));
    SetTable(id, {Feature{Feature::Kind::kPosition, {}}}, values);
  }

  void Infer(NodeId id, const ConstantNode& node) {
    SetTable(id, {}, std::vector<std::optional<Atom>>{node.value});
  }

  void Infer(NodeId id, const SelectNode&) {
    domains_.at_most_one[static_cast<std::size_t>(id.value)] =
        SelectsAtMostOne(graph_, domains_, id);
  }

  void Infer(NodeId id, const SelectorLogicNode&) {
    domains_.at_most_one[static_cast<std::size_t>(id.value)] =
        SelectsAtMostOne(graph_, domains_, id);
  }

  // Nothing is known of it until it is resolved.
  void Infer(NodeId, const HostSelectNode&) {}

  void Infer(NodeId id, const WidthNode& node) {
    if (const auto& rows = PositionalRowsOf(node.selector)) return InferPositionalWidth(id, *rows);
    const bool one = domains_.at_most_one[static_cast<std::size_t>(node.selector.value)];
    const std::int64_t most = one ? 1 : domains_.scope.context_length;
    for (std::int64_t width = 0; width <= most; ++width) domain(id).values.emplace_back(width);
  }

  const std::optional<PositionalRows>& PositionalRowsOf(NodeId selector) {
    const auto [at, is_new] = positional_rows_.try_emplace(selector);
    if (is_new) at->second = raspc::PositionalRowsOf(graph_, domains_, selector);
    return at->second;
  }

  // A function of the position where no width depends on the length; else a feature that is tied to
  // the position.
  void InferPositionalWidth(NodeId id, const PositionalRows& rows) {
    const auto is_fixed = [](const auto& width) { return width.first == width.second; };
    if (std::all_of(rows.widths.begin(), rows.widths.end(), is_fixed)) {
      std::vector<std::optional<Atom>> values;
      for (const auto& width : rows.widths) values.emplace_back(Atom(width.first));
      return SetTable(id, {Feature{Feature::Kind::kPosition, {}}}, values);
    }
    std::vector<Atom> values;
    for (const auto& [low, high] : rows.widths) {
      for (std::int64_t width = low; width <= high; ++width) values.emplace_back(width);
    }
    domain(id).values = Distinct(std::move(values));
    domains_.widths_at[id] = rows.widths;
  }

  // Ints: all multiples, in an interval, of the common divisor of the summands.
  void Infer(NodeId id, const SumNode& node) {
    const auto& rows = PositionalRowsOf(node.selector);
    const bool one = domains_.at_most_one[static_cast<std::size_t>(node.selector.value)];
    const auto most = static_cast<double>(one    ? 1
                                          : rows ? rows->Most()
                                                 : domains_.scope.context_length);
    Domain result = UnlistedDomain();
    result.may_be_int = true;
    if (const auto interval = IntervalOf(domain(node.values))) {
      result.low = most * std::min(0.0, interval->low);
      result.high = most * std::max(0.0, interval->high);
    }
    std::int64_t step = 0;
    for (const Atom& value : domain(node.values).values) {
      step = std::gcd(step, std::get<std::int64_t>(value));
    }
    if (auto listed = ListMultiples(result, std::max<std::int64_t>(1, step))) result = *listed;
    domain(id) = std::move(result);
  }

  // All multiples of `step` in the interval of an unlisted domain of ints, if they are few.
  std::optional<Domain> ListMultiples(const Domain& unlisted, std::int64_t step) const {
    const double num_values = (unlisted.high - unlisted.low) / static_cast<double>(step) + 1;
    if (!(num_values <= static_cast<double>(domains_.scope.MostInts()))) return std::nullopt;
    Domain listed;
    for (auto value = static_cast<std::int64_t>(unlisted.low);
         value <= static_cast<std::int64_t>(unlisted.high); value += step) {
      listed.values.emplace_back(value);
    }
    return listed;
  }

  void Infer(NodeId id, const AggregateNode& node) {
    const Domain& values = domain(node.values);
    const Atom missing = DefaultOf(node);
    const bool one = domains_.at_most_one[static_cast<std::size_t>(node.selector.value)];
    const auto& rows = PositionalRowsOf(node.selector);
    const std::int64_t most = rows ? rows->Most() : domains_.scope.context_length;
    std::optional<std::vector<Atom>> means = std::vector<Atom>{};
    const auto of_positions = rows && !one
                                  ? PositionalMeans(graph_, domains_, *rows, node.values,
                                                    domains_.scope.MostMeans())
                                  : std::nullopt;
    if (of_positions) {
      means = of_positions;
    } else if (!one && values.is_finite) {
      means = equal_rows_.SelectsEqualValues(node.selector, node.values)
                  ? MeansOfEquals(values.values, most)
                  : MeansOf(graph_.arithmetic(), values.values, most, domains_.scope.MostMeans(),
                            graph_.rules());
    }
    if (!values.is_finite || !means) {
      const auto known = domains_.scope.known_values.find(id);
      if (known != domains_.scope.known_values.end()) {
        domain(id).values = known->second;
        return RequireSomeValue(id);
      }
      domain(id) = UnlistedAggregate(values, missing, one);
      return;
    }
    std::vector<Atom> all = rows ? SingleValues(node.values, *rows) : values.values;
    if (!rows || rows->MayBeEmpty()) all.push_back(missing);
    all.insert(all.end(), means->begin(), means->end());
    domain(id).values = Distinct(std::move(all));
  }

  // The means of several equal values.
  std::optional<std::vector<Atom>> MeansOfEquals(const std::vector<Atom>& values,
                                                 std::int64_t most) const {
    std::vector<Atom> all;
    for (const Atom& value : values) {
      const auto means =
          MeansOf(graph_.arithmetic(), {value}, most, domains_.scope.MostMeans(), graph_.rules());
      if (!means) return std::nullopt;
      all.insert(all.end(), means->begin(), means->end());
    }
    return all;
  }

  // The values an s-op can have at positions that are the only one of some row.
  std::vector<Atom> SingleValues(NodeId values, const PositionalRows& rows) const {
    const Domain& domain = domains_[values];
    const FunctionTable& function = domains_.TableOf(values);
    const bool is_positional =
        !IsFeature(graph_, domains_, values) &&
        function.features == std::vector<Feature>{Feature{Feature::Kind::kPosition, {}}};
    if (!is_positional) return domain.values;
    std::vector<Atom> single;
    for (std::size_t k = 0; k < function.rows.size(); ++k) {
      if (!rows.is_single_key[k] || function.rows[k] < 0) continue;
      single.push_back(domain.values[static_cast<std::size_t>(function.rows[k])]);
    }
    return single;
  }

  // Single selected values unchanged, the means as floats, and the default.
  static Domain UnlistedAggregate(const Domain& values, const Atom& missing, bool one) {
    Domain result = UnlistedDomain();
    if (const auto interval = IntervalOfNumbers(values)) {
      result.low = interval->low;
      result.high = interval->high;
    }
    result.strings = values.Strings();
    if (!IsNumber(missing)) result.strings.push_back(missing);
    result.strings = Distinct(std::move(result.strings));
    if (IsNumber(missing)) {
      const Interval of_missing = *IntervalOf(Domain{.values = {missing}});
      result.low = std::min(result.low, of_missing.low);
      result.high = std::max(result.high, of_missing.high);
    }
    result.may_be_int = values.MayBe(AtomType::kInt) || TypeOf(missing) == AtomType::kInt;
    result.may_be_bool = values.MayBe(AtomType::kBool) || TypeOf(missing) == AtomType::kBool;
    result.may_be_string = values.MayBe(AtomType::kString) || TypeOf(missing) == AtomType::kString;
    result.may_be_float =
        !one || values.MayBe(AtomType::kFloat) || TypeOf(missing) == AtomType::kFloat;
    return result;
  }

  // The operands' features together, each once.
  std::vector<Feature> JointFeatures(const MapNode& node) const {
    std::set<Feature> joint;
    for (const NodeId operand : node.operands) {
      const std::vector<Feature> features = domains_.FeaturesOf(graph_, operand);
      joint.insert(features.begin(), features.end());
    }
    return {joint.begin(), joint.end()};
  }

  // The product of the features' sizes, or nothing above the limit.
  std::optional<std::int64_t> NumRows(const std::vector<Feature>& features) const {
    std::vector<std::int64_t> sizes;
    for (const Feature& feature : features) sizes.push_back(domains_.SizeOf(feature));
    if (!domains_.scope.IsTabulated(sizes)) return std::nullopt;
    std::int64_t rows = 1;
    for (const std::int64_t size : sizes) rows *= std::max<std::int64_t>(1, size);
    return rows;
  }

  void Infer(NodeId id, const MapNode& node) {
    bool finite = true;
    for (const NodeId operand : node.operands) finite = finite && domain(operand).is_finite;
    if (!finite) return InferWithoutTable(id, node);
    while (!NumRows(JointFeatures(node)) && CutAnOperand(node)) {
    }
    const std::vector<Feature> features = JointFeatures(node);
    const auto rows = NumRows(features);
    if (rows && !HasTooManyRows(node, features, *rows)) {
      Tabulate(id, node, features, *rows);
    } else {
      InferWithoutTable(id, node);
    }
  }

  // Whether a map that can do without a table should.
  bool HasTooManyRows(const MapNode& node, const std::vector<Feature>& features,
                      std::int64_t rows) const {
    switch (node.op) {
      case MapOp::kAdd:
      case MapOp::kSubtract:
      case MapOp::kMultiply:
      case MapOp::kDivide:
      case MapOp::kChoose:
        break;
      default:
        if (!OutcomesOf(node.op)) return false;
    }
    return features.size() > 1 && rows > domains_.scope.max_arithmetic_rows;
  }

  // Makes a feature of the operand with the fewest values relative to the rows of its table;
  // false if all have as many values as rows.
  bool CutAnOperand(const MapNode& node) {
    NodeId best;
    double best_ratio = 1;
    for (const NodeId operand : node.operands) {
      if (IsFeature(graph_, domains_, operand) || IsFreeFunction(operand)) continue;
      const double ratio = static_cast<double>(domain(operand).values.size()) /
                           static_cast<double>(domains_.TableOf(operand).rows.size());
      if (ratio >= best_ratio) continue;
      best = operand;
      best_ratio = ratio;
    }
    if (best.IsValid()) domains_.is_cut[static_cast<std::size_t>(best.value)] = true;
    return best.IsValid();
  }

  // Whether an s-op depends only on the token, only on the position, or on neither: that costs the
  // model nothing, and other functions of the same feature need no more rows.
  bool IsFreeFunction(NodeId id) const {
    const std::vector<Feature>& features = domains_.TableOf(id).features;
    return features.empty() || (features.size() == 1 && features[0].kind != Feature::Kind::kNode);
  }

  void InferWithoutTable(NodeId id, const MapNode& node) {
    std::vector<const Domain*> operands;
    for (const NodeId operand : node.operands) operands.push_back(&domain(operand));
    domain(id) = WideMapDomain(graph_.arithmetic(), node, operands, domains_.scope);
    if (!domain(id).is_finite) {
      if (auto listed = ListByFractions(node)) domain(id) = *std::move(listed);
    }
    domain(id).may_fail = std::any_of(operands.begin(), operands.end(),
                                      [](const Domain* operand) { return operand->may_fail; });
    domains_.is_cut[static_cast<std::size_t>(id.value)] = domain(id).is_finite;
  }

  // The results of comparing, rounding or dividing into cells numbers of which only the least
  // distance is known.
  std::optional<Domain> ListByFractions(const MapNode& node) {
    if (const auto outcomes = OutcomesOf(node.op)) {
      const auto separation = fractions_.Separate(node.operands[0], node.operands[1]);
      return separation ? std::optional(ListOutcomes(*outcomes, *separation)) : std::nullopt;
    }
    if (node.op == MapOp::kPlace &&
        fractions_.Separate(node.operands[0], DomainOfItems(*node.table))) {
      Domain places = UnlistedDomain();
      places.low = 0;
      places.high = 2 * static_cast<double>(node.table->items.size());
      return ListMultiples(places, 1);
    }
    if (node.op == MapOp::kDigit) {
      Domain digits = UnlistedDomain();
      digits.low = 0;
      digits.high = static_cast<double>(DigitOf(*node.table).radix - 1);
      return ListMultiples(digits, 1);
    }
    if (node.op == MapOp::kRound && fractions_.DistanceFromHalves(node.operands[0])) {
      const auto interval = IntervalOf(domain(node.operands[0]));
      Domain rounded = UnlistedDomain();
      rounded.low = std::nearbyint(interval->low);
      rounded.high = std::nearbyint(interval->high);
      return ListMultiples(rounded, 1);
    }
    return std::nullopt;
  }

  // For each operand, where in its table (or, for a feature, its domain) a row of the joint table
  // lies: the sum over the joint features of value * stride.
  std::vector<std::vector<std::int64_t>> Strides(const MapNode& node,
                                                 const std::vector<Feature>& features) const {
    std::vector<std::vector<std::int64_t>> strides;
    for (const NodeId operand : node.operands) {
      const std::vector<Feature> own = domains_.FeaturesOf(graph_, operand);
      std::vector<std::int64_t> stride(features.size(), 0);
      std::int64_t step = 1;
      for (std::size_t i = own.size(); i-- > 0;) {
        const auto at = std::find(features.begin(), features.end(), own[i]);
        stride[static_cast<std::size_t>(at - features.begin())] = step;
        step *= domains_.SizeOf(own[i]);
      }
      strides.push_back(std::move(stride));
    }
    return strides;
  }

  void Tabulate(NodeId id, const MapNode& node, const std::vector<Feature>& features,
                std::int64_t num_rows) {
    std::vector<const Domain*> operand_domains;
    for (const NodeId operand : node.operands) operand_domains.push_back(&domain(operand));
    MemoizedOperation operation(graph_.arithmetic(), node, operand_domains);
    const auto strides = Strides(node, features);

    std::vector<std::int64_t> digits(features.size(), 0);
    std::vector<std::int64_t> at(node.operands.size(), 0);  // row of each operand's own table
    std::vector<std::int32_t> arguments(node.operands.size());
    bool may_fail = false;
    FunctionTable function{features, {}};
    function.rows.reserve(static_cast<std::size_t>(num_rows));
    const std::vector<bool> reachable = domains_.Reachable(features);
    for (std::int64_t row = 0; row < num_rows; ++row) {
      for (std::size_t j = 0; j < node.operands.size(); ++j) {
        const bool is_feature = IsFeature(graph_, domains_, node.operands[j]);
        arguments[j] = is_feature ? static_cast<std::int32_t>(at[j])
                                  : table(node.operands[j]).rows[static_cast<std::size_t>(at[j])];
      }
      const bool is_reachable = reachable.empty() || reachable[static_cast<std::size_t>(row)];
      function.rows.push_back(is_reachable ? operation.At(arguments) : -1);
      may_fail = may_fail || (is_reachable && function.rows.back() < 0);
      for (std::size_t i = features.size(); i-- > 0;) {  // the next row, counting in mixed radix
        for (std::size_t j = 0; j < at.size(); ++j) at[j] += strides[j][i];
        if (++digits[i] < domains_.SizeOf(features[i])) break;
        for (std::size_t j = 0; j < at.size(); ++j) at[j] -= strides[j][i] * digits[i];
        digits[i] = 0;
      }
    }
    SetTable(id, std::move(function), operation.results);
    domain(id).may_fail = may_fail;
    if (domains_.scope.reduce_counts_first && IsReducedCount(id)) {
      domains_.is_cut[static_cast<std::size_t>(id.value)] = true;
    }
  }

  // Whether it is a function of one count or sum, with fewer values.
  bool IsReducedCount(NodeId id) const {
    const std::vector<Feature>& features = domains_.TableOf(id).features;
    if (features.size() != 1 || features[0].kind != Feature::Kind::kNode) return false;
    const auto& kind = graph_[features[0].node].kind;
    return (std::holds_alternative<WidthNode>(kind) || std::holds_alternative<SumNode>(kind)) &&
           domain(id).values.size() < domains_.TableOf(id).rows.size();
  }

  // Adopts a table whose rows index the values of `results`, which are unordered.
  void SetTable(NodeId id, FunctionTable function, const std::vector<Atom>& results) {
    Domain& result = domain(id);
    result.values = Distinct(results);
    std::vector<std::int32_t> renumbered;
    for (const Atom& value : results) renumbered.push_back(result.IndexOf(value));
    for (std::int32_t& row : function.rows) {
      if (row >= 0) row = renumbered[static_cast<std::size_t>(row)];
    }
    table(id) = std::move(function);
    RequireSomeValue(id);
  }

  const DataflowGraph& graph_;
  Diagnostics& diag_;
  Domains domains_;
  std::map<NodeId, std::optional<PositionalRows>> positional_rows_;
  EqualRows equal_rows_{graph_, domains_};
  FractionsFinder fractions_{graph_, domains_};
};

}  // namespace

std::vector<NodeId> UnlistedAggregates(const DataflowGraph& graph, const Domains& domains) {
  std::vector<NodeId> found;
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    ThrowIfStopped();
    if (std::holds_alternative<AggregateNode>(graph[id].kind) && !domains[id].is_finite) {
      found.push_back(id);
    }
  }
  return found;
}

bool HasListedMeans(const DataflowGraph& graph, const Domains& domains, std::size_t min_values) {
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    const auto* aggregate = std::get_if<AggregateNode>(&graph[id].kind);
    if (aggregate != nullptr && domains[id].is_finite && domains[id].values.size() > min_values &&
        !domains.at_most_one[static_cast<std::size_t>(aggregate->selector.value)]) {
      return true;
    }
  }
  return false;
}

Domains InferDomains(const DataflowGraph& graph, const CompileScope& scope, Diagnostics& diag) {
  return Inference(graph, scope, diag).Run();
}

}  // namespace raspc
