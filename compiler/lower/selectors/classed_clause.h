// A clause of a selector as a relation between classes of queries and classes of keys.
//
// The clause is a matrix of query values by key values, evaluated entry by entry. Queries with
// equal rows are one class, and so are keys with equal columns. An equality of very many values is
// classed by value instead: values equal to one of the other side are classes, all others form one.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "compiler/lower/selectors/positions.h"
#include "compiler/lower/selectors/selector_formula.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

using Matrix01 = std::vector<std::vector<bool>>;  // [query class][key class]
Matrix01 Transposed(const Matrix01& matrix);

struct ClassedSide {
  std::vector<NodeId> nodes;
  std::vector<int> class_of_row;  // of the joint table of `nodes`; -1: undefined
  std::size_t num_classes = 0;
};

// Codes of classes that are equal for a query and a key class exactly if the query selects the key.
struct Matching {
  std::vector<int> query_codes, key_codes;  // by class
  int num_bits = 0;
};
// Nothing if some row or column selects several. No two rows, and no two columns, may be equal.
std::optional<Matching> MatchingOf(const Matrix01& matrix);
// For classes numbered from 0 by the value they share, and one more on either side.
Matching MatchingOfShared(int num_shared);

struct ClassedClause {
  ClassedSide queries, keys;
  Matrix01 matrix;                   // empty where too large
  std::optional<Matching> matching;  // where no class selects several
};

// Nothing if the clause need not be scored: the mask implies it, or its s-ops are never all
// defined. Throws LoweringFailure where there are too many values.
std::optional<ClassedClause> Classed(const Sops& sops, const Formulas& formulas,
                                     const Positions& positions, FormulaId clause);

// Whether a clause is a single comparison that selects equal values.
bool IsEquality(const Sops& sops, const Formula& clause);

}  // namespace raspc
