// The Boolean formula value problem: complete for NC1 (Buss 1987), so constant depth does not
// suffice unless TC0 = NC1; a stack evaluates a formula while it is read.
//
//   F ::= 0 | 1 | ~F | (F&F) | (F|F)
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "lab/families/big_count.h"
#include "lab/families/language_machines.h"
#include "lab/families/problem_parts.h"

namespace raspc {
namespace {

// The symbols, in the order of the alphabet. The values have their own ids.
enum Symbol : SymbolId { kFalse, kTrue, kNot, kAnd, kOr, kOpen, kClose };
constexpr const char* kSymbols = "01~&|()";

int Combine(int op, int a, int b) { return op == kAnd ? a & b : a | b; }

bool IsValue(SymbolId symbol) { return symbol == kFalse || symbol == kTrue; }

// Pushes a value onto the stack of unevaluated symbols, applying negations on top of it.
void PushValue(Word& stack, SymbolId value) {
  while (!stack.empty() && stack.back() == kNot) {
    stack.pop_back();
    value = 1 - value;
  }
  stack.push_back(value);
}

// Evaluates the `( value op value` on top of the stack; false if there is none.
bool Reduce(Word& stack) {
  const std::size_t size = stack.size();
  if (size < 4) return false;
  const SymbolId open = stack[size - 4], a = stack[size - 3], op = stack[size - 2],
                 b = stack[size - 1];
  if (open != kOpen || !IsValue(a) || (op != kAnd && op != kOr) || !IsValue(b)) return false;
  stack.resize(size - 4);
  PushValue(stack, Combine(op, a, b));
  return true;
}

// The places where `~`, a bracket or an operator may occur differ, but only a formula reduces to a
// stack of one value.
bool IsTrueFormula(const Word& word) {
  Word stack;
  for (const SymbolId a : word) {
    if (IsValue(a)) {
      PushValue(stack, a);
    } else if (a != kClose) {
      stack.push_back(a);
    } else if (!Reduce(stack)) {
      return false;
    }
  }
  return stack == Word{kTrue};
}

// Numbers of formulas by length and value.
class FormulaCounts {
 public:
  explicit FormulaCounts(int max_length) {
    counts_.resize(static_cast<std::size_t>(max_length) + 1);
    for (int n = 1; n <= max_length; ++n) {
      for (const int value : {0, 1}) {
        BigCount& sum = counts_[static_cast<std::size_t>(n)][static_cast<std::size_t>(value)];
        if (n == 1) sum = 1;
        for (const BigCount& weight : Weights(n, value)) sum += weight;
      }
    }
  }

  bool HasAny(int n) const {
    return n > 0 && static_cast<std::size_t>(n) < counts_.size() && Count(n, kTrue) > 0;
  }

  // A uniform formula of that length and value.
  void Append(int n, int value, std::mt19937_64& random, Word& word) const {
    if (n == 1) {
      word.push_back(value);
      return;
    }
    const auto chosen = static_cast<int>(DrawByWeight(random, Weights(n, value)));
    if (chosen == 0) {
      word.push_back(kNot);
      Append(n - 1, 1 - value, random, word);
      return;
    }
    const int left = 1 + (chosen - 1) / 8, ways = (chosen - 1) % 8;
    word.push_back(kOpen);
    Append(left, ways & 1, random, word);
    word.push_back(ways & 4 ? kOr : kAnd);
    Append(n - 3 - left, ways >> 1 & 1, random, word);
    word.push_back(kClose);
  }

 private:
  const BigCount& Count(int n, int value) const {
    return counts_[static_cast<std::size_t>(n)][static_cast<std::size_t>(value)];
  }

  // By how the formula is made, if it has more than one symbol: first those that begin with `~`,
  // then for each length of the left operand eight: two values, the operator.
  std::vector<BigCount> Weights(int n, int value) const {
    std::vector<BigCount> weights;
    if (n < 2) return weights;
    weights.push_back(Count(n - 1, 1 - value));
    for (int left = 1; left < n - 3; ++left) {
      for (int ways = 0; ways < 8; ++ways) {
        const int a = ways & 1, b = ways >> 1 & 1;
        const bool fits = Combine(ways & 4 ? kOr : kAnd, a, b) == value;
        weights.push_back(fits ? Count(left, a) * Count(n - 3 - left, b) : BigCount(0));
      }
    }
    return weights;
  }

