#include "compiler/simplify/predicate_matrix.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace raspc {
namespace {

constexpr std::array kComparisons{Comparison::kEqual,   Comparison::kNotEqual,
                                  Comparison::kLess,    Comparison::kLessEqual,
                                  Comparison::kGreater, Comparison::kGreaterEqual};
constexpr std::int64_t kMaxShiftedInt = std::int64_t{1} << 40;

bool AreInts(const std::vector<Atom>& values) {
  return std::ranges::all_of(values, [](const Atom& value) {
    const auto* number = std::get_if<std::int64_t>(&value);
    return number != nullptr && *number >= -kMaxShiftedInt && *number <= kMaxShiftedInt;
  });
}

std::int64_t IntIn(const Atom& atom) { return std::get<std::int64_t>(atom); }

// Equal rows, each once, in the order of their first appearance, and the number of each row.
struct RowClasses {
  std::vector<std::vector<bool>> rows;
  std::vector<std::int64_t> of_row;
};

RowClasses ClassesOfRows(const std::vector<std::vector<bool>>& matrix) {
  RowClasses classes;
  std::map<std::vector<bool>, std::int64_t> numbers;
  for (const auto& row : matrix) {
    const auto [at, is_new] =
        numbers.try_emplace(row, static_cast<std::int64_t>(classes.rows.size()));
    if (is_new) classes.rows.push_back(row);
    classes.of_row.push_back(at->second);
  }
  return classes;
}

std::vector<std::vector<bool>> Transposed(const std::vector<std::vector<bool>>& matrix) {
  if (matrix.empty()) return {};
  std::vector<std::vector<bool>> result(matrix[0].size(), std::vector<bool>(matrix.size()));
  for (std::size_t r = 0; r < matrix.size(); ++r) {
    for (std::size_t c = 0; c < matrix[r].size(); ++c) result[c][r] = matrix[r][c];
  }
  return result;
}

// An int that equals none of the values, which are pairwise unequal in the language's sense;
// nothing if they are not.
std::optional<Atom> ValueOutside(const std::vector<Atom>& values) {
  std::set<Atom, decltype(&LookUpLess)> distinct(&LookUpLess);
  double most = -1;
  for (const Atom& value : values) {
    if (!distinct.insert(value).second) return std::nullopt;
    if (IsNumber(value)) most = std::max(most, NumberOf(value));
  }
  if (!(most < static_cast<double>(kMaxShiftedInt))) return std::nullopt;
  return Atom(static_cast<std::int64_t>(std::floor(most)) + 1);
}

// The value of the only column that each row has, if none has several.
std::optional<std::vector<Atom>> PartnersOfRows(const std::vector<std::vector<bool>>& rows,
                                                const std::vector<Atom>& columns) {
  const auto none = ValueOutside(columns);
  if (!none) return std::nullopt;
  std::vector<Atom> partners;
  for (const std::vector<bool>& row : rows) {
    const auto first = std::ranges::find(row, true);
    if (std::count(row.begin(), row.end(), true) > 1) return std::nullopt;
    partners.push_back(first == row.end() ? *none
                                          : columns[static_cast<std::size_t>(first - row.begin())]);
  }
  return partners;
}

// Where each class of queries selects at most one class of keys, and is alone in that. `small` is
// the matrix by classes.
std::optional<ComparedClasses> AsMatching(const std::vector<std::vector<bool>>& small,
                                          const RowClasses& queries, const RowClasses& keys) {
  // Classes without a partner get numbers that nothing else has.
  std::vector<std::int64_t> of_query_class(small.size(), -1), of_key_class(keys.rows.size(), -2);
  for (std::size_t q = 0; q < small.size(); ++q) {
    for (std::size_t k = 0; k < small[q].size(); ++k) {
      if (!small[q][k]) continue;
      if (of_query_class[q] >= 0 || of_key_class[k] >= 0) return std::nullopt;
      of_query_class[q] = of_key_class[k] = static_cast<std::int64_t>(q);
    }
  }
  ComparedClasses result{Comparison::kEqual, {}, {}};
  for (const auto c : keys.of_row) {
    result.of_key.push_back(of_key_class[static_cast<std::size_t>(c)]);
  }
  for (const auto c : queries.of_row) {
    result.of_query.push_back(of_query_class[static_cast<std::size_t>(c)]);
  }
  return result;
}

// Where of any two classes of queries one selects all that the other does.
std::optional<ComparedClasses> AsOrder(const std::vector<std::vector<bool>>& small,
                                       const RowClasses& queries, const RowClasses& keys) {
  std::vector<std::size_t> by_size(small.size());
  for (std::size_t i = 0; i < by_size.size(); ++i) by_size[i] = i;
  std::ranges::stable_sort(by_size, {},
                           [&](std::size_t q) { return std::ranges::count(small[q], true); });
  std::vector<std::int64_t> rank_of_query(small.size());
  // The rank of a key class is that of the first query class that selects it.
  const auto never = static_cast<std::int64_t>(small.size());
  std::vector<std::int64_t> rank_of_key(keys.rows.size(), never);
  for (std::size_t rank = 0; rank < by_size.size(); ++rank) {
    const std::vector<bool>& row = small[by_size[rank]];
    rank_of_query[by_size[rank]] = static_cast<std::int64_t>(rank);
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (!row[k] && rank_of_key[k] < never) return std::nullopt;
      if (row[k] && rank_of_key[k] == never) rank_of_key[k] = static_cast<std::int64_t>(rank);
    }
  }
  ComparedClasses result{Comparison::kLessEqual, {}, {}};
  for (const auto c : keys.of_row) {
    result.of_key.push_back(rank_of_key[static_cast<std::size_t>(c)]);
  }
  for (const auto c : queries.of_row) {
    result.of_query.push_back(rank_of_query[static_cast<std::size_t>(c)]);
  }
  return result;
}

