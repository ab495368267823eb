#include "frontends/formulas/formula_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "frontends/formulas/evaluate_formula.h"
#include "frontends/formulas/padding_grid.h"
#include "frontends/formulas/split_comparison.h"
#include "frontends/program_header.h"

namespace raspc {
namespace {

// Longer expressions get their own name.
constexpr std::size_t kLongestExpression = 70;
// The operands of AND under a quantifier are treated separately, up to this many.
constexpr std::size_t kMaxLiterals = 12;
// Longer parts are cut in comments.
constexpr std::size_t kLongestComment = 300;

// A part of the formula that must hold, or must not.
struct Part {
  int node = -1;
  bool holds = true;
};

// What both constructions share: a part of the formula becomes an s-op, whose value at a position
// is that of the part for the variable values that the position represents.
class FormulaWriter {
 public:
  FormulaWriter(const Sentence& formula, std::string end_marker)
      : formula_(formula), end_marker_(std::move(end_marker)), depth_(formula.nodes.size(), 0) {}
  virtual ~FormulaWriter() = default;

  // Writes the necessary statements, and returns an expression for the part.
  Expr Value(int id) {
    const FormulaNode& node = formula_[id];
    const Expr value = PlainValue(id, node);
    int& depth = depth_[static_cast<std::size_t>(id)];
    depth = std::max(depth, std::max(DepthOf(node.first), DepthOf(node.second)));
    return ToSource(value).size() > kLongestExpression ? w_.Assign(NewName("part"), value) : value;
  }

  const RaspWriter& statements() const { return w_; }
  int DepthOf(int id) const { return id < 0 ? 0 : depth_[static_cast<std::size_t>(id)]; }

 protected:
  virtual Expr VariableValue(int variable) = 0;
  // Whether the node's symbol stands at a position.
  virtual Expr SymbolValue(const FormulaNode& node, const Expr& at) = 0;
  // A selector of the positions that represent values of the node's variables (each value once if
  // `once`) for which all literals hold; other variables are as at the query.
  virtual Expr Satisfying(const FormulaNode& node, const std::vector<Part>& literals,
                          bool once) = 0;
  // How many tuples satisfy it, from the width of that selector; nothing if that is the width.
  virtual std::optional<Expr> CountFrom(const FormulaNode& node, const Expr& width) = 0;

  std::string NewName(std::string_view stem) {
    return fmt::format("{}_{}", stem, ++num_names_[std::string(stem)]);
  }
  void SetDepth(int id, int depth) { depth_[static_cast<std::size_t>(id)] = depth; }
  static Expr NumSymbols() { return Var("n"); }
  static bool IsOwnPosition(const Expr& at) { return ToSource(at) == "indices"; }

  // The symbol at a computed position; the end marker if there is none.
  Expr LookedUp(const Expr& at) {
    const auto [found, is_new] = lookups_.emplace(ToSource(at), "");
    if (is_new) {
      found->second = NewName("symbol");
      w_.Assign(found->second, ValueAt(at, Tokens(), end_marker_));
    }
    return Var(found->second);
  }

  const Sentence& formula_;
  std::string end_marker_;
  RaspWriter w_;

 private:
  Expr PlainValue(int id, const FormulaNode& node) {
    if (node.Binds()) return QuantifiedValue(id, node);
    switch (node.kind) {
      case FormulaKind::kTruth:
        // An s-op that is the same everywhere: select takes no atom for both sides.
        return node.value != 0 ? Indices() >= 0 : Indices() < 0;
      case FormulaKind::kSymbol: {
        const Expr at = Value(node.first);
        SetDepth(id, DepthOf(node.first) + (IsOwnPosition(at) ? 0 : 1));
        return SymbolValue(node, at);
      }
      case FormulaKind::kNot:
        return Not(Value(node.first));
      case FormulaKind::kNumber:
        return node.value;
      case FormulaKind::kVariable:
        SetDepth(id, VariableDepth());
        return VariableValue(node.variables[0]);
      case FormulaKind::kLength:
        SetDepth(id, 1);
        return NumSymbols();
      default:
        break;
    }
    // In this order: compilers differ in the order in which they evaluate a call's arguments.
    const Expr first = Value(node.first);
    const Expr second = Value(node.second);
    return ValueOfTwo(node, first, second);
  }

  Expr ValueOfTwo(const FormulaNode& node, const Expr& first, const Expr& second) {
    switch (node.kind) {
      case FormulaKind::kCompare:
        return Compare(first, node.comparison, second);
      case FormulaKind::kBit:
        return BitValue(first, second);
      case FormulaKind::kImplies:
        return Or(Not(first), second);
      case FormulaKind::kAnd:
        return And(first, second);
      case FormulaKind::kOr:
        return Or(first, second);
      case FormulaKind::kIff:
        return first == second;
      case FormulaKind::kSum:
        return first + second;
      case FormulaKind::kDifference:
        return first - second;
      case FormulaKind::kProduct:
        return first * second;
      default:
        return first % second;
    }
  }

