// Predicates first, in rounds: nodes are copied up to the predicates, domains are inferred of what
// has been copied, the predicates whose arguments are among it are replaced, and so on. So there
// are as many rounds as predicates depend on one another. Then maps, by the domains of the whole
// graph.
#include "compiler/simplify/resolve_host_functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "compiler/domains/infer_domains.h"
#include "compiler/domains/joint_table.h"
#include "compiler/operations/atom_ops.h"
#include "compiler/simplify/predicate_matrix.h"
#include "compiler/simplify/rewritten_graph.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxPairs = std::size_t{1} << 22;

bool IsHostMap(const NodeKind& kind) {
  const auto* map = std::get_if<MapNode>(&kind);
  return map != nullptr && map->op == MapOp::kHost;
}

// A linear or comparing operation that computes a host function, perhaps with a constant added.
struct NativeForm {
  MapOp op;
  bool is_swapped = false;
  std::optional<Atom> constant;  // added to the result, or, where there is one operand, the other
};

// The points at which a host map is applied, and its values there; nothing if it fails on some, or
// if they are too many.
struct PointsOfMap {
  std::vector<std::vector<Atom>> points;
  std::vector<Atom> values;
};

std::optional<PointsOfMap> PointsOf(const DataflowGraph& graph, const Domains& domains, NodeId id) {
  const auto& node = std::get<MapNode>(graph[id].kind);
  const auto is_listed = [&](NodeId operand) { return domains[operand].is_finite; };
  if (!std::ranges::all_of(node.operands, is_listed)) return std::nullopt;
  const auto joint = Tabulate(graph, domains, node.operands);
  if (!joint) return std::nullopt;
  const std::vector<bool> reachable = domains.Reachable(joint->features);
  PointsOfMap result;
  std::set<std::vector<std::int32_t>> seen;
  for (std::int64_t row = 0; row < joint->num_rows; ++row) {
    if (!reachable.empty() && !reachable[static_cast<std::size_t>(row)]) continue;
    std::vector<std::int32_t> numbers;
    for (const auto& of_operand : joint->values) {
      numbers.push_back(of_operand[static_cast<std::size_t>(row)]);
    }
    if (std::ranges::any_of(numbers, [](auto number) { return number < 0; })) continue;
    if (!seen.insert(numbers).second) continue;
    std::vector<Atom> point;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const auto number = static_cast<std::size_t>(numbers[i]);
      point.push_back(domains[node.operands[i]].values[number]);
    }
    const OpResult value = Apply(graph.arithmetic(), node.op, point, node.table.get());
    if (std::holds_alternative<OpError>(value)) return std::nullopt;
    result.points.push_back(std::move(point));
    result.values.push_back(std::get<Atom>(value));
  }
  return result;
}

