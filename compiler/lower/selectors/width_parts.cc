#include "compiler/lower/selectors/width_parts.h"

#include <algorithm>
#include <set>
#include <utility>

#include "compiler/lower/selectors/order_codes.h"

namespace raspc {
namespace {

// More would cost more heads than a matrix costs dimensions.
constexpr std::size_t kMaxAlternatives = 4;
// Where many exclude each other, and a matrix would be too large.
constexpr std::size_t kMaxExclusive = 64;
// Of more parts of an `or` it is not asked which exclude each other.
constexpr std::size_t kMaxCompared = 32;

// Whether two comparisons of the same values cannot both hold.
bool Exclude(Comparison a, bool a_negated, Comparison b, bool b_negated) {
  return (OutcomeBits(a, a_negated) & OutcomeBits(b, b_negated)) == 0;
}

}  // namespace

const std::vector<WidthPart>& WidthParts::Of(FormulaId formula) {
  if (const auto known = known_.find(formula); known != known_.end()) return known->second;
  std::vector<WidthPart> parts;
  Expand(formula, 1, parts);
  return known_.emplace(formula, std::move(parts)).first->second;
}

bool WidthParts::HasOrderByBits(FormulaId formula) {
  const auto has_bit = [&](FormulaId id) { return formulas_[id].bit >= 0; };
  return std::ranges::any_of(Of(formula), [&](const WidthPart& part) {
    return has_bit(part.formula) || std::ranges::any_of(formulas_[part.formula].parts, has_bit);
  });
}

// How many `and`s of comparisons a formula is the `or` of; if not `even_exclusive`, those that
// exclude each other count as one.
std::size_t WidthParts::NumAlternatives(FormulaId id, bool even_exclusive) const {
  const Formula& formula = formulas_[id];
  if (formula.parts.empty()) return 1;
  const bool is_and = formula.kind == Formula::Kind::kAnd;
  std::vector<FormulaId> parts = formula.parts;
  std::size_t number = is_and ? 1 : 0;
  if (!is_and && !even_exclusive) {
    parts.clear();
    for (const std::vector<FormulaId>& group : ExclusiveGroups(id)) {
      if (group.size() == 1) parts.push_back(group[0]);
      number += group.size() > 1 ? 1 : 0;
    }
  }
  for (const FormulaId part : parts) {
    const std::size_t of_part = NumAlternatives(part, even_exclusive);
    number = is_and ? std::min<std::size_t>(number * of_part, 1 << 20) : number + of_part;
  }
  return number;
}

// Whether the width of a formula is added up from those of its alternatives, if it has several.
bool WidthParts::AddsUpAlternatives(FormulaId id) const {
  const std::size_t number = NumAlternatives(id, true);
  if (number <= kMaxAlternatives + 1) return true;
  return number <= kMaxExclusive && NumAlternatives(id, false) <= kMaxAlternatives + 1 &&
         !IsMatrix(id);
}

// The parts of an `or` in groups, of which no two can both hold: by a cheap test, which may miss
// some.
std::vector<std::vector<FormulaId>> WidthParts::ExclusiveGroups(FormulaId id) const {
  std::vector<std::vector<FormulaId>> groups;
  const std::vector<FormulaId> parts = formulas_[id].parts;
  for (const FormulaId part : parts) {
    const auto excludes = [&](FormulaId other) {
      return IsNeverSelected(formulas_.And(part, other));
    };
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& others) {
      return parts.size() <= kMaxCompared && std::all_of(others.begin(), others.end(), excludes);
    });
    if (group == groups.end()) {
      groups.push_back({part});
    } else {
      group->push_back(part);
    }
  }
  return groups;
}

FormulaId WidthParts::AnyOf(std::vector<FormulaId> parts) {
  if (parts.size() == 1) return parts[0];
  Formula any;
  any.kind = Formula::Kind::kOr;
  any.parts = std::move(parts);
  return formulas_.Add(std::move(any));
}

// Whether few enough values are compared for one matrix.
bool WidthParts::IsMatrix(FormulaId id) const {
  double num_entries = 1;
  for (const bool queries : {true, false}) {
    const std::vector<NodeId> nodes = formulas_.NodesOf(id, queries);
    const auto table = sops_.Tabulate(nodes);
    if (!table) return false;
    double num_tuples = 1;
    for (const NodeId node : nodes) num_tuples *= static_cast<double>(sops_[node].values.size());
    const auto num_rows =
        table->values.empty() ? 1.0 : static_cast<double>(table->values[0].size());
    num_entries *= std::min(num_tuples, num_rows);
  }
  return num_entries <= static_cast<double>(kMaxMatrixEntries);
}

// Whether a formula reads at most one embedding-only feature on either side, so that one term
// suffices whatever the formula.
bool WidthParts::IsOneTerm(FormulaId id) const {
  for (const bool queries : {true, false}) {
    std::set<Feature> features;
    for (const NodeId node : formulas_.NodesOf(id, queries)) {
      if (!sops_.IsEmbedded(node)) return false;
      for (const Feature& feature : sops_.TableOf(node).features) features.insert(feature);
    }
    if (features.size() > 1) return false;
  }
  return true;
}