  virtual int VariableDepth() const = 0;
  virtual int CountDepth(const FormulaNode& node) const = 0;
  // Whether EXISTS x. EXISTS y. attends to both at once.
  virtual bool MergesBlocks() const = 0;

  Expr BitValue(const Expr& number, const Expr& bit) {
    const std::string known_name = NewName("bit");
    const Expr value = w_.Assign(NewName("number"), number);
    const Expr known =
        w_.Assign(known_name, If(And(bit >= 0, bit < kMaxBit), bit, kMaxBit));
    return And(value >= 0, value % Power(2, known + 1) >= Power(2, known));
  }

  Expr QuantifiedValue(int id, const FormulaNode& node) {
    const bool is_exists = node.kind == FormulaKind::kExists;
    int body = node.first;
    if (MergesBlocks() && (is_exists || node.kind == FormulaKind::kForall)) {
      while (formula_[body].kind == node.kind) body = formula_[body].first;
    }
    const bool counts = node.kind == FormulaKind::kMajority || node.kind == FormulaKind::kCount;
    const bool holds = node.kind != FormulaKind::kForall;
    std::vector<Part> literals;
    Collect(body, holds, literals);
    if (literals.size() > kMaxLiterals) literals = {{body, holds}};
    const Expr satisfying = Satisfying(node, literals, counts);
    int depth = node.free.empty() ? 0 : VariableDepth();
    for (const Part& literal : literals) depth = std::max(depth, DepthOf(literal.node));
    SetDepth(id, depth + (counts ? CountDepth(node) : 1));
    Comment(id);
    if (!counts) {
      return w_.Assign(NewName(is_exists ? "exists" : "forall"),
                       Aggregate(satisfying, 1, 0) == (is_exists ? 1 : 0));
    }
    const std::string count_name = NewName("count");
    const Expr width = w_.Assign(NewName("width"), SelectorWidth(satisfying));
    const std::optional<Expr> count = CountFrom(node, width);
    return CountedValue(node, count ? w_.Assign(count_name, *count) : width);
  }

  static Expr CountedValue(const FormulaNode& node, const Expr& count) {
    if (node.kind == FormulaKind::kCount) return count;
    Expr all = NumSymbols();
    for (std::size_t i = 1; i < node.variables.size(); ++i) all = all * NumSymbols();
    return 2 * count > all;
  }

  void Comment(int id) {
    std::string text = ToText(formula_, id);
    if (text.size() > kLongestComment) text = text.substr(0, kLongestComment) + " ...";
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    w_.Blank();
    w_.Comment(text);
  }

  // The literals whose conjunction is the part, or its negation.
  void Collect(int id, bool holds, std::vector<Part>& literals) const {
    const FormulaNode& node = formula_[id];
    const FormulaKind joins = holds ? FormulaKind::kAnd : FormulaKind::kOr;
    if (node.kind == FormulaKind::kNot) {
      Collect(node.first, !holds, literals);
    } else if (node.kind == joins) {
      Collect(node.first, holds, literals);
      Collect(node.second, holds, literals);
    } else if (node.kind == FormulaKind::kImplies && !holds) {
      Collect(node.first, true, literals);
      Collect(node.second, false, literals);
    } else {
      literals.push_back({id, holds});
    }
  }

  std::vector<int> depth_;  // by node, for those written: attention layers
  std::map<std::string, int> num_names_;
  std::map<std::string, std::string> lookups_;
};

class PadWriter final : public FormulaWriter {
 public:
  PadWriter(const Sentence& formula, const PadGrid& grid)
      : FormulaWriter(formula, grid.end_marker), grid_(grid) {}

 private:
  Expr VariableValue(int variable) override {
    return Coordinate(formula_.slot[static_cast<std::size_t>(variable)] + 1);
  }
  Expr SymbolValue(const FormulaNode& node, const Expr& at) override {
    return LookedUp(at) == node.symbol;
  }
  // Padding tokens that differ only in variables not free in the node have equal values; `once`
  // takes those with 0.
  Expr Satisfying(const FormulaNode& node, const std::vector<Part>& parts, bool once) override {
    std::vector<Expr> selectors{SelectWhere(Var("is_pad"))};
    for (int slot = 0; slot < grid_.arity; ++slot) {
      const Expr coordinate = Coordinate(slot + 1);
      if (HasSlot(node.free, slot)) {
        selectors.push_back(Select(coordinate, coordinate));
      } else if (once && !HasSlot(node.variables, slot)) {
        selectors.push_back(Select(coordinate, 0));
      }
    }
    for (const Part& part : parts) selectors.push_back(Select(Value(part.node), part.holds));
    return AllOf(selectors);
  }
  bool HasSlot(const std::vector<int>& variables, int slot) const {
    return std::any_of(variables.begin(), variables.end(), [&](int variable) {
      return formula_.slot[static_cast<std::size_t>(variable)] == slot;
    });
  }
  // The compiler cannot know that a count of n^k padding tokens in one line is at most n.
  std::optional<Expr> CountFrom(const FormulaNode& node, const Expr& width) override {
    const std::int64_t most = NumPadding(grid_.max_length, static_cast<int>(node.variables.size()));
    return If(width <= most, width, most);
  }
  int CountDepth(const FormulaNode&) const override { return 1; }
  int VariableDepth() const override { return 1; }
  bool MergesBlocks() const override { return true; }