std::optional<Atom> ValueOf(const OpResult& result) {
  const Atom* value = std::get_if<Atom>(&result);
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

// What a native form computes at a point.
std::optional<Atom> ValueAt(ArithmeticKind arithmetic, const NativeForm& form,
                            const std::vector<Atom>& point) {
  const Atom& a = point[form.is_swapped ? point.size() - 1 : 0];
  if (point.size() == 1) {
    return ValueOf(Apply(arithmetic, form.op, std::array{a, *form.constant}));
  }
  const auto value =
      ValueOf(Apply(arithmetic, form.op, std::array{a, point[form.is_swapped ? 0 : 1]}));
  if (!value || !form.constant) return value;
  return ValueOf(Apply(arithmetic, MapOp::kAdd, std::array{*value, *form.constant}));
}

// The number to add to `from` for `to`, if there is one.
std::optional<Atom> Difference(ArithmeticKind arithmetic, const Atom& to, const Atom& from) {
  if (!IsNumber(to) || !IsNumber(from)) return std::nullopt;
  return ValueOf(Apply(arithmetic, MapOp::kSubtract, std::array{to, from}));
}

std::vector<NativeForm> CandidatesOfOne(ArithmeticKind arithmetic, const PointsOfMap& map) {
  std::vector<NativeForm> candidates;
  const Atom& x = map.points[0][0];
  const Atom& y = map.values[0];
  if (const auto sum = Difference(arithmetic, y, x)) {
    candidates.push_back({MapOp::kAdd, false, *sum});
  }
  // The factor is the difference of two values over that of two points, if the line meets 0.
  if (map.points.size() > 2) {
    const auto rise = Difference(arithmetic, map.values[1], y);
    const auto run = Difference(arithmetic, map.points[1][0], x);
    const auto* ints_rise = rise ? std::get_if<std::int64_t>(&*rise) : nullptr;
    const auto* ints_run = run ? std::get_if<std::int64_t>(&*run) : nullptr;
    if (ints_rise != nullptr && ints_run != nullptr && *ints_run != 0 &&
        *ints_rise % *ints_run == 0) {
      candidates.push_back({MapOp::kMultiply, false, Atom(*ints_rise / *ints_run)});
    }
  }
  return candidates;
}

std::vector<NativeForm> CandidatesOfTwo(ArithmeticKind arithmetic, const PointsOfMap& map) {
  constexpr std::array kArithmetic{MapOp::kAdd, MapOp::kSubtract, MapOp::kMultiply, MapOp::kDivide};
  constexpr std::array kComparing{MapOp::kEqual,     MapOp::kNotEqual, MapOp::kLess,
                                  MapOp::kLessEqual, MapOp::kGreater,  MapOp::kGreaterEqual};
  std::vector<NativeForm> candidates;
  for (const MapOp op : kComparing) candidates.push_back({op, false, {}});
  for (const MapOp op : kArithmetic) {
    for (const bool is_swapped : {false, true}) {
      NativeForm form{op, is_swapped, {}};
      candidates.push_back(form);
      const auto value = ValueAt(arithmetic, form, map.points[0]);
      if (op == MapOp::kMultiply || op == MapOp::kDivide || !value) continue;
      form.constant = Difference(arithmetic, map.values[0], *value);
      if (form.constant) candidates.push_back(std::move(form));
    }
  }
  return candidates;
}

class PredicateResolver {
 public:
  PredicateResolver(const SimplifiedGraph& simplified, const CompileScope& scope, Diagnostics& diag)
      : graph_(simplified.graph),
        output_(simplified.output),
        scope_(scope),
        diag_(diag),
        rewritten_(graph_),
        is_copied_(static_cast<std::size_t>(graph_.size())) {}

  // Nothing after reporting an error.
  std::optional<ResolvedGraph> Run() {
    for (;;) {
      const std::vector<NodeId> next = CopyUpToPredicates();
      if (next.empty()) break;
      const Domains domains = InferDomains(rewritten_.graph(), scope_, diag_);
      if (diag_.HasErrors()) return std::nullopt;
      for (const NodeId id : next) Resolve(id, domains);
      if (diag_.HasErrors()) return std::nullopt;
    }
    return ResolvedGraph{std::move(rewritten_).Finish(output_), std::move(partial_)};
  }

 private:
  bool IsCopied(NodeId id) const { return is_copied_[static_cast<std::size_t>(id.value)]; }

  // The predicates' selectors whose arguments have been copied.
  std::vector<NodeId> CopyUpToPredicates() {
    std::vector<NodeId> next;
    for (NodeId id{0}; id.value < graph_.size(); ++id.value) {
      if (IsCopied(id)) continue;
      const auto operands = graph_.OperandsOf(id);
      if (!std::ranges::all_of(operands, [&](NodeId operand) { return IsCopied(operand); }))
        continue;
      if (std::holds_alternative<HostSelectNode>(graph_[id].kind)) {
        next.push_back(id);
      } else {
        rewritten_.Copy(id);
        is_copied_[static_cast<std::size_t>(id.value)] = true;
      }
    }
    return next;
  }

  // `domains` are of the new graph.
  void Resolve(NodeId id, const Domains& domains) {
    const auto& select = std::get<HostSelectNode>(graph_[id].kind);
    const Domain& keys = domains[rewritten_.NewIdOf(select.keys)];
    const Domain& queries = domains[rewritten_.NewIdOf(select.queries)];
    const HostFunction& predicate = *select.predicate;
    if (!keys.is_finite || !queries.is_finite) {
      return Fail(
          id, fmt::format("calls {} for the values of {}, which cannot be listed", predicate.name(),
                          NameInMessage(graph_, keys.is_finite ? select.queries : select.keys)));
    }
    if (keys.values.size() * queries.values.size() > kMaxPairs) {
      return Fail(
          id, fmt::format("calls {} for {} × {} pairs of values; the limit is {}", predicate.name(),
                          keys.values.size(), queries.values.size(), kMaxPairs));
    }
    const PredicateMatrix matrix = MatrixOfPredicate(predicate, keys.values, queries.values);
    if (matrix.is_partial()) partial_.insert(&predicate);
    rewritten_.Replace(id, Selector(id, select, matrix));
    is_copied_[static_cast<std::size_t>(id.value)] = true;
  }

  void Fail(NodeId id, const std::string& what) {
    diag_.Error(ErrorKind::kLimit, PlaceInMessage(graph_, id),
                fmt::format("{} {}", NameInMessage(graph_, id), what));
  }

  // With operands in the new graph.
  NodeKind Selector(NodeId id, const HostSelectNode& select, const PredicateMatrix& matrix) {
    const NodeId keys = rewritten_.NewIdOf(select.keys);
    const NodeId queries = rewritten_.NewIdOf(select.queries);
    if (const auto everywhere = SameEverywhere(matrix)) {
      const NodeId one = rewritten_.AddHelper(id, ConstantNode{Atom(std::int64_t{1})});
      return SelectNode{*everywhere ? Comparison::kEqual : Comparison::kNotEqual, one, one};
    }
    if (const auto compared = AsComparison(matrix)) {
      if (compared->shift == 0) return SelectNode{compared->op, keys, queries};
      const NodeId shift = rewritten_.AddHelper(id, ConstantNode{Atom(compared->shift)});
      const NodeId shifted =
          rewritten_.AddHelper(select.queries, MapNode{MapOp::kAdd, {queries, shift}, nullptr});
      return SelectNode{compared->op, keys, shifted};
    }
    if (const auto partners = AsPartners(matrix)) {
      if (!partners->of_query.empty()) {
        const NodeId wanted = TableOf(id, queries, matrix.queries, partners->of_query);
        return SelectNode{Comparison::kEqual, keys, wanted};
      }
      const NodeId wanted = TableOf(id, keys, matrix.keys, partners->of_key);
      return SelectNode{Comparison::kEqual, wanted, queries};
    }
    std::vector<NodeKind> parts;
    for (const ComparedClasses& classes : AsClasses(matrix)) {
      const NodeId key_class = TableOf(id, keys, matrix.keys, AtomsOf(classes.of_key));
      const NodeId query_class = TableOf(id, queries, matrix.queries, AtomsOf(classes.of_query));
      parts.push_back(SelectNode{classes.op, key_class, query_class});
    }
    return AnyOf(id, std::move(parts));
  }

  // An `or` of pairs, of pairs of pairs, and so on: selectors are combined two at a time.
  NodeKind AnyOf(NodeId id, std::vector<NodeKind> parts) {
    while (parts.size() > 1) {
      std::vector<NodeKind> pairs;
      for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
        const NodeId first = rewritten_.AddHelper(id, std::move(parts[i]));
        const NodeId second = rewritten_.AddHelper(id, std::move(parts[i + 1]));
        pairs.push_back(SelectorLogicNode{SelectorOp::kOr, {first, second}});
      }
      if (parts.size() % 2 == 1) pairs.push_back(std::move(parts.back()));
      parts = std::move(pairs);
    }
    return std::move(parts.front());
  }

  // Whether all of its entries hold, or none; nothing otherwise.
  static std::optional<bool> SameEverywhere(const PredicateMatrix& matrix) {
    for (const bool value : {false, true}) {
      if (matrix.Equals([&](const Atom&, const Atom&) { return OpResult(Atom(value)); })) {
        return value;
      }
    }
    return std::nullopt;
  }

  static std::vector<Atom> AtomsOf(const std::vector<std::int64_t>& numbers) {
    return {numbers.begin(), numbers.end()};
  }

  // The function of an s-op that has these results for its values.
  NodeId TableOf(NodeId select, NodeId operand, const std::vector<Atom>& values,
                 const std::vector<Atom>& results) {
    const auto is_first = [&](const Atom& result) { return Identical(result, results.front()); };
    if (std::ranges::all_of(results, is_first)) {
      return rewritten_.AddHelper(select, ConstantNode{results.front()});
    }
    std::vector<std::pair<std::vector<Atom>, Atom>> table;
    for (std::size_t i = 0; i < values.size(); ++i) table.push_back({{values[i]}, results[i]});
    auto function = std::make_shared<MapTable>();
    const std::string name = "selected by " + graph_.Describe(select);
    function->function = HostFunction::OfTable(name, table);
    return rewritten_.AddHelper(select, MapNode{MapOp::kHost, {operand}, std::move(function)},
                                name);
  }

  const DataflowGraph& graph_;
  const NodeId output_;
  const CompileScope& scope_;
  Diagnostics& diag_;
  RewrittenGraph rewritten_;
  std::vector<bool> is_copied_;  // by node id
  std::set<const HostFunction*> partial_;
};

