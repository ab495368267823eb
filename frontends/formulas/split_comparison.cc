#include "frontends/formulas/split_comparison.h"

#include <algorithm>

namespace raspc {
namespace {

// The comparison with both sides exchanged, or multiplied by -1.
Comparison Mirrored(Comparison comparison) {
  switch (comparison) {
    case Comparison::kLess:
      return Comparison::kGreater;
    case Comparison::kLessEqual:
      return Comparison::kGreaterEqual;
    case Comparison::kGreater:
      return Comparison::kLess;
    case Comparison::kGreaterEqual:
      return Comparison::kLessEqual;
    default:
      return comparison;
  }
}

void AddSummands(const Sentence& formula, int id, std::int64_t coefficient,
                 std::vector<Summand>& summands) {
  const FormulaNode& node = formula[id];
  switch (node.kind) {
    case FormulaKind::kNumber:
      summands.push_back({coefficient * node.value, -1});
      return;
    case FormulaKind::kSum:
    case FormulaKind::kDifference:
      AddSummands(formula, node.first, coefficient, summands);
      AddSummands(formula, node.second, node.kind == FormulaKind::kSum ? coefficient : -coefficient,
                  summands);
      return;
    case FormulaKind::kProduct:
      for (const auto& [number, other] :
           {std::pair(node.first, node.second), std::pair(node.second, node.first)}) {
        const std::int64_t factor = formula[number].value;
        if (formula[number].kind != FormulaKind::kNumber) continue;
        // Further factors are left unchanged if they could become too large.
        if (std::abs(coefficient) > kMaxFormulaNumber) break;
        return AddSummands(formula, other, coefficient * factor, summands);
      }
      [[fallthrough]];
    default:
      summands.push_back({coefficient, id});
  }
}

}  // namespace

std::optional<SplitComparison> SplitComparison::Of(const Sentence& formula, int id,
                                                   int key_variable) {
  const FormulaNode& node = formula[id];
  std::vector<Summand> summands;
  AddSummands(formula, node.first, 1, summands);
  AddSummands(formula, node.second, -1, summands);
  SplitComparison split;
  split.comparison = node.comparison;
  std::int64_t constant = 0;
  for (const Summand& summand : summands) {
    if (summand.node < 0) {
      constant -= summand.coefficient;
      continue;
    }
    const std::vector<int>& free = formula[summand.node].free;
    const bool is_key = std::find(free.begin(), free.end(), key_variable) != free.end();
    if (is_key && free.size() > 1) return std::nullopt;
    if (is_key) {
      split.key.push_back(summand);
    } else {
      split.query.push_back({-summand.coefficient, summand.node});
    }
  }
  if (constant != 0) split.query.push_back({constant, -1});
  if (!split.key.empty() && split.key[0].coefficient < 0) {
    for (auto* side : {&split.key, &split.query}) {
      for (Summand& summand : *side) summand.coefficient = -summand.coefficient;
    }
    split.comparison = Mirrored(split.comparison);
  }
  return split;
}

}  // namespace raspc
