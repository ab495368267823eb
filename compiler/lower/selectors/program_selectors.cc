#include "compiler/lower/selectors/program_selectors.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"

namespace raspc {
namespace {

constexpr std::size_t kLongestDetail = 400;  // bytes of a formula in a detailed name

}  // namespace

FormulaId ProgramSelectors::FormulaOf(NodeId selector) {
  const auto known = of_selector_.find(selector);
  if (known != of_selector_.end()) return known->second;
  const FormulaId id = WithoutImplied(formulas_.OfSelector(selector));
  selectors_.emplace(id, selector);
  return of_selector_.emplace(selector, id).first->second;
}

// The formula without the parts of an outermost `and` that the mask implies, keeping at least one.
FormulaId ProgramSelectors::WithoutImplied(FormulaId id) {
  if (formulas_[id].kind != Formula::Kind::kAnd) return id;
  Formula rest = formulas_[id];
  std::erase_if(rest.parts, [&](FormulaId part) { return positions_.IsImpliedByMask(part); });
  if (rest.parts.empty()) return formulas_[id].parts[0];
  return rest.parts.size() > 1 ? formulas_.Add(std::move(rest)) : rest.parts[0];
}

std::string ProgramSelectors::NameOf(FormulaId id, std::size_t max_bytes) const {
  const auto known = selectors_.find(id);
  if (known != selectors_.end()) return sops_.graph().Describe(known->second);
  const Formula& formula = formulas_[id];
  switch (formula.kind) {
    case Formula::Kind::kKeyIn:
      return raspc::NameOf(
          meanings_.FunctionOf(formula.values, Code(formula.set.begin(), formula.set.end())));
    case Formula::Kind::kAnd:
    case Formula::Kind::kOr:
      break;
    default: {
      const std::string name = sops_.graph().Describe(formula.select);
      const std::string base = formula.negated ? "not " + AsOperand(name) : name;
      return formula.bit < 0 ? base : fmt::format("{} by bit {}", AsOperand(base), formula.bit);
    }
  }
  std::string text;
  for (const FormulaId part : formula.parts) {
    if (!text.empty()) text += formula.kind == Formula::Kind::kAnd ? " and " : " or ";
    const std::string name = NameOf(part, max_bytes);
    text += formulas_[part].kind == Formula::Kind::kOr ? "(" + name + ")" : name;
    if (text.size() > max_bytes) break;
  }
  return Shortened(text, max_bytes);
}

int ProgramSelectors::LineOf(FormulaId id) const {
  const auto known = selectors_.find(id);
  if (known != selectors_.end()) return meanings_.LineOf(known->second);
  const std::vector<NodeId> comparisons = formulas_.ComparisonsOf(id);
  return comparisons.empty() ? 0 : meanings_.LineOf(comparisons[0]);
}

Meanings::RowValues ProgramSelectors::WidthsOf(FormulaId id) const {
  const auto subject = [&](std::size_t max_bytes) {
    return "width " + AsOperand(NameOf(id, max_bytes));
  };
  return Meanings::CountsTo(sops_.context_length(), subject(kLongestSelector),
                            subject(kLongestDetail), LineOf(id));
}

VariableMeaning ProgramSelectors::ShareMeaning(FormulaId id) const {
  std::vector<double> shares;
  for (std::int64_t width = 0; width <= sops_.context_length(); ++width) {
    shares.push_back(1 / (1 + static_cast<double>(width)));
  }
  return Meanings::FunctionOfRows(WidthsOf(id), shares);
}

VariableMeaning ProgramSelectors::WidthMeaning(NodeId node, FormulaId id) {
  const auto* width = sops_.As<WidthNode>(node);
  const bool is_whole = width != nullptr && FormulaOf(width->selector) == id;
  std::vector<double> numbers;
  for (std::int64_t number = 0; number <= sops_.context_length(); ++number) {
    numbers.push_back(static_cast<double>(number));
  }
  return Meanings::FunctionOfRows(
      is_whole ? Meanings::CountsTo(sops_.context_length(), sops_.graph().Describe(node), "",
                                    meanings_.LineOf(node))
               : WidthsOf(id),
      numbers);
}

}  // namespace raspc
