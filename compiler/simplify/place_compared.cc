#include "compiler/simplify/place_compared.h"

#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/domains/fractions.h"

namespace raspc {
namespace {

class Placing {
 public:
  Placing(const DataflowGraph& graph, const Domains& domains)
      : graph_(graph),
        domains_(domains),
        fractions_(graph, domains),
        placed_(graph.arithmetic()) {}

  SimplifiedGraph Run(NodeId output) {
    for (NodeId id{0}; id.value < graph_.size(); ++id.value) {
      const auto* select = std::get_if<SelectNode>(&graph_[id].kind);
      const auto listed = select == nullptr ? nullptr : ListedSide(*select);
      new_ids_[id.value] = listed != nullptr ? Placed(id, *select, listed) : Copied(id);
    }
    return {std::move(placed_), new_ids_.at(output.value)};
  }

 private:
  // The numbers of the listed side of a comparison, if only the other has no list.
  std::shared_ptr<const MapTable> ListedSide(const SelectNode& select) {
    const bool are_keys_listed = domains_[select.keys].is_finite;
    if (are_keys_listed == domains_[select.queries].is_finite) return nullptr;
    const NodeId listed = are_keys_listed ? select.keys : select.queries;
    const NodeId other = are_keys_listed ? select.queries : select.keys;
    if (!fractions_.Separate(other, domains_[listed])) return nullptr;
    auto table = std::make_shared<MapTable>();
    table->items = domains_[listed].values;
    return table;
  }

  NodeId Placed(NodeId id, const SelectNode& select, const std::shared_ptr<const MapTable>& listed) {
    return Add(id, SelectNode{select.op, PlaceOf(select.keys, listed),
                              PlaceOf(select.queries, listed)});
  }

  NodeId PlaceOf(NodeId id, const std::shared_ptr<const MapTable>& listed) {
    const NodeId place = placed_.Add(MapNode{MapOp::kPlace, {new_ids_.at(id.value)}, listed},
                                     graph_[id].location);
    if (placed_[place].text.empty()) placed_.Write(place, "place of " + graph_.Describe(id));
    return place;
  }

  NodeId Copied(NodeId id) {
    const auto new_id = [this](NodeId operand) { return new_ids_.at(operand.value); };
    return Add(id, graph_.WithOperands(id, new_id));
  }

  NodeId Add(NodeId origin, NodeKind kind) {
    const NodeId id = placed_.Add(std::move(kind), graph_[origin].location);
    if (!graph_[origin].name.empty()) placed_.Name(id, graph_[origin].name);
    if (placed_[id].text.empty()) placed_.Write(id, graph_[origin].text);
    return id;
  }

  const DataflowGraph& graph_;
  const Domains& domains_;
  FractionsFinder fractions_;
  DataflowGraph placed_;
  std::unordered_map<std::int32_t, NodeId> new_ids_;
};

}  // namespace

SimplifiedGraph PlaceCompared(const DataflowGraph& graph, NodeId output, const Domains& domains) {
  return Placing(graph, domains).Run(output);
}

}  // namespace raspc
