// One elementwise operation on operands with lists of values, each combination computed once.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <variant>
#include <vector>

#include "compiler/domains/domains.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {

// Applies one operation to operand values given by their index in the operands' domains, each
// combination at most once.
class MemoizedOperation {
 public:
  MemoizedOperation(ArithmeticKind arithmetic, const MapNode& map,
                    const std::vector<const Domain*>& operands)
      : arithmetic_(arithmetic), map_(map), operands_(operands), arguments_(operands.size()) {
    std::size_t size = 1;
    for (const Domain* operand : operands) size *= std::max<std::size_t>(1, operand->values.size());
    if (size <= kMaxDense) memo_.assign(size, kUnknown);
  }

  // The result's number in `results`, or -1 where the operation fails.
  std::int32_t At(const std::vector<std::int32_t>& operand_values) {
    std::size_t key = 0;
    for (std::size_t i = 0; i < operand_values.size(); ++i) {
      // A feature that fails on every input has no values to number.
      if (operand_values[i] < 0 || operands_[i]->values.empty()) return -1;
      key = key * operands_[i]->values.size() + static_cast<std::size_t>(operand_values[i]);
    }
    if (memo_.empty()) return Compute(operand_values);
    if (memo_[key] == kUnknown) memo_[key] = Compute(operand_values);
    return memo_[key];
  }

  std::vector<Atom> results;

 private:
  static constexpr std::size_t kMaxDense = 1 << 22;
  static constexpr std::int32_t kUnknown = -2;

  std::int32_t Compute(const std::vector<std::int32_t>& operand_values) {
    for (std::size_t i = 0; i < operand_values.size(); ++i) {
      arguments_[i] = operands_[i]->values[static_cast<std::size_t>(operand_values[i])];
    }
    const OpResult result = Apply(arithmetic_, map_.op, arguments_, map_.table.get());
    const Atom* value = std::get_if<Atom>(&result);
    if (value == nullptr) return -1;
    const auto [at, is_new] =
        numbers_.try_emplace(*value, static_cast<std::int32_t>(results.size()));
    if (is_new) results.push_back(*value);
    return at->second;
  }

  ArithmeticKind arithmetic_;
  const MapNode& map_;
  std::vector<const Domain*> operands_;
  std::vector<Atom> arguments_;
  std::vector<std::int32_t> memo_;
  std::unordered_map<Atom, std::int32_t, IdentityHash, IdentityEqual> numbers_;
};

}  // namespace raspc
