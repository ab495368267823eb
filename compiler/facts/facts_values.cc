// Which values occur, node by node, operands first.
#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/operations/atom_ops.h"
#include "compiler/facts/facts.h"
#include "compiler/simplify/simplify.h"

namespace raspc {

Facts::Facts(const DataflowGraph& graph, const Domains& domains,
             const std::vector<Atom>& occurring_tokens)
    : graph_(graph), domains_(domains), affine_(FindAffine(graph, domains.scope.causal)) {
  for (const Atom& token : domains.scope.vocabulary) {
    token_occurs_.push_back(
        std::any_of(occurring_tokens.begin(), occurring_tokens.end(),
                    [&](const Atom& other) { return Identical(other, token); }));
  }
  const auto size = static_cast<std::size_t>(graph.size());
  occurs_.resize(size);
  is_distinct_.resize(size);
  on_diagonal_.resize(size, Truth::kUnknown);
  at_first_.resize(size, Truth::kUnknown);
  never_empty_.resize(size);
  always_empty_.resize(size);
  at_most_one_.resize(size);
  FindDistinct();
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    if (graph.IsSelector(id)) {
      InferRows(id);
    } else if (domains[id].is_finite) {
      InferValues(id);
    }
  }
}

bool Facts::Occurs(NodeId id, std::size_t value) const {
  return occurs_[Index(id)].empty() || occurs_[Index(id)][value];
}

bool Facts::MayBe(NodeId id, AtomType type) const {
  const Domain& domain = domains_[id];
  if (!domain.is_finite) return domain.MayBe(type);
  for (std::size_t v = 0; v < domain.values.size(); ++v) {
    if (TypeOf(domain.values[v]) == type && Occurs(id, v)) return true;
  }
  return false;
}

bool Facts::MayBeNumber(NodeId id) const {
  return MayBe(id, AtomType::kInt) || MayBe(id, AtomType::kFloat) || MayBe(id, AtomType::kBool);
}

std::optional<Facts::Range> Facts::RangeOf(NodeId id) const {
  if (MayBe(id, AtomType::kString) || !MayBeNumber(id)) return std::nullopt;
  const Domain& domain = domains_[id];
  if (!domain.is_finite) {
    // Sums of floats are rounded, so they may slightly exceed the interval.
    const double slack = 1e-9 * std::max(std::abs(domain.low), std::abs(domain.high));
    return Range{domain.low - slack, domain.high + slack};
  }
  Range range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (std::size_t v = 0; v < domain.values.size(); ++v) {
    if (!Occurs(id, v)) continue;
    range.low = std::min(range.low, NumberOf(domain.values[v]));
    range.high = std::max(range.high, NumberOf(domain.values[v]));
  }
  return range;
}

bool Facts::IsLength(const Feature& feature) const {
  if (feature.kind != Feature::Kind::kNode) return false;
  const auto* width = As<WidthNode>(feature.node);
  return width != nullptr && IsFullSelector(graph_, width->selector);
}

bool Facts::AllOccur(const Feature& feature) const {
  switch (feature.kind) {
    case Feature::Kind::kToken:
      return std::find(token_occurs_.begin(), token_occurs_.end(), false) == token_occurs_.end();
    case Feature::Kind::kPosition:
      return true;
    case Feature::Kind::kNode:
      return occurs_[Index(feature.node)].empty();
  }
  return false;
}

bool Facts::DigitOccurs(const Feature& feature, std::int64_t digit) const {
  switch (feature.kind) {
    case Feature::Kind::kToken:
      return token_occurs_[static_cast<std::size_t>(digit)];
    case Feature::Kind::kPosition:
      return true;
    case Feature::Kind::kNode:
      return Occurs(feature.node, static_cast<std::size_t>(digit));
  }
  return true;
}

void Facts::ForEachRow(
    const std::vector<Feature>& features,
    const std::function<bool(std::int64_t row, const std::vector<std::int64_t>& digits)>& visit)
    const {
  std::vector<std::int64_t> sizes;
  std::int64_t num_rows = 1;
  std::size_t position_at = features.size(), length_at = features.size();
  for (std::size_t i = 0; i < features.size(); ++i) {
    sizes.push_back(domains_.SizeOf(features[i]));
    num_rows *= sizes.back();
    if (features[i].kind == Feature::Kind::kPosition) position_at = i;
    if (IsLength(features[i])) length_at = i;
  }
  const bool has_both = position_at < features.size() && length_at < features.size();
  std::vector<std::int64_t> digits(features.size(), 0);
  for (std::int64_t row = 0; row < num_rows; ++row) {
    bool occurs = true;
    for (std::size_t i = 0; occurs && i < features.size(); ++i) {
      occurs = DigitOccurs(features[i], digits[i]);
    }
    if (occurs && has_both) {
      // Causally, a query sees the positions up to its own.
      const std::int64_t position = digits[position_at];
      const std::vector<Atom>& lengths = domains_[features[length_at].node].values;
      const std::int64_t length =
          std::get<std::int64_t>(lengths[static_cast<std::size_t>(digits[length_at])]);
      occurs = domains_.scope.causal ? length == position + 1 : length > position;
    }
    if (occurs && !visit(row, digits)) return;
    for (std::size_t i = features.size(); i-- > 0;) {
      if (++digits[i] < sizes[i]) break;
      digits[i] = 0;
    }
  }
}

