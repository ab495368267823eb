#include "compiler/domains/infer_domains.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>

#include "compiler/domains/mean_domain.h"
#include "compiler/domains/positional_rows.h"
#include "compiler/domains/wide_map.h"
#include "compiler/interpret/atom_ops.h"

namespace raspc {
namespace {

// The values of a domain, given each as often as it comes.
std::vector<Atom> Distinct(std::vector<Atom> values) {
  std::sort(values.begin(), values.end(), IdentityLess);
  values.erase(std::unique(values.begin(), values.end(), Identical), values.end());
  return values;
}

// Applies one operation to operand values given by their index in the operands' domains, each
// combination at most once.
class MemoizedOperation {
 public:
  MemoizedOperation(const MapNode& map, const std::vector<const Domain*>& operands)
      : map_(map), operands_(operands), arguments_(operands.size()) {
    std::size_t size = 1;
    for (const Domain* operand : operands) size *= std::max<std::size_t>(1, operand->values.size());
    if (size <= kMaxDense) memo_.assign(size, kUnknown);
  }

  // The result's number in `results`, or -1 where the operation fails.
  std::int32_t At(const std::vector<std::int32_t>& operand_values) {
    std::size_t key = 0;
    for (std::size_t i = 0; i < operand_values.size(); ++i) {
      // A feature that fails on every input has no values to number.
      if (operand_values[i] < 0 || operands_[i]->values.empty()) return -1;
      key = key * operands_[i]->values.size() + static_cast<std::size_t>(operand_values[i]);
    }
    if (memo_.empty()) return Compute(operand_values);
    if (memo_[key] == kUnknown) memo_[key] = Compute(operand_values);
    return memo_[key];
  }

  std::vector<Atom> results;

 private:
  static constexpr std::size_t kMaxDense = 1 << 22;
  static constexpr std::int32_t kUnknown = -2;

  std::int32_t Compute(const std::vector<std::int32_t>& operand_values) {
    for (std::size_t i = 0; i < operand_values.size(); ++i) {
      arguments_[i] = operands_[i]->values[static_cast<std::size_t>(operand_values[i])];
    }
    const OpResult result = Apply(map_.op, arguments_, map_.table.get());
    const Atom* value = std::get_if<Atom>(&result);
    if (value == nullptr) return -1;
    const auto [at, is_new] =
        numbers_.try_emplace(*value, static_cast<std::int32_t>(results.size()));
    if (is_new) results.push_back(*value);
    return at->second;
  }

  const MapNode& map_;
  std::vector<const Domain*> operands_;
  std::vector<Atom> arguments_;
  std::vector<std::int32_t> memo_;
  std::unordered_map<Atom, std::int32_t, IdentityHash, IdentityEqual> numbers_;
};

// Beyond so many operands of an `and` it is not looked at what they have in common.
constexpr std::size_t kMostConjuncts = 256;

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

  // A function of one of the two free features, given its value at each of the feature's.
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
    // Only the first s-op without values is at fault; what is computed from it follows.
    for (const NodeId operand : graph_.OperandsOf(id)) {
      if (!graph_.IsSelector(operand) && domain(operand).is_finite &&
          domain(operand).values.empty()) {
        return;
      }
    }
    diag_.Error(ErrorKind::kValue, graph_[id].location,
                fmt::format("{} fails on every input over this vocabulary", graph_.Describe(id)));
  }

