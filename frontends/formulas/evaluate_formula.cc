#include "frontends/formulas/evaluate_formula.h"

#include <algorithm>
#include <cmath>

namespace raspc {
namespace {

constexpr std::int64_t kUnknown = INT64_MIN;

// Sums, differences and products, kept within 2^62.
constexpr std::int64_t kMax = std::int64_t{1} << 62;
std::int64_t Kept(std::int64_t value) { return std::clamp(value, -kMax, kMax); }
std::int64_t Product(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(a, b, &product)) return Kept(product);
  return (a < 0) == (b < 0) ? kMax : -kMax;
}
// a + b of numbers within 2^62.
std::int64_t Sum(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? (a < 0 ? -kMax : kMax) : Kept(sum);
}

std::int64_t Remainder(std::int64_t value, std::int64_t by) { return (value % by + by) % by; }

class Evaluation {
 public:
  Evaluation(const Sentence& formula, const Alphabet& alphabet, const Word& word)
      : formula_(formula),
        alphabet_(alphabet),
        word_(word),
        length_(static_cast<std::int64_t>(word.size())),
        value_of_(formula.variables.size(), 0),
        kept_(formula.nodes.size()) {}

  // The value of a node under the current values of its variables: a number, or 0 or 1.
  std::int64_t At(int id) {
    const FormulaNode& node = formula_[id];
    if (node.Binds()) return Quantified(id);
    switch (node.kind) {
      case FormulaKind::kTruth:
      case FormulaKind::kNumber:
        return node.value;
      case FormulaKind::kSymbol:
        return HasSymbol(At(node.first), node.symbol);
      case FormulaKind::kCompare:
        return Compared(At(node.first), node.comparison, At(node.second));
      case FormulaKind::kBit:
        return Bit(At(node.first), At(node.second));
      case FormulaKind::kNot:
        return At(node.first) == 0;
      case FormulaKind::kAnd:
        return At(node.first) != 0 && At(node.second) != 0;
      case FormulaKind::kOr:
        return At(node.first) != 0 || At(node.second) != 0;
      case FormulaKind::kImplies:
        return At(node.first) == 0 || At(node.second) != 0;
      case FormulaKind::kIff:
        return At(node.first) == At(node.second);
      case FormulaKind::kVariable:
        return value_of_[static_cast<std::size_t>(node.variables[0])];
      case FormulaKind::kLength:
        return length_;
      case FormulaKind::kSum:
        return Sum(At(node.first), At(node.second));
      case FormulaKind::kDifference:
        return Sum(At(node.first), -At(node.second));
      case FormulaKind::kProduct:
        return Product(At(node.first), At(node.second));
      case FormulaKind::kRemainder:
        return Remainder(At(node.first), At(node.second));
      default:
        return 0;  // bound ones are handled above
    }
  }

 private:
  bool HasSymbol(std::int64_t at, const std::string& symbol) const {
    return at >= 0 && at < length_ &&
           alphabet_.Symbol(word_[static_cast<std::size_t>(at)]) == symbol;
  }

  static bool Bit(std::int64_t number, std::int64_t bit) {
    return number >= 0 && bit >= 0 && bit <= kMaxBit && (number >> bit & 1) != 0;
  }

  std::int64_t Quantified(int id) {
    const FormulaNode& node = formula_[id];
    std::vector<std::int64_t>& kept = kept_[static_cast<std::size_t>(id)];
    std::size_t size = 1, at = 0;
    for (const int variable : node.free) {
      size *= word_.size();
      at = at * word_.size() +
           static_cast<std::size_t>(value_of_[static_cast<std::size_t>(variable)]);
    }
    if (kept.empty()) kept.assign(size, kUnknown);
    if (kept[at] == kUnknown) {
      const std::int64_t satisfying = Count(node, 0);
      const std::int64_t tuples = Tuples(node);
      kept[at] = node.kind == FormulaKind::kExists     ? satisfying > 0
                 : node.kind == FormulaKind::kForall   ? satisfying == tuples
                 : node.kind == FormulaKind::kMajority ? 2 * satisfying > tuples
                                                       : satisfying;
    }
    return kept[at];
  }

  std::int64_t Tuples(const FormulaNode& node) const {
    std::int64_t tuples = 1;
    for (std::size_t i = 0; i < node.variables.size(); ++i) tuples *= length_;
    return tuples;
  }

  // For how many values of the node's variables, from number `first` on, its operand holds.
  std::int64_t Count(const FormulaNode& node, std::size_t first) {
    if (first == node.variables.size()) return At(node.first);
    std::int64_t count = 0;
    const auto variable = static_cast<std::size_t>(node.variables[first]);
    for (std::int64_t position = 0; position < length_; ++position) {
      value_of_[variable] = position;
      count += Count(node, first + 1);
    }
    return count;
  }

  const Sentence& formula_;
  const Alphabet& alphabet_;
  const Word& word_;
  std::int64_t length_;
  std::vector<std::int64_t> value_of_;           // by variable
  std::vector<std::vector<std::int64_t>> kept_;  // by node, then by values of its free variables
};

}  // namespace

bool Holds(const Sentence& formula, const Alphabet& alphabet, const Word& word) {
  return Evaluation(formula, alphabet, word).At(formula.Root()) != 0;
}

double EvaluationSteps(const Sentence& formula, std::int64_t length) {
  // A part is evaluated once per value of the variables of the innermost enclosing quantifier.
  double steps = 0;
  std::vector<std::size_t> innermost(formula.nodes.size(), 0);
  for (int id = formula.Root(); id >= 0; --id) {
    const FormulaNode& node = formula[id];
    std::size_t variables = innermost[static_cast<std::size_t>(id)];
    steps += std::pow(static_cast<double>(length), static_cast<double>(variables));
    if (node.Binds()) variables = node.free.size() + node.variables.size();
    for (const int operand : {node.first, node.second}) {
      if (operand >= 0) innermost[static_cast<std::size_t>(operand)] = variables;
    }
  }
  return steps;
}

}  // namespace raspc
