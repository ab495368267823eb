#include "compiler/lower/selector_formula.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace raspc {
namespace {

// Whether `part` follows from the parts of an `and` (or implies an `or`) whose keys are given: it
// is an `or` (an `and`) one part of which, or all conjuncts of one part, are among them.
bool IsAbsorbed(const Formula& part, Formula::Kind kind, const std::set<std::string>& keys) {
  const bool is_dual =
      (part.kind == Formula::Kind::kAnd || part.kind == Formula::Kind::kOr) && part.kind != kind;
  return is_dual && std::any_of(part.parts.begin(), part.parts.end(), [&](const Formula& inner) {
           if (inner.kind != kind) return keys.contains(KeyOf(inner));
           return std::all_of(inner.parts.begin(), inner.parts.end(), [&](const Formula& conjunct) {
             return keys.contains(KeyOf(conjunct));
           });
         });
}

// Parts of the same kind are flattened, equal ones merged, and those that follow from others
// dropped.
Formula Combine(Formula::Kind kind, const std::vector<Formula>& parts) {
  Formula all;
  all.kind = kind;
  std::set<std::string> keys;
  const auto add = [&](const Formula& part) {
    if (keys.insert(KeyOf(part)).second) all.parts.push_back(part);
  };
  for (const Formula& part : parts) {
    if (part.kind != kind) {
      add(part);
      continue;
    }
    for (const Formula& inner : part.parts) add(inner);
  }
  Formula result;
  result.kind = kind;
  for (const Formula& part : all.parts) {
    if (!IsAbsorbed(part, kind, keys)) result.parts.push_back(part);
  }
  if (result.parts.size() > 1) return result;
  Formula only = std::move(result.parts[0]);
  return only;
}

std::size_t NumLeaves(const Formula& formula) {
  if (formula.parts.empty()) return 1;
  std::size_t number = 0;
  for (const Formula& part : formula.parts) number += NumLeaves(part);
  return number;
}

// Numbers the selectors below one, operands first.
class ProgramBuilder {
 public:
  explicit ProgramBuilder(const DataflowGraph& graph) : graph_(graph) {}

  std::size_t Add(NodeId selector) {
    if (const auto known = numbers_.find(selector); known != numbers_.end()) return known->second;
    SelectorProgram::Step step;
    if (const auto* logic = std::get_if<SelectorLogicNode>(&graph_[selector].kind)) {
      step.op = logic->op;
      for (const NodeId operand : logic->operands) step.operands.push_back(Add(operand));
    } else {
      step.comparison = selector;
    }
    program_.steps.push_back(std::move(step));
    return numbers_[selector] = program_.steps.size() - 1;
  }
  SelectorProgram Take() { return std::move(program_); }

 private:
  const DataflowGraph& graph_;
  SelectorProgram program_;
  std::map<NodeId, std::size_t> numbers_;
};

Formula WholeSelector(const DataflowGraph& graph, NodeId selector, bool negated) {
  ProgramBuilder builder(graph);
  builder.Add(selector);
  Formula formula;
  formula.kind = Formula::Kind::kSelector;
  formula.select = selector;
  formula.negated = negated;
  formula.program = std::make_shared<const SelectorProgram>(builder.Take());
  return formula;
}

// Formulas of the selectors below one, each made once. One that is too long is kept whole.
class FormulaBuilder {
 public:
  explicit FormulaBuilder(const DataflowGraph& graph) : graph_(graph) {}

  const Formula& Build(NodeId selector, bool negated) {
    const std::pair key{selector, negated};
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    Formula formula = Make(selector, negated);
    constexpr std::size_t kMaxLeaves = 256;
    if (NumLeaves(formula) > kMaxLeaves) formula = WholeSelector(graph_, selector, negated);
    return known_.emplace(key, std::move(formula)).first->second;
  }

