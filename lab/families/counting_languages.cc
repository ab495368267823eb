// Languages decided by how often symbols occur: blocks of equal length, majority, equality, and
// the n-ary Boolean expressions, whose form a counter checks.
//
// The programs compare running sums, as in C-RASP, and use no positions except for the causal order
// (Bhattamishra, Ahuja, Goyal 2020; Yang, Chiang 2024).
#include <fmt/format.h>

#include <algorithm>

#include "lab/families/language_machines.h"
#include "lab/families/problem_parts.h"

namespace raspc {
namespace {

constexpr const char* kCounting = "Bhattamishra, Ahuja, Goyal 2020; Yang, Chiang 2024";

// The sum of the steps of a whole word.
int SumOfSteps(const Word& word, const std::vector<int>& steps) {
  int sum = 0;
  for (const SymbolId a : word) sum += steps[static_cast<std::size_t>(a)];
  return sum;
}

// a^n b^n ...: the blocks are the letters in order.

GeneratedProgram EqualBlocks(const Alphabet& letters) {
  const int num_letters = letters.size();
  GeneratedProgram body;
  body.construction = "counts of consecutive letters, and their order";
  body.explanation =
      "Blocks are in order if no letter comes after a later letter of the alphabet. Their lengths "
      "are equal if each letter occurs as often as the next one.";
  body.depth = 2;
  RaspWriter& w = body.statements;
  const Expr before = w.Assign("before", SelectBefore());
  const Expr up_to_here = w.Assign("up_to_here", SelectUpToHere());
  std::vector<int> ranks(static_cast<std::size_t>(num_letters));
  for (int m = 0; m < num_letters; ++m) ranks[static_cast<std::size_t>(m)] = m + 1;
  // The end marker has rank 0, but nothing comes after it.
  const Expr rank = AssignSteps(w, "rank", letters, ranks);
  const Expr comes_too_late =
      w.Assign("comes_too_late", ComesTooLate(before, rank, letters));
  std::vector<Expr> equal;
  for (int m = 0; m + 1 < num_letters; ++m) {
    std::vector<int> steps(static_cast<std::size_t>(num_letters));
    steps[static_cast<std::size_t>(m)] = 1;
    steps[static_cast<std::size_t>(m) + 1] = -1;
    w.Blank();
    const Expr step = AssignSteps(w, "step_of_" + letters.Symbol(m), letters, steps);
    const Expr more =
        w.Assign(fmt::format("more_{}_than_{}", letters.Symbol(m), letters.Symbol(m + 1)),
                 SumOver(up_to_here, step));
    equal.push_back(Indicator(more == 0));
  }
  w.Blank();
  const Expr num_equal = w.Assign("num_equal", SumOf(equal));
  w.Assign("accept",
           And(num_equal == num_letters - 1, Not(HasFocus(SelectWhere(comes_too_late)))));
  // Each difference is compared with 0 separately, instead of all of them in one function.
  body.header.reduce_counts_first = true;
  return body;
}

ProblemParts EqualBlocksParts(const Alphabet& letters) {
  ProblemParts parts;
  const int k = letters.size();
  parts.decide = [k](const Word& word) {
    const int length = static_cast<int>(word.size());
    if (length % k != 0) return false;
    for (int i = 0; i < length; ++i) {
      if (word[static_cast<std::size_t>(i)] != i / (length / k)) return false;
    }
    return true;
  };
  parts.draw = [k](SamplerParts& source, const LanguageLimits&, Diagnostics&) {
    source.member = [k](int length, std::mt19937_64&) -> std::optional<Word> {
      if (length % k != 0) return std::nullopt;
      Word word;
      for (int i = 0; i < length; ++i) word.push_back(i / (length / k));
      return word;
    };
    return true;
  };
  parts.direct = [letters](std::int64_t) { return EqualBlocks(letters); };
  parts.theory_direct = {Expectation::kYes,
                         "running counts, and no letter after a later one of the alphabet", "",
                         kCounting};
  SetCot(BlocksMachine(letters), parts);
  parts.c_rasp = parts.constant_depth = true;
  parts.models_reference = kCounting;
  return parts;
}

PartsEntry EqualBlocksEntry(const std::string& letters) {
  std::string name, definition;
  for (const char c : letters) {
    name += fmt::format("{}{}_n", name.empty() ? "" : "_", c);
    definition += fmt::format("{}{}^n", definition.empty() ? "" : " ", c);
  }
  return OneLanguage(
      name, letters.size() == 2 ? "deterministic context-free" : "context-sensitive", letters,
      definition + " for n >= 0: one block for each letter, all of equal length", EqualBlocksParts);
}

// Words whose sum of steps is 0, or above 0.

GeneratedProgram CompareSum(const Alphabet& letters, const std::vector<int>& steps,
                            CounterTest accepted) {
  GeneratedProgram body;
  body.construction = "one count";
  body.explanation =
      "The order of symbols does not matter: each contributes a step, and the sum decides.";
  body.depth = 1;
  RaspWriter& w = body.statements;
  const Expr step = AssignSteps(w, "step", letters, steps);
  const Expr up_to_here = w.Assign("up_to_here", SelectUpToHere());
  const Expr sum = w.Assign("sum", SumOver(up_to_here, step));
  w.Assign("accept", accepted == CounterTest::kZero ? sum == 0 : sum > 0);
  return body;
}

// `accepted`: kZero or kPositive.
ProblemParts SumParts(const Alphabet& letters, const std::vector<int>& steps, CounterTest accepted,
                      const std::string& reference) {
  const auto accepts = [accepted](int sum) {
    return accepted == CounterTest::kZero ? sum == 0 : sum > 0;
  };
  ProblemParts parts;
  parts.decide = [steps, accepts](const Word& word) { return accepts(SumOfSteps(word, steps)); };
  parts.draw = [=](SamplerParts& source, const LanguageLimits& limits, Diagnostics& diag) {
    const int most = source.max_length;
    return DrawByAutomaton(
        CounterAutomaton(
            letters, -most, most, 0,
            [&](int sum, SymbolId a) { return sum + steps[static_cast<std::size_t>(a)]; }, accepts),
        limits, source, diag);
  };
  parts.direct = [=](std::int64_t) { return CompareSum(letters, steps, accepted); };
  parts.theory_direct = {Expectation::kYes, "a count of symbols compared with another", "",
                         reference};
  SetCot(SumMachine(letters, steps, accepted), parts);
  parts.c_rasp = parts.constant_depth = true;
  parts.models_reference = reference;
  return parts;
}

PartsEntry MajorityEntry() {
  return OneLanguage("majority", "deterministic context-free", "01", "more 1s than 0s",
                     [](const Alphabet& alphabet) {
                       return SumParts(alphabet, {-1, 1}, CounterTest::kPositive,
                                       "Pérez, Marinković, Barceló 2019");
                     });
}

PartsEntry EqualityEntry() {
  return OneLanguage("equality", "deterministic context-free", "ab", "as many a as b, in any order",
                     [](const Alphabet& alphabet) {
                       return SumParts(alphabet, {1, -1}, CounterTest::kZero, kCounting);
                     });
}

// n-ary Boolean expressions: `0` and `1` are values, `~` takes one operand, `+` two and `>` three.

const std::vector<int> kCountOperands = {0, 0, 1, 2, 3};

GeneratedProgram ExpressionProgram(const Alphabet& letters) {
  GeneratedProgram body;
  body.construction = "a running count of the operands still missing";
  body.explanation =
      "One operand is missing before the first symbol; every symbol is an operand, and requires as "
      "many as it takes. A word is an expression if the number missing is 0 after it and nowhere "
      "before.";
  body.depth = 2;
  RaspWriter& w = body.statements;
  std::vector<int> steps;
  for (const int operands : kCountOperands) steps.push_back(operands - 1);
  const Expr step = AssignSteps(w, "step", letters, steps);
  const Expr before = w.Assign("before", SelectBefore());
  w.Comment("The number missing before each symbol is read.");
  const Expr num_missing = w.Assign("num_missing", 1 + SumOver(before, step));
  const Expr is_over_before = w.Assign(
      "is_over_before", HasFocus(And(before, Select(num_missing, 0, Comparison::kLessEqual))));
  w.Assign("accept", And(num_missing == 0, Not(is_over_before)));
  return body;
}

bool IsExpression(const Word& word) {
  int wanted = 1;
  for (const SymbolId a : word) {
    if (wanted == 0) return false;
    wanted += kCountOperands[static_cast<std::size_t>(a)] - 1;
  }
  return wanted == 0;
}

// Expressions nested as deeply as their length allows: an operator with values for all operands but
// one, which is the rest; the operators are random, or all the same.
std::optional<Word> DeepExpression(int length, std::mt19937_64& random) {
  if (length == 0) return std::nullopt;
  const bool is_last_operand = random() % 2 == 0;
  const int always = random() % 2 == 0 ? static_cast<int>(2 + random() % 3) : 0;
  Word word, suffix;
  int left = length;
  while (left > 1) {
    int op = always > 0 ? always : static_cast<int>(2 + random() % 3);
    const auto size = [](int symbol) { return kCountOperands[static_cast<std::size_t>(symbol)]; };
    while (size(op) > left - 1) --op;
    word.push_back(op);
    for (int i = 1; i < size(op); ++i) {
      (is_last_operand ? word : suffix).push_back(static_cast<int>(random() % 2));
    }
    left -= size(op);
  }
  word.push_back(static_cast<int>(random() % 2));
  word.insert(word.end(), suffix.begin(), suffix.end());
  return word;
}

ProblemParts ExpressionParts(const Alphabet& letters) {
  ProblemParts parts;
  parts.decide = IsExpression;
  parts.draw = [letters](SamplerParts& source, const LanguageLimits& limits, Diagnostics& diag) {
    const auto next = [](int wanted, SymbolId a) {
      return wanted == 0
                 ? std::nullopt
                 : std::optional<int>(wanted + kCountOperands[static_cast<std::size_t>(a)] - 1);
    };
    source.hard = DeepExpression;
    // There cannot be more operands than symbols left.
    return DrawByAutomaton(CounterAutomaton(letters, 0, source.max_length + 1, 1, next,
                                            [](int wanted) { return wanted == 0; }),
                           limits, source, diag);
  };
  parts.direct = [letters](std::int64_t) { return ExpressionProgram(letters); };
  SetCot(PrefixMachine(letters, kCountOperands), parts);
  parts.theory_direct = {Expectation::kYes, "a running count that is first 0 after the last symbol",
                         "", kCounting};
  parts.c_rasp = parts.constant_depth = true;
  parts.models_reference = kCounting;
  return parts;
}

PartsEntry ExpressionEntry() {
  return OneLanguage("boolean_expression", "deterministic context-free", "01~+>",
                     "well-formed in prefix notation: 0 and 1 are values, ~ takes 1 operand, + "
                     "takes 2, > takes 3",
                     ExpressionParts);
}

}  // namespace

void AddCountingLanguages(std::vector<ProblemEntry>& entries) {
  for (const char* letters : {"ab", "abc", "abcd"}) {
    entries.push_back(MakeEntry(EqualBlocksEntry(letters)));
  }
  entries.push_back(MakeEntry(MajorityEntry()));
  entries.push_back(MakeEntry(EqualityEntry()));
  entries.push_back(MakeEntry(ExpressionEntry()));
}

}  // namespace raspc
