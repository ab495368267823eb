// How many positions the rows of a selector have: at least one, or at most one.
#include <algorithm>
#include <cmath>

#include "compiler/operations/atom_ops.h"
#include "compiler/facts/facts.h"

namespace raspc {

// The domains record it for the selectors with such keys, whatever the query.
void Facts::FindDistinct() {
  for (NodeId id{0}; id.value < graph_.size(); ++id.value) {
    const SelectNode* select = AsEquality(id);
    if (select != nullptr && domains_.at_most_one[Index(id)]) {
      is_distinct_[Index(select->keys)] = true;
    }
  }
}

void Facts::InferRows(NodeId id) {
  const auto* logic = As<SelectorLogicNode>(id);
  const auto* select = As<SelectNode>(id);
  at_most_one_[Index(id)] = domains_.at_most_one[Index(id)];
  if (select != nullptr) {
    InferEntries(id, *select);
  } else {
    InferEntries(id, *logic);
  }
  if (always_empty_[Index(id)]) at_most_one_[Index(id)] = true;
  // The query's own position and the first are among the keys, also causally.
  bool never_empty =
      on_diagonal_[Index(id)] == Truth::kAlways || at_first_[Index(id)] == Truth::kAlways;
  if (select != nullptr) {
    never_empty = never_empty || FindsItsKey(*select);
    const bool is_marked = select->op == Comparison::kEqual &&
                           IsConstant(select->queries, Atom(true)) &&
                           AsFirstInstance(select->keys).has_value();
    if (is_marked) {
      at_most_one_[Index(id)] = true;
      // The first of some positions exists if any does. Causally, it may come later.
      never_empty = never_empty || (!domains_.scope.causal && IsSomewhereTrue(select->keys));
    }
  } else if (logic->op == SelectorOp::kOr) {
    never_empty = never_empty || std::any_of(logic->operands.begin(), logic->operands.end(),
                                             [&](NodeId part) { return IsNeverEmpty(part); });
  } else if (logic->op == SelectorOp::kAnd) {
    at_most_one_[Index(id)] = at_most_one_[Index(id)] ||
                              std::any_of(logic->operands.begin(), logic->operands.end(),
                                          [&](NodeId part) { return HasAtMostOne(part); });
  }
  never_empty_[Index(id)] = never_empty;
}

void Facts::InferEntries(NodeId id, const SelectNode& node) {
  const Truth anywhere = ComparePairs(node);
  always_empty_[Index(id)] = anywhere == Truth::kNever;
  if (anywhere != Truth::kUnknown) {
    at_first_[Index(id)] = on_diagonal_[Index(id)] = anywhere;
    return;
  }
  const std::optional<Affine>& key = affine_[Index(node.keys)];
  const std::optional<Affine>& query = affine_[Index(node.queries)];
  std::optional<Affine> first_key = key;
  if (first_key) first_key->of_position = 0;
  at_first_[Index(id)] = Compare(node.op, first_key, query, node.keys, node.queries);
  if (node.keys == node.queries) {
    // Whatever the value is, it equals itself.
    on_diagonal_[Index(id)] = Compare(node.op, Affine{}, Affine{}, node.keys, node.queries);
  } else {
    on_diagonal_[Index(id)] = Compare(node.op, key, query, node.keys, node.queries);
  }
}

void Facts::InferEntries(NodeId id, const SelectorLogicNode& node) {
  const auto is_empty = [&](NodeId part) { return always_empty_[Index(part)]; };
  always_empty_[Index(id)] = (node.op == SelectorOp::kAnd &&
                              std::any_of(node.operands.begin(), node.operands.end(), is_empty)) ||
                             (node.op == SelectorOp::kOr &&
                              std::all_of(node.operands.begin(), node.operands.end(), is_empty));
  for (std::vector<Truth>* entries : {&on_diagonal_, &at_first_}) {
    const auto of = [&](NodeId part) { return (*entries)[Index(part)]; };
    if (node.op == SelectorOp::kNot) {
      const Truth part = of(node.operands[0]);
      (*entries)[Index(id)] = part == Truth::kUnknown  ? Truth::kUnknown
                              : part == Truth::kAlways ? Truth::kNever
                                                       : Truth::kAlways;
      continue;
    }
    // One operand suffices, or else all of them are needed.
    const bool is_and = node.op == SelectorOp::kAnd;
    const Truth settling = is_and ? Truth::kNever : Truth::kAlways;
    const Truth other = is_and ? Truth::kAlways : Truth::kNever;
    const auto all = [&](Truth truth) {
      return std::all_of(node.operands.begin(), node.operands.end(),
                         [&](NodeId part) { return of(part) == truth; });
    };
    const bool is_settled = std::any_of(node.operands.begin(), node.operands.end(),
                                        [&](NodeId part) { return of(part) == settling; });
    (*entries)[Index(id)] = is_settled ? settling : all(other) ? other : Truth::kUnknown;
  }
}

// What holds for any key and any query, where these have few values.
Facts::Truth Facts::ComparePairs(const SelectNode& node) const {
  constexpr std::size_t kMaxPairs = 4096;
  const Domain& keys = domains_[node.keys];
  const Domain& queries = domains_[node.queries];
  if (!keys.is_finite || !queries.is_finite ||
      keys.values.size() * queries.values.size() > kMaxPairs) {
    return Truth::kUnknown;
  }
  bool always = true, never = true;
  for (std::size_t k = 0; k < keys.values.size(); ++k) {
    for (std::size_t q = 0; q < queries.values.size(); ++q) {
      if (!Occurs(node.keys, k) || !Occurs(node.queries, q)) continue;
      const OpResult holds = CompareForSelect(node.op, keys.values[k], queries.values[q]);
      const Atom* value = std::get_if<Atom>(&holds);
      if (value == nullptr) continue;  // then the selector has no rows
      always = always && IsTrue(*value);
      never = never && !IsTrue(*value);
      if (!always && !never) return Truth::kUnknown;
    }
  }
  return never ? Truth::kNever : Truth::kAlways;
}

// By the range of key - query: as linear functions at one position, else from their separate
// ranges.
Facts::Truth Facts::Compare(Comparison op, const std::optional<Affine>& key,
                            const std::optional<Affine>& query, NodeId keys, NodeId queries) const {
  Range difference{-std::numeric_limits<double>::infinity(),
                   std::numeric_limits<double>::infinity()};
  if (key && query) {
    const std::int64_t most = domains_.scope.context_length;
    difference.low = static_cast<double>((*key + *query * -1).Least(most));
    difference.high = -static_cast<double>((*query + *key * -1).Least(most));
  } else if (const auto of_key = RangeOf(keys), of_query = RangeOf(queries); of_key && of_query) {
    difference = {of_key->low - of_query->high, of_key->high - of_query->low};
  }
  const auto truth = [](bool always, bool never) {
    return always ? Truth::kAlways : never ? Truth::kNever : Truth::kUnknown;
  };
  const bool is_equal = difference.low == 0 && difference.high == 0;
  const bool is_unequal = difference.low > 0 || difference.high < 0;
  switch (op) {
    case Comparison::kEqual:
      return truth(is_equal, is_unequal);
    case Comparison::kNotEqual:
      return truth(is_unequal, is_equal);
    case Comparison::kLess:
      return truth(difference.high < 0, difference.low >= 0);
    case Comparison::kLessEqual:
      return truth(difference.high <= 0, difference.low > 0);
    case Comparison::kGreater:
      return truth(difference.low > 0, difference.high <= 0);
    case Comparison::kGreaterEqual:
      return truth(difference.low >= 0, difference.high < 0);
  }
  return Truth::kUnknown;
}

namespace {

// The last position that a query sees. Causally that is its own.
Affine LastKey(bool causal) { return causal ? Affine{0, 1, 0} : Affine{1, 0, -1}; }

}  // namespace

// For an equality whose keys run through all ints from the lowest to that plus the last position,
// // each once: the lowest. Else nothing.
std::optional<Affine> Facts::LowestKey(const SelectNode& node) const {
  if (node.op != Comparison::kEqual) return std::nullopt;
  const bool causal = domains_.scope.causal;
  if (const std::optional<Affine>& key = affine_[Index(node.keys)]) {
    if (key->of_position != 1 && key->of_position != -1) return std::nullopt;
    const Affine low{key->of_length, 0, key->constant};
    return key->of_position == 1 ? low : low + LastKey(causal) * -1;
  }
  // The numbers from 0 to the last position in some order.
  const bool is_rank = !causal && is_distinct_[Index(node.keys)] && CountsOthers(node.keys);
  return is_rank ? std::optional(Affine{}) : std::nullopt;
}

// A width is at most the number of positions: one more than the last of them.
std::optional<std::int64_t> Facts::OnlyMissedQuery(NodeId selector) const {
  const auto* select = As<SelectNode>(selector);
  const auto low = select != nullptr ? LowestKey(*select) : std::nullopt;
  const bool is_positive = low == Affine{0, 0, 1};
  return is_positive && As<WidthNode>(select->queries) != nullptr ? std::optional<std::int64_t>(0)
                                                                  : std::nullopt;
}

// Whether some key equals the query, because the keys run through all ints from the smallest to the
// // largest and the query is one of them.
bool Facts::FindsItsKey(const SelectNode& node) const {
  const std::int64_t most = domains_.scope.context_length;
  const Affine last = LastKey(domains_.scope.causal);
  const auto lowest = LowestKey(node);
  if (!lowest) return false;
  const Affine low = *lowest;
  if (const std::optional<Affine>& query = affine_[Index(node.queries)]) {
    return (*query + low * -1).Least(most) >= 0 && (low + last + *query * -1).Least(most) >= 0;
  }
  if (low.of_length != 0 || low.of_position != 0) return false;
  return (low == Affine{} && CountsOthers(node.queries)) ||
         IsAlwaysInTable(node.queries, low.constant);
}

// Whether the s-op counts positions that a query sees, but not its own: it is less than their
// number.
bool Facts::CountsOthers(NodeId id) const {
  const auto* width = As<WidthNode>(id);
  return width != nullptr && on_diagonal_[Index(width->selector)] == Truth::kNever;
}

// Whether by its table the s-op is one of the ints low, low + 1, … up to low + the last position
// that // the query certainly sees.
bool Facts::IsAlwaysInTable(NodeId id, std::int64_t low) const {
  const FunctionTable& table = domains_.TableOf(id);
  if (table.rows.empty()) return false;
  bool is_in = true;
  ForEachRow(table.features, [&](std::int64_t row, const std::vector<std::int64_t>& digits) {
    std::int64_t last = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
      const Feature& feature = table.features[i];
      if (feature.kind == Feature::Kind::kPosition) last = std::max(last, digits[i]);
      if (IsLength(feature) && !domains_.scope.causal) last = std::max(last, digits[i] - 1);
    }
    const std::int32_t value = table.rows[static_cast<std::size_t>(row)];
    if (value < 0) return true;
    const Atom& atom = domains_[id].values[static_cast<std::size_t>(value)];
    is_in = IsNumber(atom) && NumberOf(atom) == std::floor(NumberOf(atom)) &&
            NumberOf(atom) >= static_cast<double>(low) &&
            NumberOf(atom) <= static_cast<double>(low + last);
    return is_in;
  });
  return is_in;
}

