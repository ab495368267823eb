// Random selectors with what lowering knows of their s-ops, and whether formulas hold on inputs.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/domains/infer_domains.h"
#include "compiler/lower/selectors/order_codes.h"
#include "compiler/lower/selectors/positions.h"
#include "compiler/operations/atom_ops.h"
#include "tests/compiler/lower/selectors/random_selectors.h"

namespace raspc {

struct SelectorCase {
  RandomSelectors selectors;
  Domains domains;
  Sops sops;
  Formulas formulas;
  Positions positions;

  SelectorCase(Random& random, std::int64_t context_length, const LowerOptions& options)
      : selectors(random),
        domains(DomainsOf(selectors.graph, context_length)),
        sops(selectors.graph, domains, options),
        formulas(selectors.graph),
        positions(sops, formulas) {}

  static Domains DomainsOf(const DataflowGraph& graph, std::int64_t context_length) {
    CompileScope scope;
    for (const char* token : {"a", "b", "c", "d"})
      scope.vocabulary.emplace_back(std::string(token));
    scope.context_length = context_length;
    scope.max_domain = 65536;
    Diagnostics diag;
    return InferDomains(graph, scope, diag);
  }

  // A position of an input: its token and index as indices into their domains.
  struct Place {
    int token, index;
  };
  Place SomePlace(Random& random) const {
    const auto below = [&](std::size_t size) { return static_cast<int>(random() % size); };
    return {below(sops[selectors.tokens].values.size()),
            below(sops[selectors.indices].values.size())};
  }

  int ValueAt(NodeId id, const Place& place) const {
    return id == selectors.tokens ? place.token : place.index;
  }

  // Whether a formula holds for a query and a key, by definition.
  bool Holds(FormulaId id, const Place& query, const Place& key) const {
    const Formula& formula = formulas[id];
    if (formula.kind == Formula::Kind::kComparison) return ComparisonHolds(formula, query, key);
    const bool is_and = formula.kind == Formula::Kind::kAnd;
    for (const FormulaId part : formula.parts) {
      if (Holds(part, query, key) != is_and) return !is_and;
    }
    return is_and;
  }

 private:
  bool ComparisonHolds(const Formula& formula, const Place& query, const Place& key) const {
    const auto& node = std::get<SelectNode>(selectors.graph[formula.select].kind);
    const int q = ValueAt(node.queries, query);
    const int k = ValueAt(node.keys, key);
    const OpResult result =
        CompareForSelect(node.op, sops[node.keys].values[static_cast<std::size_t>(k)],
                         sops[node.queries].values[static_cast<std::size_t>(q)]);
    if (IsTrue(std::get<Atom>(result)) == formula.negated) return false;
    if (formula.bit < 0) return true;
    const OrderCodes codes = *OrderCodesOf(sops, formula);
    const int different = codes.query_codes[static_cast<std::size_t>(q)] ^
                          codes.key_codes[static_cast<std::size_t>(k)];
    return different >> formula.bit == 1;  // the first that differs
  }
};

}  // namespace raspc