  std::vector<std::array<BigCount, 2>> counts_;  // by length and value
};

// A formula nested as deeply as its length allows, to the left, to the right, or either; negations
// where symbols are left over, or everywhere. Of either value.
std::optional<Word> DeepFormula(int length, std::mt19937_64& random) {
  if (length == 0) return std::nullopt;
  const int side = static_cast<int>(random() % 3);
  Word prefix, suffix;
  int left = length - 1;
  const int of_four = static_cast<int>(random() % 4);  // how many of four steps are negations
  while (left > 0) {
    if (left < 4 || static_cast<int>(random() % 4) < of_four) {
      prefix.push_back(kNot);
      left -= 1;
      continue;
    }
    const bool is_left = side == 2 ? random() % 2 == 0 : side == 1;
    const SymbolId op = random() % 2 == 0 ? kAnd : kOr, value = static_cast<int>(random() % 2);
    prefix.push_back(kOpen);
    suffix.push_back(kClose);
    if (is_left) {  // the part after is read backwards
      suffix.insert(suffix.end(), {value, op});
    } else {
      prefix.insert(prefix.end(), {value, op});
    }
    left -= 4;
  }
  prefix.push_back(static_cast<int>(random() % 2));
  prefix.insert(prefix.end(), suffix.rbegin(), suffix.rend());
  return prefix;
}

bool DrawFormulas(SamplerParts& source, const LanguageLimits& limits, Diagnostics& diag) {
  const double n = source.max_length;
  if (4 * n * n * (1 + n / 64) > static_cast<double>(limits.max_steps)) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("counting the formulas of up to {} symbols takes more than {} steps, "
                           "the limit",
                           source.max_length, limits.max_steps));
    return false;
  }
  const auto counts = std::make_shared<const FormulaCounts>(source.max_length);
  source.member = [counts](int length, std::mt19937_64& random) -> std::optional<Word> {
    if (!counts->HasAny(length)) return std::nullopt;
    Word word;
    counts->Append(length, kTrue, random, word);
    return word;
  };
  source.hard = [counts](int length, std::mt19937_64& random) -> std::optional<Word> {
    if (random() % 2 == 0) return DeepFormula(length, random);
    // Well-formed and false: counting symbols does not distinguish it from a member.
    if (!counts->HasAny(length)) return std::nullopt;
    Word word;
    counts->Append(length, kFalse, random, word);
    return word;
  };
  return true;
}

// The rounds needed to evaluate a formula of n symbols, which has at most (n + 3) / 4 values.
int RoundsFor(std::int64_t max_length) {
  int rounds = 0;
  while ((std::int64_t{1} << rounds) < (max_length + 3) / 4) ++rounds;
  return rounds;
}

// A node of a formula's tree is a value or an opening bracket, with the negations right before it.

// The word without its negations.
struct WithoutNegations {
  Expr kept;     // selects its symbols
  Expr number;   // of each symbol in it
  Expr before;   // the symbol before that
  Expr num_not;  // the negations in between
  Expr negates;  // whether these are an odd number, 0 or 1
};

WithoutNegations WriteWithoutNegations(const Expr& up_to_here, RaspWriter& w) {
  w.Comment(
      "The word without its negations: the number of each symbol in it, the symbol before it, and "
      "how many negations lie in between.");
  const Expr is_not = w.Assign("is_not", Tokens() == "~");
  const Expr kept = w.Assign("kept", Select(is_not, false));
  const Expr number = w.Assign("number", SelectorWidth(And(kept, up_to_here)));
  const Expr previous =
      w.Assign("previous", And(kept, Select(number, number - Indicator(Not(is_not)))));
  const Expr before = w.Assign("before", Aggregate(previous, Tokens(), "("));
  const Expr num_not = w.Assign("num_not", Indices() - 1 - Aggregate(previous, Indices(), -1));
  return {kept, number, before, num_not, w.Assign("negates", num_not % 2)};
}

// Whether an operand stands where there should be none, or the reverse.
Expr WriteIsMisplaced(const WithoutNegations& word, RaspWriter& w) {
  w.Comment(
      "An operand follows the start, an opening bracket or an operator, and nothing else.");
  const Expr wants_operand =
      w.Assign("wants_operand", In(word.before, TextsOf({"(", "&", "|"})));
  const Expr is_operand = w.Assign("is_operand", In(Tokens(), TextsOf({"0", "1", "("})));
  const Expr is_misplaced =
      w.Assign("is_misplaced", Or(Not(is_operand == wants_operand),
                                  And(Not(wants_operand), word.num_not > 0)));
  return w.Assign("is_misplaced", And(is_misplaced, Not(Var("is_not"))));
}

// The symbols of one level: an opening bracket, an operator, a closing bracket, and so on.
struct Levels {
  Expr same_level;  // selects them
  Expr turn;        // the number of each
};