const SelectNode* Facts::AsEquality(NodeId id) const {
  const auto* select = As<SelectNode>(id);
  return select != nullptr && select->op == Comparison::kEqual ? select : nullptr;
}

// An order of the positions. Causally only those that look back distinguish positions.
bool Facts::IsOrder(NodeId id) const {
  const auto* select = As<SelectNode>(id);
  if (select == nullptr || select->keys != select->queries ||
      affine_[Index(select->keys)] != Affine{0, 1, 0}) {
    return false;
  }
  const bool looks_back = select->op == Comparison::kLess || select->op == Comparison::kLessEqual;
  const bool looks_ahead =
      select->op == Comparison::kGreater || select->op == Comparison::kGreaterEqual;
  return looks_back || (looks_ahead && !domains_.scope.causal);
}

bool Facts::IsConstant(NodeId id, const Atom& value) const {
  const auto* constant = As<ConstantNode>(id);
  return constant != nullptr && Identical(constant->value, value);
}

// The selector s of aggregate(s, 1, 0) > 0.
std::optional<NodeId> Facts::AsHasFocus(NodeId id) const {
  const auto* greater = As<MapNode>(id);
  if (greater == nullptr || greater->op != MapOp::kGreater) return std::nullopt;
  const Atom zero = std::int64_t{0}, one = std::int64_t{1};
  const auto* share = As<AggregateNode>(greater->operands[0]);
  if (share == nullptr || !IsConstant(greater->operands[1], zero) ||
      !IsConstant(share->values, one) || !Identical(share->default_value.value_or(zero), zero)) {
    return std::nullopt;
  }
  return share->selector;
}

