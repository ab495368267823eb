#include "compiler/lower/selectors/classed_clause.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "compiler/operations/atom_ops.h"

namespace raspc {
namespace {

// The values of one side of a clause: the joint values of that side's s-ops.
struct SideValues {
  std::vector<NodeId> nodes;
  std::vector<std::vector<std::int32_t>> tuples;  // distinct values, [tuple][node]
  std::vector<int> tuple_of_row;                  // -1: undefined
};

// The comparison of the clause that reads an s-op.
NodeId ComparisonWith(const Sops& sops, const Formulas& formulas, FormulaId clause, NodeId id) {
  const std::vector<NodeId> comparisons = formulas.ComparisonsOf(clause);
  return *std::find_if(comparisons.begin(), comparisons.end(), [&](NodeId comparison) {
    const auto* select = sops.As<SelectNode>(comparison);
    return select->keys == id || select->queries == id;
  });
}

// The values on one side of a clause.
SideValues ValuesOf(const Sops& sops, const Formulas& formulas, FormulaId clause, bool queries) {
  SideValues side;
  side.nodes = formulas.NodesOf(clause, queries);
  for (const NodeId id : side.nodes) {
    if (!sops[id].is_finite) {
      sops.FailTooLarge(ComparisonWith(sops, formulas, clause, id),
                        fmt::format("compares {}, which {}", NameInMessage(sops.graph(), id),
                                    sops.WhyUnlisted(id)));
    }
  }
  const auto table = sops.Tabulate(side.nodes);
  if (!table) {
    sops.FailTooLarge(formulas.SelectorWith(clause),
                      "compares several s-ops that have too many values together");
  }
  std::map<std::vector<std::int32_t>, int> numbers;
  for (std::int64_t row = 0; row < table->num_rows; ++row) {
    std::vector<std::int32_t> tuple;
    for (const auto& values : table->values) {
      tuple.push_back(values[static_cast<std::size_t>(row)]);
    }
    if (std::any_of(tuple.begin(), tuple.end(), [](std::int32_t value) { return value < 0; })) {
      side.tuple_of_row.push_back(-1);
      continue;
    }
    const auto [at, is_new] = numbers.try_emplace(tuple, static_cast<int>(side.tuples.size()));
    if (is_new) side.tuples.push_back(tuple);
    side.tuple_of_row.push_back(at->second);
  }
  return side;
}

ClassedSide WithClasses(const SideValues& side, const std::vector<int>& class_of_tuple,
                        std::size_t num_classes) {
  ClassedSide classed{side.nodes, {}, num_classes};
  for (const int tuple : side.tuple_of_row) {
    classed.class_of_row.push_back(
        tuple < 0 ? -1 : class_of_tuple[static_cast<std::size_t>(tuple)]);
  }
  return classed;
}

// Evaluates a clause on values of both sides.
class ClauseEvaluator {
 public:
  ClauseEvaluator(const Sops& sops, const Formulas& formulas, FormulaId clause,
                  const SideValues& queries, const SideValues& keys)
      : sops_(sops), formulas_(formulas), clause_(clause), queries_(queries), keys_(keys) {}

  // An entry on which a comparison fails arises from no input; it is treated as not selected.
  bool At(const std::vector<std::int32_t>& query, const std::vector<std::int32_t>& key) const {
    bool fails = false;
    const bool holds = formulas_.Holds(clause_, [&](NodeId select) {
      const auto& node = *sops_.As<SelectNode>(select);
      const OpResult result = CompareForSelect(node.op, ValueOf(node.keys, keys_, key),
                                               ValueOf(node.queries, queries_, query));
      const Atom* value = std::get_if<Atom>(&result);
      fails = fails || value == nullptr;
      return value != nullptr && IsTrue(*value);
    });
    return holds && !fails;
  }

  // [query tuple][key tuple]
  Matrix01 Matrix() const {
    Matrix01 matrix;
    for (const auto& query : queries_.tuples) {
      std::vector<bool> row;
      for (const auto& key : keys_.tuples) row.push_back(At(query, key));
      matrix.push_back(std::move(row));
    }
    return matrix;
  }

