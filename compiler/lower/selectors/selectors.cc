#include "compiler/lower/selectors/selectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <optional>

#include "base/stop.h"
#include "compiler/lower/selectors/order_codes.h"

namespace raspc {

Selectors::Selectors(const Sops& sops, const Meanings& meanings, BlocksBuilder& builder,
                     FormSource& forms, Functions& functions, Formulas& formulas,
                     const Positions& positions)
    : sops_(sops),
      meanings_(meanings),
      builder_(builder),
      formulas_(formulas),
      positions_(positions),
      zero_sets_(sops, meanings, builder, forms, functions),
      distances_(sops, meanings, builder, forms) {}

const Scoring& Selectors::ScoringOf(FormulaId formula, Quality quality) {
  const std::pair key{formula, quality};
  if (const auto known = scorings_.find(key); known != scorings_.end()) return known->second;
  ThrowIfStopped();
  Scoring scoring = MakeScoring(formula, quality);
  const bool is_unclear = scoring.score.slack > kMaxSlack;
  if (quality == Quality::kApproximateSet &&
      (is_unclear || NumRounded(builder_, scoring.score.terms) > kMaxRoundedTerms)) {
    return ScoringOf(formula, Quality::kZeroSet);
  }
  if (is_unclear) {
    sops_.FailImprecise(formulas_.SelectorWith(formula),
                        "compares by scores whose errors are too large");
  }
  Visibility& visibility = scoring.visibility;
  visibility.SettleMask(sops_.context_length());
  if (sops_.options().causal && visibility.mask == HeadMask::kNone) {
    AddCausalTerms(scoring.score.terms);
  }
  return scorings_.emplace(key, std::move(scoring)).first->second;
}

// The penalties of the clauses, before masks.
Scoring Selectors::MakeScoring(FormulaId id, Quality quality) {
  Scoring scoring;
  scoring.visibility.mask = sops_.options().mask;
  std::vector<FormulaId> clauses{id};
  if (formulas_[id].kind == Formula::Kind::kAnd) clauses = formulas_[id].parts;
  // Clauses that compare the same s-ops form one matrix.
  std::map<std::pair<std::vector<NodeId>, std::vector<NodeId>>, FormulaId> merged;
  for (const FormulaId clause : clauses) {
    const Formula& formula = formulas_[clause];
    if (formula.bit >= 0) {
      AddOrderBitTerms(formula, scoring.score.terms);
      continue;
    }
    if (formula.kind == Formula::Kind::kKeyIn) {
      scoring.score.Append(OfIndicators(builder_, {KeyTerm(formula, quality)}));
      continue;
    }
    if (const auto hidden = positions_.HiddenOffsets(clause)) {
      scoring.visibility.Hide(*hidden);
      continue;
    }
    const std::pair sides{formulas_.NodesOf(clause, /*queries=*/true),
                          formulas_.NodesOf(clause, /*queries=*/false)};
    const auto [at, is_new] = merged.try_emplace(sides, clause);
    if (!is_new) at->second = formulas_.And(at->second, clause);
  }
  for (const auto& [sides, clause] : merged) {
    const auto classed = Classed(sops_, formulas_, positions_, clause);
    if (!classed) continue;
    const bool is_whole = clauses.size() == 1;
    scoring.score.Append(BestTerms(formulas_[clause], is_whole, *classed, quality));
  }
  return scoring;
}

// A penalty for keys whose value is not in the set.
HeadBlock::Term Selectors::KeyTerm(const Formula& clause, Quality quality) {
  std::vector<bool> others = clause.set;
  others.flip();
  const std::vector<NodeId> nodes{clause.values};
  const auto table = sops_.Tabulate(nodes);
  if (!table) sops_.FailTooLarge(clause.values, "is summed, but has too many values");
  const auto forms = zero_sets_.Of(nodes, table->values[0], {others}, quality);
  return {LinearForm::Constant(1), forms[0]};
}

// --- A clause between classes.

// What a way to score a clause costs: first the layer of the head, then its dimensions.
struct Selectors::TermCost {
  int layer = 0;
  std::size_t num_terms = 0;
  friend auto operator<=>(const TermCost&, const TermCost&) = default;
};

// The best of several ways to score one clause: ready earliest, then in the fewest dimensions. Ways
// for which the arithmetic is not precise enough are skipped.
class Selectors::TermChoice {
 public:
  explicit TermChoice(const BlocksBuilder& builder) : builder_(builder) {}

  // `make` gives terms, or nothing. It is not called if the way cannot be the best, as it costs at
  // least `least`: making terms adds MLP segments, with their bounds, for each class or bit.
  template <typename Make>
  void Consider(const TermCost& least, const Make& make) {
    if (best_ && least >= best_cost_) return;
    try {
      std::optional<ScoreTerms> made = make();
      if (!made) return;
      const TermCost cost{EarliestHeadLayer(ReadyOf(builder_, made->terms)), made->terms.size()};
      assert(cost >= least);
      if (best_ && cost >= best_cost_) return;
      best_ = std::move(made);
      best_cost_ = cost;
    } catch (const LoweringFailure& failure) {
      if (!failure.is_imprecise) throw;
      if (!failure_) failure_ = failure;
    }
  }
  bool HasWay() const { return best_.has_value(); }
  // Throws the first failure if no way works.
  ScoreTerms Best() const {
    if (!best_) throw *failure_;
    return *best_;
  }

