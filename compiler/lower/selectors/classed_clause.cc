#include "compiler/lower/selectors/classed_clause.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <span>
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
                      "compares several s-ops that together have too many values");
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

// The values that a comparison reads on one side, by tuple, as ranks among those of both sides:
// equal where the language's `==` holds, and in its order.
struct RankedSide {
  std::vector<std::int32_t> ranks;
  std::vector<bool> are_numbers;
};

// Evaluates a clause on values of both sides, 64 keys at a time.
class ClauseEvaluator {
 public:
  ClauseEvaluator(const Sops& sops, const Formulas& formulas, FormulaId clause,
                  const SideValues& queries, const SideValues& keys)
      : sops_(sops), formulas_(formulas), clause_(clause), queries_(queries), keys_(keys) {
    for (const NodeId select : formulas.ComparisonsOf(clause)) {
      comparisons_.emplace(select, Ranked(*sops.As<SelectNode>(select)));
    }
  }

  // [query tuple][key tuple]
  BitMatrix Matrix() const {
    BitMatrix matrix(queries_.tuples.size(), keys_.tuples.size());
    for (std::size_t query = 0; query < matrix.num_rows(); ++query) {
      const std::span<std::uint64_t> row = matrix.Row(query);
      for (std::size_t i = 0; i < row.size(); ++i) row[i] = WordAt(query, i);
    }
    return matrix;
  }

 private:
  struct RankedComparison {
    int outcomes = 0;       // for which of less, equal and greater it holds
    bool is_order = false;  // fails for a string and a number
    RankedSide queries, keys;
  };

  // For keys 64 * i and following. An entry on which a comparison fails arises from no input; it is
  // treated as not selected.
  std::uint64_t WordAt(std::size_t query, std::size_t i) const {
    const std::size_t begin = i * BitMatrix::kWordBits;
    const std::size_t size = std::min(BitMatrix::kWordBits, keys_.tuples.size() - begin);
    const std::uint64_t all = ~std::uint64_t{0} >> (BitMatrix::kWordBits - size);
    std::uint64_t failing = 0;
    const std::uint64_t holds =
        formulas_.HoldsForEach(clause_, all, [&](NodeId select, std::uint64_t asked) {
          const RankedComparison& comparison = comparisons_.at(select);
          if (comparison.is_order) {
            failing |= asked & OfOtherKind(comparison, query, begin, size);
          }
          return Outcomes(comparison, query, begin, size);
        });
    return holds & ~failing;
  }

  static std::uint64_t Outcomes(const RankedComparison& comparison, std::size_t query,
                                std::size_t begin, std::size_t size) {
    const std::int32_t own = comparison.queries.ranks[query];
    const std::int32_t* keys = comparison.keys.ranks.data() + begin;
    std::uint64_t word = 0;
    for (std::size_t k = 0; k < size; ++k) {
      // 0, 1 or 2 where the key is less, equal or greater
      const int order = 1 + static_cast<int>(keys[k] > own) - static_cast<int>(keys[k] < own);
      word |= static_cast<std::uint64_t>(comparison.outcomes >> order & 1) << k;
    }
    return word;
  }

  static std::uint64_t OfOtherKind(const RankedComparison& comparison, std::size_t query,
                                   std::size_t begin, std::size_t size) {
    const bool own = comparison.queries.are_numbers[query];
    std::uint64_t word = 0;
    for (std::size_t k = 0; k < size; ++k) {
      word |= static_cast<std::uint64_t>(comparison.keys.are_numbers[begin + k] != own) << k;
    }
    return word;
  }

  RankedComparison Ranked(const SelectNode& select) const {
    const std::vector<const Atom*> queries = ValuesByTuple(select.queries, queries_);
    const std::vector<const Atom*> keys = ValuesByTuple(select.keys, keys_);
    const auto less = [](const Atom* a, const Atom* b) { return LookUpLess(*a, *b); };
    std::vector<const Atom*> sorted = queries;
    sorted.insert(sorted.end(), keys.begin(), keys.end());
    std::sort(sorted.begin(), sorted.end(), less);
    const auto ranked = [&](const std::vector<const Atom*>& values) {
      RankedSide side;
      for (const Atom* value : values) {
        const auto at = std::lower_bound(sorted.begin(), sorted.end(), value, less);
        side.ranks.push_back(static_cast<std::int32_t>(at - sorted.begin()));
        side.are_numbers.push_back(IsNumber(*value));
      }
      return side;
    };
    const bool is_order =
        select.op != Comparison::kEqual && select.op != Comparison::kNotEqual;
    return {OutcomeBits(select.op, /*negated=*/false), is_order, ranked(queries), ranked(keys)};
  }