 private:
  Formula Make(NodeId selector, bool negated) {
    if (std::holds_alternative<SelectNode>(graph_[selector].kind)) {
      Formula formula;
      formula.select = selector;
      formula.negated = negated;
      return formula;
    }
    const auto& logic = std::get<SelectorLogicNode>(graph_[selector].kind);
    if (logic.op == SelectorOp::kNot) return Build(logic.operands[0], !negated);
    std::vector<Formula> parts;
    for (const NodeId operand : logic.operands) parts.push_back(Build(operand, negated));
    const bool is_and = (logic.op == SelectorOp::kAnd) != negated;
    return Combine(is_and ? Formula::Kind::kAnd : Formula::Kind::kOr, parts);
  }

  const DataflowGraph& graph_;
  std::map<std::pair<NodeId, bool>, Formula> known_;
};

bool ProgramHolds(const SelectorProgram& program,
                  const std::function<bool(NodeId)>& comparison_holds) {
  std::vector<bool> values;
  for (const SelectorProgram::Step& step : program.steps) {
    if (step.operands.empty()) {
      values.push_back(comparison_holds(step.comparison));
      continue;
    }
    bool value = step.op != SelectorOp::kOr;
    for (const std::size_t operand : step.operands) {
      if (step.op == SelectorOp::kNot) value = !values[operand];
      if (step.op == SelectorOp::kAnd) value = value && values[operand];
      if (step.op == SelectorOp::kOr) value = value || values[operand];
    }
    values.push_back(value);
  }
  return values.back();
}

void CollectComparisons(const Formula& formula, std::vector<NodeId>& found) {
  const auto add = [&](NodeId select) {
    if (std::find(found.begin(), found.end(), select) == found.end()) found.push_back(select);
  };
  if (formula.kind == Formula::Kind::kComparison) add(formula.select);
  if (formula.kind == Formula::Kind::kSelector) {
    for (const SelectorProgram::Step& step : formula.program->steps) {
      if (step.operands.empty()) add(step.comparison);
    }
  }
  for (const Formula& part : formula.parts) CollectComparisons(part, found);
}

}  // namespace

Formula FormulaOfSelector(const DataflowGraph& graph, NodeId selector) {
  return FormulaBuilder(graph).Build(selector, false);
}

Formula And(const Formula& a, const Formula& b) { return Combine(Formula::Kind::kAnd, {a, b}); }

std::string KeyOf(const Formula& formula) {
  if (formula.kind == Formula::Kind::kComparison) {
    return fmt::format("{}{}{}", formula.negated ? "!" : "", formula.select.value,
                       formula.bit < 0 ? "" : fmt::format("@{}", formula.bit));
  }
  if (formula.kind == Formula::Kind::kSelector) {
    return fmt::format("{}{}", formula.negated ? "!" : "", formula.select.value);
  }
  if (formula.kind == Formula::Kind::kKeyIn) {
    std::string key = fmt::format("{} in ", formula.values.value);
    for (const bool is_in : formula.set) key += is_in ? '1' : '0';
    return key;
  }
  std::string key = formula.kind == Formula::Kind::kAnd ? "(&" : "(|";
  for (const Formula& part : formula.parts) key += " " + KeyOf(part);
  return key + ")";
}

std::vector<NodeId> ComparisonsOf(const Formula& formula) {
  std::vector<NodeId> found;
  CollectComparisons(formula, found);
  return found;
}

std::vector<NodeId> NodesOf(const DataflowGraph& graph, const Formula& formula, bool queries) {
  std::set<NodeId> nodes;
  for (const NodeId select : ComparisonsOf(formula)) {
    const auto& node = std::get<SelectNode>(graph[select].kind);
    const NodeId id = queries ? node.queries : node.keys;
    if (!std::holds_alternative<ConstantNode>(graph[id].kind)) nodes.insert(id);
  }
  return {nodes.begin(), nodes.end()};
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

bool Holds(const Formula& formula, const std::function<bool(NodeId)>& comparison_holds) {
  if (formula.kind == Formula::Kind::kComparison) {
    return comparison_holds(formula.select) != formula.negated;
  }
  if (formula.kind == Formula::Kind::kSelector) {
    return ProgramHolds(*formula.program, comparison_holds) != formula.negated;
  }
  const bool is_and = formula.kind == Formula::Kind::kAnd;
  for (const Formula& part : formula.parts) {
    if (Holds(part, comparison_holds) != is_and) return !is_and;
  }
  return is_and;
}

}  // namespace raspc
