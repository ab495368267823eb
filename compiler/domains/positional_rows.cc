#include "compiler/domains/positional_rows.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>

#include "compiler/operations/atom_ops.h"

namespace raspc {
namespace {

constexpr std::int64_t kMaxPositions = 1024;
constexpr std::int64_t kMaxComparisons = std::int64_t{1} << 23;  // of pairs of positions

// The value of an s-op at each position; nothing if it depends on more. Null where it fails.
std::optional<std::vector<const Atom*>> ValuesByPosition(const Domains& domains, NodeId id) {
  const FunctionTable& function = domains.TableOf(id);
  const bool is_constant = function.features.empty() && function.rows.size() == 1;
  const bool is_positional =
      function.features == std::vector<Feature>{Feature{Feature::Kind::kPosition, {}}};
  if (!is_constant && !is_positional) return std::nullopt;
  std::vector<const Atom*> values;
  for (std::int64_t i = 0; i < domains.scope.context_length; ++i) {
    const std::int32_t row = function.rows[is_constant ? 0 : static_cast<std::size_t>(i)];
    values.push_back(row < 0 ? nullptr : &domains[id].values[static_cast<std::size_t>(row)]);
  }
  return values;
}

using Matrix01 = std::vector<std::vector<bool>>;  // [query][key]

// The ranks of atoms in the language's order, equal atoms having equal ranks: these are fast to
// compare. Numbers and strings are not ordered, so they are distinguished; -1 where there is no
// atom.
struct Places {
  std::vector<int> of_key, of_query;
  std::vector<bool> is_number;  // by rank
};
Places PlacesOf(const std::vector<const Atom*>& keys, const std::vector<const Atom*>& queries) {
  std::vector<const Atom*> sorted;
  for (const auto* side : {&keys, &queries}) {
    std::copy_if(side->begin(), side->end(), std::back_inserter(sorted),
                 [](const Atom* atom) { return atom != nullptr; });
  }
  const auto less = [](const Atom* a, const Atom* b) { return LookUpLess(*a, *b); };
  const auto equal = [](const Atom* a, const Atom* b) { return EqualAtoms(*a, *b); };
  std::sort(sorted.begin(), sorted.end(), less);
  sorted.erase(std::unique(sorted.begin(), sorted.end(), equal), sorted.end());
  Places places;
  for (const Atom* atom : sorted) places.is_number.push_back(IsNumber(*atom));
  const auto place_of = [&](const Atom* atom) {
    if (atom == nullptr) return -1;
    return static_cast<int>(std::lower_bound(sorted.begin(), sorted.end(), atom, less) -
                            sorted.begin());
  };
  std::transform(keys.begin(), keys.end(), std::back_inserter(places.of_key), place_of);
  std::transform(queries.begin(), queries.end(), std::back_inserter(places.of_query), place_of);
  return places;
}

// A comparison; not selected where it fails.
std::optional<Matrix01> MatrixOfSelect(const Domains& domains, const SelectNode& select) {
  const auto keys = ValuesByPosition(domains, select.keys);
  const auto queries = ValuesByPosition(domains, select.queries);
  if (!keys || !queries) return std::nullopt;
  const auto n = static_cast<std::size_t>(domains.scope.context_length);
  const Places places = PlacesOf(*keys, *queries);
  const auto holds = [&](int key, int query) {
    if (key < 0 || query < 0) return false;
    const auto is_number = [&](int place) {
      return places.is_number[static_cast<std::size_t>(place)];
    };
    const bool comparable = is_number(key) == is_number(query);
    switch (select.op) {
      case Comparison::kEqual:
        return key == query;
      case Comparison::kNotEqual:
        return key != query;
      case Comparison::kLess:
        return comparable && key < query;
      case Comparison::kLessEqual:
        return comparable && key <= query;
      case Comparison::kGreater:
        return comparable && key > query;
      case Comparison::kGreaterEqual:
        return comparable && key >= query;
    }
    return false;
  };
  Matrix01 matrix(n, std::vector<bool>(n));
  for (std::size_t q = 0; q < n; ++q) {
    for (std::size_t k = 0; k < n; ++k) matrix[q][k] = holds(places.of_key[k], places.of_query[q]);
  }
  return matrix;
}

// The number of comparisons in a selector, each counted as often as it is used; at most `most`.
std::int64_t NumComparisons(const DataflowGraph& graph, NodeId id, std::int64_t most) {
  const auto* logic = std::get_if<SelectorLogicNode>(&graph[id].kind);
  if (logic == nullptr) return 1;
  std::int64_t number = 0;
  for (const NodeId operand : logic->operands) {
    if (number >= most) break;
    number += NumComparisons(graph, operand, most - number);
  }
  return number;
}

std::optional<Matrix01> MatrixOf(const DataflowGraph& graph, const Domains& domains, NodeId id) {
  if (const auto* select = std::get_if<SelectNode>(&graph[id].kind)) {
    return MatrixOfSelect(domains, *select);
  }
  const auto n = static_cast<std::size_t>(domains.scope.context_length);
  Matrix01 matrix(n, std::vector<bool>(n));
  const auto& logic = std::get<SelectorLogicNode>(graph[id].kind);
  std::vector<Matrix01> operands;
  for (const NodeId operand : logic.operands) {
    auto of_operand = MatrixOf(graph, domains, operand);
    if (!of_operand) return std::nullopt;
    operands.push_back(std::move(*of_operand));
  }
  for (std::size_t q = 0; q < n; ++q) {
    for (std::size_t k = 0; k < n; ++k) {
      const bool first = operands[0][q][k];
      const bool last = operands.back()[q][k];
      matrix[q][k] = logic.op == SelectorOp::kNot   ? !first
                     : logic.op == SelectorOp::kAnd ? first && last
                                                    : first || last;
    }
  }
  return matrix;
}

}  // namespace

bool PositionalRows::MayBeEmpty() const {
  return std::any_of(widths.begin(), widths.end(),
                     [](const auto& width) { return width.first == 0; });
}

std::int64_t PositionalRows::Most() const {
  std::int64_t most = 0;
  for (const auto& [low, high] : widths) most = std::max(most, high);
  return most;
}

std::optional<PositionalRows> PositionalRowsOf(const DataflowGraph& graph, const Domains& domains,
                                               NodeId selector) {
  const std::int64_t length = domains.scope.context_length;
  if (!domains.scope.look_at_positions || length > kMaxPositions) return std::nullopt;
  const std::int64_t most = kMaxComparisons / (length * length);
  if (NumComparisons(graph, selector, most + 1) > most) return std::nullopt;
  const auto matrix = MatrixOf(graph, domains, selector);
  if (!matrix) return std::nullopt;
  const std::size_t n = matrix->size();
  PositionalRows rows;
  rows.is_single_key.resize(n);
  for (std::size_t q = 0; q < n; ++q) {
    // The shortest input with this query has q + 1 positions; longer ones add keys after it.
    std::vector<std::size_t> keys;
    std::size_t at_shortest = 0;
    for (std::size_t k = 0; k < (domains.scope.causal ? q + 1 : n); ++k) {
      if ((*matrix)[q][k]) keys.push_back(k);
      if (k == q) at_shortest = keys.size();
      if (k > q) ((*matrix)[q][k] ? rows.has_later : rows.misses_later) = true;
    }
    rows.widths.emplace_back(at_shortest, keys.size());
    rows.keys.push_back(keys);
    // The only key until there is a second, if that is after the query.
    const bool is_single = !keys.empty() && (keys.size() == 1 || keys[1] > q);
    if (is_single) rows.is_single_key[keys[0]] = true;
  }
  return rows;
}

std::optional<std::vector<Atom>> PositionalMeans(const DataflowGraph& graph, const Domains& domains,
                                                 const PositionalRows& rows, NodeId values,
                                                 std::int64_t max_values) {
  if (IsFeature(graph, domains, values) || !domains[values].is_finite) return std::nullopt;
  const auto by_position = ValuesByPosition(domains, values);
  if (!by_position) return std::nullopt;
  std::unordered_set<Atom, IdentityHash, IdentityEqual> found;
  for (std::size_t q = 0; q < rows.keys.size(); ++q) {
    RunningSum sum(graph.arithmetic());
    for (std::size_t width = 1; width <= rows.keys[q].size(); ++width) {
      const Atom* value = (*by_position)[rows.keys[q][width - 1]];
      if (value == nullptr) break;  // nor has any longer row a value
      const bool is_single = width == 1;
      const bool is_shorter = static_cast<std::int64_t>(width) < rows.widths[q].first;
      if (is_single && !is_shorter) found.insert(*value);
      if (!IsNumber(*value)) {
        if (is_single && rows.keys[q].size() == 1) break;
        return std::nullopt;
      }
      sum.Add(*value);
      if (is_single || is_shorter) continue;
      const OpResult mean = sum.Mean(static_cast<std::int64_t>(width));
      if (const Atom* atom = std::get_if<Atom>(&mean)) found.insert(*atom);
      if (static_cast<std::int64_t>(found.size()) > max_values) return std::nullopt;
    }
  }
  return std::vector<Atom>(found.begin(), found.end());
}

}  // namespace raspc
