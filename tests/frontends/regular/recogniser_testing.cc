#include "tests/frontends/regular/recogniser_testing.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "runtime/run/make_engine.h"
#include "frontends/regular/recogniser.h"
#include "automata/algebra/image_groups.h"
#include "automata/sample.h"
#include "lab/run/run_problem.h"
#include "runtime/run/verdict.h"
#include "tests/automata/language_testing.h"

namespace raspc {
std::optional<BuiltProgram> Build(const Dfa& dfa, const GeneratedProgramOptions& options,
                                     std::string& error) {
  BuiltProgram built;
  std::optional<GeneratedProgram> recogniser = MakeRecogniser(dfa, "a language", options, built.diag);
  std::optional<CompiledProgram> compiled;
  if (recogniser) compiled = CompileGeneratedProgram(*recogniser, built.diag);
  error = Render(built.diag);
  if (!compiled) return std::nullopt;
  built.recogniser = *std::move(recogniser);
  built.compiled = *std::move(compiled);
  return built;
}

BuiltProgram MustBuild(const Dfa& dfa, const GeneratedProgramOptions& options) {
  std::string error;
  std::optional<BuiltProgram> built = Build(dfa, options, error);
  INFO(error);
  REQUIRE(built);
  return *std::move(built);
}

std::vector<bool> ModelVerdicts(const BuiltProgram& built, const Alphabet& alphabet,
                                const std::vector<Word>& words) {
  const Model& model = built.compiled.model;
  std::vector<std::vector<Atom>> inputs;
  for (const Word& word : words) inputs.push_back(TokensOf(alphabet, word));
  std::vector<bool> verdicts;
  for (const ModelOutput& output :
       RunModel(model, *MakeEngine(EngineKind::kStructured, model), inputs)) {
    INFO((output.error ? Render(*output.error) : ""));
    REQUIRE(!output.error);
    const std::optional<bool> verdict = VerdictOf(model, output);
    REQUIRE(verdict);
    verdicts.push_back(*verdict);
  }
  return verdicts;
}

std::vector<bool> InterpretedVerdicts(const BuiltProgram& built, const Alphabet& alphabet,
                                      const std::vector<Word>& words) {
  std::vector<bool> verdicts;
  for (const Word& word : words) {
    const ModelOutput output = Interpret(built.compiled.program, TokensOf(alphabet, word));
    REQUIRE_FALSE(output.error);
    const std::optional<bool> verdict = VerdictOf(built.compiled.model, output);
    REQUIRE(verdict);
    verdicts.push_back(*verdict);
  }
  return verdicts;
}

std::vector<Word> SampleWords(const Dfa& dfa, int max_length, int count, std::mt19937_64& random) {
  Diagnostics diag;
  const std::optional<DfaSampler> sampler = DfaSampler::Make(dfa, max_length, {}, diag);
  REQUIRE(sampler);
  std::vector<Word> words;
  for (int i = 0; i < count; ++i) {
    const int length = UniformBelow(random, max_length + 1);
    const bool wants_member = i % 2 == 0;
    if (sampler->HasWords(length)) {
      const Word member = sampler->Sample(length, random);
      std::optional<Word> miss;
      if (i % 4 == 1) miss = NearMiss(dfa, member, /*keep_length=*/true, random);
      if (wants_member || miss) {
        words.push_back(wants_member ? member : *miss);
        continue;
      }
    }
    Word word;
    for (int k = 0; k < length; ++k) word.push_back(UniformBelow(random, dfa.num_symbols()));
    words.push_back(std::move(word));
  }
  return words;
}

std::vector<Word> ShortWords(const Dfa& dfa, int max_length, std::size_t most) {
  int length = 0;
  for (std::size_t of_length = 1; length < max_length; ++length) {
    of_length *= static_cast<std::size_t>(dfa.num_symbols());
    if (of_length > most) break;
  }
  return WordsUpTo(dfa.num_symbols(), length);
}

bool IsSolvable(const Dfa& dfa) {
  Diagnostics diag;
  const auto groups = ImageGroups(dfa, {}, diag);
  REQUIRE(groups);
  const std::optional<bool> is_solvable = Summarise(*groups, {}).is_solvable;
  REQUIRE(is_solvable);
  return *is_solvable;
}

void CheckAgrees(const BuiltProgram& built, const Dfa& dfa, const std::vector<Word>& words,
                 std::size_t most_interpreted) {
  const std::vector<bool> verdicts = ModelVerdicts(built, dfa.alphabet, words);
  std::vector<Word> interpreted;
  const std::size_t stride =
      std::max<std::size_t>(1, words.size() / std::max<std::size_t>(1, most_interpreted));
  for (std::size_t i = 0; i < words.size(); i += stride) interpreted.push_back(words[i]);
  const std::vector<bool> by_interpreter = InterpretedVerdicts(built, dfa.alphabet, interpreted);
  INFO(built.recogniser.construction);
  const auto count_wrong = [&](const std::vector<Word>& of, const std::vector<bool>& got) {
    int wrong = 0;
    std::string first;
    for (std::size_t i = 0; i < of.size(); ++i) {
      if (got[i] == dfa.Accepts(of[i])) continue;
      if (wrong++ == 0) first = ToText(dfa.alphabet, of[i]);
    }
    INFO("the first: '" << first << "'");
    CHECK(wrong == 0);
  };
  count_wrong(words, verdicts);
  count_wrong(interpreted, by_interpreter);
}

}  // namespace raspc
