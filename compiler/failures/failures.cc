#include "compiler/failures/failures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "compiler/domains/joint_table.h"
#include "compiler/facts/facts.h"
#include "compiler/interpret/evaluation.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {
namespace {

constexpr double kSafeInt = 4611686018427387904.0;  // 2^62
constexpr double kSafeFloat = 1e300;

// Whether the operation of a node itself may fail, its operands being defined.
class NodesThatFail {
 public:
  NodesThatFail(const DataflowGraph& graph, const Domains& domains, const Facts& facts)
      : graph_(graph), domains_(domains), facts_(facts) {}

  bool MayFail(NodeId id) const {
    return std::visit([&](const auto& kind) { return KindMayFail(id, kind); }, graph_[id].kind);
  }

 private:
  bool KindMayFail(NodeId id, const TokensNode&) const {
    return SomeRowIsUndefined(domains_.TableOf(id)) || Mixes(id);
  }
  bool KindMayFail(NodeId, const IndicesNode&) const { return false; }
  bool KindMayFail(NodeId, const ConstantNode&) const { return false; }
  bool KindMayFail(NodeId, const WidthNode&) const { return false; }
  bool KindMayFail(NodeId, const SumNode&) const { return false; }
  bool KindMayFail(NodeId, const SelectorLogicNode&) const { return false; }
  bool KindMayFail(NodeId, const HostSelectNode&) const { return true; }
  bool KindMayFail(NodeId, const SelectNode& node) const {
    if (node.op == Comparison::kEqual || node.op == Comparison::kNotEqual) return false;
    return AreOfTwoKinds(node.keys, node.queries);
  }

  bool KindMayFail(NodeId, const AggregateNode& node) const {
    const Atom missing = DefaultOf(node);
    const bool is_python = graph_.rules() == ValueRules::kPython;
    const bool mixes =
        !is_python && (IsNumber(missing) ? facts_.MayBe(node.values, AtomType::kString)
                                         : facts_.MayBeNumber(node.values));
    const bool may_be_empty = !facts_.IsNeverEmpty(node.selector);
    if (mixes && may_be_empty && !facts_.IsAlwaysEmpty(node.selector)) return true;
    if (facts_.HasAtMostOne(node.selector)) return false;
    if (facts_.MayBe(node.values, AtomType::kString) ||
        (facts_.MayBe(node.values, AtomType::kBool) && !is_python)) {
      return true;
    }
    const auto range = facts_.RangeOf(node.values);
    const double count = static_cast<double>(domains_.scope.context_length);
    return range && !IsWithin(*range, kSafeFloat / count);
  }

  bool KindMayFail(NodeId id, const MapNode& node) const {
    // Only these pass values on unchanged, from several sources.
    const bool takes_over =
        node.op == MapOp::kChoose || node.op == MapOp::kLookUp || node.op == MapOp::kLookUpKey;
    if (takes_over && Mixes(id)) return true;
    if (NeverFails(node.op)) return false;
    const bool is_listed =
        domains_[id].is_finite && (domains_[id].may_fail || !domains_.TableOf(id).rows.empty());
    if (is_listed && !domains_[id].may_fail) return false;
    const bool are_listed =
        std::all_of(node.operands.begin(), node.operands.end(),
                    [&](NodeId operand) { return domains_[operand].is_finite; });
    const auto joint =
        are_listed ? Tabulate(graph_, domains_, node.operands) : std::optional<JointTable>();
    return joint ? SomeRowFails(node, *joint) : RangesMayFail(id, node);
  }

  static bool NeverFails(MapOp op) {
    switch (op) {
      case MapOp::kEqual:
      case MapOp::kNotEqual:
      case MapOp::kAnd:
      case MapOp::kOr:
      case MapOp::kNot:
      case MapOp::kIndicator:
      case MapOp::kMember:
      case MapOp::kChoose:
      case MapOp::kPlace:
      case MapOp::kDigit:
        return true;
      default:
        return false;
    }
  }

  bool SomeRowIsUndefined(const FunctionTable& table) const {
    bool found = false;
    facts_.ForEachRow(table.features, [&](std::int64_t row, const std::vector<std::int64_t>&) {
      found = table.rows[static_cast<std::size_t>(row)] < 0;
      return !found;
    });
    return found;
  }

  // Whether the operation fails where all operands are defined.
  bool SomeRowFails(const MapNode& node, const JointTable& joint) const {
    bool found = false;
    std::vector<Atom> arguments(node.operands.size());
    facts_.ForEachRow(joint.features, [&](std::int64_t row, const std::vector<std::int64_t>&) {
      for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::int32_t value = joint.values[i][static_cast<std::size_t>(row)];
        if (value < 0) return true;
        arguments[i] = domains_[node.operands[i]].values[static_cast<std::size_t>(value)];
      }
      found = std::holds_alternative<OpError>(
          Apply(graph_.arithmetic(), node.op, arguments, node.table.get()));
      return !found;
    });
    return found;
  }

