// Languages of brackets without a bound on their depth: Dyck, shuffled Dyck, Dyck with resets.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "automata/sample.h"
#include "lab/families/big_count.h"
#include "lab/families/language_machines.h"
#include "lab/families/problem_parts.h"
#include "lab/families/regular/catalogue.h"

namespace raspc {
namespace {

constexpr const char* kCounters = "Bhattamishra, Ahuja, Goyal 2020";

int KindOf(SymbolId bracket) { return bracket / 2; }
bool Opens(SymbolId bracket) { return bracket % 2 == 0; }
SymbolId Bracket(int kind, bool opens) { return 2 * kind + (opens ? 0 : 1); }

// The steps of all brackets: 1 for opening ones, -1 for closing ones.
std::vector<int> DepthSteps(int num_kinds) {
  std::vector<int> steps;
  for (int kind = 0; kind < num_kinds; ++kind) steps.insert(steps.end(), {1, -1});
  return steps;
}

template <class T>
void Shuffle(std::vector<T>& values, std::mt19937_64& random) {
  for (std::size_t i = values.size(); i > 1; --i) {
    const auto other = static_cast<std::size_t>(UniformBelow(random, static_cast<int>(i)));
    std::swap(values[i - 1], values[other]);
  }
}

// A balanced sequence of openings (true) and closings with that many pairs, all equally likely. By
// the cycle lemma: of all rotations of a sequence with one more opening than closings exactly one
// has only positive prefix sums, and that one is an opening followed by such a sequence.
std::vector<bool> BalancedShape(int num_pairs, std::mt19937_64& random) {
  std::vector<int> steps(static_cast<std::size_t>(num_pairs) + 1, 1);
  steps.resize(2 * static_cast<std::size_t>(num_pairs) + 1, -1);
  Shuffle(steps, random);
  // It starts after the last of the lowest prefix sums.
  int sum = 0, lowest = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    sum += steps[i];
    if (sum <= lowest) {
      lowest = sum;
      start = i + 1;
    }
  }
  std::vector<bool> shape;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    shape.push_back(steps[(start + i) % steps.size()] > 0);
  }
  return shape;
}

// The word of a balanced shape whose pairs have the kind `kind_at` of their depth.
Word WithKinds(const std::vector<bool>& shape, const std::function<int(int depth)>& kind_at) {
  Word word;
  std::vector<int> open;
  for (const bool opens : shape) {
    if (opens) open.push_back(kind_at(static_cast<int>(open.size())));
    word.push_back(Bracket(open.back(), opens));
    if (!opens) open.pop_back();
  }
  return word;
}

// Blocks of one depth, such as `((()))((()))`: as deep as possible, flat, or in between; the kinds
// all the same, by depth, or random.
std::optional<Word> NestedBlocks(int length, int num_kinds, std::mt19937_64& random) {
  if (length % 2 != 0 || length == 0) return std::nullopt;
  const int num_pairs = length / 2;
  const int depths[] = {num_pairs, 1, 1 + UniformBelow(random, num_pairs)};
  const int deepest = depths[random() % 3];
  std::vector<bool> shape;
  for (int left = num_pairs; left > 0;) {
    const int depth = std::min(left, deepest);
    shape.insert(shape.end(), static_cast<std::size_t>(depth), true);
    shape.insert(shape.end(), static_cast<std::size_t>(depth), false);
    left -= depth;
  }
  const int one = UniformBelow(random, num_kinds);
  switch (random() % 3) {
    case 0:
      return WithKinds(shape, [&](int) { return one; });
    case 1:
      return WithKinds(shape, [&](int depth) { return (one + depth) % num_kinds; });
    default:
      return WithKinds(shape, [&](int) { return UniformBelow(random, num_kinds); });
  }
}

// The statements that all programs here begin with.
struct DepthValues {
  Expr up_to_here, step, depth;  // depth: after each bracket
};
DepthValues AssignDepth(RaspWriter& w, const Alphabet& brackets) {
  const Expr up_to_here = w.Assign("up_to_here", SelectUpToHere());
  const Expr step = AssignSteps(w, "step", brackets, DepthSteps(brackets.size() / 2));
  return {up_to_here, step, w.Assign("depth", SumOver(up_to_here, step))};
}

// Never negative anywhere.
Expr IsNeverNegative(const Expr& number) {
  return Not(HasFocus(Select(number, 0, Comparison::kLess)));
}

