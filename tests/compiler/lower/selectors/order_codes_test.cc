// Codes of a comparison of order against the comparison itself, for all pairs of values.
#include "compiler/lower/selectors/order_codes.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "compiler/operations/atom_ops.h"
#include "tests/compiler/lower/selectors/selector_testing.h"

namespace raspc {
namespace {

struct Comparisons {
  DataflowGraph graph;
  NodeId tokens, indices, doubled;

  Comparisons() {
    tokens = graph.Add(TokensNode{TokenView::kString}, {});
    indices = graph.Add(IndicesNode{}, {});
    const NodeId two = graph.Add(ConstantNode{Atom(std::int64_t{2})}, {});
    doubled = graph.Add(MapNode{MapOp::kMultiply, {indices, two}, nullptr}, {});
  }
};

constexpr Comparison kOrders[] = {Comparison::kLess, Comparison::kLessEqual, Comparison::kGreater,
                                  Comparison::kGreaterEqual};

TEST_CASE("the lower code is below the higher exactly where a comparison of order holds") {
  Comparisons nodes;
  std::vector<NodeId> selects;
  for (const Comparison op : kOrders) {
    selects.push_back(nodes.graph.Add(SelectNode{op, nodes.indices, nodes.doubled}, {}));
    selects.push_back(nodes.graph.Add(SelectNode{op, nodes.doubled, nodes.indices}, {}));
    selects.push_back(nodes.graph.Add(SelectNode{op, nodes.tokens, nodes.tokens}, {}));
  }
  const Domains domains = SelectorCase::DomainsOf(nodes.graph, 9);
  const Sops sops(nodes.graph, domains, {});
  for (const NodeId id : selects) {
    for (const bool negated : {false, true}) {
      Formula formula;
      formula.select = id;
      formula.negated = negated;
      const auto codes = OrderCodesOf(sops, formula);
      REQUIRE(codes);
      const auto& node = std::get<SelectNode>(nodes.graph[id].kind);
      for (std::size_t q = 0; q < codes->query_codes.size(); ++q) {
        for (std::size_t k = 0; k < codes->key_codes.size(); ++k) {
          const OpResult result = CompareForSelect(node.op, sops[node.keys].values[k],
                                                   sops[node.queries].values[q]);
          const int query = codes->query_codes[q], key = codes->key_codes[k];
          REQUIRE(std::max(query, key) < 1 << codes->num_bits);
          REQUIRE((codes->query_is_high ? key < query : query < key) ==
                  (IsTrue(std::get<Atom>(result)) != negated));
        }
      }
    }
  }
}

TEST_CASE("only comparisons of order between values of one kind have order codes") {
  Comparisons nodes;
  const NodeId equal = nodes.graph.Add(SelectNode{Comparison::kEqual, nodes.indices, nodes.indices},
                                       {});
  const NodeId mixed =
      nodes.graph.Add(SelectNode{Comparison::kLess, nodes.tokens, nodes.indices}, {});
  const Domains domains = SelectorCase::DomainsOf(nodes.graph, 9);
  const Sops sops(nodes.graph, domains, {});
  for (const NodeId id : {equal, mixed}) {
    Formula formula;
    formula.select = id;
    CHECK_FALSE(OrderCodesOf(sops, formula));
  }
}

}  // namespace
}  // namespace raspc
