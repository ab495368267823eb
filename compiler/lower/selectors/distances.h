// Equality between many values, with fewer score dimensions than there are values.
//
// For ints the squared distance is a penalty of three products,
//
//     (q - k)^2  =  q^2 * 1  -  2q * k  +  1 * k^2,
//
// 0 where q = k and at least 1 elsewhere. So it is for codes of classes, where each query class
// selects one key class and no other. Where every query finds exactly one key, the key with the
// smallest penalty is taken, and fewer products suffice (distances_nearest.cc).
#pragma once

#include <cstdint>
#include <optional>

#include "compiler/facts/facts.h"
#include "compiler/lower/builder/blocks_builder.h"
#include "compiler/lower/functions/function_request.h"
#include "compiler/lower/selectors/classed_clause.h"
#include "compiler/lower/selectors/score_terms.h"
#include "compiler/lower/sops/form_source.h"
#include "compiler/lower/sops/meanings.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

// The relative error, in units of rounding, of the share 1/(1+w) that a head gives: the sum of the
// exponentials is exactly an integer; a division, perhaps by way of a reciprocal, rounds at most
// twice.
inline constexpr double kShareRoundings = 2.02;

class Distances {
 public:
  // Keeps references.
  Distances(const Sops& sops, const Meanings& meanings, BlocksBuilder& builder, FormSource& forms)
      : sops_(sops), meanings_(meanings), builder_(builder), forms_(forms) {}

  // The penalty of an equality of ints; nothing if the clause is not one, or the numbers are not
  // precise enough.
  std::optional<ScoreTerms> OfInts(const Formula& clause, Quality quality);
  // The penalty of a matching of classes; nothing if a side reads several s-ops, or one that is
  // neither embedding-only nor gathered.
  std::optional<ScoreTerms> OfMatching(const ClassedSide& queries, const ClassedSide& keys,
                                       const Matching& matching, Quality quality);
  // The penalty of a whole selector that is an equality of ints; nothing if some row may be empty,
  // or the numbers are not precise enough.
  std::optional<ScoreTerms> ToNearest(const Formula& clause, Quality quality);

 private:
  struct Squared;
  static double ErrorOfDistance(const Squared& q, const Squared& k, const Arithmetic& arithmetic);

  std::optional<ScoreTerms> OfCodes(NodeId query, Code query_code, NodeId key, Code key_code,
                                    Quality quality, bool is_found = false);
  Squared SquaredCode(NodeId id, const Code& numbers, Quality quality);
  Squared NumberAlone(NodeId id, const Code& numbers);
  Squared SquaredOnLines(NodeId id, const Code& numbers, const Code& squares);
  void BoundSquared(const Code& numbers, const Code& squares, Squared& result) const;
  Code CodeOfClasses(const ClassedSide& side, const std::vector<int>& codes) const;
  // distances_nearest.cc
  std::optional<ScoreTerms> ToNearestByShare(const SelectNode& select,
                                             std::optional<std::int64_t> missed);
  const Facts& facts();

  const Sops& sops_;
  const Meanings& meanings_;
  BlocksBuilder& builder_;
  FormSource& forms_;
  std::optional<Facts> facts_;  // made when first asked for
};

}  // namespace raspc