// kind = {"(": 1, ")": 1, "[": 2, ...}[tokens]
Expr AssignKinds(RaspWriter& w, const Alphabet& brackets) {
  std::vector<int> kinds;
  for (SymbolId a = 0; a < brackets.size(); ++a) kinds.push_back(KindOf(a) + 1);
  return AssignSteps(w, "kind", brackets, kinds);
}

// Dyck-k.

bool IsDyck(const Word& word) {
  std::vector<int> open;
  for (const SymbolId a : word) {
    if (Opens(a)) {
      open.push_back(KindOf(a));
    } else {
      if (open.empty() || open.back() != KindOf(a)) return false;
      open.pop_back();
    }
  }
  return open.empty();
}

GeneratedProgram DyckProgram(const Alphabet& brackets) {
  const bool has_one_kind = brackets.size() == 2;
  GeneratedProgram body;
  RaspWriter& w = body.statements;
  const auto [up_to_here, step, depth] = AssignDepth(w, brackets);
  if (has_one_kind) {
    body.construction = "running depth";
    body.explanation =
        "Brackets are balanced if the depth (the number open) is never negative, and 0 at the end.";
    body.depth = 2;
    w.Assign("accept", And(depth == 0, IsNeverNegative(depth)));
    return body;
  }
  body.construction = "running depth, and sums within each depth and kind";
  body.explanation =
      "At one depth, opening and closing brackets alternate and match in kind, if the word is "
      "balanced. So within some depth and kind, closing brackets outnumber opening ones at some "
      "position if and only if a bracket closes one of another kind, or none.";
  body.depth = 3;
  const Expr kind = AssignKinds(w, brackets);
  w.Comment("The depth of a pair is that inside it, which its closing bracket has just left.");
  const Expr pair_depth = w.Assign("pair_depth", depth + Indicator(step < 0));
  const Expr same_pairs = w.Assign(
      "same_pairs", And(Select(pair_depth, pair_depth), Select(kind, kind), up_to_here));
  const Expr num_open = w.Assign("num_open", SumOver(same_pairs, step));
  w.Assign("accept", And(depth == 0, IsNeverNegative(num_open)));
  return body;
}

ProblemParts DyckParts(const Alphabet& brackets) {
  const int num_kinds = brackets.size() / 2;
  ProblemParts parts;
  parts.decide = IsDyck;
  parts.draw = [num_kinds](SamplerParts& source, const LanguageLimits&, Diagnostics&) {
    source.member = [num_kinds](int length, std::mt19937_64& random) -> std::optional<Word> {
      if (length % 2 != 0) return std::nullopt;
      return WithKinds(BalancedShape(length / 2, random),
                       [&](int) { return UniformBelow(random, num_kinds); });
    };
    source.hard = [num_kinds](int length, std::mt19937_64& random) {
      return NestedBlocks(length, num_kinds, random);
    };
    return true;
  };
  parts.direct = [brackets](std::int64_t) { return DyckProgram(brackets); };
  parts.constant_depth = true;
  if (num_kinds == 1) {
    parts.theory_direct = {Expectation::kYes, "a running count, never negative and 0 at the end",
                           "", kCounters};
    parts.c_rasp = true;
    SetCot(ShuffleDyckMachine(brackets), parts);
  } else {
    SetCot(DyckMachine(brackets), parts);
    parts.theory_direct = {Expectation::kYes,
                           "brackets of equal depth are matched with one another", "",
                           "Yao et al. 2021"};
  }
  parts.models_reference = parts.theory_direct.reference;
  return parts;
}

PartsEntry DyckEntry() {
  PartsEntry entry;
  entry.name = "dyck";
  entry.parameters = {{"k", 1, 100}};
  entry.level = "deterministic context-free";
  entry.symbols = "k pairs of brackets";
  entry.definition = "balanced brackets of k kinds";
  entry.examples = {{1}, {2}, {3}};
  entry.alphabet = [](const std::vector<int>& k) { return BracketAlphabet(k[0]); };
  entry.parts = [](const std::vector<int>&, const Alphabet& alphabet) {
    return DyckParts(alphabet);
  };
  return entry;
}

// Shuffled Dyck: every kind balanced, whatever is in between.

bool IsShuffleDyck(const Word& word, int num_kinds) {
  std::vector<int> open(static_cast<std::size_t>(num_kinds));
  for (const SymbolId a : word) {
    int& num_open = open[static_cast<std::size_t>(KindOf(a))];
    num_open += Opens(a) ? 1 : -1;
    if (num_open < 0) return false;
  }
  return std::all_of(open.begin(), open.end(), [](int num_open) { return num_open == 0; });
}

