// Theory of the problems: the same claims for the same language, however it is given, and the depth
// of the models.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "lab/run/compile_generated_program.h"
#include "lab/registry/problem_table.h"
#include "lab/registry/registry.h"
#include "tests/automata/language_testing.h"
#include "tests/lab/problem_testing.h"

namespace raspc {
namespace {

// All examples of all entries.
std::vector<std::string> AllNames() {
  std::vector<std::string> names;
  for (const ProblemEntry& entry : ProblemEntries()) {
    for (const std::vector<int>& arguments : entry.examples) {
      names.push_back(ProblemName(entry, arguments));
    }
  }
  return names;
}

// For each mechanism what is known, and whether a program is made; for each class of transformers
// whether it is proved to recognise the language.
std::vector<std::string> Said(const Problem& problem) {
  std::vector<std::string> said = {problem.level};
  for (const Mechanism mechanism : kAllMechanisms) {
    const MechanismTheory& theory = problem.TheoryOf(mechanism);
    said.push_back(std::string(MechanismName(mechanism)) + " " +
                   std::to_string(static_cast<int>(theory.expectation)) +
                   (theory.is_only_known ? " known" : ""));
  }
  for (const ModelVerdict& verdict : problem.theory->models) {
    said.push_back(verdict.key + " " + VerdictText(verdict.recognises, verdict.unless) + " " +
                   VerdictText(verdict.recognises_at_last, verdict.unless));
  }
  return said;
}

TEST_CASE("theory makes the same claims about one language under two names") {
  int num_declared = 0;
  for (const ProblemEntry& entry : ProblemEntries()) {
    if (entry.same_as.empty()) continue;
    INFO(entry.name << " and " << entry.same_as);
    ++num_declared;
    Diagnostics diag;
    const auto problem = entry.build({}, std::nullopt, {}, diag);
    REQUIRE(problem);
    const auto other = ReadProblem(entry.same_as, problem->alphabet, {}, diag);
    REQUIRE(other);
    CHECK(entry.level == problem->level);
    CHECK(Said(*problem) == Said(*other));
    CHECK(problem->minimal == other->minimal);
    const int length = problem->alphabet.size() == 2 ? 12 : 8;
    for (const Word& word : WordsUpTo(problem->alphabet.size(), length)) {
      if (problem->decide(word) != other->decide(word)) {
        FAIL("they differ on " << ToText(problem->alphabet, word));
      }
    }
    // Every mechanism that the other has a program for has one here.
    for (const Mechanism mechanism : kAllMechanisms) {
      if (problem->TheoryOf(mechanism).IsBuilt()) {
        ProgramCheck check;
        check.mechanism = mechanism;
        check.max_length = 8;
        check.exhaustive_to = 5;
        check.samples = 20;
        CheckProgram(*problem, check);
      }
    }
  }
  CHECK(num_declared == 5);
}

// Whether they are one language, as far as automata or long words tell.
bool AreOne(const Problem& first, const Problem& second) {
  if (first.minimal && second.minimal) return first.minimal->next == second.minimal->next;
  // Two runs nest deeply, unlike most random words.
  for (std::size_t a = 0; a <= 20; ++a) {
    for (std::size_t b = 0; b <= 20 && first.alphabet.size() > 1; ++b) {
      Word word(a, 0);
      word.insert(word.end(), b, 1);
      if (first.decide(word) != second.decide(word)) return false;
    }
  }
  Diagnostics diag;
  std::mt19937_64 random(5);
  for (const Problem* problem : {&first, &second}) {
    const auto source = problem->make_sampler(40, {}, diag);
    REQUIRE(source);
    for (int i = 0; i < 400; ++i) {
      const int length = 10 + i % 31;
      const auto word = i % 2 == 0 ? source->Hard(length, random) : source->Member(length, random);
      if (word && first.decide(*word) != second.decide(*word)) return false;
    }
  }
  return true;
}

TEST_CASE("no two entries are one language without saying so") {
  // Languages over equally many symbols that agree on all short words.
  std::map<std::vector<bool>, std::vector<std::string>> alike;
  for (const std::string& name : AllNames()) {
    const Problem problem = ProblemOf(name);
    if (problem.kind == ProblemKind::kTask) continue;
    const int num_symbols = problem.alphabet.size();
    std::vector<bool> verdicts(static_cast<std::size_t>(num_symbols));
    const int length = num_symbols == 1 ? 40 : num_symbols == 2 ? 12 : num_symbols < 5 ? 7 : 4;
    for (const Word& word : WordsUpTo(num_symbols, length)) {
      verdicts.push_back(problem.decide(word));
    }
    alike[verdicts].push_back(name);
  }
  int num_pairs = 0;
  for (const auto& [verdicts, names] : alike) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        INFO(names[k] << " and " << names[i]);
        const Problem first = ProblemOf(names[k]), second = ProblemOf(names[i]);
        if (!AreOne(first, second)) continue;
        ++num_pairs;
        CHECK(Said(first) == Said(second));
      }
    }
  }
  CHECK(num_pairs >= 5);
}