// For each class of rows, an equality that holds in these rows where they do. `of_row` numbers the
// rows, `of_column` is filled in for the other side.
std::vector<ComparedClasses> OnePerRowClass(const RowClasses& classes, bool rows_are_queries) {
  std::vector<ComparedClasses> result;
  for (std::size_t c = 0; c < classes.rows.size(); ++c) {
    const std::vector<bool>& row = classes.rows[c];
    if (std::ranges::none_of(row, [](bool entry) { return entry; })) continue;
    std::vector<std::int64_t> of_row, of_column;
    for (const auto of : classes.of_row) {
      of_row.push_back(of == static_cast<std::int64_t>(c) ? 1 : 2);
    }
    for (const bool entry : row) of_column.push_back(entry ? 1 : 0);
    result.push_back(rows_are_queries ? ComparedClasses{Comparison::kEqual, of_column, of_row}
                                      : ComparedClasses{Comparison::kEqual, of_row, of_column});
  }
  return result;
}

}  // namespace

bool PredicateMatrix::Equals(
    const std::function<OpResult(const Atom& key, const Atom& query)>& compare) const {
  for (std::size_t q = 0; q < queries.size(); ++q) {
    for (std::size_t k = 0; k < keys.size(); ++k) {
      if (!defined[q][k]) continue;
      const OpResult result = compare(keys[k], queries[q]);
      const Atom* value = std::get_if<Atom>(&result);
      if (value == nullptr || IsTrue(*value) != holds[q][k]) return false;
    }
  }
  return true;
}

PredicateMatrix MatrixOfPredicate(const HostFunction& predicate, const std::vector<Atom>& keys,
                                  const std::vector<Atom>& queries) {
  PredicateMatrix matrix{keys, queries, {}, {}, {}};
  for (const Atom& query : queries) {
    std::vector<bool> holds, defined;
    for (const Atom& key : keys) {
      const OpResult result = HoldsForSelect(predicate, key, query);
      const Atom* value = std::get_if<Atom>(&result);
      defined.push_back(value != nullptr);
      holds.push_back(value != nullptr && IsTrue(*value));
      if (value == nullptr && matrix.failure.empty()) {
        matrix.failure = std::get<OpError>(result).message;
      }
    }
    matrix.holds.push_back(std::move(holds));
    matrix.defined.push_back(std::move(defined));
  }
  return matrix;
}

std::optional<ShiftedComparison> AsComparison(const PredicateMatrix& matrix) {
  for (const Comparison op : kComparisons) {
    const auto compare = [&](const Atom& key, const Atom& query) {
      return CompareForSelect(op, key, query);
    };
    if (matrix.Equals(compare)) return ShiftedComparison{op, 0};
  }
  if (!AreInts(matrix.keys) || !AreInts(matrix.queries)) return std::nullopt;
  // At one end or the other the key that it compares with is among the keys.
  std::set<std::int64_t> shifts;
  for (const Atom& key : matrix.keys) {
    shifts.insert(IntIn(key) - IntIn(matrix.queries.front()));
    shifts.insert(IntIn(key) - IntIn(matrix.queries.back()));
  }
  for (const std::int64_t shift : shifts) {
    for (const Comparison op : kComparisons) {
      const auto compare = [&](const Atom& key, const Atom& query) {
        return CompareForSelect(op, key, Atom(IntIn(query) + shift));
      };
      if (matrix.Equals(compare)) return ShiftedComparison{op, shift};
    }
  }
  return std::nullopt;
}

std::optional<OnlyPartners> AsPartners(const PredicateMatrix& matrix) {
  if (auto of_query = PartnersOfRows(matrix.holds, matrix.keys)) {
    return OnlyPartners{*std::move(of_query), {}};
  }
  if (auto of_key = PartnersOfRows(Transposed(matrix.holds), matrix.queries)) {
    return OnlyPartners{{}, *std::move(of_key)};
  }
  return std::nullopt;
}

std::vector<ComparedClasses> AsClasses(const PredicateMatrix& matrix) {
  const RowClasses queries = ClassesOfRows(matrix.holds);
  const RowClasses keys = ClassesOfRows(Transposed(matrix.holds));
  std::vector<std::vector<bool>> small;  // [query class][key class]
  for (const auto& row : ClassesOfRows(Transposed(queries.rows)).rows) small.push_back(row);
  small = Transposed(small);
  if (auto matching = AsMatching(small, queries, keys)) return {*std::move(matching)};
  if (auto order = AsOrder(small, queries, keys)) return {*std::move(order)};
  return queries.rows.size() <= keys.rows.size() ? OnePerRowClass(queries, true)
                                                 : OnePerRowClass(keys, false);
}

}  // namespace raspc