// Words of length n that are shuffles of j balanced words: the last kind has m pairs, in any 2m of
// the n places.
class ShuffleCounts {
 public:
  ShuffleCounts(int num_kinds, int max_length) : counts_(static_cast<std::size_t>(num_kinds) + 1) {
    BigCount catalan = 1;
    for (int m = 0; 2 * m <= max_length; ++m) {
      catalan_.push_back(catalan);
      catalan = catalan * (2 * (2 * m + 1)) / (m + 2);
    }
    counts_[0].resize(static_cast<std::size_t>(max_length) + 1);
    counts_[0][0] = 1;
    for (std::size_t j = 1; j < counts_.size(); ++j) {
      for (int n = 0; n <= max_length; ++n) {
        BigCount sum = 0;
        for (const BigCount& weight : Weights(static_cast<int>(j), n)) sum += weight;
        counts_[j].push_back(std::move(sum));
      }
    }
  }

  // By m, the number of pairs of kind j-1 among n brackets of kinds 0 to j-1.
  std::vector<BigCount> Weights(int j, int n) const {
    std::vector<BigCount> weights;
    BigCount choices = 1;  // of 2m places
    for (int m = 0; 2 * m <= n; ++m) {
      weights.push_back(
          choices * catalan_[static_cast<std::size_t>(m)] *
          counts_[static_cast<std::size_t>(j) - 1][static_cast<std::size_t>(n - 2 * m)]);
      choices = choices * (n - 2 * m) / (2 * m + 1) * (n - 2 * m - 1) / (2 * m + 2);
    }
    return weights;
  }

  Word Sample(int length, std::mt19937_64& random) const {
    Word kinds;
    std::vector<std::vector<bool>> shapes(counts_.size() - 1);
    int left = length;
    for (std::size_t j = counts_.size() - 1; j > 0; --j) {
      const auto num_pairs =
          static_cast<int>(DrawByWeight(random, Weights(static_cast<int>(j), left)));
      shapes[j - 1] = BalancedShape(num_pairs, random);
      kinds.insert(kinds.end(), static_cast<std::size_t>(2 * num_pairs), static_cast<int>(j) - 1);
      left -= 2 * num_pairs;
    }
    Shuffle(kinds, random);
    std::vector<std::size_t> used(shapes.size());
    Word word;
    for (const int kind : kinds) {
      const auto k = static_cast<std::size_t>(kind);
      word.push_back(Bracket(kind, shapes[k][used[k]++]));
    }
    return word;
  }

 private:
  std::vector<BigCount> catalan_;              // by m
  std::vector<std::vector<BigCount>> counts_;  // [num_kinds + 1, max_length + 1], by j and n
};

bool DrawShuffles(int num_kinds, const LanguageLimits& limits, SamplerParts& source,
                  Diagnostics& diag) {
  // Numbers have a few bits for each symbol.
  const double n = source.max_length;
  if (n * n * num_kinds * (1 + n / 64) > static_cast<double>(limits.max_steps)) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("counting the words of up to {} symbols takes more than {} steps, the "
                           "limit",
                           source.max_length, limits.max_steps));
    return false;
  }
  const auto counts = std::make_shared<const ShuffleCounts>(num_kinds, source.max_length);
  source.member = [counts](int length, std::mt19937_64& random) -> std::optional<Word> {
    if (length % 2 != 0) return std::nullopt;
    return counts->Sample(length, random);
  };
  source.hard = [num_kinds](int length, std::mt19937_64& random) -> std::optional<Word> {
    if (random() % 2 == 0) return NestedBlocks(length, num_kinds, random);
    // All kinds are opened, then closed in the same order: balanced, and not nested.
    if (length % 2 != 0) return std::nullopt;
    const Word kinds = AnyWord(length / 2, num_kinds, random);
    Word word;
    for (const bool opens : {true, false}) {
      for (const int kind : kinds) word.push_back(Bracket(kind, opens));
    }
    return word;
  };
  return true;
}

GeneratedProgram ShuffleProgram(const Alphabet& brackets) {
  GeneratedProgram body;
  body.construction = "running depths, one for each kind";
  body.explanation =
      "Each bracket counts how many of its kind are open after it, which must never be negative. "
      "If so, all kinds are closed at the end if and only if nothing is open there.";
  body.depth = 2;
  RaspWriter& w = body.statements;
  const auto [up_to_here, step, depth] = AssignDepth(w, brackets);
  const Expr kind = AssignKinds(w, brackets);
  const Expr same_kind = w.Assign("same_kind", And(Select(kind, kind), up_to_here));
  const Expr num_open = w.Assign("num_open", SumOver(same_kind, step));
  w.Assign("accept", And(depth == 0, IsNeverNegative(num_open)));
  return body;
}