// The equality x == v of an indicator `x == v and not has_focus(select(x, v, ==) and earlier)`,
// where // `earlier` orders the positions strictly. Of two positions where x is v, one has the
// other before // it, so the indicator holds at only one.
std::optional<NodeId> Facts::AsFirstInstance(NodeId id) const {
  const auto* both = As<MapNode>(id);
  if (both == nullptr || both->op != MapOp::kAnd) return std::nullopt;
  const auto* equal = As<MapNode>(both->operands[0]);
  const auto* no_other = As<MapNode>(both->operands[1]);
  if (equal == nullptr || equal->op != MapOp::kEqual || no_other == nullptr ||
      no_other->op != MapOp::kNot) {
    return std::nullopt;
  }
  const auto others = AsHasFocus(no_other->operands[0]);
  const auto* logic = others ? As<SelectorLogicNode>(*others) : nullptr;
  if (logic == nullptr || logic->op != SelectorOp::kAnd || logic->operands.size() != 2) {
    return std::nullopt;
  }
  const SelectNode* same = AsEquality(logic->operands[0]);
  const bool is_same = same != nullptr && same->keys == equal->operands[0] &&
                       same->queries == equal->operands[1] &&
                       As<ConstantNode>(same->queries) != nullptr;
  const bool is_strict =
      IsOrder(logic->operands[1]) && on_diagonal_[Index(logic->operands[1])] == Truth::kNever;
  return is_same && is_strict ? std::optional(both->operands[0]) : std::nullopt;
}

// Whether an s-op is true at some position of every input if all keys are visible: at one that no
// // other exceeds, or at the first such position.
bool Facts::IsSomewhereTrue(NodeId id) const {
  if (const auto equal = AsFirstInstance(id)) return IsSomewhereTrue(*equal);
  const auto* map = As<MapNode>(id);
  if (map == nullptr) return false;
  if (map->op == MapOp::kEqual && IsConstant(map->operands[1], Atom(true))) {
    return IsSomewhereTrue(map->operands[0]);
  }
  const auto exceeding = map->op == MapOp::kNot ? AsHasFocus(map->operands[0]) : std::nullopt;
  const auto* select = exceeding ? As<SelectNode>(*exceeding) : nullptr;
  return select != nullptr && select->keys == select->queries &&
         (select->op == Comparison::kLess || select->op == Comparison::kGreater);
}

}  // namespace raspc