  PadGrid grid_;
};

// A variable that is not bound by the current quantifier is the position itself.
class SelectorWriter final : public FormulaWriter {
 public:
  using FormulaWriter::FormulaWriter;

 private:
  Expr VariableValue(int) override { return Indices(); }
  Expr SymbolValue(const FormulaNode& node, const Expr& at) override {
    return (IsOwnPosition(at) ? Tokens() : LookedUp(at)) == node.symbol;
  }
  Expr Satisfying(const FormulaNode& node, const std::vector<Part>& parts, bool) override {
    std::vector<Expr> selectors{Symbols()};
    for (const Part& part : parts) {
      selectors.push_back(Selector(part.node, node.variables.back(), part.holds));
    }
    return AllOf(selectors);
  }
  Expr Symbols() const { return Select(Tokens(), end_marker_, Comparison::kNotEqual); }
  // Pairs are counted per value of the first variable, and added up.
  std::optional<Expr> CountFrom(const FormulaNode& node, const Expr& width) override {
    if (node.variables.size() == 1) return std::nullopt;
    return Round(NumSymbols() * Aggregate(Symbols(), width));
  }
  int CountDepth(const FormulaNode& node) const override {
    return static_cast<int>(node.variables.size());
  }
  int VariableDepth() const override { return 0; }
  bool MergesBlocks() const override { return false; }

  // The selector of the part, with the variable `key` at the key.
  Expr Selector(int id, int key, bool holds) {
    const FormulaNode& node = formula_[id];
    if (node.free.size() < 2) {
      const bool is_at_query = node.free.size() == 1 && node.free[0] != key;
      const Expr value = Value(id);
      return is_at_query ? Select(holds, value) : Select(value, holds);
    }
    const Expr selector = JoinedSelectors(id, key);
    return holds ? selector : Not(selector);
  }

  Expr JoinedSelectors(int id, int key) {
    const FormulaNode& node = formula_[id];
    if (node.kind == FormulaKind::kCompare) return ComparisonSelector(id, key);
    const Expr first = Named(Selector(
        node.first, key, node.kind != FormulaKind::kNot && node.kind != FormulaKind::kImplies));
    if (node.kind == FormulaKind::kNot) {
      SetDepth(id, DepthOf(node.first));
      return first;
    }
    const Expr second = Named(Selector(node.second, key, true));
    SetDepth(id, std::max(DepthOf(node.first), DepthOf(node.second)));
    switch (node.kind) {
      case FormulaKind::kAnd:
        return And(first, second);
      case FormulaKind::kIff:
        return Or(And(first, second), And(Not(first), Not(second)));
      default:
        return Or(first, second);
    }
  }

  Expr ComparisonSelector(int id, int key) {
    const auto split = SplitComparison::Of(formula_, id, key);
    const Expr keys = Sum(split->key), queries = Sum(split->query);
    int depth = 0;
    for (const auto* side : {&split->key, &split->query}) {
      for (const Summand& summand : *side) depth = std::max(depth, DepthOf(summand.node));
    }
    SetDepth(id, depth);
    return Select(keys, queries, split->comparison);
  }

  Expr Sum(const std::vector<Summand>& summands) {
    std::optional<Expr> sum;
    for (const Summand& summand : summands) {
      const std::int64_t size = std::abs(summand.coefficient);
      const Expr term = summand.node < 0 ? Expr(size)
                        : size == 1      ? Value(summand.node)
                                         : size * Value(summand.node);
      if (summand.coefficient < 0) {
        sum = sum.value_or(0) - term;
      } else {
        sum = sum ? *sum + term : term;
      }
    }
    return sum.value_or(0);
  }

