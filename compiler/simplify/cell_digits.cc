#include "compiler/simplify/cell_digits.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

namespace raspc {
namespace {

// Of a digit. More take fewer layers, as each digit is found after the one before it, and fewer
// heads where an order is counted, but indicators of more values.
constexpr int kDigitBits = 3;

// For all digits but the last of a comparison.
Comparison Strict(Comparison op) {
  switch (op) {
    case Comparison::kLessEqual:
      return Comparison::kLess;
    case Comparison::kGreaterEqual:
      return Comparison::kGreater;
    default:
      return op;
  }
}

// How many bits each digit has, the most significant first.
std::vector<int> BitsOfDigits(const Cells& cells) {
  const int num_bits =
      std::max(1, static_cast<int>(std::bit_width(static_cast<std::uint64_t>(cells.count - 1))));
  const int num_digits = (num_bits + kDigitBits - 1) / kDigitBits;
  std::vector<int> bits;
  for (int i = 0; i < num_digits; ++i) {
    bits.push_back(num_bits / num_digits + (i < num_bits % num_digits ? 1 : 0));
  }
  return bits;
}

}  // namespace

std::vector<NodeId> CellDigits::DigitsOf(NodeId id, const Cells& cells) {
  const std::vector<int> bits = BitsOfDigits(cells);
  int bits_below = 0;
  for (const int own : bits) bits_below += own;
  std::vector<NodeId> digits;
  NodeId before = rewritten_.AddHelper(id, ConstantNode{Atom(std::int64_t{0})});
  for (std::size_t i = 0; i < bits.size(); ++i) {
    bits_below -= bits[i];
    const CellDigit digit{cells.start, std::ldexp(cells.width, bits_below),
                          std::int64_t{1} << bits[i], cells.distance};
    const std::string name =
        fmt::format("digit {} of {}", i + 1, rewritten_.graph().Describe(rewritten_.NewIdOf(id)));
    before = rewritten_.AddHelper(id,
                                  MapNode{MapOp::kDigit,
                                          {rewritten_.NewIdOf(id), before},
                                          std::make_shared<MapTable>(TableOf(digit))},
                                  name);
    digits.push_back(before);
  }
  return digits;
}

NodeId CellDigits::Combined(NodeId origin, SelectorOp op, std::vector<NodeId> parts) {
  NodeId combined = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) {
    combined = rewritten_.AddHelper(origin, SelectorLogicNode{op, {combined, parts[i]}});
  }
  return combined;
}

NodeId CellDigits::ByDigits(NodeId origin, const SelectNode& select, Comparison op,
                            const Cells& cells) {
  const std::vector<NodeId> keys = DigitsOf(select.keys, cells);
  const std::vector<NodeId> queries = DigitsOf(select.queries, cells);
  const auto compared = [&](std::size_t i, Comparison by) {
    return rewritten_.AddHelper(origin, SelectNode{by, keys[i], queries[i]});
  };
  const std::size_t last = keys.size() - 1;
  std::vector<NodeId> equal, alternatives;
  for (std::size_t i = 0; i <= last; ++i) {
    std::vector<NodeId> parts = equal;
    parts.push_back(compared(i, i == last ? op : Strict(op)));
    alternatives.push_back(Combined(origin, SelectorOp::kAnd, parts));
    if (i < last) equal.push_back(compared(i, Comparison::kEqual));
  }
  if (op == Comparison::kEqual) return alternatives.back();
  return Combined(origin, SelectorOp::kOr, alternatives);
}

// How many keys compare with the query as `op` says.
NodeId CellDigits::RankOf(NodeId origin, const SelectNode& select, Comparison op,
                          const Cells& cells) {
  return rewritten_.AddHelper(origin, WidthNode{ByDigits(origin, select, op, cells)});
}

NodeId CellDigits::ByRanks(NodeId origin, const SelectNode& select, Comparison op,
                           const Cells& cells) {
  const SelectNode among_keys{Comparison::kLess, select.keys, select.keys};
  const NodeId keys = RankOf(origin, among_keys, Comparison::kLess, cells);
  const auto compared = [&](Comparison by, NodeId queries) {
    return rewritten_.AddHelper(origin, SelectNode{by, keys, queries});
  };
  if (select.keys == select.queries) return compared(op, keys);
  const NodeId less = RankOf(origin, select, Comparison::kLess, cells);
  if (op == Comparison::kLess || op == Comparison::kGreaterEqual) return compared(op, less);
  // Of keys that are not greater than the query there are as many, unless some are equal.
  const NodeId not_greater = RankOf(origin, select, Comparison::kLessEqual, cells);
  if (op == Comparison::kLessEqual) return compared(Comparison::kLess, not_greater);
  if (op == Comparison::kGreater) return compared(Comparison::kGreaterEqual, not_greater);
  const NodeId has_equal =
      rewritten_.AddHelper(origin, MapNode{MapOp::kLess, {less, not_greater}, nullptr});
  const NodeId none = rewritten_.AddHelper(origin, ConstantNode{Atom(std::int64_t{-1})});
  return compared(
      op, rewritten_.AddHelper(origin, MapNode{MapOp::kChoose, {has_equal, less, none}, nullptr}));
}

}  // namespace raspc
