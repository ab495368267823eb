// A selector as the penalties of a head: see HeadBlock in blocks.h.
//
// The operands of an outermost `and` are penalised separately, and the penalties add up; the rest
// (an `or`, a single comparison) is one matrix M of query classes by key classes, evaluated entry
// by entry. Positions with equal rows are one query class, positions with equal columns one key
// class. The penalty 1 - M then takes a score dimension for each query class (its indicator,
// against the penalty of the key for it) or for each key class, whichever is cheaper.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "compiler/lower/lowering.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {
namespace {

// The classes of one side of a matrix: the joint values of that side's s-ops.
struct Side {
  std::vector<NodeId> nodes;
  JointTable table;
  std::vector<std::vector<std::int32_t>> tuples;  // distinct values, [tuple][node]
  std::vector<int> tuple_of_row;                  // -1: undefined
  std::vector<int> class_of_tuple;                // once classes are merged

  std::vector<int> ClassOfRow() const {
    std::vector<int> classes;
    for (const int tuple : tuple_of_row) {
      classes.push_back(tuple < 0 ? -1 : class_of_tuple[static_cast<std::size_t>(tuple)]);
    }
    return classes;
  }
};

void FillTuples(Side& side) {
  std::map<std::vector<std::int32_t>, int> numbers;
  for (std::int64_t row = 0; row < side.table.num_rows; ++row) {
    std::vector<std::int32_t> tuple;
    bool is_defined = true;
    for (const auto& values : side.table.values) {
      tuple.push_back(values[static_cast<std::size_t>(row)]);
      is_defined = is_defined && tuple.back() >= 0;
    }
    if (!is_defined) {
      side.tuple_of_row.push_back(-1);
      continue;
    }
    const auto [at, is_new] = numbers.try_emplace(tuple, static_cast<int>(side.tuples.size()));
    if (is_new) side.tuples.push_back(tuple);
    side.tuple_of_row.push_back(at->second);
  }
}

using Matrix01 = std::vector<std::vector<bool>>;  // [query class][key class]

Matrix01 Transposed(const Matrix01& matrix) {
  Matrix01 result(matrix.empty() ? 0 : matrix[0].size(), std::vector<bool>(matrix.size()));
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    for (std::size_t j = 0; j < matrix[i].size(); ++j) result[j][i] = matrix[i][j];
  }
  return result;
}

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

// Evaluates a formula on values of both sides.
class Evaluator {
 public:
  Evaluator(const DataflowGraph& graph, const Domains& domains, const Side& queries,
            const Side& keys)
      : graph_(graph), domains_(domains), queries_(queries), keys_(keys) {}

  // An entry on which a comparison fails arises from no input; it is treated as not selected.
  bool At(const Formula& formula, const std::vector<std::int32_t>& query,
          const std::vector<std::int32_t>& key) const {
    bool fails = false;
    const bool holds = Holds(formula, [&](NodeId select) {
      const auto& node = std::get<SelectNode>(graph_[select].kind);
      const OpResult result = CompareForSelect(node.op, ValueOf(node.keys, keys_, key),
                                               ValueOf(node.queries, queries_, query));
      const Atom* value = std::get_if<Atom>(&result);
      fails = fails || value == nullptr;
      return value != nullptr && IsTrue(*value);
    });
    return holds && !fails;
  }

 private:
  const Atom& ValueOf(NodeId id, const Side& side, const std::vector<std::int32_t>& tuple) const {
    if (const auto* constant = std::get_if<ConstantNode>(&graph_[id].kind)) return constant->value;
    const auto at = std::find(side.nodes.begin(), side.nodes.end(), id) - side.nodes.begin();
    return domains_[id].values[static_cast<std::size_t>(tuple[static_cast<std::size_t>(at)])];
  }

  const DataflowGraph& graph_;
  const Domains& domains_;
  const Side& queries_;
  const Side& keys_;
};

}  // namespace

const Formula& Lowering::FormulaOf(NodeId selector) {
  auto at = formulas_.find(selector);
  if (at == formulas_.end()) {
    at = formulas_.emplace(selector, WithoutImplied(FormulaOfSelector(graph_, selector))).first;
    selectors_.emplace(KeyOf(at->second), selector);
  }
  return at->second;
}

