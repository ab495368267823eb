// Problems that show the strengths of each kind of machine: two counters, a stack, a tape, and two
// tapes. All have programs of constant depth too.
#include "lab/families/machines/machine_families.h"

#include <fmt/format.h>

#include <algorithm>

#include "automata/sample.h"
#include "frontends/machines/machine_program.h"
#include "lab/families/problem_parts.h"

namespace raspc {
namespace {

constexpr const char* kSteps = "Merrill, Sabharwal 2024";
constexpr const char* kLookups = "Weiss, Goldberg, Yahav 2021; Zhou et al. 2023";

template <class M>
void ByMachine(const M& machine, std::string_view kind, ProblemParts& parts) {
  parts.theory_cot = {Expectation::kYes, fmt::format("a step of a {} per token", kind),
                      machine.frame.max_steps.Text() + " steps", kSteps};
  parts.cot = [machine](const std::string& name, const GeneratedProgramOptions& options,
                        Diagnostics& diag) { return MachineProgram(machine, name, options, diag); };
}

// a^m b^n c^m d^n: two counters, each raised by one block and lowered by another.

CounterMachine CrossedMachine(const Alphabet& letters) {
  CounterMachine machine;
  machine.frame.alphabet = letters;
  machine.frame.start = "a";
  machine.frame.accepting = {"yes"};
  machine.num_counters = 2;
  // A block may follow any earlier block, as those in between may be empty.
  for (std::size_t from = 0; from < 4; ++from) {
    const std::string state = letters.Symbol(static_cast<SymbolId>(from));
    for (std::size_t to = from; to < 4; ++to) {
      const std::string symbol = letters.Symbol(static_cast<SymbolId>(to));
      std::vector<int> change(2, 0);
      change[to % 2] = to < 2 ? 1 : -1;
      std::vector<CounterTest> tests(2, CounterTest::kAny);
      if (to >= 2) tests[to % 2] = CounterTest::kPositive;
      machine.transitions.push_back(
          {state, {symbol, std::nullopt}, tests, symbol, change, std::nullopt});
    }
    machine.transitions.push_back({state,
                                   {machine.frame.end, std::nullopt},
                                   {CounterTest::kZero, CounterTest::kZero},
                                   "yes",
                                   {},
                                   std::nullopt});
  }
  return machine;
}

GeneratedProgram CrossedProgram(const Alphabet& letters) {
  GeneratedProgram body;
  body.construction =
      "counts of the first and third and of the second and fourth letters, and their order";
  body.explanation = "Blocks are in order if no letter comes after a later letter of the alphabet.";
  body.depth = 2;
  RaspWriter& w = body.statements;
  const Expr before = w.Assign("before", SelectBefore());
  const Expr up_to_here = w.Assign("up_to_here", SelectUpToHere());
  const Expr rank = AssignSteps(w, "rank", letters, {1, 2, 3, 4});
  const Expr comes_too_late =
      w.Assign("comes_too_late", ComesTooLate(before, rank, letters));
  const Expr a_or_c = AssignSteps(w, "a_or_c", letters, {1, 0, -1, 0});
  const Expr a_above_c = w.Assign("a_above_c", SumOver(up_to_here, a_or_c));
  const Expr b_or_d = AssignSteps(w, "b_or_d", letters, {0, 1, 0, -1});
  const Expr b_above_d = w.Assign("b_above_d", SumOver(up_to_here, b_or_d));
  const Expr num_equal =
      w.Assign("num_equal", Indicator(a_above_c == 0) + Indicator(b_above_d == 0));
  w.Assign("accept", And(num_equal == 2, Not(HasFocus(SelectWhere(comes_too_late)))));
  // Each difference is compared with 0 separately, instead of both in one function.
  body.header.reduce_counts_first = true;
  return body;
}

ProblemParts CrossedParts(const Alphabet& letters) {
  ProblemParts parts;
  parts.decide = [](const Word& word) {
    std::size_t count[4] = {};
    for (const SymbolId a : word) ++count[a];
    return std::is_sorted(word.begin(), word.end()) && count[0] == count[2] && count[1] == count[3];
  };
  parts.draw = [](SamplerParts& source, const LanguageLimits&, Diagnostics&) {
    source.member = [](int length, std::mt19937_64& random) -> std::optional<Word> {
      if (length % 2 != 0) return std::nullopt;
      const int first = UniformBelow(random, length / 2 + 1);
      Word word;
      for (int letter = 0; letter < 4; ++letter) {
        const int size = letter % 2 == 0 ? first : length / 2 - first;
        word.insert(word.end(), static_cast<std::size_t>(size), letter);
      }
      return word;
    };
    return true;
  };
  parts.direct = [letters](std::int64_t) { return CrossedProgram(letters); };
  parts.theory_direct = {Expectation::kYes,
                         "running counts, and no letter after a later one of the alphabet", "",
                         "Bhattamishra, Ahuja, Goyal 2020"};
  parts.c_rasp = parts.constant_depth = true;
  parts.models_reference = "Bhattamishra, Ahuja, Goyal 2020; Yang, Chiang 2024";
  ByMachine(CrossedMachine(letters), "counter machine", parts);
  return parts;
}

// w c w^R and w c w: a separator marks where the second half begins.

struct MarkedParts {
  bool is_reversed = false;
  // The place with which the symbol at i is compared, in words of n symbols: as code, and in RASP,
  // where half is n / 2.
  int PlaceOf(int i, int n) const {
    return is_reversed ? n - 1 - i : i < n / 2 ? i + n / 2 + 1 : i - n / 2 - 1;
  }
  Expr PlaceHere(const Expr& n, const Expr& half) const {
    const Expr i = Indices();
    return is_reversed ? n - 1 - i : If(i < half, i + half + 1, i - half - 1);
  }
};

StackMachine MarkedPalindromeMachine(const Alphabet& letters) {
  StackMachine machine;
  machine.frame.alphabet = letters;
  machine.frame.start = "push";
  machine.frame.accepting = {"yes"};
  machine.stack = {"a", "b"};
  for (const std::string& symbol : machine.stack) {
    machine.transitions.push_back(
        {"push", {symbol, std::nullopt}, std::nullopt, "push", false, symbol, std::nullopt});
    machine.transitions.push_back(
        {"pop", {symbol, std::nullopt}, symbol, "pop", true, std::nullopt, std::nullopt});
  }
  machine.transitions.push_back({"push", {"c", std::nullopt}, std::nullopt, "pop"});
  machine.transitions.push_back({"pop", {"$", std::nullopt}, "bottom", "yes"});
  return machine;
}

// The first half is copied to the second tape, whose head then goes back to compare.
TuringMachine MarkedCopyMachine(const Alphabet& letters) {
  TuringMachine machine;
  machine.frame.alphabet = letters;
  machine.frame.start = "copy";
  machine.frame.accepting = {"yes"};
  machine.frame.max_steps = Polynomial::Linear(2, 3);
  machine.num_tapes = 2;
  const std::optional<std::string> any;
  for (const std::string symbol : {"a", "b"}) {
    machine.transitions.push_back({"copy", {symbol, "_"}, "copy", {any, symbol}, {1, 1}});
    machine.transitions.push_back({"back", {any, symbol}, "back", {}, {0, -1}});
    machine.transitions.push_back({"compare", {symbol, symbol}, "compare", {}, {1, 1}});
  }
  machine.transitions.push_back({"copy", {"c", "_"}, "back", {}, {1, -1}});
  machine.transitions.push_back({"back", {any, "_"}, "compare", {}, {0, 1}});
  machine.transitions.push_back({"compare", {"_", "_"}, "yes", {}, {}});
  return machine;
}

GeneratedProgram MarkedProgram(const Alphabet& letters, const MarkedParts& marked) {
  GeneratedProgram body;
  body.construction = "gathers from the other half";
  body.explanation =
      "The mark is in the middle and nowhere else, and each symbol equals the corresponding one of "
      "the other half.";
  body.depth = 3;
  RaspWriter& w = body.statements;
  const Expr num_symbols = w.Assign("num_symbols", Length() - 1);
  const Expr half = w.Assign("half", Round((num_symbols - 1) / 2));
  const Expr other = w.Assign("other", ValueAt(marked.PlaceHere(num_symbols, half), Tokens(),
                                               EndMarkerOf(letters)));
  const Expr is_middle = Indices() == half;
  const Expr is_mark_wrong = w.Assign("is_mark_wrong", (Tokens() == "c") != is_middle);
  const Expr differs_in_word = Or(is_mark_wrong, And(Not(other == Tokens()), Not(is_middle)));
  const Expr differs = w.Assign("differs", And(differs_in_word, Indices() < num_symbols));
  w.Assign("accept", And(num_symbols % 2 == 1, Not(HasFocus(SelectWhere(differs)))));
  return body;
}

ProblemParts PartsOfMarked(const Alphabet& letters, const MarkedParts& marked) {
  ProblemParts parts;
  parts.decide = [marked](const Word& word) {
    const int n = static_cast<int>(word.size());
    if (n % 2 == 0) return false;
    for (int i = 0; i < n; ++i) {
      const bool is_mark = word[static_cast<std::size_t>(i)] == 2;
      if (is_mark != (i == n / 2)) return false;
      if (!is_mark && word[static_cast<std::size_t>(i)] !=
                          word[static_cast<std::size_t>(marked.PlaceOf(i, n))]) {
        return false;
      }
    }
    return true;
  };
  parts.draw = [marked](SamplerParts& source, const LanguageLimits&, Diagnostics&) {
    source.member = [marked](int length, std::mt19937_64& random) -> std::optional<Word> {
      if (length % 2 == 0) return std::nullopt;
      Word word = AnyWord(length, 2, random);
      word[static_cast<std::size_t>(length / 2)] = 2;
      for (int i = 0; i < length / 2; ++i) {
        word[static_cast<std::size_t>(marked.PlaceOf(i, length))] =
            word[static_cast<std::size_t>(i)];
      }
      return word;
    };
    return true;
  };
  parts.direct = [letters, marked](std::int64_t) { return MarkedProgram(letters, marked); };
  parts.theory_direct = {Expectation::kYes, "a gather from the other half, in AC0", "", kLookups};
  parts.constant_depth = true;
  parts.models_reference = kLookups;
  return parts;
}

ProblemParts MarkedPalindromeParts(const Alphabet& letters) {
  ProblemParts parts = PartsOfMarked(letters, {/*is_reversed=*/true});
  ByMachine(MarkedPalindromeMachine(letters), "stack machine", parts);
  return parts;
}

ProblemParts MarkedCopyParts(const Alphabet& letters) {
  ProblemParts parts = PartsOfMarked(letters, {/*is_reversed=*/false});
  ByMachine(MarkedCopyMachine(letters), "Turing machine with two tapes", parts);
  return parts;
}

// The successor of a binary number, most significant bit first.

TuringMachine IncrementMachine(const Alphabet& bits) {
  TuringMachine machine;
  machine.frame.alphabet = bits;
  machine.frame.outputs = bits.symbols();
  machine.frame.start = "right";
  machine.frame.accepting = {"done"};
  machine.frame.max_steps = Polynomial::Linear(3, 6);
  machine.frame.max_output = Polynomial::Linear(1, 1);
  for (const std::string& bit : bits.symbols()) {
    machine.transitions.push_back({"right", {bit}, "right", {}, {1}});
    machine.transitions.push_back({"left", {bit}, "left", {}, {-1}});
    machine.transitions.push_back({"print", {bit}, "print", {}, {1}, bit});
  }
  machine.transitions.push_back({"right", {"_"}, "carry", {}, {-1}});
  machine.transitions.push_back({"carry", {"1"}, "carry", {"0"}, {-1}});
  machine.transitions.push_back({"carry", {"0"}, "left", {"1"}, {-1}});
  machine.transitions.push_back({"carry", {"_"}, "left", {"1"}, {-1}});
  machine.transitions.push_back({"left", {"_"}, "print", {}, {1}});
  machine.transitions.push_back({"print", {"_"}, "done", {}, {}});
  return machine;
}

GeneratedProgram IncrementProgram() {
  GeneratedProgram body;
  body.construction = "whether a 0 comes later";
  body.explanation =
      "A bit changes if all bits after it are 1. A number of only 1s becomes longer: a 1 and as "
      "many 0s, the last of them at the end marker.";
  body.depth = 1;
  RaspWriter& w = body.statements;
  const Expr zeros = Select(Tokens(), "0");
  const Expr has_zero = w.Assign("has_zero", HasFocus(zeros));
  const Expr has_later_zero =
      w.Assign("has_later_zero", HasFocus(And(zeros, SelectAfter())));
  const Expr changed = w.Assign("changed", If(Tokens() == "0", "1", "0"));
  const Expr longer = w.Assign("longer", If(Indices() == 0, "1", "0"));
  const Expr sum = w.Assign("sum", If(has_later_zero, Tokens(), changed));
  w.Assign("answer", If(has_zero, sum, longer));
  return body;
}

ProblemParts IncrementParts(const Alphabet& bits) {
  ProblemParts parts;
  parts.answer = [](const Word& word) -> std::optional<Answer> {
    Answer answer(word.size(), "0");
    auto last_zero = std::find(word.rbegin(), word.rend(), 0);
    if (last_zero == word.rend()) {
      answer.insert(answer.begin(), "1");
      return answer;
    }
    const auto changed = static_cast<std::size_t>(word.rend() - last_zero) - 1;
    for (std::size_t i = 0; i < changed; ++i) answer[i] = word[i] == 1 ? "1" : "0";
    answer[changed] = "1";
    return answer;
  };
  parts.draw = [](SamplerParts& source, const LanguageLimits&, Diagnostics&) {
    source.member = [](int length, std::mt19937_64& random) { return AnyWord(length, 2, random); };
    // Long carries.
    source.hard = [](int length, std::mt19937_64& random) {
      Word word = AnyWord(length, 2, random);
      const int first = UniformBelow(random, length + 1);
      std::fill(word.begin() + first, word.end(), 1);
      return word;
    };
    return true;
  };
  parts.direct = [](std::int64_t) { return IncrementProgram(); };
  parts.result_at = ResultAt::kFirst;
  parts.theory_direct = {Expectation::kYes,
                         "a carry that reaches a bit if no 0 comes after it, in AC0", "", kLookups};
  ByMachine(IncrementMachine(bits), "Turing machine", parts);
  return parts;
}

}  // namespace

void AddMachineFamilies(std::vector<ProblemEntry>& entries) {
  entries.push_back(MakeEntry(OneLanguage(
      "crossed_blocks", "context-sensitive", "abcd",
      "a^m b^n c^m d^n for all m, n >= 0: two counters suffice, a stack does not", CrossedParts)));
  entries.push_back(MakeEntry(OneLanguage("marked_palindromes", "deterministic context-free", "abc",
                                          "w c w^R for w over a, b: a stack machine's palindromes",
                                          MarkedPalindromeParts)));
  entries.push_back(
      MakeEntry(OneLanguage("marked_copy", "context-sensitive", "abc",
                            "w c w for w over a, b: a word and its copy", MarkedCopyParts)));
  PartsEntry increment =
      OneLanguage("binary_increment", "context-sensitive", "01",
                  "the successor of a binary number, most significant bit first", IncrementParts);
  increment.kind = ProblemKind::kTask;
  entries.push_back(MakeEntry(std::move(increment)));
}

}  // namespace raspc