// Replaces maps by a host function where an operation of the language computes the same.
class MapResolver {
 public:
  MapResolver(const DataflowGraph& graph, const Domains& domains)
      : graph_(graph), domains_(domains), rewritten_(graph) {}

  SimplifiedGraph Run(NodeId output) {
    for (NodeId id{0}; id.value < graph_.size(); ++id.value) {
      if (!IsHostMap(graph_[id].kind) || !MakeNative(id)) rewritten_.Copy(id);
    }
    return std::move(rewritten_).Finish(output);
  }

 private:
  // Replaces a host map by the operation that it computes; false if none is known.
  bool MakeNative(NodeId id) {
    const auto& node = std::get<MapNode>(graph_[id].kind);
    if (node.operands.size() > 2) return false;
    const auto map = PointsOf(graph_, domains_, id);
    if (!map || map->points.empty()) return false;
    if (IsIdentity(*map)) {
      rewritten_.Forward(id, rewritten_.NewIdOf(node.operands[0]));
      return true;
    }
    const ArithmeticKind arithmetic = graph_.arithmetic();
    const auto candidates = node.operands.size() == 1 ? CandidatesOfOne(arithmetic, *map)
                                                      : CandidatesOfTwo(arithmetic, *map);
    const auto computes_it = [&](const NativeForm& form) { return Computes(form, *map); };
    const auto found = std::ranges::find_if(candidates, computes_it);
    if (found == candidates.end()) return false;
    Replace(id, node, *found);
    return true;
  }