// Whether two parts of an `and` that compare the same s-ops exclude each other: a cheap test, which
// may miss some.
bool WidthParts::IsNeverSelected(FormulaId id) const {
  if (formulas_[id].kind != Formula::Kind::kAnd) return false;
  std::vector<const Formula*> comparisons;
  for (const FormulaId part : formulas_[id].parts) {
    if (formulas_[part].kind == Formula::Kind::kComparison) comparisons.push_back(&formulas_[part]);
  }
  for (const Formula* first : comparisons) {
    for (const Formula* second : comparisons) {
      const auto& a = *sops_.As<SelectNode>(first->select);
      const auto& b = *sops_.As<SelectNode>(second->select);
      if (a.keys != b.keys || a.queries != b.queries) continue;
      if (Exclude(a.op, first->negated, b.op, second->negated)) return true;
    }
  }
  return false;
}

void WidthParts::Expand(FormulaId id, double sign, std::vector<WidthPart>& parts) {
  // One part for each set of alternatives; a formula left whole is one matrix.
  if (!AddsUpAlternatives(id)) {
    parts.push_back({sign, id});
    return;
  }
  if (const auto distributed = Distributed(id)) {
    Expand(*distributed, sign, parts);
    return;
  }
  const Formula& formula = formulas_[id];
  const bool is_or = formula.kind == Formula::Kind::kOr;
  const auto groups = is_or ? ExclusiveGroups(id) : std::vector<std::vector<FormulaId>>();
  if (!is_or || IsOneTerm(id) || groups.size() > kMaxAlternatives) {
    SplitOrder(id, sign, parts);
    return;
  }
  if (groups.size() == 1) {
    for (const FormulaId part : groups[0]) Expand(part, sign, parts);
    return;
  }
  const FormulaId first = AnyOf(groups[0]);
  std::vector<FormulaId> others;
  for (std::size_t i = 1; i < groups.size(); ++i) {
    others.insert(others.end(), groups[i].begin(), groups[i].end());
  }
  const FormulaId rest = AnyOf(std::move(others));
  Expand(first, sign, parts);
  Expand(rest, sign, parts);
  const FormulaId both = formulas_.And(first, rest);
  if (!IsNeverSelected(both)) Expand(both, -sign, parts);
}

// (a or b) and c = (a and c) or (b and c); nothing if the formula is not an `and` with an `or`, or
// not better for it.
std::optional<FormulaId> WidthParts::Distributed(FormulaId id) {
  const Formula& formula = formulas_[id];
  if (formula.kind != Formula::Kind::kAnd) return std::nullopt;
  for (std::size_t i = 0; i < formula.parts.size(); ++i) {
    const Formula& either = formulas_[formula.parts[i]];
    if (either.kind != Formula::Kind::kOr || IsOneTerm(formula.parts[i])) continue;
    if (ExclusiveGroups(formula.parts[i]).size() > kMaxAlternatives) continue;
    Formula distributed;
    distributed.kind = Formula::Kind::kOr;
    for (const FormulaId alternative : either.parts) {
      FormulaId both = alternative;
      for (std::size_t j = 0; j < formula.parts.size(); ++j) {
        if (j != i) both = formulas_.And(both, formula.parts[j]);
      }
      distributed.parts.push_back(both);
    }
    return formulas_.Add(std::move(distributed));
  }
  return std::nullopt;
}

// A comparison of order between many values needs a dimension for each of them, but its width is
// the sum of the widths of "equal above bit b, 0 there in the lower, 1 in the higher", which need
// two for each bit.
void WidthParts::SplitOrder(FormulaId id, double sign, std::vector<WidthPart>& parts) {
  const bool is_and = formulas_[id].kind == Formula::Kind::kAnd;
  std::vector<FormulaId> clauses{id};
  if (is_and) clauses = formulas_[id].parts;
  for (FormulaId& clause : clauses) {
    if (!IsWorthSplitting(clause)) continue;
    Formula comparison = formulas_[clause];
    const int num_bits = OrderCodesOf(sops_, comparison)->num_bits;
    for (comparison.bit = 0; comparison.bit < num_bits; ++comparison.bit) {
      clause = formulas_.Add(comparison);
      Formula split = formulas_[id];
      split.parts = clauses;
      parts.push_back({sign, is_and ? formulas_.Add(std::move(split)) : clause});
    }
    return;
  }
  parts.push_back({sign, id});
}

bool WidthParts::IsWorthSplitting(FormulaId comparison) const {
  constexpr std::size_t kManyValues = 16;
  if (!sops_.Has(Optimization::kBits)) return false;
  if (formulas_[comparison].kind != Formula::Kind::kComparison ||
      positions_.HiddenOffsets(comparison) || positions_.IsImpliedByMask(comparison)) {
    return false;
  }
  const auto codes = OrderCodesOf(sops_, formulas_[comparison]);
  return codes && codes->num_thresholds > kManyValues;
}

}  // namespace raspc