void Facts::InferValues(NodeId id) {
  if (const auto* aggregate = As<AggregateNode>(id)) {
    InferAggregate(id, *aggregate);
  } else if (const auto* width = As<WidthNode>(id)) {
    InferWidth(id, *width);
  } else if (As<SumNode>(id) != nullptr) {
    return;  // any sum of the values may occur
  } else {
    InferMap(id);
  }
  std::vector<bool>& occurs = occurs_[Index(id)];
  if (std::find(occurs.begin(), occurs.end(), false) == occurs.end()) occurs.clear();
}

// A single value unchanged, a mean, or the default.
void Facts::InferAggregate(NodeId id, const AggregateNode& node) {
  const Domain& domain = domains_[id];
  const Domain& from = domains_[node.values];
  const Atom missing = DefaultOf(node);
  const bool has_means = !HasAtMostOne(node.selector) && MayBeNumber(node.values);
  const bool is_positive = IsPositiveMean(node);
  std::vector<bool>& occurs = occurs_[Index(id)];
  occurs.resize(domain.values.size());
  for (std::size_t v = 0; v < domain.values.size(); ++v) {
    const Atom& value = domain.values[v];
    const int number = from.IndexOf(value);
    occurs[v] = (number >= 0 && Occurs(node.values, static_cast<std::size_t>(number))) ||
                (has_means && TypeOf(value) == AtomType::kFloat) ||
                (!IsNeverEmpty(node.selector) && Identical(value, missing));
    if (is_positive && IsNumber(value) && NumberOf(value) == 0) occurs[v] = false;
  }
}

// Such as the mean of an indicator of position 0 over rows that all contain that position, which
// programs use for counting.
bool Facts::IsPositiveMean(const AggregateNode& node) const {
  const auto range = RangeOf(node.values);
  const FunctionTable& table = domains_.TableOf(node.values);
  const auto is_position = [](const Feature& feature) {
    return feature.kind == Feature::Kind::kPosition;
  };
  const auto position = std::find_if(table.features.begin(), table.features.end(), is_position);
  if (at_first_[Index(node.selector)] != Truth::kAlways || !range || range->low < 0 ||
      position == table.features.end()) {
    return false;
  }
  const auto position_at = static_cast<std::size_t>(position - table.features.begin());
  bool is_positive = true;
  ForEachRow(table.features, [&](std::int64_t row, const std::vector<std::int64_t>& digits) {
    const std::int32_t value = table.rows[static_cast<std::size_t>(row)];
    if (digits[position_at] > 0 || value < 0) return true;
    // Not so small that its mean with zeros is rounded to zero.
    is_positive = NumberOf(domains_[node.values].values[static_cast<std::size_t>(value)]) > 1e-290;
    return is_positive;
  });
  return is_positive;
}

void Facts::InferWidth(NodeId id, const WidthNode& node) {
  const Domain& domain = domains_[id];
  std::vector<bool>& occurs = occurs_[Index(id)];
  occurs.assign(domain.values.size(), true);
  const bool is_never_empty = IsNeverEmpty(node.selector);
  const bool has_at_most_one = HasAtMostOne(node.selector);
  for (std::size_t v = 0; v < occurs.size(); ++v) {
    const std::int64_t width = std::get<std::int64_t>(domain.values[v]);
    occurs[v] = !(is_never_empty && width == 0) && !(has_at_most_one && width > 1);
  }
}

// Also for tokens, indices and constants, which have tables as well.
void Facts::InferMap(NodeId id) {
  const FunctionTable& table = domains_.TableOf(id);
  if (table.rows.empty()) return;  // a range of ints
  const bool all_occur = std::all_of(table.features.begin(), table.features.end(),
                                     [&](const Feature& feature) { return AllOccur(feature); });
  const bool has_length = std::any_of(table.features.begin(), table.features.end(),
                                      [&](const Feature& feature) { return IsLength(feature); });
  if (all_occur && !has_length) return;
  std::vector<bool>& occurs = occurs_[Index(id)];
  occurs.resize(domains_[id].values.size());
  ForEachRow(table.features, [&](std::int64_t row, const std::vector<std::int64_t>&) {
    const std::int32_t value = table.rows[static_cast<std::size_t>(row)];
    if (value >= 0) occurs[static_cast<std::size_t>(value)] = true;
    return true;
  });
}

}  // namespace raspc
