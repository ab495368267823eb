// A predicate of the host as a matrix over the values of its arguments, and its classes.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/domains/domains.h"
#include "compiler/operations/host_function.h"
#include "compiler/syntax/syntax_tree.h"

namespace raspc {

// Which entries hold, and which are not defined, since the predicate fails there; [query][key].
struct PredicateMatrix {
  const std::vector<Atom>& keys;
  const std::vector<Atom>& queries;
  std::vector<std::vector<bool>> holds;  // false where it is not defined
  std::vector<std::vector<bool>> defined;
  std::string failure;  // the first error, or empty

  bool is_partial() const { return !failure.empty(); }
  // Whether `compare` gives the value of each defined entry.
  bool Equals(const std::function<OpResult(const Atom& key, const Atom& query)>& compare) const;
};

// Calls the predicate for each pair of values.
PredicateMatrix MatrixOfPredicate(const HostFunction& predicate, const std::vector<Atom>& keys,
                                  const std::vector<Atom>& queries);

// The comparison that the predicate is, perhaps with a number added to the queries.
struct ShiftedComparison {
  Comparison op;
  std::int64_t shift = 0;
};
std::optional<ShiftedComparison> AsComparison(const PredicateMatrix& matrix);

// For each value of one side the only value of the other that it goes with; a number that is none
// of these where there is none.
struct OnlyPartners {
  std::vector<Atom> of_query;  // or, if that is empty,
  std::vector<Atom> of_key;
};
std::optional<OnlyPartners> AsPartners(const PredicateMatrix& matrix);

// Numbers for the values of both sides, from which a comparison computes the matrix.
struct ComparedClasses {
  Comparison op;
  std::vector<std::int64_t> of_key, of_query;
};
// One or more whose `or` is the matrix.
std::vector<ComparedClasses> AsClasses(const PredicateMatrix& matrix);

}  // namespace raspc
