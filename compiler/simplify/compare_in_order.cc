#include "compiler/simplify/compare_in_order.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "compiler/domains/wide_map.h"
#include "compiler/simplify/rewritten_graph.h"

namespace raspc {
namespace {

// A sum of ints is at most so large, and so are the factors of its terms: no sum of a few
// overflows.
constexpr double kLargestTerm = 1125899906842624.0;  // 2^50

struct WeightedTerm {
  NodeId of;
  std::int64_t factor = 1;
};

class InOrder {
 public:
  InOrder(const DataflowGraph& graph, const Domains& domains)
      : graph_(graph), domains_(domains), rewritten_(graph) {}

  std::optional<SimplifiedGraph> Run(NodeId output) {
    bool is_changed = false;
    for (NodeId id{0}; id.value < graph_.size(); ++id.value) {
      const std::vector<WeightedTerm> terms = OrderedTerms(id);
      if (terms.size() < 2) {
        rewritten_.Copy(id);
        continue;
      }
      is_changed = true;
      rewritten_.Replace(id, Compared(id, terms, std::get<SelectNode>(graph_[id].kind).op));
    }
    if (!is_changed) return std::nullopt;
    return std::move(rewritten_).Finish(output);
  }

 private:
  // The terms of what a selector compares with itself, each deciding before those that follow;
  // nothing for other selectors.
  std::vector<WeightedTerm> OrderedTerms(NodeId id) const {
    const auto* select = std::get_if<SelectNode>(&graph_[id].kind);
    if (select == nullptr || select->keys != select->queries) return {};
    std::map<NodeId, std::int64_t> factors;
    if (!AddTerms(select->keys, 1, factors)) return {};
    std::vector<WeightedTerm> terms;
    for (const auto& [node, factor] : factors) {
      if (factor != 0) terms.push_back({node, factor});
    }
    std::stable_sort(terms.begin(), terms.end(), [](const auto& a, const auto& b) {
      return std::abs(a.factor) > std::abs(b.factor);
    });
    double reach = 0;  // the largest difference of the terms that follow
    for (std::size_t i = terms.size(); i-- > 0;) {
      const auto factor = static_cast<double>(std::abs(terms[i].factor));
      if (!(factor > reach)) return {};
      const Interval range = *IntervalOf(domains_[terms[i].of]);
      reach += factor * (range.high - range.low);
    }
    return terms;
  }

  // Adds `factor` times an s-op; false if it is not a sum of ints that are known to be small.
  bool AddTerms(NodeId id, std::int64_t factor, std::map<NodeId, std::int64_t>& factors) const {
    if (std::abs(static_cast<double>(factor)) > kLargestTerm || !HasSmallInts(id)) return false;
    const auto* map = std::get_if<MapNode>(&graph_[id].kind);
    if (std::holds_alternative<ConstantNode>(graph_[id].kind)) return true;  // cancels
    if (map != nullptr) {
      const std::vector<NodeId>& of = map->operands;
      switch (map->op) {
        case MapOp::kAdd:
          return AddTerms(of[0], factor, factors) && AddTerms(of[1], factor, factors);
        case MapOp::kSubtract:
          return AddTerms(of[0], factor, factors) && AddTerms(of[1], -factor, factors);
        case MapOp::kNegate:
          return AddTerms(of[0], -factor, factors);
        case MapOp::kPlus:
          return AddTerms(of[0], factor, factors);
        case MapOp::kMultiply:
          for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
            const auto* constant = std::get_if<ConstantNode>(&graph_[of[i]].kind);
            if (constant == nullptr || !HasSmallInts(of[i])) continue;
            const std::int64_t number = std::get<std::int64_t>(constant->value);
            if (!(std::abs(static_cast<double>(number) * static_cast<double>(factor)) <=
                  kLargestTerm)) {
              return false;
            }
            return AddTerms(of[1 - i], factor * number, factors);
          }
          break;
        default:
          break;
      }
    }
    factors[id] += factor;
    return true;
  }

  bool HasSmallInts(NodeId id) const {
    const Domain& domain = domains_[id];
    const auto range = IntervalOf(domain);
    if (!range || !(std::max(-range->low, range->high) <= kLargestTerm)) return false;
    if (!domain.is_finite) return domain.may_be_int && !domain.may_be_float && !domain.may_be_bool;
    return std::all_of(domain.values.begin(), domain.values.end(),
                       [](const Atom& value) { return TypeOf(value) == AtomType::kInt; });
  }

  // The comparison of the sum of these terms, at least one.
  NodeKind Compared(NodeId origin, std::vector<WeightedTerm> terms, Comparison op) {
    const WeightedTerm first = terms.front();
    terms.erase(terms.begin());
    const NodeId of = rewritten_.NewIdOf(first.of);
    const Comparison own = first.factor > 0 ? op : Mirrored(op);
    if (terms.empty()) return SelectNode{own, of, of};
    const auto helper = [&](NodeKind kind) {
      return rewritten_.AddHelper(origin, std::move(kind));
    };
    const NodeId rest = helper(Compared(origin, std::move(terms), op));
    if (op == Comparison::kNotEqual) {
      return SelectorLogicNode{SelectorOp::kOr, {helper(SelectNode{op, of, of}), rest}};
    }
    const NodeId equal = helper(SelectNode{Comparison::kEqual, of, of});
    const SelectorLogicNode tie{SelectorOp::kAnd, {equal, rest}};
    if (op == Comparison::kEqual) return tie;
    const NodeId strict = helper(SelectNode{Strict(own), of, of});
    return SelectorLogicNode{SelectorOp::kOr, {strict, helper(tie)}};
  }

  static Comparison Mirrored(Comparison op) {
    switch (op) {
      case Comparison::kLess:
        return Comparison::kGreater;
      case Comparison::kLessEqual:
        return Comparison::kGreaterEqual;
      case Comparison::kGreater:
        return Comparison::kLess;
      case Comparison::kGreaterEqual:
        return Comparison::kLessEqual;
      default:
        return op;
    }
  }
  static Comparison Strict(Comparison op) {
    if (op == Comparison::kLessEqual) return Comparison::kLess;
    if (op == Comparison::kGreaterEqual) return Comparison::kGreater;
    return op;
  }

  const DataflowGraph& graph_;
  const Domains& domains_;
  RewrittenGraph rewritten_;
};

}  // namespace

std::optional<SimplifiedGraph> CompareInOrder(const SimplifiedGraph& simplified,
                                              const Domains& domains) {
  return InOrder(simplified.graph, domains).Run(simplified.output);
}

}  // namespace raspc
