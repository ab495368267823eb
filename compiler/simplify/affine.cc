#include "compiler/simplify/affine.h"

#include <algorithm>

#include "compiler/simplify/simplify.h"

namespace raspc {
namespace {

// Times a length of 2^22, and a few of them added, this is far below 2^63.
constexpr std::int64_t kLargest = std::int64_t{1} << 36;

bool IsWithin(std::int64_t number, std::int64_t most) { return -most < number && number < most; }

bool IsSmall(const Affine& form) {
  return IsWithin(form.of_length, kLargest) && IsWithin(form.of_position, kLargest) &&
         IsWithin(form.constant, kLargest);
}

bool IsConstant(const Affine& form) { return form.of_length == 0 && form.of_position == 0; }

using Forms = std::vector<std::optional<Affine>>;

const std::optional<Affine>& At(const Forms& forms, NodeId id) {
  return forms[static_cast<std::size_t>(id.value)];
}

std::optional<Affine> OfMap(const MapNode& map, const Forms& forms) {
  const std::optional<Affine>& a = At(forms, map.operands[0]);
  if (!a) return std::nullopt;
  if (map.op == MapOp::kPlus || map.op == MapOp::kRound) return a;
  if (map.op == MapOp::kNegate) return *a * -1;
  if (map.operands.size() != 2 || !At(forms, map.operands[1])) return std::nullopt;
  const Affine& b = *At(forms, map.operands[1]);
  if (map.op == MapOp::kAdd) return *a + b;
  if (map.op == MapOp::kSubtract) return *a + b * -1;
  if (map.op != MapOp::kMultiply) return std::nullopt;
  // The product of two small numbers is small enough to be checked, and then rejected.
  constexpr std::int64_t kLargestFactor = std::int64_t{1} << 24;
  if (IsConstant(b) && IsWithin(b.constant, kLargestFactor)) return *a * b.constant;
  if (IsConstant(*a) && IsWithin(a->constant, kLargestFactor)) return b * a->constant;
  return std::nullopt;
}

}  // namespace

std::int64_t Affine::Least(std::int64_t most) const {
  const auto at = [this](std::int64_t length, std::int64_t position) {
    return of_length * length + of_position * position + constant;
  };
  return std::min({at(1, 0), at(most, 0), at(most, most - 1)});
}

Affine operator+(const Affine& a, const Affine& b) {
  return {a.of_length + b.of_length, a.of_position + b.of_position, a.constant + b.constant};
}

Affine operator*(const Affine& a, std::int64_t factor) {
  return {a.of_length * factor, a.of_position * factor, a.constant * factor};
}

std::vector<std::optional<Affine>> FindAffine(const DataflowGraph& graph, bool causal) {
  Forms forms(static_cast<std::size_t>(graph.size()));
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    std::optional<Affine>& form = forms[static_cast<std::size_t>(id.value)];
    const NodeKind& kind = graph[id].kind;
    if (std::holds_alternative<IndicesNode>(kind)) {
      form = Affine{0, 1, 0};
    } else if (const auto* constant = std::get_if<ConstantNode>(&kind)) {
      if (const auto* value = std::get_if<std::int64_t>(&constant->value)) {
        form = Affine{0, 0, *value};
      }
    } else if (const auto* width = std::get_if<WidthNode>(&kind)) {
      if (IsFullSelector(graph, width->selector)) form = causal ? Affine{0, 1, 1} : Affine{1, 0, 0};
    } else if (const auto* map = std::get_if<MapNode>(&kind)) {
      form = OfMap(*map, forms);
    }
    if (form && !IsSmall(*form)) form.reset();
  }
  return forms;
}

}  // namespace raspc
