#include "compiler/simplify/place_compared.h"

#include <memory>
#include <optional>
#include <utility>

#include "compiler/domains/fractions.h"
#include "compiler/simplify/rewritten_graph.h"

namespace raspc {
namespace {

class Placing {
 public:
  Placing(const DataflowGraph& graph, const Domains& domains)
      : graph_(graph), domains_(domains), fractions_(graph, domains), rewritten_(graph) {}

  SimplifiedGraph Run(NodeId output) {
    for (NodeId id{0}; id.value < graph_.size(); ++id.value) {
      const auto* select = std::get_if<SelectNode>(&graph_[id].kind);
      const auto compared = select == nullptr ? std::nullopt : Compared(*select);
      if (compared) {
        rewritten_.Replace(id, *compared);
      } else {
        rewritten_.Copy(id);
      }
    }
    return std::move(rewritten_).Finish(output);
  }

 private:
  // What it compares instead; nothing where it stays as it is.
  std::optional<SelectNode> Compared(const SelectNode& select) {
    const bool are_keys_listed = domains_[select.keys].is_finite;
    const bool are_queries_listed = domains_[select.queries].is_finite;
    if (are_keys_listed && are_queries_listed) return std::nullopt;
    if (select.keys == select.queries && fractions_.IsSameEverywhere(select.keys)) {
      const NodeId any = rewritten_.AddHelper(select.keys, ConstantNode{Atom(std::int64_t{1})});
      return SelectNode{select.op, any, any};
    }
    if (!are_keys_listed && !are_queries_listed) return std::nullopt;
    const NodeId listed = are_keys_listed ? select.keys : select.queries;
    const NodeId other = are_keys_listed ? select.queries : select.keys;
    if (!fractions_.Separate(other, domains_[listed])) return std::nullopt;
    auto table = std::make_shared<MapTable>();
    table->items = domains_[listed].values;
    return SelectNode{select.op, PlaceOf(select.keys, table), PlaceOf(select.queries, table)};
  }

  NodeId PlaceOf(NodeId id, const std::shared_ptr<const MapTable>& listed) {
    return rewritten_.AddHelper(id, MapNode{MapOp::kPlace, {rewritten_.NewIdOf(id)}, listed},
                                "place of " + graph_.Describe(id));
  }

  const DataflowGraph& graph_;
  const Domains& domains_;
  FractionsFinder fractions_;
  RewrittenGraph rewritten_;
};

}  // namespace

bool ComparesUnlisted(const DataflowGraph& graph, const Domains& domains) {
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    const auto* select = std::get_if<SelectNode>(&graph[id].kind);
    if (select == nullptr) continue;
    if (!domains[select->keys].is_finite || !domains[select->queries].is_finite) return true;
  }
  return false;
}

SimplifiedGraph PlaceCompared(const SimplifiedGraph& simplified, const Domains& domains) {
  return Placing(simplified.graph, domains).Run(simplified.output);
}

}  // namespace raspc