 private:
  const Atom& ValueOf(NodeId id, const SideValues& side,
                      const std::vector<std::int32_t>& tuple) const {
    if (const auto* constant = sops_.As<ConstantNode>(id)) return constant->value;
    const auto at = std::find(side.nodes.begin(), side.nodes.end(), id) - side.nodes.begin();
    return sops_[id].values[static_cast<std::size_t>(tuple[static_cast<std::size_t>(at)])];
  }

  const Sops& sops_;
  const Formulas& formulas_;
  const FormulaId clause_;
  const SideValues& queries_;
  const SideValues& keys_;
};

// Keeps one of each set of equal rows; returns the class of each row.
Matrix01 MergeRows(const Matrix01& matrix, std::vector<int>& class_of_row) {
  std::map<std::vector<bool>, int> numbers;
  Matrix01 merged;
  class_of_row.clear();
  for (const auto& row : matrix) {
    const auto [at, is_new] = numbers.try_emplace(row, static_cast<int>(merged.size()));
    if (is_new) merged.push_back(row);
    class_of_row.push_back(at->second);
  }
  return merged;
}

ClassedClause ClassedByMatrix(const Matrix01& by_tuple, const SideValues& queries,
                              const SideValues& keys) {
  std::vector<int> class_of_query, class_of_key;
  Matrix01 matrix = MergeRows(by_tuple, class_of_query);
  matrix = Transposed(MergeRows(Transposed(matrix), class_of_key));
  ClassedClause classed;
  classed.queries = WithClasses(queries, class_of_query, matrix.size());
  classed.keys = WithClasses(keys, class_of_key, matrix[0].size());
  classed.matching = MatchingOf(matrix);
  classed.matrix = std::move(matrix);
  return classed;
}

// The classes of an equality of two s-ops, without comparing each pair: values equal to one of the
// other side get the number of that value, all others form one class.
struct EqualityClasses {
  std::vector<int> of_query, of_key;  // by tuple; all others: num_shared
  int num_shared = 0;
};

EqualityClasses ClassesByValue(const std::vector<const Atom*>& queries,
                               const std::vector<const Atom*>& keys) {
  const auto less = [](const Atom* a, const Atom* b) { return LookUpLess(*a, *b); };
  const auto sorted = [&](std::vector<const Atom*> values) {
    std::sort(values.begin(), values.end(), less);
    return values;
  };
  const std::vector<const Atom*> sorted_keys = sorted(keys);
  std::map<const Atom*, int, decltype(less)> shared(less);
  for (const Atom* query : sorted(queries)) {
    if (std::binary_search(sorted_keys.begin(), sorted_keys.end(), query, less)) {
      shared.try_emplace(query, static_cast<int>(shared.size()));
    }
  }
  EqualityClasses classes;
  classes.num_shared = static_cast<int>(shared.size());
  const auto class_of = [&](const Atom* value) {
    const auto at = shared.find(value);
    return at == shared.end() ? classes.num_shared : at->second;
  };
  for (const Atom* query : queries) classes.of_query.push_back(class_of(query));
  for (const Atom* key : keys) classes.of_key.push_back(class_of(key));
  return classes;
}

ClassedClause ClassedByValue(const Sops& sops, const SideValues& queries, const SideValues& keys) {
  const auto values_of = [&](const SideValues& side) {
    std::vector<const Atom*> values;
    for (const auto& tuple : side.tuples) {
      values.push_back(&sops[side.nodes[0]].values[static_cast<std::size_t>(tuple[0])]);
    }
    return values;
  };
  const EqualityClasses classes = ClassesByValue(values_of(queries), values_of(keys));
  const auto num_classes = static_cast<std::size_t>(classes.num_shared) + 1;
  ClassedClause classed;
  classed.queries = WithClasses(queries, classes.of_query, num_classes);
  classed.keys = WithClasses(keys, classes.of_key, num_classes);
  classed.matching = MatchingOfShared(classes.num_shared);
  if (num_classes * num_classes <= kMaxMatrixEntries) {
    classed.matrix.assign(num_classes, std::vector<bool>(num_classes));
    for (std::size_t c = 0; c + 1 < num_classes; ++c) classed.matrix[c][c] = true;
  }
  return classed;
}

// Whether the mask implies a clause of s-ops of positions, given its matrix.
bool IsImplied(const Positions& positions, const Matrix01& by_tuple, const SideValues& queries,
               const SideValues& keys) {
  const auto tuple_of = [](const SideValues& side, std::size_t position) {
    return side.tuple_of_row[std::min(position, side.tuple_of_row.size() - 1)];
  };
  return positions.IsImpliedByMask(
      queries.nodes, keys.nodes, [&](std::size_t q, std::size_t k) {
        const int query = tuple_of(queries, q);
        const int key = tuple_of(keys, k);
        return query < 0 || key < 0 ||
               by_tuple[static_cast<std::size_t>(query)][static_cast<std::size_t>(key)];
      });
}

}  // namespace

Matrix01 Transposed(const Matrix01& matrix) {
  Matrix01 result(matrix.empty() ? 0 : matrix[0].size(), std::vector<bool>(matrix.size()));
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    for (std::size_t j = 0; j < matrix[i].size(); ++j) result[j][i] = matrix[i][j];
  }
  return result;
}