PartsEntry ShuffleEntry() {
  PartsEntry entry;
  entry.name = "shuffle_dyck";
  entry.parameters = {{"k", 1, 100}};
  entry.level = "context-sensitive";
  entry.symbols = "k pairs of brackets";
  entry.definition = "k kinds of brackets, each balanced on its own, interleaved in any way";
  entry.examples = {{2}, {3}};
  entry.alphabet = [](const std::vector<int>& k) { return BracketAlphabet(k[0]); };
  entry.parts = [](const std::vector<int>& k, const Alphabet& brackets) {
    const int num_kinds = k[0];
    ProblemParts parts;
    parts.decide = [num_kinds](const Word& word) { return IsShuffleDyck(word, num_kinds); };
    parts.draw = [num_kinds](SamplerParts& source, const LanguageLimits& limits,
                             Diagnostics& diag) {
      return DrawShuffles(num_kinds, limits, source, diag);
    };
    parts.direct = [brackets](std::int64_t) { return ShuffleProgram(brackets); };
    parts.theory_direct = {Expectation::kYes,
                           "running counts, one for each kind, never negative and 0 at the end", "",
                           kCounters};
    SetCot(ShuffleDyckMachine(brackets), parts);
    parts.c_rasp = parts.constant_depth = true;
    parts.models_reference = kCounters;
    return parts;
  };
  return entry;
}

// Dyck-1 with resets (Bhattamishra, Ahuja, Goyal 2020): words x r v with v in Dyck-1, whatever x.
// `r` forgets what was before.

GeneratedProgram ResetProgram(const Alphabet& letters) {
  GeneratedProgram body;
  body.construction = "running depth since the last reset";
  body.explanation =
      "The number of resets so far tells which brackets belong together. In the last such part, "
      "which begins with a reset, the depth is never negative, and 0 at its end.";
  body.depth = 3;
  RaspWriter& w = body.statements;
  const Expr up_to_here = w.Assign("up_to_here", SelectUpToHere());
  const Expr resets = AssignSteps(w, "resets", letters, {0, 0, 1});
  const Expr part = w.Assign("part", SumOver(up_to_here, resets));
  const Expr same_part = w.Assign("same_part", Select(part, part));
  const Expr same_part_so_far = w.Assign("same_part_so_far", And(same_part, up_to_here));
  const Expr step = AssignSteps(w, "step", letters, {1, -1, 0});
  const Expr depth = w.Assign("depth", SumOver(same_part_so_far, step));
  const Expr is_negative = Select(depth, 0, Comparison::kLess);
  w.Assign("accept", And(part > 0, depth == 0, Not(HasFocus(And(same_part, is_negative)))));
  return body;
}

ProblemParts ResetParts(const Alphabet& letters) {
  constexpr int kNegative = -1;  // no bracket can repair it; also before the first reset
  constexpr SymbolId kReset = 2;
  const auto next = [](int depth, SymbolId a) {
    if (a == kReset) return 0;
    return depth == kNegative ? kNegative : depth + (a == 0 ? 1 : -1);
  };
  ProblemParts parts;
  parts.decide = [next](const Word& word) {
    int depth = kNegative;
    for (const SymbolId a : word) depth = next(depth, a);
    return depth == 0;
  };
  parts.draw = [letters, next](SamplerParts& source, const LanguageLimits& limits,
                               Diagnostics& diag) {
    return DrawByAutomaton(CounterAutomaton(letters, kNegative, source.max_length, kNegative, next,
                                            [](int depth) { return depth == 0; }),
                           limits, source, diag);
  };
  parts.direct = [letters](std::int64_t) { return ResetProgram(letters); };
  SetCot(ResetMachine(letters), parts);
  parts.theory_direct = {Expectation::kYes, "a running count since the last reset", "", kCounters};
  parts.constant_depth = true;
  parts.models_reference = kCounters;
  return parts;
}

PartsEntry ResetEntry() {
  return OneLanguage("reset_dyck_1", "deterministic context-free", "()r",
                     "x r v, where v is balanced brackets and x is anything", ResetParts);
}

}  // namespace

void AddBracketLanguages(std::vector<ProblemEntry>& entries) {
  entries.push_back(MakeEntry(DyckEntry()));
  entries.push_back(MakeEntry(ShuffleEntry()));
  entries.push_back(MakeEntry(ResetEntry()));
}

}  // namespace raspc
