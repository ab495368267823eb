// A selector as the penalties of a head: see HeadBlock in builder/blocks.h.
//
// The operands of an outermost `and` are penalised separately, and the penalties add up; each of
// the rest (an `or`, a single comparison) is one matrix of query classes by key classes
// (classed_clause.h). Its penalty takes a score dimension for each query class (its indicator,
// against the penalty of the key for it) or for each key class, or fewer where it is an equality
// (distances.h) or classes can be compared bit by bit, whichever is cheaper.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "compiler/lower/builder/blocks_builder.h"
#include "compiler/lower/functions/functions.h"
#include "compiler/lower/selectors/classed_clause.h"
#include "compiler/lower/selectors/distances.h"
#include "compiler/lower/selectors/positions.h"
#include "compiler/lower/selectors/score_terms.h"
#include "compiler/lower/selectors/selector_formula.h"
#include "compiler/lower/selectors/zero_sets.h"
#include "compiler/lower/sops/form_source.h"
#include "compiler/lower/sops/meanings.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

// How a head selects.
struct Scoring {
  Visibility visibility;
  ScoreTerms score;
};

class Selectors {
 public:
  // Keeps references.
  Selectors(const Sops& sops, const Meanings& meanings, BlocksBuilder& builder, FormSource& forms,
            Functions& functions, Formulas& formulas, const Positions& positions);

  // For a formula that is an `and` of clauses, or one; kApproximateSet where it selects at most one
  // key in each row. Throws LoweringFailure.
  const Scoring& ScoringOf(FormulaId formula, Quality quality);

 private:
  struct TermCost;
  class TermChoice;

  Scoring MakeScoring(FormulaId formula, Quality quality);
  HeadBlock::Term KeyTerm(const Formula& clause, Quality quality);
  void AddOrderBitTerms(const Formula& comparison, std::vector<HeadBlock::Term>& terms);
  std::vector<LinearForm> BitSets(NodeId id, const std::vector<int>& codes, int num_bits);
  void AddCausalTerms(std::vector<HeadBlock::Term>& terms);
  ScoreTerms BestTerms(const Formula& clause, bool is_whole, const ClassedClause& classed,
                       Quality quality);
  ScoreTerms ClassTerms(const ClassedSide& first, const ClassedSide& second,
                        const BitMatrix& matrix, Quality quality, bool swap);
  ScoreTerms BitTerms(const ClassedSide& queries, const ClassedSide& keys, const Matching& matching,
                      Quality quality);
  bool IsOneColumn(const ClassedSide& side) const;
  int LeastReady(const ClassedSide& side) const;
  static std::size_t NumPenalised(const BitMatrix& matrix);

  const Sops& sops_;
  const Meanings& meanings_;
  BlocksBuilder& builder_;
  Formulas& formulas_;
  const Positions& positions_;
  ZeroSets zero_sets_;
  Distances distances_;
  std::map<std::pair<FormulaId, Quality>, Scoring> scorings_;
};

}  // namespace raspc