TEST_CASE("what is known and what is built are distinguished") {
  const auto theory = [](const char* name, Mechanism mechanism) {
    return ProblemOf(name).TheoryOf(mechanism);
  };
  for (const Mechanism mechanism : {Mechanism::kDirect, Mechanism::kLogDepth, Mechanism::kPad}) {
    const MechanismTheory root = theory("compute_sqrt", mechanism);
    CHECK(root.expectation == Expectation::kYes);
    CHECK_FALSE(root.IsBuilt());
  }
  CHECK(theory("compute_sqrt", Mechanism::kCot).IsBuilt());
  // In TC0, though no selector relates three positions.
  CHECK(theory("sum_free", Mechanism::kDirect).is_only_known);
  CHECK(theory("sum_free", Mechanism::kCot).is_only_known);
  CHECK(
      theory("formula:EXISTS x, y. a(x) AND a(y) AND a(x + y)", Mechanism::kDirect).is_only_known);
  // Regular, so the automaton's programs serve.
  for (const Mechanism mechanism : kAllMechanisms) {
    CHECK(theory("c_between", mechanism).IsBuilt());
    CHECK(theory("a_then_b", mechanism).IsBuilt());
  }
  Diagnostics diag;
  GeneratedProgramOptions options;
  options.mechanism = Mechanism::kCot;
  CHECK_FALSE(ProblemOf("sum_free").make_program(options, diag));
  CHECK(FirstError(diag).find("sum_free can be solved by 'cot', but raspc has no program for "
                              "it") == 0);
  const std::string table = ProblemsMarkdown({});
  CHECK(
      table.find("| known: constant depth, width polynomial in n | known: 0 rounds, width "
                 "polynomial in n | known: polynomially many steps | yes: n^2 padding tokens |") !=
      std::string::npos);
  // A mechanism of which nothing is known has no reason to be one in the catalogue.
  CHECK(table.find(" ? ") == std::string::npos);
}

TEST_CASE("theory never says unconditionally that constant depth is not enough") {
  for (const std::string& name : AllNames()) {
    INFO(name);
    const Problem problem = ProblemOf(name);
    for (const ModelVerdict& verdict : problem.theory->models) {
      if (verdict.key == "T") CHECK(verdict.recognises != std::optional<bool>(false));
    }
    for (const Mechanism mechanism : kAllMechanisms) {
      CHECK(problem.TheoryOf(mechanism).expectation != Expectation::kNo);
    }
  }
}

// How many layers of the model have attention; nothing if the program is too large for a test.
std::optional<std::int64_t> LayersWithAttention(const GeneratedProgram& recogniser) {
  if (recogniser.NumRows() > 2'000) return std::nullopt;
  Diagnostics diag;
  const auto compiled = CompileGeneratedProgram(recogniser, diag);
  INFO(Render(diag));
  REQUIRE(compiled);
  const auto& all = compiled->model.layers;
  return std::count_if(all.begin(), all.end(),
                       [](const Layer& layer) { return !layer.heads.empty(); });
}

TEST_CASE("what is promised of the depth is the program's and does not grow where it must not") {
  int num_compiled = 0;
  for (const std::string& name : AllNames()) {
    const Problem problem = ProblemOf(name);
    for (const Mechanism mechanism : kAllMechanisms) {
      if (!problem.TheoryOf(mechanism).IsBuilt()) continue;
      INFO(name << " by " << MechanismName(mechanism));
      std::optional<std::int64_t> with_attention;
      std::optional<int> depth;
      for (const int max_length : {3, 6}) {
        GeneratedProgramOptions options;
        options.mechanism = mechanism;
        options.max_length = max_length;
        Diagnostics diag;
        const auto recogniser = problem.make_program(options, diag);
        if (!recogniser && diag.all().front().kind == ErrorKind::kLimit) continue;
        REQUIRE(recogniser);
        const std::string promised = AttentionLayers(recogniser->depth);
        CHECK(recogniser->Promise().starts_with(promised));
        const std::string program = recogniser->Source();
        if (const auto at = program.find("Guaranteed: "); at != std::string::npos) {
          CHECK(program.substr(at).starts_with("Guaranteed: " + promised));
        }
        const std::string& cost = problem.TheoryOf(mechanism).cost;
        if (mechanism == Mechanism::kDirect && cost.find("attention") != std::string::npos) {
          CHECK(cost.starts_with(promised));
        }
        if (recogniser->Promise().find("whatever the length") == std::string::npos) continue;
        if (depth) CHECK(recogniser->depth == *depth);
        depth = recogniser->depth;
        // With few padding tokens, heads of several layers fit into one.
        if (mechanism == Mechanism::kPad) continue;
        const auto found = LayersWithAttention(*recogniser);
        if (!found) continue;
        ++num_compiled;
        if (with_attention) CHECK(*found == *with_attention);
        with_attention = found;
      }
    }
  }
  CHECK(num_compiled >= 300);
}

}  // namespace
}  // namespace raspc
