// Selection by position: masks and relative biases where the architecture has them, else penalties.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/lower/lowering.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {
// How far an s-op is from `indices`, if it is indices plus a constant.
std::optional<std::int64_t> Lowering::ShiftOfIndices(NodeId id) const {
  if (!IsFree(id) || FreeFeatureOf(id) == nullptr ||
      FreeFeatureOf(id)->kind != Feature::Kind::kPosition) {
    return std::nullopt;
  }
  std::optional<std::int64_t> shift;
  const std::vector<std::int32_t>& rows = domains_.TableOf(id).rows;
  for (std::size_t index = 0; index < rows.size(); ++index) {
    if (rows[index] < 0) return std::nullopt;
    const Atom& value = DomainOf(id).values[static_cast<std::size_t>(rows[index])];
    if (TypeOf(value) != AtomType::kInt) return std::nullopt;
    const std::int64_t own = std::get<std::int64_t>(value) - static_cast<std::int64_t>(index);
    if (shift && *shift != own) return std::nullopt;
    shift = own;
  }
  return shift;
}

// Which offsets k - q a clause excludes, if it depends on nothing else and the target allows
// biases.
std::optional<std::vector<bool>> Lowering::HiddenOffsets(const Formula& clause) const {
  if (!options_.relative_positions || !options_.optimizations.Has(Optimization::kMasks))
    return std::nullopt;
  std::map<NodeId, std::int64_t> shifts;  // of a comparison: key - query = k - q + shift
  for (const NodeId select : ComparisonsOf(clause)) {
    const auto& node = std::get<SelectNode>(graph_[select].kind);
    const auto of_key = ShiftOfIndices(node.keys);
    const auto of_query = ShiftOfIndices(node.queries);
    if (!of_key || !of_query) return std::nullopt;
    shifts[select] = *of_key - *of_query;
  }
  const std::int64_t n = domains_.scope.context_length;
  std::vector<bool> hidden;
  for (std::int64_t offset = 1 - n; offset < n; ++offset) {
    hidden.push_back(!Holds(clause, [&](NodeId select) {
      const std::int64_t difference = offset + shifts.at(select);
      const int outcome = difference < 0 ? 1 : difference == 0 ? 2 : 4;
      return (OutcomeBits(std::get<SelectNode>(graph_[select].kind).op, false) & outcome) != 0;
    }));
  }
  return hidden;
}

void Lowering::HideOffsets(const std::vector<bool>& hidden, Scoring& scoring) const {
  if (scoring.hidden_offsets.empty()) scoring.hidden_offsets.resize(hidden.size());
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    if (hidden[i]) scoring.hidden_offsets[i] = true;
  }
}

// Uses a mask for what a mask can hide, and drops the biases if nothing is left for them to do.
void Lowering::SettleMask(Scoring& scoring) const {
  if (scoring.hidden_offsets.empty()) return;
  const auto n = static_cast<std::size_t>(domains_.scope.context_length);
  const auto begin = scoring.hidden_offsets.begin();
  const auto all_hidden_from = [&](std::size_t first) {
    return std::find(begin + static_cast<std::ptrdiff_t>(first), scoring.hidden_offsets.end(),
                     false) == scoring.hidden_offsets.end();
  };
  if (all_hidden_from(n - 1)) {
    scoring.mask = HeadMask::kStrictlyCausal;
  } else if (all_hidden_from(n)) {
    scoring.mask = HeadMask::kCausal;
  }
  const std::size_t num_visible = scoring.mask == HeadMask::kStrictlyCausal ? n - 1
                                  : scoring.mask == HeadMask::kCausal       ? n
                                                                            : 2 * n - 1;
  const auto end = begin + static_cast<std::ptrdiff_t>(num_visible);
  if (std::find(begin, end, true) == end) scoring.hidden_offsets.clear();
}

// Keys after the query, penalised by position, for a target whose heads have no mask.
void Lowering::AddCausalTerm(std::vector<HeadBlock::Term>& terms) {
  const auto n = static_cast<std::size_t>(domains_.scope.context_length);
  if (n * n > kMaxMatrixEntries / 4) {
    LoweringFailure failure;
    failure.diagnostic.kind = ErrorKind::kLimit;
    failure.diagnostic.message = fmt::format(
        "{} positions are too many for an encoder that hides later ones by their scores; use "
        "--target decoder",
        n);
    throw failure;
  }
  for (std::size_t q = 0; q + 1 < n; ++q) {
    std::vector<double> is_q(n), is_later(n);
    is_q[q] = 1;
    for (std::size_t k = q + 1; k < n; ++k) is_later[k] = 1;
    terms.push_back({FreeForm({}, is_q, FreeMeaning({}, is_q)),
                     FreeForm({}, is_later, FreeMeaning({}, is_later))});
  }
}