  // For an operation with too many arguments to try them all.
  bool RangesMayFail(NodeId id, const MapNode& node) const {
    std::vector<Facts::Range> ranges;
    for (const NodeId operand : node.operands) {
      const auto range = facts_.RangeOf(operand);
      if (!range) return !JoinsStrings(node);
      ranges.push_back(*range);
    }
    switch (node.op) {
      case MapOp::kLess:
      case MapOp::kLessEqual:
      case MapOp::kGreater:
      case MapOp::kGreaterEqual:
        return false;  // on numbers
      case MapOp::kRound:
        return !IsWithin(ranges[0], kSafeInt);
      case MapOp::kDivide:
      case MapOp::kModulo: {
        if (ranges[1].low <= 0 && ranges[1].high >= 0) return true;
        const double smallest = std::min(std::abs(ranges[1].low), std::abs(ranges[1].high));
        return !IsWithin(ranges[0], kSafeFloat * std::min(1.0, smallest));
      }
      case MapOp::kAdd:
      case MapOp::kSubtract:
      case MapOp::kMultiply:
      case MapOp::kPower:  // which has bounds if the exponent is a non-negative integer
      case MapOp::kNegate:
      case MapOp::kPlus: {
        const auto range = facts_.RangeOf(id);
        const bool has_ints = facts_.MayBe(id, AtomType::kInt);
        return !range || !IsWithin(*range, has_ints ? kSafeInt : kSafeFloat);
      }
      default:
        return true;
    }
  }

  // Whether it adds two strings on every input.
  bool JoinsStrings(const MapNode& node) const {
    return node.op == MapOp::kAdd &&
           std::none_of(node.operands.begin(), node.operands.end(),
                        [&](NodeId operand) { return facts_.MayBeNumber(operand); });
  }

  static bool IsWithin(const Facts::Range& range, double most) {
    return range.low >= -most && range.high <= most;
  }

  bool Mixes(NodeId id) const {
    return graph_.rules() == ValueRules::kRasp && facts_.MayBe(id, AtomType::kString) &&
           facts_.MayBeNumber(id);
  }

  bool AreOfTwoKinds(NodeId a, NodeId b) const {
    return (facts_.MayBe(a, AtomType::kString) && facts_.MayBeNumber(b)) ||
           (facts_.MayBeNumber(a) && facts_.MayBe(b, AtomType::kString));
  }

  const DataflowGraph& graph_;
  const Domains& domains_;
  const Facts& facts_;
};

// The tokens that can occur in a sequence. Generated tokens can be any of the vocabulary.
std::vector<Atom> OccurringTokens(const Domains& domains, const InputSpace& inputs) {
  if (inputs.generation) return domains.scope.vocabulary;
  std::vector<Atom> tokens = inputs.alphabet;
  tokens.insert(tokens.end(), inputs.frame.append.begin(), inputs.frame.append.end());
  if (inputs.frame.padding) tokens.push_back(inputs.frame.padding->token);
  return tokens;
}

// Whether the failure of a node depends on the tokens, and not only on their number.
class TokenDependence {
 public:
  TokenDependence(const DataflowGraph& graph, const Facts& facts)
      : graph_(graph), facts_(facts), depends_(static_cast<std::size_t>(graph.size())) {
    for (NodeId id{0}; id.value < graph.size(); ++id.value) {
      const std::vector<NodeId> operands = graph.OperandsOf(id);
      depends_[static_cast<std::size_t>(id.value)] =
          std::holds_alternative<TokensNode>(graph[id].kind) ||
          std::any_of(operands.begin(), operands.end(),
                      [&](NodeId operand) { return Of(operand); });
    }
  }

  bool OfFailure(NodeId id) const {
    // Whether an aggregate can be computed depends on the types of its values.
    const auto* aggregate = std::get_if<AggregateNode>(&graph_[id].kind);
    if (aggregate == nullptr || !IsOfOneType(aggregate->values)) return Of(id);
    return Of(aggregate->selector);
  }

 private:
  bool Of(NodeId id) const { return depends_[static_cast<std::size_t>(id.value)]; }
  bool IsOfOneType(NodeId id) const {
    return facts_.MayBe(id, AtomType::kInt) + facts_.MayBe(id, AtomType::kFloat) +
               facts_.MayBe(id, AtomType::kBool) + facts_.MayBe(id, AtomType::kString) ==
           1;
  }