  std::vector<const Atom*> ValuesByTuple(NodeId id, const SideValues& side) const {
    if (const auto* constant = sops_.As<ConstantNode>(id)) {
      return std::vector<const Atom*>(side.tuples.size(), &constant->value);
    }
    const auto at =
        static_cast<std::size_t>(std::find(side.nodes.begin(), side.nodes.end(), id) -
                                 side.nodes.begin());
    std::vector<const Atom*> values;
    for (const auto& tuple : side.tuples) {
      values.push_back(&sops_[id].values[static_cast<std::size_t>(tuple[at])]);
    }
    return values;
  }

  const Sops& sops_;
  const Formulas& formulas_;
  const FormulaId clause_;
  const SideValues& queries_;
  const SideValues& keys_;
  std::map<NodeId, RankedComparison> comparisons_;
};

ClassedClause ClassedByMatrix(const BitMatrix& by_tuple, const SideValues& queries,
                              const SideValues& keys) {
  const MergedRows by_query = MergeEqualRows(by_tuple);
  const MergedRows by_key = MergeEqualRows(by_query.rows.Transposed());
  ClassedClause classed;
  classed.matrix = by_key.rows.Transposed();
  classed.queries = WithClasses(queries, by_query.class_of_row, classed.matrix.num_rows());
  classed.keys = WithClasses(keys, by_key.class_of_row, classed.matrix.num_columns());
  classed.matching = MatchingOf(classed.matrix);
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
    classed.matrix = BitMatrix(num_classes, num_classes);
    for (std::size_t c = 0; c + 1 < num_classes; ++c) classed.matrix.Set(c, c);
  }
  return classed;
}

// Whether the mask implies a clause of s-ops of positions, given its matrix.
bool IsImplied(const Positions& positions, const BitMatrix& by_tuple, const SideValues& queries,
               const SideValues& keys) {
  const auto tuple_of = [](const SideValues& side, std::size_t position) {
    return side.tuple_of_row[std::min(position, side.tuple_of_row.size() - 1)];
  };
  return positions.IsImpliedByMask(
      queries.nodes, keys.nodes, [&](std::size_t q, std::size_t k) {
        const int query = tuple_of(queries, q);
        const int key = tuple_of(keys, k);
        return query < 0 || key < 0 ||
               by_tuple.At(static_cast<std::size_t>(query), static_cast<std::size_t>(key));
      });
}

}  // namespace

std::optional<Matching> MatchingOf(const BitMatrix& matrix) {
  Matching matching;
  matching.query_codes.assign(matrix.num_rows(), -1);
  matching.key_codes.assign(matrix.num_columns(), -1);
  int next = 0;
  for (std::size_t q = 0; q < matrix.num_rows(); ++q) {
    bool is_matching = true;
    ForEachSet(matrix.Row(q), [&](std::size_t k) {
      is_matching = is_matching && matching.query_codes[q] < 0 && matching.key_codes[k] < 0;
      if (is_matching) matching.query_codes[q] = matching.key_codes[k] = next++;
    });
    if (!is_matching) return std::nullopt;
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
    const BitMatrix by_tuple = ClauseEvaluator(sops, formulas, clause, queries, keys).Matrix();
    if (IsImplied(positions, by_tuple, queries, keys)) return std::nullopt;
    return ClassedByMatrix(by_tuple, queries, keys);
  }
  if (IsEquality(sops, formulas[clause])) return ClassedByValue(sops, queries, keys);
  sops.FailTooLarge(formulas.SelectorWith(clause), "compares too many values with one another");
}

}  // namespace raspc