// The value of an s-op at each position, if it depends only on that, or on nothing, and never
// fails; else nothing.
std::vector<const Atom*> Lowering::ValuesByPosition(NodeId id) const {
  if (!IsFree(id)) return {};
  const Feature* feature = FreeFeatureOf(id);
  if (feature != nullptr && feature->kind != Feature::Kind::kPosition) return {};
  const std::vector<std::int32_t>& rows = domains_.TableOf(id).rows;
  std::vector<const Atom*> values;
  for (std::int64_t i = 0; i < domains_.scope.context_length; ++i) {
    const std::int32_t row = rows[feature == nullptr ? 0 : static_cast<std::size_t>(i)];
    if (row < 0) return {};
    values.push_back(&DomainOf(id).values[static_cast<std::size_t>(row)]);
  }
  return values;
}

namespace {

// Whether every key up to each position compares with the query there as `outcomes` allow: less,
// equal and greater are the bits 1, 2 and 4. Only the least and the greatest key so far matter.
bool AllUpToEach(int outcomes, const std::vector<const Atom*>& keys,
                 const std::vector<const Atom*>& queries) {
  constexpr int kUnequal = 5;
  if (outcomes == kUnequal) return false;  // would need to check all of them
  const auto allows = [&](const Atom& key, const Atom& query) {
    const auto order = CompareAtoms(key, query);
    return order && (outcomes & (*order < 0 ? 1 : *order == 0 ? 2 : 4)) != 0;
  };
  const Atom* least = keys[0];
  const Atom* greatest = keys[0];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (IsNumber(*keys[i]) != IsNumber(*keys[0])) return false;
    if (LookUpLess(*keys[i], *least)) least = keys[i];
    if (LookUpLess(*greatest, *keys[i])) greatest = keys[i];
    if (!allows(*least, *queries[i]) || !allows(*greatest, *queries[i])) return false;
  }
  return true;
}

}  // namespace

// Whether a clause that compares positions holds wherever the mask lets a key through, found in one
// pass over them; may miss some.
bool Lowering::IsImpliedByMask(const Formula& clause) const {
  if (!options_.causal) return false;
  const auto is_implied = [&](const Formula& part) { return IsImpliedByMask(part); };
  if (clause.kind == Formula::Kind::kAnd) {
    return std::all_of(clause.parts.begin(), clause.parts.end(), is_implied);
  }
  if (clause.kind == Formula::Kind::kOr) {
    return std::any_of(clause.parts.begin(), clause.parts.end(), is_implied);
  }
  if (clause.kind != Formula::Kind::kComparison || clause.bit >= 0) return false;
  const auto& select = std::get<SelectNode>(graph_[clause.select].kind);
  const auto keys = ValuesByPosition(select.keys);
  const auto queries = ValuesByPosition(select.queries);
  return !keys.empty() && !queries.empty() &&
         AllUpToEach(OutcomeBits(select.op, clause.negated), keys, queries);
}

// The formula without the parts of an outermost `and` that the mask implies, keeping at least one.
Formula Lowering::WithoutImplied(const Formula& formula) const {
  if (formula.kind != Formula::Kind::kAnd) return formula;
  Formula rest = formula;
  std::erase_if(rest.parts, [&](const Formula& part) { return IsImpliedByMask(part); });
  if (rest.parts.empty()) return formula.parts[0];
  if (rest.parts.size() > 1) return rest;
  Formula only = std::move(rest.parts[0]);
  return only;
}

// The same for any clause on positions, by checking all pairs if they are few enough.
bool Lowering::IsImpliedByMask(const std::vector<NodeId>& queries, const std::vector<NodeId>& keys,
                               const std::function<bool(std::size_t, std::size_t)>& at) const {
  if (!options_.causal) return false;
  for (const std::vector<NodeId>* side : {&queries, &keys}) {
    for (const NodeId id : *side) {
      if (!IsFree(id) || FreeFeatureOf(id)->kind != Feature::Kind::kPosition) return false;
    }
  }
  const auto n = static_cast<std::size_t>(domains_.scope.context_length);
  if (n * n > kMaxMatrixEntries) return false;  // too many to check
  for (std::size_t q = 0; q < n; ++q) {
    for (std::size_t k = 0; k <= q; ++k) {
      if (!at(q, k)) return false;
    }
  }
  return true;
}

}  // namespace raspc