// Assigns `is_formula`, too.
Levels WriteLevels(const Expr& up_to_here, const Expr& is_misplaced, RaspWriter& w) {
  w.Comment(
      "The symbols of one level are an opening bracket, an operator, a closing bracket, and so "
      "on.");
  const Expr step = w.Assign("step", DictOf({{"(", 1},
                                             {")", -1},
                                             {"0", 0},
                                             {"1", 0},
                                             {"~", 0},
                                             {"&", 0},
                                             {"|", 0},
                                             {"$", 0}})[Tokens()]);
  const Expr depth = w.Assign("depth", SumOver(up_to_here, step));
  const Expr level = w.Assign("level", depth + Indicator(Tokens() == ")"));
  const Expr place = w.Assign("place", DictOf({{"(", 1},
                                               {"&", 2},
                                               {"|", 2},
                                               {")", 0},
                                               {"0", 3},
                                               {"1", 3},
                                               {"~", 3},
                                               {"$", 3}})[Tokens()]);
  const Expr same_level =
      w.Assign("same_level", And(Select(level, level), SelectWhere(place < 3)));
  const Expr turn = w.Assign("turn", SelectorWidth(And(same_level, up_to_here)));
  const Expr is_out_of_turn =
      w.Assign("is_out_of_turn", And(place < 3, Not(turn % 3 == place)));
  w.Assign("is_formula",
           And(depth == 0, Not(HasFocus(SelectWhere(Or(is_misplaced, is_out_of_turn))))));
  return {same_level, turn};
}

// The tree, and what is known of its nodes before the first round.
struct FormulaTree {
  WithoutNegations word;
  Expr left, right, decides_alone;
};

FormulaTree WriteTree(RaspWriter& w) {
  const Expr up_to_here = w.Assign("up_to_here", SelectUpToHere());
  const WithoutNegations word = WriteWithoutNegations(up_to_here, w);
  w.Blank();
  const Expr is_misplaced = WriteIsMisplaced(word, w);
  w.Blank();
  const Levels levels = WriteLevels(up_to_here, is_misplaced, w);
  w.Blank();
  w.Comment(
      "The operator between an opening bracket and its closing one, and the positions of the "
      "operands.");
  const Expr op =
      w.Assign("operator", And(levels.same_level, Select(levels.turn, levels.turn + 1)));
  const Expr next = And(word.kept, Select(word.number, word.number + 1));
  const Expr left = w.Assign("left", Aggregate(next, Indices(), 0));
  const Expr right = w.Assign("right", Aggregate(op, left, 0));
  const Expr decides_alone =
      w.Assign("decides_alone", Aggregate(op, Indicator(Tokens() == "|"), 0));
  w.Blank();
  w.Comment(
      "Values are 0 or 1, or 2 if not yet known. If one operand of a bracket is known and does not "
      "decide alone, the value is that of the other operand, possibly negated, and the bracket "
      "points to it. Pointers are then followed to values that are known, or to further "
      "pointers.");
  const Expr of_one = If(Tokens() == "1", 1 - word.negates, 2);
  w.Assign("value", If(Tokens() == "0", word.negates, of_one));
  w.Assign("waits", Tokens() == "(");
  w.Assign("target", Indices());
  w.Assign("flips", 0);
  return {word, left, right, decides_alone};
}

// Updates `value`, `waits`, `target` and `flips`.
void WritePebbling(const FormulaTree& tree, std::int64_t num_positions, RaspWriter& w) {
  const Expr value = Var("value"), waits = Var("waits"), target = Var("target"),
             flips = Var("flips"), negates = tree.word.negates;
  const Expr value_left = w.Assign("value_left", ValueAt(tree.left, value, 2));
  const Expr value_right = w.Assign("value_right", ValueAt(tree.right, value, 2));
  const Expr has_decided = w.Assign(
      "has_decided", Or(value_left == tree.decides_alone, value_right == tree.decides_alone));
  const Expr misses = w.Assign("misses", Or(value_left == 2, value_right == 2));
  const Expr plain = w.Assign(
      "plain", If(has_decided, tree.decides_alone, If(misses, 2, 1 - tree.decides_alone)));
  const Expr settled = w.Assign("settled", If(plain == 2, plain, (plain + negates) % 2));
  const Expr to_left =
      w.Assign("to_left", And(waits, settled == 2, Not(value_right == 2)));
  const Expr to_right =
      w.Assign("to_right", And(waits, settled == 2, Not(value_left == 2)));
  const Expr points = w.Assign("points", Or(to_left, to_right));
  w.Assign("target",
           If(to_left, tree.left, 0) + If(to_right, tree.right, 0) + If(points, 0, target));
  w.Comment("It is one of the three values; this only bounds it for the compiler.");
  w.Assign("target", target % num_positions);
  w.Assign("flips", If(points, negates, flips));
  w.Assign("value", If(waits, settled, value));
  w.Assign("waits", And(waits, value == 2, Not(points)));
}

