// Time and memory for making and compiling recognisers: the catalogue, 200 random
// automata of up to 6 states, 400 with groups, and 100 random expressions; for each mechanism.
//
//     build/bench/raspc_recognise_bench [MAX_LENGTH [NAME...]]
//
// Each is built in a separate process. Prints for each set and mechanism how many are built, how
// many refused, and the slowest and the largest; with names only these languages of the catalogue,
// one per line. The random ones are those of the sweep
// (tests/frontends/regular/recogniser_sweep_test.cc).
#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "bench/measure.h"
#include "automata/algebra/image_groups.h"
#include "frontends/regular/recogniser.h"
#include "lab/families/regular/catalogue.h"
#include "lab/run/compile_generated_program.h"
#include "lab/registry/language.h"
#include "tests/automata/random_language.h"

namespace raspc {
namespace {

constexpr int kLimitSeconds = 300;
constexpr double kMiB = 1024.0 * 1024.0;

using NamedDfas = std::vector<std::pair<std::string, Dfa>>;

Dfa MustRead(const std::string& text, const std::string& letters) {
  Diagnostics diag;
  std::optional<Alphabet> alphabet;
  if (!letters.empty()) alphabet = ReadAlphabet(letters, {}, diag);
  const std::optional<Language> language = ReadLanguage(text, alphabet, {}, diag);
  if (language) return language->minimal;
  fmt::print(stderr, "{}", Render(diag));
  std::exit(2);
}

NamedDfas OfCatalogue() {
  NamedDfas languages;
  for (const CatalogueEntry& entry : Catalogue()) {
    for (const auto& arguments : entry.examples) {
      const std::string name = ProblemName(entry, arguments);
      languages.emplace_back(name, MustRead(name, ""));
    }
  }
  return languages;
}

NamedDfas RandomAutomata(int count, std::uint64_t seed, Dfa (*draw)(std::mt19937_64&)) {
  std::mt19937_64 random(seed);
  NamedDfas languages;
  for (int i = 0; i < count; ++i) languages.emplace_back(fmt::format("number {}", i), draw(random));
  return languages;
}

NamedDfas RandomExpressions(int count) {
  std::mt19937_64 random(6);
  NamedDfas languages;
  for (int i = 0; i < count; ++i) {
    const SmallExpression expression = RandomSmallExpression(random);
    languages.emplace_back(expression.text, MustRead(expression.text, expression.alphabet));
  }
  return languages;
}

bool IsSolvable(const Dfa& dfa) {
  Diagnostics diag;
  const auto groups = ImageGroups(dfa, {}, diag);
  return groups && Summarise(*groups, {}).is_solvable == true;
}

Measurement Measure(const std::string& name, const Dfa& dfa, const GeneratedProgramOptions& options) {
  return MeasureCompilation(
      [&](Diagnostics& diag) -> std::optional<Model> {
        const auto recogniser = MakeRecogniser(dfa, name, options, diag);
        if (!recogniser) return std::nullopt;
        auto compiled = CompileGeneratedProgram(*recogniser, diag);
        if (!compiled) return std::nullopt;
        return std::move(compiled->model);
      },
      1, kLimitSeconds);
}

void PrintSummary(const std::string& set, const std::string& mechanism, const NamedDfas& languages,
                  const GeneratedProgramOptions& options) {
  int num_built = 0, num_not_solvable = 0;
  double seconds = 0, bytes = 0;
  std::string slowest, largest;
  std::vector<std::string> refused;
  for (const auto& [name, dfa] : languages) {
    const Measurement measured = Measure(name, dfa, options);
    if (measured.HasModel()) {
      ++num_built;
    } else if (options.mechanism == Mechanism::kDirect && !IsSolvable(dfa)) {
      ++num_not_solvable;
    } else {
      refused.push_back(fmt::format("{}: {}", name, measured.failure));
    }
    if (measured.seconds > seconds) seconds = measured.seconds, slowest = name;
    if (measured.peak_bytes > bytes) bytes = measured.peak_bytes, largest = name;
  }
  fmt::print(
      "{:<12} {:<7} {:>3} of {:>3} built, {} not solvable; at most {:.2f} s ({}), {:.0f} MiB "
      "({})\n",
      set, mechanism, num_built, languages.size(), num_not_solvable, seconds, slowest, bytes / kMiB,
      largest);
  for (const std::string& reason : refused) fmt::print("    {:.160}\n", reason);
  std::fflush(stdout);
}

void PrintOne(const std::string& name, const std::string& mechanism,
              const GeneratedProgramOptions& options) {
  const Measurement measured = Measure(name, MustRead(name, ""), options);
  if (!measured.HasModel()) {
    fmt::print("{:<20} {:<7} {:.160}\n", name, mechanism, measured.failure);
    return;
  }
  const ModelSizes& sizes = measured.sizes;
  fmt::print(
      "{:<20} {:<7} {:>6.2f} s {:>5.0f} MiB {:>3} layers {:>3} heads d_model {:>5} d_mlp {:>6} "
      "parameters {:>10} {}\n",
      name, mechanism, measured.seconds, measured.peak_bytes / kMiB, sizes.layers, sizes.heads,
      sizes.d_model, sizes.d_mlp, sizes.parameters, NameOf(measured.dtype));
}

int Run(std::int64_t max_length, const std::vector<std::string>& names) {
  std::vector<std::pair<std::string, NamedDfas>> sets;
  if (names.empty()) {
    sets.emplace_back("catalogue", OfCatalogue());
    sets.emplace_back("automata", RandomAutomata(200, 5, RandomSmallDfa));
    sets.emplace_back("with groups", RandomAutomata(200, 8, RandomSmallGroupDfa));
    sets.emplace_back("large groups", RandomAutomata(200, 2, RandomWreathDfa));
    sets.emplace_back("expressions", RandomExpressions(100));
  }
  for (const char* mechanism : {"direct", "log-depth", "cot"}) {
    GeneratedProgramOptions options;
    options.mechanism = *ReadMechanism(mechanism);
    options.max_length = max_length;
    for (const std::string& name : names) PrintOne(name, mechanism, options);
    for (const auto& [set, languages] : sets) PrintSummary(set, mechanism, languages, options);
  }
  return 0;
}

}  // namespace
}  // namespace raspc

int main(int argc, char** argv) {
  const std::int64_t max_length = argc > 1 ? std::atoll(argv[1]) : 64;
  return raspc::Run(max_length < 1 ? 64 : max_length,
                    std::vector<std::string>(argv + std::min(argc, 2), argv + argc));
}
