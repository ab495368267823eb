#include "lab/suite/suite_rounds.h"

#include <algorithm>

#include "frontends/regular/first_failure.h"
#include "lab/run/run_problem.h"
#include "lab/suite/suite_words.h"
#include "runtime/run/make_engine.h"

namespace raspc {
namespace {

constexpr std::int64_t kMaxExhaustive =
    1000;                  // maximum number of words of the lengths tried exhaustively
constexpr int kDrawn = 8;  // random words of each further length
constexpr int kBeyond = 2;                      // lengths that are tried past the first failure

// The program with this many rounds, or as many as needed.
std::optional<GeneratedProgram> ProgramOf(const Problem& problem, std::optional<int> rounds,
                                          int max_length, const SuiteOptions& options) {
  GeneratedProgramOptions of_program;
  of_program.mechanism = Mechanism::kLogDepth;
  of_program.max_length = max_length;
  of_program.num_rounds = rounds;
  of_program.limits = options.limits;
  Diagnostics too_large;
  return problem.make_program(of_program, too_large);
}

// All words of short lengths, some of each further one, and the one that must fail.
std::vector<Word> WordsUpTo(const Problem& problem, int max_length, const FirstFailure& failure,
                            const SuiteOptions& options) {
  std::vector<Word> words;
  Diagnostics diag;
  const auto source = problem.make_sampler(max_length, options.limits, diag);
  for (int length = 0; length <= max_length; ++length) {
    std::vector<Word> more;
    if (NumWordsUpTo(problem.alphabet.size(), length, kMaxExhaustive) <= kMaxExhaustive) {
      more = AllWords(problem, length).Next(static_cast<std::size_t>(kMaxExhaustive));
    } else if (source != nullptr) {
      more = DrawnWords(problem, *source, length, options.seed, "few rounds").Next(kDrawn);
    }
    words.insert(words.end(), more.begin(), more.end());
  }
  if (failure.length && *failure.length <= max_length) words.push_back(failure.word);
  return words;
}

}  // namespace

std::vector<RoundResult> TryFewRounds(const Problem& problem, const SuiteOptions& options,
                                      const std::atomic<bool>& stop) {
  std::vector<RoundResult> results;
  if (!problem.minimal) return results;
  for (int rounds = 1; rounds <= options.max_rounds && !stop; ++rounds) {
    const int reach = 1 << rounds;
    Diagnostics diag;
    const auto failure = FirstFailureOfComposition(*problem.minimal, rounds, options.limits, diag);
    if (!failure || reach >= options.max_length) break;
    const int max_length = static_cast<int>(
        std::min<std::int64_t>(options.max_length, failure->length.value_or(reach + 1) + kBeyond));
    const auto whole = ProgramOf(problem, std::nullopt, max_length, options);
    const auto cut = ProgramOf(problem, rounds, max_length, options);
    if (!cut || (whole && whole->Source() == cut->Source())) break;
    const auto compiled = CompileGeneratedProgram(*cut, diag);
    if (!compiled) break;
    const std::vector<Word> words = WordsUpTo(problem, max_length, *failure, options);
    const std::vector<Outcome> outcomes =
        RunProblem(problem, *cut, compiled->model,
                   *MakeFastestEngine(compiled->model, 1), words);
    std::optional<std::int64_t> first;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto length = static_cast<std::int64_t>(words[i].size());
      if (!outcomes[i].is_right && (!first || length < *first)) first = length;
    }
    // Nothing can be observed past the longest words tried.
    const auto expected =
        failure->length && *failure->length <= max_length ? failure->length : std::nullopt;
    results.push_back({.rounds = rounds,
                       .expected_first_failure = failure->length,
                       .first_failing_length = first,
                       .max_length = max_length,
                       .words = static_cast<std::int64_t>(words.size()),
                       .match = first == expected});
  }
  return results;
}

}  // namespace raspc