  const DataflowGraph& graph_;
  const Facts& facts_;
  std::vector<bool> depends_;  // by node id: whether its value depends on the tokens
};

// Nodes at the same place form one expression.
std::vector<FallibleExpression> ByPlace(const DataflowGraph& graph,
                                        const std::vector<NodeId>& ids) {
  std::vector<FallibleExpression> expressions;
  std::map<std::tuple<const SourceText*, int, int>, std::size_t> numbers;
  for (const NodeId id : ids) {
    const SourceLocation& where = PlaceInMessage(graph, id);
    const auto [at, is_new] = numbers.try_emplace(
        std::tuple{where.source.get(), where.line, where.column}, expressions.size());
    if (is_new) expressions.emplace_back();
    expressions[at->second].nodes.push_back(id);
  }
  return expressions;
}

// Whether an s-op may have values that are not in the vocabulary.
bool MayLeaveVocabulary(const Domain& domain, const std::vector<Atom>& vocabulary) {
  const AtomSet known(vocabulary.begin(), vocabulary.end());
  return !domain.is_finite || std::any_of(domain.values.begin(), domain.values.end(),
                                          [&](const Atom& value) { return !known.contains(value); });
}

}  // namespace

FailureReport FindFailures(const DataflowGraph& graph, const Domains& domains, NodeId output,
                          const InputSpace& inputs) {
  const Facts facts(graph, domains, OccurringTokens(domains, inputs));
  const NodesThatFail nodes(graph, domains, facts);
  std::vector<NodeId> partial;
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    if (nodes.MayFail(id)) partial.push_back(id);
  }
  FailureReport report;
  report.expressions = ByPlace(graph, partial);
  if (inputs.generation && MayLeaveVocabulary(domains[output], inputs.vocabulary)) {
    report.expressions.push_back({.nodes = {output}, .generates = true});
  }
  if (report.expressions.empty()) return report;
  const SearchResult search = SearchFailures(graph, output, inputs, report.expressions);
  report.num_tried = search.num_tried;

  const TokenDependence depends(graph, facts);
  const auto was_ruled_out = [&](const FallibleExpression& expression) {
    if (expression.example) return false;
    // Positions before the last may well have other values than tokens.
    if (search.tried_all || expression.generates) return true;
    return search.tried_lengths && std::none_of(expression.nodes.begin(), expression.nodes.end(),
                                                [&](NodeId id) { return depends.OfFailure(id); });
  };
  std::erase_if(report.expressions, was_ruled_out);
  return report;
}

FailureReport FindFailures(const DataflowGraph& graph, NodeId output,
                           const std::set<const HostFunction*>& partial, const InputSpace& inputs) {
  std::vector<NodeId> selectors;
  for (const NodeId id : Reachable(graph, std::array{output})) {
    const auto* select = std::get_if<HostSelectNode>(&graph[id].kind);
    if (select != nullptr && partial.contains(select->predicate.get())) selectors.push_back(id);
  }
  FailureReport report;
  report.expressions = ByPlace(graph, selectors);
  const SearchResult search = SearchFailures(graph, output, inputs, report.expressions);
  report.num_tried = search.num_tried;
  if (search.tried_all) {
    std::erase_if(report.expressions,
                  [](const FallibleExpression& expression) { return !expression.example; });
  }
  return report;
}

void ReportFailures(const DataflowGraph& graph, const FailureReport& report, Diagnostics& diag) {
  for (const FallibleExpression& expression : report.expressions) {
    const NodeId first = expression.nodes.front();
    const std::string name = NameInMessage(graph, first);
    const SourceLocation& where = PlaceInMessage(graph, first);
    if (expression.generates) {
      diag.Warning(ErrorKind::kValue, where,
                   fmt::format("{} is not in the vocabulary on some inputs, and generation fails "
                               "there",
                               name))
          .Note({}, fmt::format("for example on {}: {}", ToJson(expression.example->input),
                                expression.example->error));
    } else if (expression.example) {
      diag.Warning(
              ErrorKind::kValue, where,
              fmt::format("{} fails on some inputs; the model's output on them is undefined", name))
          .Note({}, fmt::format("for example on {}: {}", InputJson(expression.example->input),
                                expression.example->error));
    } else {
      diag.Warning(ErrorKind::kValue, where,
                   fmt::format(
                       "{} may fail on some inputs; the model's output on them would be undefined",
                       name))
          .Note({}, fmt::format("it fails on none of the {} inputs tried", report.num_tried));
    }
  }
}

}  // namespace raspc
