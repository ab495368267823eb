#include "compiler/lower/selectors/selector_formula.h"

#include <algorithm>
#include <array>

namespace raspc {

FormulaId Formulas::Add(Formula formula) {
  const FormulaId next{static_cast<std::int32_t>(formulas_.size())};
  const auto [at, is_new] = ids_.try_emplace(std::move(formula), next);
  if (is_new) formulas_.push_back(&at->first);
  return at->second;
}

// --- Formulas of selectors.

FormulaId Formulas::OfSelector(NodeId selector, bool negated) {
  const std::pair key{selector, negated};
  if (const auto known = of_selectors_.find(key); known != of_selectors_.end()) {
    return known->second;
  }
  FormulaId formula = Make(selector, negated);
  constexpr std::size_t kMaxLeaves = 256;
  if (NumLeaves(formula) > kMaxLeaves) formula = WholeSelector(selector, negated);
  return of_selectors_.emplace(key, formula).first->second;
}

FormulaId Formulas::Make(NodeId selector, bool negated) {
  if (std::holds_alternative<SelectNode>(graph_[selector].kind)) {
    Formula formula;
    formula.select = selector;
    formula.negated = negated;
    return Add(std::move(formula));
  }
  const auto& logic = std::get<SelectorLogicNode>(graph_[selector].kind);
  if (logic.op == SelectorOp::kNot) return OfSelector(logic.operands[0], !negated);
  std::vector<FormulaId> parts;
  for (const NodeId operand : logic.operands) parts.push_back(OfSelector(operand, negated));
  const bool is_and = (logic.op == SelectorOp::kAnd) != negated;
  return Combine(is_and ? Formula::Kind::kAnd : Formula::Kind::kOr, parts);
}

std::size_t Formulas::NumLeaves(FormulaId id) const {
  const Formula& formula = (*this)[id];
  if (formula.parts.empty()) return 1;
  std::size_t number = 0;
  for (const FormulaId part : formula.parts) number += NumLeaves(part);
  return number;
}

// Numbers the selectors below one, operands first.
class Formulas::ProgramBuilder {
 public:
  explicit ProgramBuilder(const DataflowGraph& graph) : graph_(graph) {}

  std::size_t Add(NodeId selector) {
    if (const auto known = numbers_.find(selector); known != numbers_.end()) return known->second;
    Program::Step step;
    if (const auto* logic = std::get_if<SelectorLogicNode>(&graph_[selector].kind)) {
      step.op = logic->op;
      for (const NodeId operand : logic->operands) step.operands.push_back(Add(operand));
    } else {
      step.comparison = selector;
    }
    program_.steps.push_back(std::move(step));
    return numbers_[selector] = program_.steps.size() - 1;
  }
  Program Take() { return std::move(program_); }