 private:
  const BlocksBuilder& builder_;
  std::optional<ScoreTerms> best_;
  TermCost best_cost_;
  std::optional<LoweringFailure> failure_;
};

// The ways that cost the fewest dimensions are tried first; the rest only where they may do better,
// or where the matrix is small enough that it does not matter.
ScoreTerms Selectors::BestTerms(const Formula& clause, bool is_whole, const ClassedClause& classed,
                                Quality quality) {
  const ClassedSide& queries = classed.queries;
  const ClassedSide& keys = classed.keys;
  const std::size_t num_classes = std::min(queries.num_classes, keys.num_classes);
  const std::optional<Matching>& matching = classed.matching;
  const int layer = EarliestHeadLayer(std::max(LeastReady(queries), LeastReady(keys)));
  TermChoice choice(builder_);
  if (num_classes > 3 && sops_.Has(Optimization::kDistances)) {
    if (is_whole) choice.Consider({}, [&] { return distances_.ToNearest(clause, quality); });
    if (!choice.HasWay()) choice.Consider({}, [&] { return distances_.OfInts(clause, quality); });
    if (matching) {
      choice.Consider({layer, Distances::kNumTerms}, [&] {
        return distances_.OfMatching(queries, keys, *matching, quality);
      });
    }
  }
  const bool is_large = classed.matrix.IsEmpty();
  if (is_large && choice.HasWay()) return choice.Best();
  const bool has_bits = matching && (sops_.Has(Optimization::kBits) || is_large) &&
                        2 * matching->num_bits < static_cast<int>(num_classes);
  if (has_bits) {
    choice.Consider({layer, 2 * static_cast<std::size_t>(matching->num_bits)},
                    [&] { return BitTerms(queries, keys, *matching, quality); });
    return choice.Best();
  }
  const BitMatrix& matrix = classed.matrix;
  const bool both_free = IsOneColumn(queries) && IsOneColumn(keys);
  if (!both_free || queries.num_classes <= keys.num_classes) {  // a dimension for each query class
    choice.Consider({layer, NumPenalised(matrix)}, [&] {
      return ClassTerms(queries, keys, matrix, quality, /*swap=*/false);
    });
  }
  if (!both_free || queries.num_classes > keys.num_classes) {  // for each key class
    const BitMatrix by_key = matrix.Transposed();
    choice.Consider({layer, NumPenalised(by_key)}, [&] {
      return ClassTerms(keys, queries, by_key, quality, /*swap=*/true);
    });
  }
  return choice.Best();
}

// The half-step before which no set of indicators that distinguishes all classes can be ready: they
// are columns of an embedding, gathered by a head, or made by an MLP segment.
int Selectors::LeastReady(const ClassedSide& side) const {
  constexpr int kAfterFirstHeads = 1;
  constexpr int kAfterFirstMlp = 2;
  const auto first = std::find_if(side.class_of_row.begin(), side.class_of_row.end(),
                                  [](int c) { return c >= 0; });
  const bool is_one_class = std::all_of(first, side.class_of_row.end(),
                                        [&](int c) { return c < 0 || c == *first; });
  if (is_one_class || IsOneColumn(side)) return 0;
  const std::vector<Feature> features = sops_.Tabulate(side.nodes)->features;
  if (features.size() > 1) return kAfterFirstMlp;
  if (features[0].kind != Feature::Kind::kNode) return 0;
  return sops_.IsEmbeddedLookUp(features[0].node) ? kAfterFirstHeads : kAfterFirstMlp;
}

// Whether the classes are those of one embedding-only feature.
bool Selectors::IsOneColumn(const ClassedSide& side) const {
  return std::all_of(side.nodes.begin(), side.nodes.end(),
                     [&](NodeId id) { return sops_.IsEmbedded(id); }) &&
         sops_.Tabulate(side.nodes)->features.size() <= 1;
}

// How many classes, one per row, do not select everything.
std::size_t Selectors::NumPenalised(const BitMatrix& matrix) {
  std::size_t number = 0;
  for (std::size_t c = 0; c < matrix.num_rows(); ++c) {
    std::size_t num_selected = 0;
    ForEachSet(matrix.Row(c), [&](std::size_t) { ++num_selected; });
    number += num_selected < matrix.num_columns() ? 1 : 0;
  }
  return number;
}

// A term for each class of the first side: its indicator, against the penalty that the other side
// has for it.
ScoreTerms Selectors::ClassTerms(const ClassedSide& first, const ClassedSide& second,
                                 const BitMatrix& matrix, Quality quality, bool swap) {
  builder_.RequireRoomFor(matrix.num_rows());
  std::vector<std::vector<bool>> indicators, penalties;
  for (std::size_t c = 0; c < matrix.num_rows(); ++c) {
    std::vector<bool> penalty(matrix.num_columns(), true);
    ForEachSet(matrix.Row(c), [&](std::size_t selected) { penalty[selected] = false; });
    if (std::find(penalty.begin(), penalty.end(), true) == penalty.end()) continue;
    penalties.push_back(std::move(penalty));
    indicators.emplace_back(matrix.num_rows());
    indicators.back()[c] = true;
  }
  const auto of_first = zero_sets_.Of(first.nodes, first.class_of_row, indicators, quality);
  const auto of_second = zero_sets_.Of(second.nodes, second.class_of_row, penalties, quality);
  std::vector<HeadBlock::Term> terms;
  for (std::size_t i = 0; i < of_first.size(); ++i) {
    terms.push_back(swap ? HeadBlock::Term{of_second[i], of_first[i]}
                         : HeadBlock::Term{of_first[i], of_second[i]});
  }
  return OfIndicators(builder_, std::move(terms));
}

// --- Bit by bit.

// Codes differ if some bit differs: two terms for each bit, instead of one for each class.
ScoreTerms Selectors::BitTerms(const ClassedSide& queries, const ClassedSide& keys,
                               const Matching& matching, Quality quality) {
  const auto of_queries = zero_sets_.OfBits(queries.nodes, queries.class_of_row,
                                            matching.query_codes, matching.num_bits, quality);
  const auto of_keys = zero_sets_.OfBits(keys.nodes, keys.class_of_row, matching.key_codes,
                                         matching.num_bits, quality);
  std::vector<HeadBlock::Term> terms;
  for (std::size_t i = 0; i < of_queries.size(); i += 2) {
    terms.push_back({of_queries[i], of_keys[i + 1]});
    terms.push_back({of_queries[i + 1], of_keys[i]});
  }
  return OfIndicators(builder_, std::move(terms));
}

// For each bit of an s-op's code, where it is set, and where it is clear.
std::vector<LinearForm> Selectors::BitSets(NodeId id, const std::vector<int>& codes, int num_bits) {
  const std::vector<NodeId> nodes{id};
  const auto table = sops_.Tabulate(nodes);
  if (!table) sops_.FailTooLarge(id, "is compared in a selector, but has too many values");
  return zero_sets_.OfBits(nodes, table->values[0], codes, num_bits, Quality::kZeroSet);
}

// A comparison of order at one bit: equal above it, 0 there in the lower, 1 in the higher.
void Selectors::AddOrderBitTerms(const Formula& comparison, std::vector<HeadBlock::Term>& terms) {
  const auto& node = *sops_.As<SelectNode>(comparison.select);
  const OrderCodes codes = *OrderCodesOf(sops_, comparison);
  const auto of_query = BitSets(node.queries, codes.query_codes, codes.num_bits);
  const auto of_key = BitSets(node.keys, codes.key_codes, codes.num_bits);
  const auto set = [](int bit) { return static_cast<std::size_t>(2 * bit); };
  const auto clear = [](int bit) { return static_cast<std::size_t>(2 * bit + 1); };
  for (int bit = comparison.bit + 1; bit < codes.num_bits; ++bit) {
    terms.push_back({of_query[set(bit)], of_key[clear(bit)]});
    terms.push_back({of_query[clear(bit)], of_key[set(bit)]});
  }
  const LinearForm always = LinearForm::Constant(1);
  const int bit = comparison.bit;
  terms.push_back({of_query[codes.query_is_high ? clear(bit) : set(bit)], always});
  terms.push_back({always, of_key[codes.query_is_high ? set(bit) : clear(bit)]});
}

// --- Without masks.

// Keys after the query, penalised by position, for a target whose heads have no mask.
void Selectors::AddCausalTerms(std::vector<HeadBlock::Term>& terms) {
  const auto n = static_cast<std::size_t>(sops_.context_length());
  if (n * n > kMaxMatrixEntries / 4) {
    LoweringFailure failure;
    failure.diagnostic.kind = ErrorKind::kLimit;
    failure.diagnostic.message = fmt::format(
        "{} positions are too many for an encoder that excludes later ones by their scores; use "
        "--target decoder",
        n);
    throw failure;
  }
  for (std::size_t q = 0; q + 1 < n; ++q) {
    std::vector<double> is_q(n), is_later(n);
    is_q[q] = 1;
    for (std::size_t k = q + 1; k < n; ++k) is_later[k] = 1;
    terms.push_back({builder_.Embedding({}, is_q, meanings_.OfColumns({}, is_q)),
                     builder_.Embedding({}, is_later, meanings_.OfColumns({}, is_later))});
  }
}

}  // namespace raspc
