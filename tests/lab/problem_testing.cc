#include "tests/lab/problem_testing.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <catch2/catch.hpp>
#include <map>

#include "runtime/run/make_engine.h"
#include "lab/run/run_problem.h"
#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

bool IsOfProblem(const Problem& problem, const Word& word) {
  return problem.kind == ProblemKind::kLanguage || problem.answer(word).has_value();
}

// Words on which a program is compared: all short ones, then random ones.
std::vector<Word> WordsFor(const Problem& problem, const ProgramCheck& check) {
  std::vector<Word> words;
  std::size_t of_length = 1, total = 0;
  int exhaustive_to = -1;
  while (exhaustive_to < std::min(check.exhaustive_to, check.max_length)) {
    total += of_length;
    if (total > check.most_exhaustive) break;
    of_length *= static_cast<std::size_t>(problem.alphabet.size());
    ++exhaustive_to;
  }
  if (exhaustive_to >= 0) {
    for (Word& word : WordsUpTo(problem.alphabet.size(), exhaustive_to)) {
      if (IsOfProblem(problem, word)) words.push_back(std::move(word));
    }
  }
  Diagnostics diag;
  const auto source = problem.make_sampler(check.max_length, {}, diag);
  INFO(Render(diag));
  REQUIRE(source);
  std::mt19937_64 random(11);
  for (int i = 0; i < check.samples; ++i) {
    const int length = static_cast<int>(random() % static_cast<unsigned>(check.max_length + 1));
    auto word = i % 4 == 1   ? source->NearMiss(length, random)
                : i % 4 == 3 ? source->NonMember(length, random)
                : i % 8 == 6 ? source->Hard(length, random)
                             : source->Member(length, random);
    // Short ones are tried anyway, and a kind of word may have none of this length.
    if (!word) word = source->Hard(length, random);
    if (word && IsOfProblem(problem, *word)) words.push_back(*word);
  }
  words.insert(words.end(), check.further.begin(), check.further.end());
  return words;
}

void CheckOutcomes(const Problem& problem, const std::vector<Word>& words,
                   const std::vector<Outcome>& outcomes) {
  int wrong = 0;
  std::string first;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (outcomes[i].is_right) continue;
    if (wrong++ == 0) {
      first = "'" + ToText(problem.alphabet, words[i]) + "' gives '" + outcomes[i].got +
              "', expected '" + outcomes[i].expected + "'";
    }
  }
  INFO("the first of " << words.size() << ": " << first);
  CHECK(wrong == 0);
}

}  // namespace

Problem ProblemOf(const std::string& text) {
  Diagnostics diag;
  std::optional<Problem> problem = ReadProblem(text, std::nullopt, {}, diag);
  INFO(text << ": " << Render(diag));
  REQUIRE(problem);
  return *std::move(problem);
}

void CheckUniform(const Problem& problem, const std::vector<Word>& drawn,
                  std::size_t num_possible) {
  std::map<Word, int> times;
  for (const Word& word : drawn) ++times[word];
  REQUIRE(times.size() <= num_possible);
  const double expected = static_cast<double>(drawn.size()) / static_cast<double>(num_possible);
  double statistic = static_cast<double>(num_possible - times.size()) * expected;
  for (const auto& [word, count] : times) {
    statistic += (count - expected) * (count - expected) / expected;
  }
  if (num_possible < 2) return;
  const boost::math::chi_squared_distribution<double> distribution(
      static_cast<double>(num_possible - 1));
  INFO(problem.name << ": " << num_possible << " words, statistic " << statistic);
  CHECK(statistic < boost::math::quantile(boost::math::complement(distribution, 1e-4)));
}