  // A long selector gets a name, as an expression does.
  Expr Named(const Expr& selector) {
    return ToSource(selector).size() <= kLongestExpression
               ? selector
               : w_.Assign(NewName("selector"), selector);
  }
};

// The maximum number of comparisons in a selector.
constexpr int kMaxComparisons = 32;

// The number of comparisons in the selector of a part with the variable `key` at the key, counting
// operands of IFF twice; more than kMaxComparisons if it cannot be a selector.
int ComparisonsIn(const Sentence& formula, int id, int key) {
  const FormulaNode& node = formula[id];
  if (node.free.size() < 2) return 1;
  switch (node.kind) {
    case FormulaKind::kCompare:
      return SplitComparison::Of(formula, id, key) ? 1 : kMaxComparisons + 1;
    case FormulaKind::kNot:
      return ComparisonsIn(formula, node.first, key);
    case FormulaKind::kAnd:
    case FormulaKind::kOr:
    case FormulaKind::kImplies:
    case FormulaKind::kIff: {
      const int once =
          ComparisonsIn(formula, node.first, key) + ComparisonsIn(formula, node.second, key);
      return std::min(node.kind == FormulaKind::kIff ? 2 * once : once, kMaxComparisons + 1);
    }
    default:
      return kMaxComparisons + 1;
  }
}

// `begin`: the statements before those of the formula.
GeneratedProgram MakeProgram(ProgramHeader header, const RaspWriter& begin, FormulaWriter& writer,
                             int root) {
  const Expr accept = writer.Value(root);
  GeneratedProgram recogniser;
  recogniser.depth = writer.DepthOf(root);
  header.comments.push_back(
      fmt::format("Guaranteed: {}. The verdict is the last value.", recogniser.Promise()));
  recogniser.header = std::move(header);
  RaspWriter& w = recogniser.statements;
  w.Append(begin);
  w.Append(writer.statements());
  w.Blank();
  w.Assign("accept", accept);
  return recogniser;
}

bool UsesLength(const Sentence& formula) {
  return std::any_of(formula.nodes.begin(), formula.nodes.end(), [](const FormulaNode& node) {
    return node.kind == FormulaKind::kLength || node.kind == FormulaKind::kMajority ||
           (node.kind == FormulaKind::kCount && node.variables.size() > 1);
  });
}

}  // namespace

bool NeedsNoPads(const Sentence& formula) {
  return std::all_of(formula.nodes.begin(), formula.nodes.end(), [&](const FormulaNode& node) {
    return !node.Binds() ||
           (node.variables.size() + node.free.size() <= 2 &&
            ComparisonsIn(formula, node.first, node.variables.back()) <= kMaxComparisons);
  });
}

Polynomial PaddingOf(const Sentence& formula) {
  return formula.num_slots < 2 ? Polynomial() : Polynomial::Power(formula.num_slots);
}

std::optional<GeneratedProgram> FormulaProgram(const Sentence& formula, const Alphabet& alphabet,
                                               const std::string& name,
                                               const GeneratedProgramOptions& options,
                                               Diagnostics& diag) {
  ProgramHeader header;
  header.comments = {fmt::format("Recognises {}.", name)};
  header.alphabet = alphabet.symbols();
  header.end_marker = FreshToken(alphabet.symbols(), "$");
  header.max_length = options.max_length;
  if (options.mechanism != Mechanism::kPad || formula.num_slots < 2) {
    header.comments.push_back(
        "A quantifier's variable is the key's position; the other variable free in it, if any, is "
        "the query's.");
    SelectorWriter writer(formula, header.end_marker);
    RaspWriter length;
    if (UsesLength(formula)) {
      length.Comment("The number of symbols.");
      length.Assign("n", SelectorWidth(
                             Select(Tokens(), header.end_marker, Comparison::kNotEqual)));
    }
    GeneratedProgram recogniser = MakeProgram(header, length, writer, formula.Root());
    recogniser.construction = "a selector for each quantifier";
    recogniser.reason = "no quantifier has more than one other variable free in it";
    return recogniser;
  }
  PadGrid grid{formula.num_slots, header.end_marker, FreshToken(alphabet.symbols(), "_"),
               options.max_length};
  if (!CheckNumPads(grid.max_length, grid.arity, diag)) return std::nullopt;
  header.more_tokens = {grid.pad};
  header.max_domain = MaxDomainForPads(grid.max_length);
  header.pad = {grid.pad, PaddingOf(formula)};
  header.comments.push_back(
      fmt::format("Each of the {} padding tokens represents {} positions, and has a value for "
                  "every part of the formula; a quantifier attends to the padding tokens that "
                  "agree in the other variables.",
                  PaddingOf(formula).Text(), grid.arity));
  PadWriter writer(formula, grid);
  RaspWriter begin;
  WritePadGrid(grid, begin);
  GeneratedProgram recogniser = MakeProgram(header, begin, writer, formula.Root());
  recogniser.construction = fmt::format(
      "a padding token for each {}-tuple of positions, and a head for each quantifier", grid.arity);
  recogniser.reason = fmt::format("the formula needs {} variables at once", grid.arity);
  return recogniser;
}

}  // namespace raspc
