#include "frontends/formulas/formula_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "frontends/formulas/evaluate_formula.h"
#include "frontends/formulas/pad_grid.h"
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
  std::string Text(int id) {
    const FormulaNode& node = formula_[id];
    std::string text = PlainText(id, node);
    int& depth = depth_[static_cast<std::size_t>(id)];
    depth = std::max(depth, std::max(DepthOf(node.first), DepthOf(node.second)));
    if (text.size() > kLongestExpression) {
      const std::string name = NewName("part");
      w_.Assign(name, text);
      text = name;
    }
    return text;
  }

  const RaspWriter& statements() const { return w_; }
  int DepthOf(int id) const { return id < 0 ? 0 : depth_[static_cast<std::size_t>(id)]; }

 protected:
  virtual std::string VariableText(int variable) = 0;
  // The value of the symbol at a position, for the text of a term.
  virtual std::string SymbolText(const FormulaNode& node, const std::string& at) = 0;
  // A selector of the positions that represent values of the node's variables (each value once if
  // `once`) for which all literals hold; other variables are as at the query.
  virtual std::string Satisfying(const FormulaNode& node, const std::vector<Part>& literals,
                                 bool once) = 0;
  // How many tuples satisfy it, from the width of that selector.
  virtual std::string CountText(const FormulaNode& node, const std::string& width) = 0;

  std::string NewName(std::string_view stem) {
    return fmt::format("{}_{}", stem, ++num_names_[std::string(stem)]);
  }
  void SetDepth(int id, int depth) { depth_[static_cast<std::size_t>(id)] = depth; }

  // The symbol at a computed position; the end marker if there is none.
  std::string LookedUp(const std::string& at) {
    auto [found, is_new] = lookups_.emplace(at, "");
    if (is_new) {
      found->second = NewName("symbol");
      w_.Assign(found->second, fmt::format("aggregate(select(indices, {}, ==), tokens, {})", at,
                                           Literal(end_marker_)));
    }
    return found->second;
  }

  const Sentence& formula_;
  std::string end_marker_;
  RaspWriter w_;

 private:
  std::string PlainText(int id, const FormulaNode& node) {
    if (node.Binds()) return QuantifiedText(id, node);
    // In this order: compilers differ in the order in which they evaluate a call's arguments.
    const std::string first = node.first < 0 ? "" : Text(node.first);
    const std::string second = node.second < 0 ? "" : Text(node.second);
    switch (node.kind) {
      case FormulaKind::kTruth:
        // An s-op that is the same everywhere: select takes no atom for both sides.
        return node.value != 0 ? "(indices >= 0)" : "(indices < 0)";
      case FormulaKind::kSymbol:
        SetDepth(id, DepthOf(node.first) + (first == "indices" ? 0 : 1));
        return SymbolText(node, first);
      case FormulaKind::kCompare:
        return fmt::format("({} {} {})", first, RaspSign(node.comparison), second);
      case FormulaKind::kBit:
        return BitText(first, second);
      case FormulaKind::kNot:
        return fmt::format("(not {})", first);
      case FormulaKind::kImplies:
        return fmt::format("((not {}) or {})", first, second);
      case FormulaKind::kNumber:
        return node.value < 0 ? fmt::format("({})", node.value) : fmt::format("{}", node.value);
      case FormulaKind::kVariable:
        SetDepth(id, VariableDepth());
        return VariableText(node.variables[0]);
      case FormulaKind::kLength:
        SetDepth(id, 1);
        return "n";
      default:
        return fmt::format("({} {} {})", first, OperatorOf(node.kind), second);
    }
  }

  // RASP's operator, for kinds with two operands that RASP has.
  static std::string_view OperatorOf(FormulaKind kind) {
    switch (kind) {
      case FormulaKind::kAnd:
        return "and";
      case FormulaKind::kOr:
        return "or";
      case FormulaKind::kIff:
        return "==";
      case FormulaKind::kSum:
        return "+";
      case FormulaKind::kDifference:
        return "-";
      case FormulaKind::kProduct:
        return "*";
      default:
        return "%";
    }
  }

  virtual int VariableDepth() const = 0;
  virtual int CountDepth(const FormulaNode& node) const = 0;
  // Whether EXISTS x. EXISTS y. attends to both at once.
  virtual bool MergesBlocks() const = 0;

  std::string BitText(const std::string& number, const std::string& bit) {
    const std::string known = NewName("bit"), value = NewName("number");
    w_.Assign(value, number);
    w_.Assign(known,
              fmt::format("{} if {} >= 0 and {} < {} else {}", bit, bit, bit, kMaxBit, kMaxBit));
    return fmt::format("({} >= 0 and {} % 2 ^ ({} + 1) >= 2 ^ {})", value, value, known, known);
  }

  std::string QuantifiedText(int id, const FormulaNode& node) {
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
    const std::string satisfying = Satisfying(node, literals, counts);
    int depth = node.free.empty() ? 0 : VariableDepth();
    for (const Part& literal : literals) depth = std::max(depth, DepthOf(literal.node));
    SetDepth(id, depth + (counts ? CountDepth(node) : 1));
    Comment(id);
    if (!counts) {
      const std::string name = NewName(is_exists ? "exists" : "forall");
      w_.Assign(name, fmt::format("aggregate({}, 1, 0) == {}", satisfying, is_exists ? 1 : 0));
      return name;
    }
    const std::string width = NewName("width"), count = NewName("count");
    w_.Assign(width, fmt::format("selector_width({})", satisfying));
    const std::string clipped = CountText(node, width);
    if (clipped == width) return CountedText(node, width);
    w_.Assign(count, clipped);
    return CountedText(node, count);
  }

  static std::string CountedText(const FormulaNode& node, const std::string& count) {
    if (node.kind == FormulaKind::kCount) return count;
    std::string all = "n";
    for (std::size_t i = 1; i < node.variables.size(); ++i) all += " * n";
    return fmt::format("(2 * {} > {})", count, all);
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
  std::string VariableText(int variable) override {
    return CoordinateName(formula_.slot[static_cast<std::size_t>(variable)] + 1);
  }
  std::string SymbolText(const FormulaNode& node, const std::string& at) override {
    return fmt::format("({} == {})", LookedUp(at), Literal(node.symbol));
  }
  // Padding tokens that differ only in variables not free in the node have equal values; `once`
  // takes those with 0.
  std::string Satisfying(const FormulaNode& node, const std::vector<Part>& parts,
                         bool once) override {
    std::vector<std::string> selectors;
    for (const Part& part : parts) {
      const std::string text = Text(part.node);
      selectors.push_back(fmt::format("select({}, {}, ==)", text, part.holds ? "True" : "False"));
    }
    std::string grid = "select(is_pad, True, ==)";
    for (int slot = 0; slot < grid_.arity; ++slot) {
      const std::string coordinate = CoordinateName(slot + 1);
      if (HasSlot(node.free, slot)) {
        grid += fmt::format(" and select({}, {}, ==)", coordinate, coordinate);
      } else if (once && !HasSlot(node.variables, slot)) {
        grid += fmt::format(" and select({}, 0, ==)", coordinate);
      }
    }
    return fmt::format("{} and {}", grid, fmt::join(selectors, " and "));
  }
  bool HasSlot(const std::vector<int>& variables, int slot) const {
    return std::any_of(variables.begin(), variables.end(), [&](int variable) {
      return formula_.slot[static_cast<std::size_t>(variable)] == slot;
    });
  }
  // The compiler cannot know that a count of n^k padding tokens in one line is at most n.
  std::string CountText(const FormulaNode& node, const std::string& width) override {
    const std::int64_t most = NumPads(grid_.max_length, static_cast<int>(node.variables.size()));
    return fmt::format("{} if {} <= {} else {}", width, width, most, most);
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
  std::string VariableText(int) override { return "indices"; }
  std::string SymbolText(const FormulaNode& node, const std::string& at) override {
    return fmt::format("({} == {})", at == "indices" ? "tokens" : LookedUp(at),
                       Literal(node.symbol));
  }
  std::string Satisfying(const FormulaNode& node, const std::vector<Part>& parts, bool) override {
    std::string selectors = Symbols();
    for (const Part& part : parts) {
      selectors += " and " + SelectorText(part.node, node.variables.back(), part.holds);
    }
    return selectors;
  }
  std::string Symbols() const { return fmt::format("select(tokens, {}, !=)", Literal(end_marker_)); }
  // Pairs are counted per value of the first variable, and added up.
  std::string CountText(const FormulaNode& node, const std::string& width) override {
    if (node.variables.size() == 1) return width;
    return fmt::format("round(n * aggregate({}, {}))", Symbols(), width);
  }
  int CountDepth(const FormulaNode& node) const override {
    return static_cast<int>(node.variables.size());
  }
  int VariableDepth() const override { return 0; }
  bool MergesBlocks() const override { return false; }

  // The selector of the part, with the variable `key` at the key.
  std::string SelectorText(int id, int key, bool holds) {
    const FormulaNode& node = formula_[id];
    if (node.free.size() < 2) {
      const bool is_at_query = node.free.size() == 1 && node.free[0] != key;
      const std::string text = Text(id), value = holds ? "True" : "False";
      return is_at_query ? fmt::format("select({}, {}, ==)", value, text)
                         : fmt::format("select({}, {}, ==)", text, value);
    }
    const std::string text = JoinedSelectors(id, key);
    return holds ? text : fmt::format("(not {})", text);
  }

  std::string JoinedSelectors(int id, int key) {
    const FormulaNode& node = formula_[id];
    if (node.kind == FormulaKind::kCompare) return ComparisonSelector(id, key);
    const std::string first = Named(SelectorText(
        node.first, key, node.kind != FormulaKind::kNot && node.kind != FormulaKind::kImplies));
    if (node.kind == FormulaKind::kNot) {
      SetDepth(id, DepthOf(node.first));
      return first;
    }
    const std::string second = Named(SelectorText(node.second, key, true));
    SetDepth(id, std::max(DepthOf(node.first), DepthOf(node.second)));
    switch (node.kind) {
      case FormulaKind::kAnd:
        return fmt::format("({} and {})", first, second);
      case FormulaKind::kIff:
        return fmt::format("(({} and {}) or ((not {}) and (not {})))", first, second, first,
                           second);
      default:
        return fmt::format("({} or {})", first, second);
    }
  }

  std::string ComparisonSelector(int id, int key) {
    const auto split = SplitComparison::Of(formula_, id, key);
    const std::string keys = SumText(split->key), queries = SumText(split->query);
    int depth = 0;
    for (const auto* side : {&split->key, &split->query}) {
      for (const Summand& summand : *side) depth = std::max(depth, DepthOf(summand.node));
    }
    SetDepth(id, depth);
    return fmt::format("select({}, {}, {})", keys, queries, RaspSign(split->comparison));
  }

  std::string SumText(const std::vector<Summand>& summands) {
    std::string text;
    for (const Summand& summand : summands) {
      const std::int64_t size = std::abs(summand.coefficient);
      const std::string sign =
          summand.coefficient < 0 ? (text.empty() ? "0 - " : " - ") : (text.empty() ? "" : " + ");
      const std::string of = summand.node < 0 ? "" : Text(summand.node);
      text += sign + (summand.node < 0 ? fmt::format("{}", size)
                      : size == 1      ? of
                                       : fmt::format("{} * {}", size, of));
    }
    return text.empty() ? "0" : text;
  }

  // A long selector gets a name, as an expression does.
  std::string Named(const std::string& selector) {
    if (selector.size() <= kLongestExpression) return selector;
    const std::string name = NewName("selector");
    w_.Assign(name, selector);
    return name;
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

GeneratedProgram MakeProgram(ProgramHeader header, const std::string& grid, FormulaWriter& writer,
                       int root) {
  const std::string accept = writer.Text(root);
  GeneratedProgram recogniser;
  recogniser.depth = writer.DepthOf(root);
  recogniser.promise = DepthPromise(recogniser.depth, " whatever the length");
  header.comments.push_back(
      fmt::format("Depth promised: {}. The verdict is the last value.", recogniser.promise));
  RaspWriter end;
  end.Blank();
  end.Assign("accept", accept);
  recogniser.program = WriteHeader(header).text() + grid + writer.statements().text() + end.text();
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

std::string PadsOf(const Sentence& formula) {
  return formula.num_slots < 2 ? "0" : PadCount(formula.num_slots);
}

std::optional<GeneratedProgram> FormulaProgram(const Sentence& formula, const Alphabet& alphabet,
                                         const std::string& name, const GeneratedProgramOptions& options,
                                         Diagnostics& diag) {
  ProgramHeader header;
  header.comments = {fmt::format("Recognises {}.", name)};
  header.alphabet = alphabet.symbols();
  header.end_marker = FreshToken(alphabet.symbols(), "$");
  header.max_length = options.max_length;
  if (options.mechanism != Mechanism::kPad || formula.num_slots < 2) {
    header.comments.push_back(
        "A variable of a quantifier is a position that attention looks at, and the other one, if "
        "there is one, the position that looks.");
    SelectorWriter writer(formula, header.end_marker);
    const std::string length =
        UsesLength(formula)
            ? fmt::format(
                  "# How many symbols there are.\nn = selector_width(select(tokens, {}, !=));\n",
                  Literal(header.end_marker))
            : "";
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
  header.pad = {grid.pad, PadCount(grid.arity)};
  header.comments.push_back(
      fmt::format("Each of the {} pads stands for {} positions, and has a value for every part of "
                  "the formula; a quantifier looks at the pads that agree in the other variables.",
                  PadCount(grid.arity), grid.arity));
  PadWriter writer(formula, grid);
  GeneratedProgram recogniser = MakeProgram(header, PadGridStatements(grid), writer, formula.Root());
  recogniser.construction =
      fmt::format("a pad for each {} positions, and a head for each quantifier", grid.arity);
  recogniser.reason = fmt::format("the formula has {} variables at once", grid.arity);
  recogniser.num_pads = PadCount(grid.arity);
  return recogniser;
}

}  // namespace raspc