std::optional<Matching> MatchingOf(const Matrix01& matrix) {
  Matching matching;
  matching.query_codes.assign(matrix.size(), -1);
  matching.key_codes.assign(matrix[0].size(), -1);
  int next = 0;
  for (std::size_t q = 0; q < matrix.size(); ++q) {
    for (std::size_t k = 0; k < matrix[q].size(); ++k) {
      if (!matrix[q][k]) continue;
      if (matching.query_codes[q] >= 0 || matching.key_codes[k] >= 0) return std::nullopt;
      matching.query_codes[q] = matching.key_codes[k] = next++;
    }
  }
  // Classes without a partner; merging has left at most one on each side.
  for (std::vector<int>* codes : {&matching.query_codes, &matching.key_codes}) {
    for (int& code : *codes) {
      if (code < 0) code = next++;
    }
  }
  while ((1 << matching.num_bits) < next) ++matching.num_bits;
  return matching;
}

Matching MatchingOfShared(int num_shared) {
  Matching matching;
  for (std::vector<int>* codes : {&matching.query_codes, &matching.key_codes}) {
    codes->resize(static_cast<std::size_t>(num_shared) + 1);
    std::iota(codes->begin(), codes->end(), 0);
  }
  ++matching.key_codes.back();
  while ((1 << matching.num_bits) < num_shared + 2) ++matching.num_bits;
  return matching;
}

bool IsEquality(const Sops& sops, const Formula& clause) {
  if (clause.kind != Formula::Kind::kComparison) return false;
  const auto& select = *sops.As<SelectNode>(clause.select);
  return select.op == (clause.negated ? Comparison::kNotEqual : Comparison::kEqual);
}

std::optional<ClassedClause> Classed(const Sops& sops, const Formulas& formulas,
                                     const Positions& positions, FormulaId clause) {
  if (positions.IsImpliedByMask(clause)) return std::nullopt;
  const SideValues queries = ValuesOf(sops, formulas, clause, /*queries=*/true);
  const SideValues keys = ValuesOf(sops, formulas, clause, /*queries=*/false);
  if (queries.tuples.empty() || keys.tuples.empty()) return std::nullopt;
  if (queries.tuples.size() * keys.tuples.size() <= kMaxMatrixEntries) {
    const Matrix01 by_tuple = ClauseEvaluator(sops, formulas, clause, queries, keys).Matrix();
    if (IsImplied(positions, by_tuple, queries, keys)) return std::nullopt;
    return ClassedByMatrix(by_tuple, queries, keys);
  }
  if (IsEquality(sops, formulas[clause])) return ClassedByValue(sops, queries, keys);
  sops.FailTooLarge(formulas.SelectorWith(clause), "compares too many values with one another");
}

}  // namespace raspc