  static bool IsIdentity(const PointsOfMap& map) {
    for (std::size_t i = 0; i < map.points.size(); ++i) {
      if (map.points[i].size() != 1 || !Identical(map.points[i][0], map.values[i])) return false;
    }
    return true;
  }

  bool Computes(const NativeForm& form, const PointsOfMap& map) const {
    for (std::size_t i = 0; i < map.points.size(); ++i) {
      const auto value = ValueAt(graph_.arithmetic(), form, map.points[i]);
      if (!value || !Identical(*value, map.values[i])) return false;
    }
    return true;
  }

  void Replace(NodeId id, const MapNode& node, const NativeForm& form) {
    std::vector<NodeId> operands;
    for (const NodeId operand : node.operands) operands.push_back(rewritten_.NewIdOf(operand));
    if (form.is_swapped) std::ranges::reverse(operands);
    NodeKind kind = MapNode{form.op, operands, nullptr};
    if (form.constant) {
      const NodeId constant = rewritten_.AddHelper(id, ConstantNode{*form.constant});
      if (operands.size() == 1) {
        kind = MapNode{form.op, {operands[0], constant}, nullptr};
      } else {
        const NodeId first = rewritten_.AddHelper(id, std::move(kind));
        kind = MapNode{MapOp::kAdd, {first, constant}, nullptr};
      }
    }
    rewritten_.Replace(id, std::move(kind));
  }

  const DataflowGraph& graph_;
  const Domains& domains_;
  RewrittenGraph rewritten_;
};

}  // namespace

bool HasHostFunctions(const DataflowGraph& graph, NodeId output) {
  const std::array<NodeId, 1> roots{output};
  return std::ranges::any_of(Reachable(graph, roots), [&](NodeId id) {
    return std::holds_alternative<HostSelectNode>(graph[id].kind) || IsHostMap(graph[id].kind);
  });
}

std::optional<ResolvedGraph> ResolveHostFunctions(const DataflowGraph& graph, NodeId output,
                                                  const CompileScope& scope, Diagnostics& diag) {
  const SimplifiedGraph without_unused = Simplify(graph, output, /*find_counts=*/false);
  auto resolved = PredicateResolver(without_unused, scope, diag).Run();
  if (!resolved) return std::nullopt;
  const SimplifiedGraph& simplified = resolved->simplified;
  const Domains domains = InferDomains(simplified.graph, scope, diag);
  if (diag.HasErrors()) return std::nullopt;
  resolved->simplified = MapResolver(simplified.graph, domains).Run(simplified.output);
  return resolved;
}

}  // namespace raspc