void WriteJump(RaspWriter& w) {
  const Expr value = Var("value"), target = Var("target"), flips = Var("flips");
  const Expr there = w.Assign("there", Select(Indices(), target));
  const Expr value_there = w.Assign("value_there", Aggregate(there, value, 2));
  const Expr flips_there = w.Assign("flips_there", Aggregate(there, flips, 0));
  w.Assign("target", Aggregate(there, target, 0));
  const Expr reached =
      w.Assign("reached", If(value_there == 2, 2, (value_there + flips) % 2));
  w.Assign("value", If(value == 2, reached, value));
  w.Assign("flips", (flips + flips_there) % 2);
}

constexpr int kLayersOfRound = 3;
constexpr int kOtherLayers = 5;

GeneratedProgram FormulaByRounds(std::int64_t max_length, std::optional<int> num_rounds) {
  const int rounds = num_rounds.value_or(RoundsFor(max_length));
  GeneratedProgram body;
  body.construction =
      fmt::format("{} round{} of pebbling the tree of the formula", rounds, rounds == 1 ? "" : "s");
  body.promise_rest =
      fmt::format(": {} rounds of {}, and {} more; ceil(log2 m) rounds decide m values", rounds,
                  kLayersOfRound, kOtherLayers);
  body.explanation =
      "Matching the brackets of each level gives the tree. In each round every bracket looks at "
      "the values of its operands; if only one of them is known, it points to the other; then "
      "pointers are followed twice. The value of a tree with m leaves is known after ceil(log2 m) "
      "rounds (Gibbons, Rytter 1988), and a formula of n symbols has at most (n + 3) / 4 leaves.";
  body.depth = kOtherLayers + kLayersOfRound * rounds;
  RaspWriter& w = body.statements;
  const FormulaTree tree = WriteTree(w);
  w.Blank();
  w.For({"round_of"}, Range(rounds), [&] {
    WritePebbling(tree, max_length + 1, w);
    w.For({"jump"}, Range(2), [&] { WriteJump(w); });
  });
  w.Blank();
  const Expr is_first = And(tree.word.kept, Select(tree.word.number, 1));
  const Expr first = w.Assign("first", Aggregate(is_first, Indices(), 0));
  const Expr result = w.Assign("result", ValueAt(first, Var("value"), 2));
  w.Assign("accept", And(Var("is_formula"), result == 1));
  // Functions of a few small values each, and of one position: joint tables of several of them
  // would be large.
  body.header.max_domain = std::max<std::int64_t>(kSmallDomain, 8 * (max_length + 1));
  return body;
}

ProblemParts FormulaParts(const Alphabet& symbols) {
  ProblemParts parts;
  parts.decide = IsTrueFormula;
  parts.draw = DrawFormulas;
  const MechanismTheory no = {
      Expectation::kConditionalNo,
      "it is complete for NC1, so no transformer of constant depth decides it unless TC0 = NC1", "",
      "Buss 1987; Merrill, Sabharwal 2023, the parallelism tradeoff"};
  parts.theory_direct = no;
  parts.theory_pad = no;
  parts.theory_pad.reason += "; padding does not change that";
  parts.theory_pad.reference = "Buss 1987; Merrill, Sabharwal 2025, exact expressive power";
  SetCot(FormulaMachine(symbols), parts);
  parts.depth = FormulaByRounds;
  parts.theory_log_depth = {
      Expectation::kYes, "rounds of pebbling the formula's tree, by pointers to unknown operands",
      fmt::format("ceil(log2 m) rounds for m values, {} each", AttentionLayers(kLayersOfRound)),
      "Gibbons, Rytter 1988; Merrill, Sabharwal 2025, exact expressive power"};
  parts.constant_depth = false;
  parts.models_reference = no.reference;
  return parts;
}

}  // namespace

void AddFormulaValue(std::vector<ProblemEntry>& entries) {
  entries.push_back(
      MakeEntry(OneLanguage("boolean_formula_value", "deterministic context-free", kSymbols,
                            "true formulas F, where F is 0, 1, ~F, (F&F) or (F|F)", FormulaParts)));
}

}  // namespace raspc