  void Infer(NodeId id, const TokensNode& node) {
    std::vector<std::optional<Atom>> values;
    for (const Atom& token : domains_.scope.vocabulary) {
      const OpResult value = ReadToken(node.view, token);
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

  void Infer(NodeId id, const SelectNode& node) {
    domains_.at_most_one[static_cast<std::size_t>(id.value)] =
        node.op == Comparison::kEqual && (IsInjectiveInPosition(node.keys) || IsRank(node.keys));
  }

  // Whether an s-op counts the positions before each in some strict total order, so that no two
  // positions share a value. With keys after the query left out it would count only part of them.
  bool IsRank(NodeId id) const {
    const auto* width = std::get_if<WidthNode>(&graph_[id].kind);
    return width != nullptr && !domains_.scope.causal && IsStrictTotalOrder(width->selector);
  }

  // Positions by index, or by any s-op and, where that is equal, by another strict total order:
  // select(x, x, <) or (select(x, x, ==) and …).
  bool IsStrictTotalOrder(NodeId id) const {
    if (const auto* select = std::get_if<SelectNode>(&graph_[id].kind)) {
      return IsStrict(*select) && std::holds_alternative<IndicesNode>(graph_[select->keys].kind);
    }
    const auto* either = std::get_if<SelectorLogicNode>(&graph_[id].kind);
    if (either == nullptr || either->op != SelectorOp::kOr) return false;
    for (const std::size_t first : {std::size_t{0}, std::size_t{1}}) {
      const auto* less = std::get_if<SelectNode>(&graph_[either->operands[first]].kind);
      const auto* tie = std::get_if<SelectorLogicNode>(&graph_[either->operands[1 - first]].kind);
      if (less == nullptr || !IsStrict(*less) || tie == nullptr || tie->op != SelectorOp::kAnd) {
        continue;
      }
      for (const std::size_t at : {std::size_t{0}, std::size_t{1}}) {
        const auto* equal = std::get_if<SelectNode>(&graph_[tie->operands[at]].kind);
        if (equal != nullptr && equal->op == Comparison::kEqual && equal->keys == less->keys &&
            equal->queries == less->keys && IsStrictTotalOrder(tie->operands[1 - at])) {
          return true;
        }
      }
    }
    return false;
  }
  static bool IsStrict(const SelectNode& select) {
    return select.keys == select.queries &&
           (select.op == Comparison::kLess || select.op == Comparison::kGreater);
  }

  // Whether no two positions share a value.
  bool IsInjectiveInPosition(NodeId id) const {
    return domains_.TableOf(id).features ==
               std::vector<Feature>{Feature{Feature::Kind::kPosition, {}}} &&
           IsOneToOne(id);
  }

  // Whether no two rows of its table have equal values, all of them numbers.
  bool IsOneToOne(NodeId id) const {
    std::set<double> seen;
    for (const std::int32_t row : domains_.TableOf(id).rows) {
      if (row < 0) continue;
      const Atom& value = domains_[id].values[static_cast<std::size_t>(row)];
      // Equality in the language does not look at the type: 1 == 1.0.
      if (!IsNumber(value) || !seen.insert(NumberOf(value)).second) return false;
    }
    return true;
  }

  void Infer(NodeId id, const SelectorLogicNode& node) {
    bool result = false;
    if (node.op == SelectorOp::kAnd) {
      for (const NodeId operand : node.operands) {
        result = result || domains_.at_most_one[static_cast<std::size_t>(operand.value)];
      }
      result = result || LooksUpRunningNumber(id);
    }
    domains_.at_most_one[static_cast<std::size_t>(id.value)] = result;
  }

  // The operands of `and`, whatever their nesting, unless these are very many. Selectors are
  // shared, so each is opened once.
  std::set<NodeId> ConjunctsOf(NodeId id) const {
    std::set<NodeId> parts, opened;
    std::vector<NodeId> open = {id};
    while (!open.empty()) {
      const NodeId part = open.back();
      open.pop_back();
      if (!opened.insert(part).second) continue;
      if (opened.size() > kMostConjuncts) return {id};
      const auto* logic = std::get_if<SelectorLogicNode>(&graph_[part].kind);
      if (logic == nullptr || logic->op != SelectorOp::kAnd) {
        parts.insert(part);
      } else {
        open.insert(open.end(), logic->operands.begin(), logic->operands.end());
      }
    }
    return parts;
  }

  // Whether it selects, of positions that have something in common, one by its running number among
  // them: of two such positions the later (or the earlier) has more of them on one side, so that no
  // two have the same number.
  bool LooksUpRunningNumber(NodeId id) const {
    const std::set<NodeId> conjuncts = ConjunctsOf(id);
    return std::any_of(conjuncts.begin(), conjuncts.end(), [&](NodeId part) {
      const SelectNode* equal = AsEquality(part);
      const std::optional<NodeId> count =
          equal == nullptr ? std::nullopt : OneToOneInAWidth(equal->keys);
      return count && CountsOnOneSide(*count, conjuncts);
    });
  }

  const SelectNode* AsEquality(NodeId id) const {
    const auto* select = std::get_if<SelectNode>(&graph_[id].kind);
    return select != nullptr && select->op == Comparison::kEqual ? select : nullptr;
  }

  // The width that an s-op is a one-to-one function of, if it is one.
  std::optional<NodeId> OneToOneInAWidth(NodeId id) const {
    if (std::holds_alternative<WidthNode>(graph_[id].kind)) return id;
    const FunctionTable& function = domains_.TableOf(id);
    if (function.features.size() != 1 || function.features[0].kind != Feature::Kind::kNode) {
      return std::nullopt;
    }
    const NodeId width = function.features[0].node;
    if (!std::holds_alternative<WidthNode>(graph_[width].kind) || !IsOneToOne(id)) {
      return std::nullopt;
    }
    return width;
  }

  // Whether the width counts the positions on one side of each (perhaps it too) that have in common
  // with it what the `conjuncts` ask of a key: a condition on the key alone, or the value that it
  // shall have.
  bool CountsOnOneSide(NodeId width, const std::set<NodeId>& conjuncts) const {
    bool has_order = false;
    for (const NodeId part : ConjunctsOf(std::get<WidthNode>(graph_[width].kind).selector)) {
      const auto* select = std::get_if<SelectNode>(&graph_[part].kind);
      if (select == nullptr) return false;
      const bool is_order = IsOrderOfPositions(*select);
      has_order = has_order || is_order;
      if (!is_order && !AllAgree(part, *select, conjuncts)) return false;
    }
    return has_order;
  }

  // Causally only an order that looks back tells positions apart.
  bool IsOrderOfPositions(const SelectNode& node) const {
    if (node.keys != node.queries || !std::holds_alternative<IndicesNode>(graph_[node.keys].kind)) {
      return false;
    }
    const bool looks_back = node.op == Comparison::kLess || node.op == Comparison::kLessEqual;
    const bool looks_ahead =
        node.op == Comparison::kGreater || node.op == Comparison::kGreaterEqual;
    return looks_back || (looks_ahead && !domains_.scope.causal);
  }

  // Whether the selector `part` holds for all pairs of positions that the conjuncts select for one
  // query.
  bool AllAgree(NodeId part, const SelectNode& node, const std::set<NodeId>& conjuncts) const {
    const bool is_of_key = std::holds_alternative<ConstantNode>(graph_[node.queries].kind);
    if (is_of_key) return conjuncts.contains(part);
    if (node.op != Comparison::kEqual || node.keys != node.queries) return false;
    return std::any_of(conjuncts.begin(), conjuncts.end(), [&](NodeId asked) {
      const SelectNode* equal = AsEquality(asked);
      return equal != nullptr && equal->keys == node.keys;
    });
  }

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

  // Ints, all in an interval that are multiples of what divides all summands.
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
    if (!one && values.is_finite) {
      means = SelectsEqualValues(node.selector, node.values)
                  ? MeansOfEquals(values.values, most)
                  : MeansOf(values.values, most, domains_.scope.max_domain);
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
    std::vector<Atom> all = rows ? LoneValues(node.values, *rows) : values.values;
    if (!rows || rows->MayBeEmpty()) all.push_back(missing);
    all.insert(all.end(), means->begin(), means->end());
    domain(id).values = Distinct(std::move(all));
  }

  // Whether all positions in a row of the selector have one value of the s-op: those with an equal
  // key do, where the key tells the value, as a rank by value does.
  bool SelectsEqualValues(NodeId selector, NodeId values) {
    // Selectors may share operands, so that there are more paths than selectors.
    const std::pair key{selector, values};
    if (const auto known = equal_values_.find(key); known != equal_values_.end()) {
      return known->second;
    }
    return equal_values_[key] = DecideEqualValues(selector, values);
  }
  bool DecideEqualValues(NodeId selector, NodeId values) {
    if (const auto* logic = std::get_if<SelectorLogicNode>(&graph_[selector].kind)) {
      return logic->op == SelectorOp::kAnd &&
             std::any_of(logic->operands.begin(), logic->operands.end(),
                         [&](NodeId operand) { return SelectsEqualValues(operand, values); });
    }
    const auto& select = std::get<SelectNode>(graph_[selector].kind);
    if (select.op != Comparison::kEqual) return false;
    if (IsFunctionOf(values, select.keys)) return true;
    const auto* rank = std::get_if<WidthNode>(&graph_[select.keys].kind);
    // Causally, equal counts of smaller values before a position do not make values equal.
    if (rank == nullptr || domains_.scope.causal) return false;
    const auto* order = std::get_if<SelectNode>(&graph_[rank->selector].kind);
    return order != nullptr && IsStrict(*order) && IsFunctionOf(values, order->keys);
  }

  // Whether equal values of `argument` come with equal values of `function`, at any two positions.
  bool IsFunctionOf(NodeId function, NodeId argument) const {
    if (function == argument) return true;
    const FunctionTable& of_function = domains_.TableOf(function);
    const FunctionTable& of_argument = domains_.TableOf(argument);
    if (of_function.features != of_argument.features || of_function.rows.empty() ||
        of_function.rows.size() != of_argument.rows.size()) {
      return false;
    }
    std::map<Atom, std::int32_t, decltype(&LookUpLess)> value_of(&LookUpLess);
    for (std::size_t row = 0; row < of_function.rows.size(); ++row) {
      if (of_argument.rows[row] < 0 || of_function.rows[row] < 0) continue;
      const Atom& at = domain(argument).values[static_cast<std::size_t>(of_argument.rows[row])];
      const auto [known, is_new] = value_of.try_emplace(at, of_function.rows[row]);
      if (!is_new && known->second != of_function.rows[row]) return false;
    }
    return true;
  }

  // The means of several equal values.
  std::optional<std::vector<Atom>> MeansOfEquals(const std::vector<Atom>& values,
                                                 std::int64_t most) const {
    std::vector<Atom> all;
    for (const Atom& value : values) {
      const auto means = MeansOf({value}, most, domains_.scope.max_domain);
      if (!means) return std::nullopt;
      all.insert(all.end(), means->begin(), means->end());
    }
    return all;
  }

  // The values an s-op can have at positions that some row has alone.
  std::vector<Atom> LoneValues(NodeId values, const PositionalRows& rows) const {
    const Domain& domain = domains_[values];
    const FunctionTable& function = domains_.TableOf(values);
    const bool is_positional =
        !IsFeature(graph_, domains_, values) &&
        function.features == std::vector<Feature>{Feature{Feature::Kind::kPosition, {}}};
    if (!is_positional) return domain.values;
    std::vector<Atom> lone;
    for (std::size_t k = 0; k < function.rows.size(); ++k) {
      if (!rows.is_lone_key[k] || function.rows[k] < 0) continue;
      lone.push_back(domain.values[static_cast<std::size_t>(function.rows[k])]);
    }
    return lone;
  }

  // The lone values as they are, the means as floats, and the default.
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
      result.low = std::min(result.low, NumberOf(missing));
      result.high = std::max(result.high, NumberOf(missing));
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
    if (const auto rows = NumRows(features)) {
      Tabulate(id, node, features, *rows);
    } else {
      InferWithoutTable(id, node);
    }
  }

  // Makes a feature of the operand whose values are fewest in relation to the rows of its table;
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

  // Whether an s-op depends on the token alone, or the position alone, or neither: that costs the
  // model nothing, and other functions of the same feature are no more rows.
  bool IsFreeFunction(NodeId id) const {
    const std::vector<Feature>& features = domains_.TableOf(id).features;
    return features.empty() || (features.size() == 1 && features[0].kind != Feature::Kind::kNode);
  }

  void InferWithoutTable(NodeId id, const MapNode& node) {
    std::vector<const Domain*> operands;
    for (const NodeId operand : node.operands) operands.push_back(&domain(operand));
    domain(id) = WideMapDomain(node, operands, domains_.scope);
    domain(id).may_fail = std::any_of(operands.begin(), operands.end(),
                                      [](const Domain* operand) { return operand->may_fail; });
    domains_.is_cut[static_cast<std::size_t>(id.value)] = domain(id).is_finite;
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
    MemoizedOperation operation(node, operand_domains);
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
      for (std::size_t i = features.size(); i-- > 0;) {  // the next row: count up in mixed radix
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

  // Whether it is a function of one count with fewer values.
  bool IsReducedCount(NodeId id) const {
    const std::vector<Feature>& features = domains_.TableOf(id).features;
    return features.size() == 1 && features[0].kind == Feature::Kind::kNode &&
           std::holds_alternative<WidthNode>(graph_[features[0].node].kind) &&
           domain(id).values.size() < domains_.TableOf(id).rows.size();
  }

  // Takes over a table whose rows number the values of `results`, which are in no order.
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
  std::map<std::pair<NodeId, NodeId>, bool> equal_values_;  // selector, values
};

std::string ToText(const DataflowGraph& graph, const Feature& feature) {
  switch (feature.kind) {
    case Feature::Kind::kToken:
      return "token";
    case Feature::Kind::kPosition:
      return "position";
    case Feature::Kind::kNode:
      return graph.Describe(feature.node);
  }
  return "";
}

}  // namespace

int Domain::IndexOf(const Atom& value) const {
  const auto at = std::lower_bound(values.begin(), values.end(), value, IdentityLess);
  return at != values.end() && Identical(*at, value) ? static_cast<int>(at - values.begin()) : -1;
}

bool Domain::MayBe(AtomType type) const {
  if (is_finite) {
    return std::any_of(values.begin(), values.end(),
                       [&](const Atom& value) { return TypeOf(value) == type; });
  }
  return (type == AtomType::kInt && may_be_int) || (type == AtomType::kFloat && may_be_float) ||
         (type == AtomType::kBool && may_be_bool) || (type == AtomType::kString && may_be_string);
}

std::vector<Atom> Domain::Strings() const {
  if (!is_finite) return strings;
  std::vector<Atom> found;
  std::copy_if(values.begin(), values.end(), std::back_inserter(found),
               [](const Atom& value) { return !IsNumber(value); });
  return found;
}

bool IsFeature(const DataflowGraph& graph, const Domains& domains, NodeId id) {
  const NodeKind& kind = graph[id].kind;
  if (std::holds_alternative<WidthNode>(kind)) return domains.TableOf(id).rows.empty();
  return std::holds_alternative<AggregateNode>(kind) || std::holds_alternative<SumNode>(kind) ||
         domains.is_cut[static_cast<std::size_t>(id.value)];
}

bool CompileScope::IsTabulated(std::span<const std::int64_t> sizes) const {
  std::int64_t num_rows = 1;
  std::int64_t num_varying = 0;
  for (const std::int64_t size : sizes) {
    if (size <= 1) continue;
    ++num_varying;
    num_rows = size > max_domain / num_rows ? max_domain + 1 : num_rows * size;
  }
  return num_varying <= 1 || num_rows <= max_domain;
}

std::int64_t CompileScope::MostInts() const {
  constexpr std::int64_t kIntsPerPosition = 4;
  constexpr std::int64_t kMostUnasked = std::int64_t{1} << 20;  // 40 MiB of values
  return std::max(max_domain, std::min(kIntsPerPosition * context_length, kMostUnasked));
}

std::vector<Feature> Domains::FeaturesOf(const DataflowGraph& graph, NodeId id) const {
  if (IsFeature(graph, *this, id)) return {Feature{Feature::Kind::kNode, id}};
  return TableOf(id).features;
}

std::vector<bool> Domains::Reachable(const std::vector<Feature>& features) const {
  const Feature position{Feature::Kind::kPosition, {}};
  const auto at = std::find(features.begin(), features.end(), position);
  if (at == features.end()) return {};
  std::vector<std::int64_t> strides(features.size());
  std::int64_t num_rows = 1;
  for (std::size_t i = features.size(); i-- > 0;) {
    strides[i] = num_rows;
    num_rows *= SizeOf(features[i]);
  }
  const std::int64_t position_stride = strides[static_cast<std::size_t>(at - features.begin())];
  std::vector<bool> reachable;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const auto widths = features[i].kind == Feature::Kind::kNode ? widths_at.find(features[i].node)
                                                                 : widths_at.end();
    if (widths == widths_at.end()) continue;
    const std::vector<Atom>& values = (*this)[features[i].node].values;
    reachable.resize(static_cast<std::size_t>(num_rows), true);
    for (std::int64_t row = 0; row < num_rows; ++row) {
      const auto index = static_cast<std::size_t>(row / position_stride % scope.context_length);
      const auto value = static_cast<std::size_t>(row / strides[i] % SizeOf(features[i]));
      const std::int64_t width = std::get<std::int64_t>(values[value]);
      const auto& [low, high] = widths->second[index];
      if (width < low || width > high) reachable[static_cast<std::size_t>(row)] = false;
    }
  }
  return reachable;
}

std::int64_t Domains::SizeOf(const Feature& feature) const {
  switch (feature.kind) {
    case Feature::Kind::kToken:
      return static_cast<std::int64_t>(scope.vocabulary.size());
    case Feature::Kind::kPosition:
      return scope.context_length;
    case Feature::Kind::kNode:
      return static_cast<std::int64_t>((*this)[feature.node].values.size());
  }
  return 0;
}

std::vector<NodeId> UnlistedAggregates(const DataflowGraph& graph, const Domains& domains) {
  std::vector<NodeId> found;
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    if (std::holds_alternative<AggregateNode>(graph[id].kind) && !domains[id].is_finite) {
      found.push_back(id);
    }
  }
  return found;
}