 private:
  const DataflowGraph& graph_;
  Program program_;
  std::map<NodeId, std::size_t> numbers_;
};

FormulaId Formulas::WholeSelector(NodeId selector, bool negated) {
  if (!programs_.contains(selector)) {
    ProgramBuilder builder(graph_);
    builder.Add(selector);
    programs_.emplace(selector, builder.Take());
  }
  Formula formula;
  formula.kind = Formula::Kind::kSelector;
  formula.select = selector;
  formula.negated = negated;
  return Add(std::move(formula));
}

// --- And, or.

FormulaId Formulas::And(FormulaId a, FormulaId b) {
  return Combine(Formula::Kind::kAnd, std::array{a, b});
}

// Parts of the same kind are flattened, equal ones merged, and those that follow from others
// dropped.
FormulaId Formulas::Combine(Formula::Kind kind, std::span<const FormulaId> parts) {
  std::vector<FormulaId> all;
  std::set<FormulaId> distinct;
  const auto add = [&](FormulaId part) {
    if (distinct.insert(part).second) all.push_back(part);
  };
  for (const FormulaId part : parts) {
    if ((*this)[part].kind == kind) {
      for (const FormulaId inner : (*this)[part].parts) add(inner);
    } else {
      add(part);
    }
  }
  Formula result;
  result.kind = kind;
  for (const FormulaId part : all) {
    if (!IsAbsorbed(part, kind, distinct)) result.parts.push_back(part);
  }
  return result.parts.size() > 1 ? Add(std::move(result)) : result.parts[0];
}

// Whether `part` follows from the others of an `and` (or implies the others of an `or`): it is an
// `or` (an `and`) one part of which, or all conjuncts of one part, are among them.
bool Formulas::IsAbsorbed(FormulaId part, Formula::Kind kind,
                          const std::set<FormulaId>& others) const {
  const auto is_there = [&](FormulaId id) { return others.contains(id); };
  const Formula& formula = (*this)[part];
  const bool is_dual =
      (formula.kind == Formula::Kind::kAnd || formula.kind == Formula::Kind::kOr) &&
      formula.kind != kind;
  return is_dual && std::any_of(formula.parts.begin(), formula.parts.end(), [&](FormulaId inner) {
           const Formula& own = (*this)[inner];
           if (own.kind != kind) return is_there(inner);
           return std::all_of(own.parts.begin(), own.parts.end(), is_there);
         });
}

// --- What a formula reads, and whether it holds.

void Formulas::CollectComparisons(FormulaId id, std::vector<NodeId>& found) const {
  const Formula& formula = (*this)[id];
  const auto add = [&](NodeId select) {
    if (std::find(found.begin(), found.end(), select) == found.end()) found.push_back(select);
  };
  if (formula.kind == Formula::Kind::kComparison) add(formula.select);
  if (formula.kind == Formula::Kind::kSelector) {
    for (const Program::Step& step : programs_.at(formula.select).steps) {
      if (step.operands.empty()) add(step.comparison);
    }
  }
  for (const FormulaId part : formula.parts) CollectComparisons(part, found);
}

std::vector<NodeId> Formulas::ComparisonsOf(FormulaId id) const {
  std::vector<NodeId> found;
  CollectComparisons(id, found);
  return found;
}

NodeId Formulas::SelectorWith(FormulaId id) const {
  const std::vector<NodeId> comparisons = ComparisonsOf(id);
  if (comparisons.size() == 1) return comparisons[0];
  std::vector<std::set<NodeId>> of_selector(static_cast<std::size_t>(graph_.size()));
  for (NodeId selector{0}; selector.value < graph_.size(); ++selector.value) {
    std::set<NodeId>& own = of_selector[static_cast<std::size_t>(selector.value)];
    if (std::holds_alternative<SelectNode>(graph_[selector].kind)) own.insert(selector);
    if (!std::holds_alternative<SelectorLogicNode>(graph_[selector].kind)) continue;
    for (const NodeId part : graph_.OperandsOf(selector)) {
      own.merge(std::set(of_selector[static_cast<std::size_t>(part.value)]));
    }
    const bool has_all = std::all_of(comparisons.begin(), comparisons.end(),
                                     [&](NodeId comparison) { return own.contains(comparison); });
    if (has_all) return selector;
  }
  return comparisons.at(0);
}

std::vector<NodeId> Formulas::NodesOf(FormulaId id, bool queries) const {
  std::set<NodeId> nodes;
  for (const NodeId select : ComparisonsOf(id)) {
    const auto& node = std::get<SelectNode>(graph_[select].kind);
    const NodeId side = queries ? node.queries : node.keys;
    if (!std::holds_alternative<ConstantNode>(graph_[side].kind)) nodes.insert(side);
  }
  return {nodes.begin(), nodes.end()};
}

bool Formulas::Holds(FormulaId id, const std::function<bool(NodeId)>& comparison_holds) const {
  return HoldsForEach(id, 1, [&](NodeId select, std::uint64_t) {
           return std::uint64_t{comparison_holds(select)};
         }) != 0;
}

std::uint64_t Formulas::HoldsForEach(FormulaId id, std::uint64_t asked,
                                     const WordOfComparison& comparison_holds) const {
  const Formula& formula = (*this)[id];
  const auto in_sense = [&](std::uint64_t word) {
    return asked & (formula.negated ? ~word : word);
  };
  if (formula.kind == Formula::Kind::kComparison) {
    return in_sense(comparison_holds(formula.select, asked));
  }
  if (formula.kind == Formula::Kind::kSelector) {
    return in_sense(ProgramHolds(programs_.at(formula.select), asked, comparison_holds));
  }
  const bool is_and = formula.kind == Formula::Kind::kAnd;
  std::uint64_t open = asked;  // not decided by the parts so far
  for (const FormulaId part : formula.parts) {
    if (open == 0) break;
    const std::uint64_t holds = HoldsForEach(part, open, comparison_holds);
    open = is_and ? holds : open & ~holds;
  }
  return is_and ? open : asked & ~open;
}

std::uint64_t Formulas::ProgramHolds(const Program& program, std::uint64_t asked,
                                     const WordOfComparison& comparison_holds) {
  std::vector<std::uint64_t> values;
  for (const Program::Step& step : program.steps) {
    if (step.operands.empty()) {
      values.push_back(comparison_holds(step.comparison, asked));
      continue;
    }
    std::uint64_t value = step.op == SelectorOp::kOr ? 0 : ~std::uint64_t{0};
    for (const std::size_t operand : step.operands) {
      if (step.op == SelectorOp::kNot) value = ~values[operand];
      if (step.op == SelectorOp::kAnd) value &= values[operand];
      if (step.op == SelectorOp::kOr) value |= values[operand];
    }
    values.push_back(value);
  }
  return values.back();
}

int OutcomeBits(Comparison op, bool negated) {
  constexpr int kLess = 1, kEqual = 2, kGreater = 4;
  int bits = 0;
  switch (op) {
    case Comparison::kEqual:
      bits = kEqual;
      break;
    case Comparison::kNotEqual:
      bits = kLess | kGreater;
      break;
    case Comparison::kLess:
      bits = kLess;
      break;
    case Comparison::kLessEqual:
      bits = kLess | kEqual;
      break;
    case Comparison::kGreater:
      bits = kGreater;
      break;
    case Comparison::kGreaterEqual:
      bits = kGreater | kEqual;
      break;
  }
  return negated ? (kLess | kEqual | kGreater) - bits : bits;
}

}  // namespace raspc
