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
  Word front, behind;
  int left = length - 1;
  const int of_four = static_cast<int>(random() % 4);  // how many of four steps are negations
  while (left > 0) {
    if (left < 4 || static_cast<int>(random() % 4) < of_four) {
      front.push_back(kNot);
      left -= 1;
      continue;
    }
    const bool is_left = side == 2 ? random() % 2 == 0 : side == 1;
    const SymbolId op = random() % 2 == 0 ? kAnd : kOr, value = static_cast<int>(random() % 2);
    front.push_back(kOpen);
    behind.push_back(kClose);
    if (is_left) {  // the part after is read backwards
      behind.insert(behind.end(), {value, op});
    } else {
      front.insert(front.end(), {value, op});
    }
    left -= 4;
  }
  front.push_back(static_cast<int>(random() % 2));
  front.insert(front.end(), behind.rbegin(), behind.rend());
  return front;
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
constexpr const char* kTree =
    R"rasp(# The word without its negations: the number of each symbol in it, what stands before, and how
# many negations stand between.
up_to_here = select(indices, indices, <=);
is_not = tokens == "~";
kept = select(is_not, False, ==);
number = selector_width(kept and up_to_here);
previous = kept and select(number, number - indicator(not is_not), ==);
before = aggregate(previous, tokens, "(");
num_not = indices - 1 - aggregate(previous, indices, -1);
negates = num_not % 2;

# Behind the start, an opening bracket and an operator stands an operand, elsewhere none.
wants_operand = before in ["(", "&", "|"];
is_operand = tokens in ["0", "1", "("];
is_misplaced = not (is_operand == wants_operand) or (not wants_operand and num_not > 0);
is_misplaced = is_misplaced and not is_not;

# The symbols of one level are an opening bracket, an operator, a closing bracket, and so on.
step = {"(": 1, ")": -1, "0": 0, "1": 0, "~": 0, "&": 0, "|": 0, "$": 0}[tokens];
depth = round(selector_width(up_to_here) * aggregate(up_to_here, step));
level = depth + indicator(tokens == ")");
place = {"(": 1, "&": 2, "|": 2, ")": 0, "0": 3, "1": 3, "~": 3, "$": 3}[tokens];
same_level = select(level, level, ==) and select(place < 3, True, ==);
turn = selector_width(same_level and up_to_here);
is_out_of_turn = place < 3 and not (turn % 3 == place);
is_formula = depth == 0 and not has_focus(select(is_misplaced or is_out_of_turn, True, ==));

# The operator between an opening bracket and the closing one, and where the operands stand.
operator = same_level and select(turn, turn + 1, ==);
left = aggregate(kept and select(number, number + 1, ==), indices, 0);
right = aggregate(operator, left, 0);
decides_alone = aggregate(operator, indicator(tokens == "|"), 0);

# Values are 0, 1, or 2 where they are not known yet. A bracket of which one operand is known, and
# does not decide alone, is the other operand, negated or not: it points there. Pointers are then
# followed to what is known or points on.
value = negates if tokens == "0" else (1 - negates if tokens == "1" else 2);
waits = tokens == "(";
target = indices;
flips = 0;
)rasp";

constexpr const char* kRounds = R"rasp(for round_of in range({rounds}) {{
  value_left = aggregate(select(indices, left, ==), value, 2);
  value_right = aggregate(select(indices, right, ==), value, 2);
  has_decided = value_left == decides_alone or value_right == decides_alone;
  misses = value_left == 2 or value_right == 2;
  plain = decides_alone if has_decided else (2 if misses else 1 - decides_alone);
  settled = plain if plain == 2 else (plain + negates) % 2;
  to_left = waits and settled == 2 and not (value_right == 2);
  to_right = waits and settled == 2 and not (value_left == 2);
  points = to_left or to_right;
  target = (left if to_left else 0) + (right if to_right else 0) + (0 if points else target);
  # It is one of the three; this only says how large it can be.
  target = target % {positions};
  flips = negates if points else flips;
  value = settled if waits else value;
  waits = waits and value == 2 and not points;
  for jump in range(2) {{
    there = select(indices, target, ==);
    value_there = aggregate(there, value, 2);
    flips_there = aggregate(there, flips, 0);
    target = aggregate(there, target, 0);
    reached = 2 if value_there == 2 else (value_there + flips) % 2;
    value = reached if value == 2 else value;
    flips = (flips + flips_there) % 2;
  }}
}}
)rasp";

constexpr int kLayersOfRound = 3;
constexpr int kOtherLayers = 5;

ProgramBody FormulaByRounds(std::int64_t max_length, std::optional<int> num_rounds) {
  const int rounds = num_rounds.value_or(RoundsFor(max_length));
  ProgramBody body;
  body.construction =
      fmt::format("{} round{} of pebbling the tree of the formula", rounds, rounds == 1 ? "" : "s");
  body.promise = fmt::format(": {} rounds of {}, and {} more; ceil(log2 m) rounds decide m values",
                             rounds, kLayersOfRound, kOtherLayers);
  body.explanation =
      "Brackets of one level are matched, which gives the tree. In a round every bracket looks at "
      "the values of its operands; with one of them known, it points to the other; and pointers "
      "are followed twice. The value of a tree with m leaves is known after ceil(log2 m) rounds "
      "(Gibbons, Rytter 1988), and a formula of n symbols has at most (n + 3) / 4.";
  body.depth = kOtherLayers + kLayersOfRound * rounds;
  RaspWriter& w = body.statements;
  w.Lines(kTree);
  w.Blank();
  w.Lines(fmt::format(fmt::runtime(kRounds), fmt::arg("rounds", rounds),
                      fmt::arg("positions", max_length + 1)));
  w.Blank();
  w.Assign("first", "aggregate(kept and select(number, 1, ==), indices, 0)");
  w.Assign("result", "aggregate(select(indices, first, ==), value, 2)");
  w.Assign("accept", "is_formula and result == 1");
  // Functions of a few small values each, and of one position: joint tables of several of them
  // would be large.
  body.max_domain = std::max<std::int64_t>(kSmallDomain, 8 * (max_length + 1));
  return body;
}

ProblemParts FormulaParts(const Alphabet& symbols) {
  ProblemParts parts;
  parts.decide = IsTrueFormula;
  parts.draw = DrawFormulas;
  const MechanismTheory no = {
      Expectation::kConditionalNo,
      "it is complete for NC1, so that no transformer of constant depth decides it unless TC0 = "
      "NC1",
      "", "Buss 1987; Merrill, Sabharwal 2023, the parallelism tradeoff"};
  parts.theory_direct = no;
  parts.theory_pad = no;
  parts.theory_pad.reason += "; padding does not change that";
  parts.theory_pad.reference = "Buss 1987; Merrill, Sabharwal 2025, exact expressive power";
  SetCot(FormulaMachine(symbols), parts);
  parts.depth = FormulaByRounds;
  parts.theory_depth = {
      Expectation::kYes,
      "rounds of pebbling the formula's tree, by pointers to the operand that is "
      "not known",
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