Domains InferDomains(const DataflowGraph& graph, const CompileScope& scope, Diagnostics& diag) {
  return Inference(graph, scope, diag).Run();
}

std::string ToText(const DataflowGraph& graph, const Domains& domains) {
  constexpr std::size_t kMostShown = 12;
  std::string text;
  for (std::int32_t i = 0; i < graph.size(); ++i) {
    const NodeId id{i};
    if (graph.IsSelector(id)) continue;
    const Domain& domain = domains[id];
    text += fmt::format("{}: ", graph.Describe(id));
    if (!domain.is_finite) {
      text +=
          fmt::format("numbers from {} to {}", PythonFloat(domain.low), PythonFloat(domain.high));
    } else {
      std::vector<Atom> shown(domain.values.begin(),
                              domain.values.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                          kMostShown, domain.values.size())));
      text +=
          fmt::format("{} value{} {}{}", domain.values.size(), domain.values.size() == 1 ? "" : "s",
                      ToJson(shown), domain.values.size() > kMostShown ? " …" : "");
    }
    std::string features;
    for (const Feature& feature : domains.TableOf(id).features) {
      features += (features.empty() ? "" : " × ") + ToText(graph, feature);
    }
    if (!features.empty()) {
      text += fmt::format(", {} rows over {}", domains.TableOf(id).rows.size(), features);
    }
    text += domain.may_fail ? ", may fail\n" : "\n";
  }
  return text;
}

}  // namespace raspc