void CheckProgram(const Problem& problem, const ProgramCheck& check) {
  CAPTURE(problem.name, MechanismName(check.mechanism), check.max_length);
  GeneratedProgramOptions options;
  options.mechanism = check.mechanism;
  options.max_length = check.max_length;
  Diagnostics diag;
  const auto recogniser = problem.make_program(options, diag);
  std::optional<CompiledProgram> compiled;
  if (recogniser) compiled = CompileGeneratedProgram(*recogniser, diag);
  INFO(Render(diag));
  REQUIRE(compiled);
  const std::vector<Word> words = WordsFor(problem, check);
  REQUIRE_FALSE(words.empty());
  CheckOutcomes(problem, words,
                RunProblem(problem, *recogniser, compiled->model,
                           *MakeEngine(EngineKind::kStructured, compiled->model), words));
  std::vector<Word> interpreted;
  std::vector<Outcome> by_interpreter;
  const std::size_t stride =
      std::max<std::size_t>(1, words.size() / std::max<std::size_t>(1, check.most_interpreted));
  for (std::size_t i = 0; i < words.size(); i += stride) {
    const ModelOutput output = Interpret(compiled->program, TokensOf(problem.alphabet, words[i]));
    interpreted.push_back(words[i]);
    by_interpreter.push_back(Compare(problem, *recogniser, compiled->model, words[i], output));
  }
  INFO("interpreted");
  CheckOutcomes(problem, interpreted, by_interpreter);
}

std::size_t NumLayers(const Problem& problem, Mechanism mechanism, int max_length) {
  GeneratedProgramOptions options;
  options.mechanism = mechanism;
  options.max_length = max_length;
  Diagnostics diag;
  const auto recogniser = problem.make_program(options, diag);
  INFO(problem.name << ": " << Render(diag));
  REQUIRE(recogniser);
  const auto compiled = CompileGeneratedProgram(*recogniser, diag);
  INFO(Render(diag));
  REQUIRE(compiled);
  return compiled->model.layers.size();
}

void CheckDecider(const Problem& problem, int max_length,
                  const std::function<bool(const Word&)>& brute_force) {
  CAPTURE(problem.name);
  int wrong = 0;
  std::string first;
  for (const Word& word : WordsUpTo(problem.alphabet.size(), max_length)) {
    if (problem.decide(word) == brute_force(word)) continue;
    if (wrong++ == 0) first = ToText(problem.alphabet, word);
  }
  INFO("the first: '" << first << "'");
  CHECK(wrong == 0);
}

void CheckSampler(const Problem& problem, int max_length, int chi_square_length) {
  CAPTURE(problem.name);
  Diagnostics diag;
  const auto source = problem.make_sampler(max_length, {}, diag);
  INFO(Render(diag));
  REQUIRE(source);
  const bool is_task = problem.kind == ProblemKind::kTask;
  const auto is_member = [&](const Word& word) {
    return is_task ? problem.answer(word).has_value() : problem.decide(word);
  };
  std::mt19937_64 random(12);
  for (int length = 0; length <= max_length; ++length) {
    CAPTURE(length);
    const auto check = [&](const std::optional<Word>& word, bool member) {
      if (!word) return;
      CHECK(static_cast<int>(word->size()) == length);
      CHECK(is_member(*word) == member);
    };
    for (int i = 0; i < 5; ++i) {
      check(source->Member(length, random), true);
      check(source->NonMember(length, random), false);
      check(source->NearMiss(length, random), false);
      if (const auto hard = source->Hard(length, random)) check(hard, is_member(*hard));
    }
  }
  CHECK_FALSE(source->Member(max_length + 1, random));
  std::size_t members = 0, others = 0;
  for (const Word& word : WordsUpTo(problem.alphabet.size(), chi_square_length)) {
    if (static_cast<int>(word.size()) != chi_square_length) continue;
    ++(is_member(word) ? members : others);
  }
  const auto draw = [&](std::size_t num_possible, const auto& one) {
    std::vector<Word> drawn;
    for (std::size_t i = 0; i < 20 * num_possible; ++i) {
      const std::optional<Word> word = one();
      REQUIRE(word);
      drawn.push_back(*word);
    }
    CheckUniform(problem, drawn, num_possible);
  };
  if (members > 0) draw(members, [&] { return source->Member(chi_square_length, random); });
  if (others > 0 && !is_task) {
    draw(others, [&] { return source->NonMember(chi_square_length, random); });
  }
}

}  // namespace raspc