const Lowering::Scoring& Lowering::ScoringOf(const Formula& formula, Quality quality) {
  const std::string key = KeyOf(formula) + (quality == Quality::kNearSet ? " near" : "");
  const auto known = scorings_.find(key);
  if (known != scorings_.end()) return known->second;
  Scoring scoring;
  scoring.mask = options_.mask;
  std::vector<Formula> clauses{formula};
  if (formula.kind == Formula::Kind::kAnd) clauses = formula.parts;
  // Clauses that compare the same s-ops form one matrix.
  std::map<std::pair<std::vector<NodeId>, std::vector<NodeId>>, Formula> merged;
  for (const Formula& clause : clauses) {
    if (clause.bit >= 0) {
      AddOrderBitTerms(clause, scoring.terms);
      continue;
    }
    if (clause.kind == Formula::Kind::kKeyIn) {
      scoring.terms.push_back(KeyTerm(clause, quality));
      scoring.slack += OfIndicators({scoring.terms.back()}).slack;
      continue;
    }
    if (const auto hidden = HiddenOffsets(clause)) {
      HideOffsets(*hidden, scoring);
      continue;
    }
    const std::pair sides{NodesOf(graph_, clause, true), NodesOf(graph_, clause, false)};
    const auto [at, is_new] = merged.try_emplace(sides, clause);
    if (!is_new) at->second = And(at->second, clause);
  }
  for (const auto& [sides, clause] : merged) {
    AddTerms(clause, /*is_whole=*/clauses.size() == 1, quality, scoring);
  }
  const bool is_unclear = scoring.slack > kMaxSlack;
  if (quality == Quality::kNearSet &&
      (is_unclear || NumRounded(scoring.terms) > kMaxRoundedTerms)) {
    return ScoringOf(formula, Quality::kZeroSet);
  }
  if (is_unclear) {
    std::vector<NodeId> nodes = NodesOf(graph_, formula, true);
    if (nodes.empty()) nodes = NodesOf(graph_, formula, false);
    FailImprecise(nodes.at(0), "is compared by scores that are off by too much");
  }
  SettleMask(scoring);
  if (options_.causal && scoring.mask == HeadMask::kNone) AddCausalTerm(scoring.terms);
  return scorings_.emplace(key, std::move(scoring)).first->second;
}

HeadBlock Lowering::HeadFor(const Scoring& scoring, const Formula& formula, bool bos_shares) const {
  HeadBlock head;
  head.label = SelectorName(formula, kLongestSelector);
  head.line = LineOf(formula);
  head.mask = scoring.mask;
  head.bos_shares = bos_shares;
  head.terms = scoring.terms;
  head.takes_least = scoring.takes_least;
  head.hidden_offsets = scoring.hidden_offsets;
  return head;
}

int Lowering::ReadyOfScoring(const Scoring& scoring) const {
  int ready = 0;
  for (const auto& term : scoring.terms) {
    ready = std::max({ready, ReadyOf(blocks_, term.query), ReadyOf(blocks_, term.key)});
  }
  return ready;
}

// A penalty for keys whose value is not in the set.
HeadBlock::Term Lowering::KeyTerm(const Formula& clause, Quality quality) {
  std::vector<bool> others = clause.set;
  others.flip();
  const std::vector<NodeId> nodes{clause.values};
  const auto table = Tabulate(graph_, domains_, nodes);
  if (!table) FailTooLarge(clause.values, "is added up, but has too many values");
  const auto forms = ZeroSets(nodes, table->values[0], {others}, quality);
  return {LinearForm::Constant(1), forms[0]};
}

// The best of several ways to score one clause: ready earliest, then in the fewest dimensions. Ways
// for which the arithmetic is not precise enough are skipped.
class Lowering::TermChoice {
 public:
  explicit TermChoice(const Lowering& lowering) : lowering_(lowering) {}

  // `make` gives terms, or nothing.
  template <typename Make>
  void Consider(const Make& make) {
    try {
      std::optional<Penalties> made = make();
      if (!made) return;
      int ready = 0;
      for (const auto& term : made->terms) {
        ready = std::max(
            {ready, ReadyOf(lowering_.blocks_, term.query), ReadyOf(lowering_.blocks_, term.key)});
      }
      const std::pair cost{EarliestHeadLayer(ready), made->terms.size()};
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
  Penalties Best() const {
    if (!best_) throw *failure_;
    return *best_;
  }

 private:
  const Lowering& lowering_;
  std::optional<Penalties> best_;
  std::pair<int, std::size_t> best_cost_;
  std::optional<LoweringFailure> failure_;
};

namespace {

// Classes and codes of an equality of two s-ops, without comparing each pair: values equal to one
// of the other side get the number of that value, all others form one class.
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

}  // namespace

void Lowering::AddTerms(const Formula& clause, bool is_whole, Quality quality, Scoring& scoring) {
  if (IsImpliedByMask(clause)) return;
  Side queries, keys;
  for (const bool is_query : {true, false}) {
    Side& side = is_query ? queries : keys;
    side.nodes = NodesOf(graph_, clause, is_query);
    for (const NodeId id : side.nodes) {
      if (!DomainOf(id).is_finite) {
        FailTooLarge(id, "is compared in a selector, but has more values than can be listed");
      }
    }
    auto table = Tabulate(graph_, domains_, side.nodes);
    if (!table)
      FailTooLarge(side.nodes[0],
                   "is one of several s-ops compared together that have too many values together");
    side.table = std::move(*table);
    FillTuples(side);
  }
  // The s-ops of one side are never all defined at once, so that the selector fails on every input.
  if (queries.tuples.empty() || keys.tuples.empty()) return;
  ClassedClause classed;
  if (queries.tuples.size() * keys.tuples.size() <= kMaxMatrixEntries) {
    Matrix01 matrix;
    const Evaluator evaluator(graph_, domains_, queries, keys);
    for (const auto& query : queries.tuples) {
      std::vector<bool> row;
      for (const auto& key : keys.tuples) row.push_back(evaluator.At(clause, query, key));
      matrix.push_back(std::move(row));
    }
    if (IsImpliedByMask(queries.nodes, keys.nodes, [&](std::size_t q, std::size_t k) {
          const int query = queries.tuple_of_row[std::min(q, queries.tuple_of_row.size() - 1)];
          const int key = keys.tuple_of_row[std::min(k, keys.tuple_of_row.size() - 1)];
          return query < 0 || key < 0 ||
                 matrix[static_cast<std::size_t>(query)][static_cast<std::size_t>(key)];
        })) {
      return;
    }
    matrix = MergeRows(matrix, queries.class_of_tuple);
    matrix = Transposed(MergeRows(Transposed(matrix), keys.class_of_tuple));
    classed.matching = MatchingOf(matrix);
    classed.queries.num_classes = matrix.size();
    classed.keys.num_classes = matrix[0].size();
    classed.matrix = std::move(matrix);
  } else if (IsEquality(clause)) {
    const auto values_of = [&](const Side& side) {
      std::vector<const Atom*> values;
      for (const auto& tuple : side.tuples) {
        values.push_back(&DomainOf(side.nodes[0]).values[static_cast<std::size_t>(tuple[0])]);
      }
      return values;
    };
    const EqualityClasses classes = ClassesByValue(values_of(queries), values_of(keys));
    queries.class_of_tuple = classes.of_query;
    keys.class_of_tuple = classes.of_key;
    const auto num_classes = static_cast<std::size_t>(classes.num_shared) + 1;
    classed.queries.num_classes = classed.keys.num_classes = num_classes;
    classed.matching = MatchingOfShared(classes.num_shared);
    if (num_classes * num_classes <= kMaxMatrixEntries) {
      classed.matrix.assign(num_classes, std::vector<bool>(num_classes));
      for (std::size_t c = 0; c + 1 < num_classes; ++c) classed.matrix[c][c] = true;
    }
  } else {
    FailTooLarge(queries.nodes.empty() ? keys.nodes[0] : queries.nodes[0],
                 "is compared with too many values");
  }
  classed.queries.nodes = queries.nodes;
  classed.queries.class_of_row = queries.ClassOfRow();
  classed.keys.nodes = keys.nodes;
  classed.keys.class_of_row = keys.ClassOfRow();
  const Penalties chosen = BestTerms(clause, is_whole, classed, quality);
  scoring.terms.insert(scoring.terms.end(), chosen.terms.begin(), chosen.terms.end());
  scoring.slack += chosen.slack;
  scoring.takes_least = scoring.takes_least || chosen.takes_least;
}

// The ways that cost the fewest dimensions are tried first; the rest only where they may do better,
// or where the matrix is small enough that it does not matter.
Lowering::Penalties Lowering::BestTerms(const Formula& clause, bool is_whole,
                                        const ClassedClause& classed, Quality quality) {
  const ClassedSide& queries = classed.queries;
  const ClassedSide& keys = classed.keys;
  const std::size_t num_classes = std::min(queries.num_classes, keys.num_classes);
  const std::optional<Matching>& matching = classed.matching;
  TermChoice choice(*this);
  if (num_classes > 3 && options_.optimizations.Has(Optimization::kDistances)) {
    if (is_whole) choice.Consider([&] { return NearestTerms(clause, quality); });
    if (!choice.HasWay()) choice.Consider([&] { return DistanceTerms(clause, quality); });
    if (matching) {
      choice.Consider([&] { return MatchingDistance(queries, keys, *matching, quality); });
    }
  }
  const bool is_large = classed.matrix.empty();
  if (is_large && choice.HasWay()) return choice.Best();
  const bool has_bits = matching && (options_.optimizations.Has(Optimization::kBits) || is_large) &&
                        2 * matching->num_bits < static_cast<int>(num_classes);
  if (has_bits) {
    choice.Consider([&] { return BitTerms(queries, keys, *matching, quality); });
    return choice.Best();
  }
  const auto is_free = [&](const ClassedSide& side) {
    return std::all_of(side.nodes.begin(), side.nodes.end(),
                       [&](NodeId id) { return IsFree(id); }) &&
           Tabulate(graph_, domains_, side.nodes)->features.size() <= 1;
  };
  const std::vector<std::vector<bool>>& matrix = classed.matrix;
  const bool both_free = is_free(queries) && is_free(keys);
  if (!both_free || queries.num_classes <= keys.num_classes) {  // a dimension for each query class
    choice.Consider([&] { return ClassTerms(queries, keys, matrix, quality, /*swap=*/false); });
  }
  if (!both_free || queries.num_classes > keys.num_classes) {  // for each key class
    choice.Consider(
        [&] { return ClassTerms(keys, queries, Transposed(matrix), quality, /*swap=*/true); });
  }
  return choice.Best();
}

std::size_t Lowering::NumRounded(const std::vector<HeadBlock::Term>& terms) const {
  return static_cast<std::size_t>(std::count_if(terms.begin(), terms.end(), [&](const auto& term) {
    return !BoundOf(blocks_, term.query).IsExact() || !BoundOf(blocks_, term.key).IsExact();
  }));
}

// Each product of two indicators may be off, and their errors add up.
Lowering::Penalties Lowering::OfIndicators(std::vector<HeadBlock::Term> terms) const {
  Penalties result;
  for (const HeadBlock::Term& term : terms) {
    const Bound q = BoundOf(blocks_, term.query);
    const Bound k = BoundOf(blocks_, term.key);
    result.slack += q.error * (k.max_abs + k.error) + k.error * q.max_abs;
  }
  result.terms = std::move(terms);
  return result;
}

// A term for each class of the first side: its indicator, against the penalty that the other side
// has for it.

Lowering::Penalties Lowering::ClassTerms(const ClassedSide& first, const ClassedSide& second,
                                         const std::vector<std::vector<bool>>& matrix,
                                         Quality quality, bool swap) {
  std::vector<std::vector<bool>> indicators, penalties;
  for (std::size_t c = 0; c < matrix.size(); ++c) {
    std::vector<bool> penalty;
    for (const bool selected : matrix[c]) penalty.push_back(!selected);
    if (std::find(penalty.begin(), penalty.end(), true) == penalty.end()) continue;
    penalties.push_back(std::move(penalty));
    indicators.emplace_back(matrix.size());
    indicators.back()[c] = true;
  }
  const auto of_first = ZeroSets(first.nodes, first.class_of_row, indicators, quality);
  const auto of_second = ZeroSets(second.nodes, second.class_of_row, penalties, quality);
  std::vector<HeadBlock::Term> terms;
  for (std::size_t i = 0; i < of_first.size(); ++i) {
    terms.push_back(swap ? HeadBlock::Term{of_second[i], of_first[i]}
                         : HeadBlock::Term{of_first[i], of_second[i]});
  }
  return OfIndicators(std::move(terms));
}

std::vector<LinearForm> Lowering::ZeroSets(const std::vector<NodeId>& nodes,
                                           const std::vector<int>& classes,
                                           const std::vector<std::vector<bool>>& sets,
                                           Quality quality) {
  std::vector<std::vector<double>> targets;  // [set][row]
  for (const auto& set : sets) {
    std::vector<double> target;
    for (const int c : classes) {
      target.push_back(c < 0 ? std::nan("") : set[static_cast<std::size_t>(c)] ? 1 : 0);
    }
    targets.push_back(std::move(target));
  }
  std::vector<LinearForm> forms(sets.size());
  if (sets.empty()) return forms;
  FunctionRequest request;
  request.nodes = nodes;
  request.table = *Tabulate(graph_, domains_, nodes);
  const std::vector<Feature>& features = request.table.features;
  if (features.empty()) {
    for (std::size_t i = 0; i < sets.size(); ++i) forms[i] = LinearForm::Constant(targets[i][0]);
    return forms;
  }
  if (features.size() == 1) {
    const bool is_free = features[0].kind != Feature::Kind::kNode;
    const RowValues rows = !is_free            ? RowValues{}
                           : nodes.size() == 1 ? ValuesOfRows(nodes, request.table)
                                               : FreeValues(features[0].kind);
    for (std::size_t i = 0; i < sets.size(); ++i) {
      std::vector<double> column;
      for (const double value : targets[i]) column.push_back(std::isnan(value) ? 0 : value);
      if (features[0].kind == Feature::Kind::kToken) {
        forms[i] = FreeForm(column, {}, FunctionOfRows(rows, targets[i]));
      } else if (features[0].kind == Feature::Kind::kPosition) {
        forms[i] = FreeForm({}, column, FunctionOfRows(rows, targets[i]));
      } else if (IsFreeLookUp(features[0].node)) {
        forms[i] = Real(features[0].node, column);  // 0 and 1 are gathered unchanged
      } else {
        return ComputedZeroSets(std::move(request), targets, quality);
      }
    }
    return forms;
  }
  return ComputedZeroSets(std::move(request), targets, quality);
}

// Those that no other selector has requested are made together, in one MLP segment.
std::vector<LinearForm> Lowering::ComputedZeroSets(FunctionRequest request,
                                                   const std::vector<std::vector<double>>& targets,
                                                   Quality quality) {
  const auto key_of = [&](const std::vector<double>& target) {
    std::vector<double> key;
    for (const double value : target) key.push_back(std::isnan(value) ? -1 : value);
    return std::tuple{quality, request.nodes, std::move(key)};
  };
  for (const auto& target : targets) {
    if (!zero_sets_.contains(key_of(target)) &&
        std::none_of(request.targets.begin(), request.targets.end(),
                     [&](const auto& other) { return key_of(other) == key_of(target); })) {
      request.targets.push_back(target);
    }
  }
  if (!request.targets.empty()) {
    const std::vector<LinearForm> made = Pieces(request, quality);
    for (std::size_t i = 0; i < made.size(); ++i) {
      zero_sets_.emplace(key_of(request.targets[i]), made[i]);
    }
  }
  std::vector<LinearForm> forms;
  for (const auto& target : targets) forms.push_back(zero_sets_.at(key_of(target)));
  return forms;
}

// Whether a feature is gathered from embedding-only values at the key, so that any function of it
// is one more channel.
bool Lowering::IsFreeLookUp(NodeId id) const {
  const auto* aggregate = std::get_if<AggregateNode>(&graph_[id].kind);
  return aggregate != nullptr && IsLookUp(id) && IsFree(aggregate->values);
}

}  // namespace raspc
