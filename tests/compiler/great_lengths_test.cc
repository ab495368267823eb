// Programs compile for tens of thousands of tokens: in time and memory linear in the length, into
// models that are not wider, with a certificate that holds.
//
// The longest inputs run through the structured engine, which does not visit all pairs of tokens,
// and through the interpreter; shorter ones through the dense engine too. Extreme counts, which
// only some inputs reach, are fed directly to the MLP, in several orders of summation.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "runtime/run/make_engine.h"
#include "compiler/interpret/interpret.h"
#include "compiler/load/load_program.h"
#include "compiler/verify/verify.h"
#include "runtime/run/run_model.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

// More positions than a matrix of all pairs of them may have, in slow builds too.
constexpr std::int64_t kLong = kIsFastBuild ? 65536 : 6000;
constexpr std::size_t kRunLength = kIsFastBuild ? 1000 : 200;
const std::string kLetters = "abcdefghijklmnopqrstuvwxyz";

struct LongProgram {
  const char* name;
  std::int64_t max_length;
  Target target;
  int most_layers, most_d_model;
  std::int64_t most_mlps;  // of as many neurons as there are positions, side by side
  std::string vocab = {};  // if it is not the program's own
  std::optional<DType> dtype = {};
};

std::vector<LongProgram> LongPrograms() {
  return {
      {"histogram", kLong, Target::kEncoder, 1, 6, 1},
      {"reverse", kLong, Target::kEncoder, 2, 9, 1},
      {"shift", kLong, Target::kMasked, 1, 4, 0},
      {"shift", kLong, Target::kEncoder, 1, 8, 0, {}, DType::kFloat64},
      {"balance", kLong, Target::kDecoder, 1, 7, 2},
      {"dyck1", kLong, Target::kDecoder, 3, 11, 2},
      {"parity", kLong, Target::kEncoder, 1, 6, 1},
      {"sort", kLong / 4, Target::kMasked, 3, 64, 2, kLetters},
      {"induction", kLong / 16, Target::kMasked, 4, 96, 4, kLetters},
  };
}

LoadedProgram Load(const LongProgram& program) {
  LoadOptions options;
  options.overrides.max_length = program.max_length;
  options.overrides.target = program.target;
  options.overrides.dtype = program.dtype;
  if (!program.vocab.empty()) options.overrides.vocab = CodePoints(program.vocab);
  if (program.target == Target::kDecoder) options.overrides.causal = true;
  Diagnostics diag;
  auto loaded = LoadProgram(std::string(RASPC_SOURCE_DIR) + "/programs/" + program.name + ".rasp",
                            options, diag);
  INFO(Render(diag));
  REQUIRE(loaded);
  return std::move(*loaded);
}

Model CompileLoaded(const LoadedProgram& program) {
  Diagnostics diag;
  auto model = Compile(program, diag);
  INFO(Render(diag));
  REQUIRE(model);
  return std::move(*model);
}

// Tokens of which one after another is common, so that some counts are large.
std::vector<Atom> RandomInput(const std::vector<Atom>& alphabet, std::size_t length,
                              std::mt19937_64& random) {
  const std::size_t common = random() % alphabet.size();
  std::vector<Atom> input;
  for (std::size_t i = 0; i < length; ++i) {
    input.push_back(alphabet[random() % 3 == 0 ? random() % alphabet.size() : common]);
  }
  return input;
}

void CheckOn(const LoadedProgram& program, const Model& model, EngineKind kind,
             const std::vector<Atom>& input) {
  Interpreter interpreter(program.traced.graph, *program.evaluation.frame.Apply(input),
                          program.evaluation.causal);
  Diagnostics diag;
  const NodeValue* wanted = interpreter.Evaluate(program.output, diag);
  REQUIRE(wanted != nullptr);
  const auto engine = MakeEngine(kind, model);
  const std::vector<std::vector<Atom>> inputs{input};
  const ModelOutput got = RunModel(model, *engine, inputs)[0];
  CHECK_FALSE(got.error);
  const bool is_equal = ToJson(got.values) == ToJson(std::get<SOpValues>(*wanted));
  CHECK(is_equal);  // too long to be shown
}

TEST_CASE("programs compile for tens of thousands of tokens into models that are no wider") {
  std::mt19937_64 random(5);
  for (const LongProgram& row : LongPrograms()) {
    INFO(row.name << " as " << NameOf(row.target) << " for " << row.max_length);
    const LoadedProgram program = Load(row);
    const Model model = CompileLoaded(program);
    const ModelSizes sizes = SizesOf(model);
    CHECK(sizes.layers <= row.most_layers);
    CHECK(sizes.d_model <= row.most_d_model);
    CHECK(sizes.d_mlp <= row.most_mlps * row.max_length + 64);
    CHECK(model.certificate.exact_to_length == row.max_length);
    for (const auto& entry : model.certificate.entries) CHECK(entry.error_bound <= entry.margin);
    const auto length = std::min(kRunLength, static_cast<std::size_t>(row.max_length));
    CheckOn(program, model, EngineKind::kDense, RandomInput(model.alphabet, length, random));
    const auto longest = static_cast<std::size_t>(row.max_length);
    CheckOn(program, model, EngineKind::kStructured, RandomInput(model.alphabet, longest, random));
    // Counts as large as they get.
    CheckOn(program, model, EngineKind::kStructured,
            std::vector<Atom>(longest, model.alphabet.front()));
  }
}

// The output of the first layer's MLP where a head has just brought `share`, with the neurons added
// up forwards or backwards: [d_model].
std::vector<double> MlpAt(const Model& model, int share_direction, double share, bool backwards) {
  const Mlp& mlp = model.layers[0].mlp;
  std::vector<double> out(mlp.out_bias.data(), mlp.out_bias.data() + mlp.out_bias.size());
  for (Eigen::Index i = 0; i < mlp.in_bias.size(); ++i) {
    const Eigen::Index n = backwards ? mlp.in_bias.size() - 1 - i : i;
    const double neuron = mlp.in(share_direction, n) * share + mlp.in_bias(n);
    if (neuron <= 0) continue;
    for (std::size_t d = 0; d < out.size(); ++d) {
      out[d] += neuron * mlp.out(n, static_cast<Eigen::Index>(d));
    }
  }
  return out;
}

TEST_CASE("counts are right up to the longest input, in any order of adding neurons") {
  for (const char* name : {"histogram", "parity"}) {
    const LongProgram row{name, kLong, Target::kEncoder, 1, 6, 1};
    const Model model = CompileLoaded(Load(row));
    REQUIRE(model.layers.size() == 1);
    // The head writes the share to one direction.
    const Matrix& output = model.layers[0].heads.at(0).output;
    Eigen::Index share_direction = 0;
    output.row(0).cwiseAbs().maxCoeff(&share_direction);
    std::mt19937_64 random(3);
    std::vector<std::int64_t> widths{0, 1, 2, 3, kLong / 2, kLong - 2, kLong - 1, kLong};
    for (int i = 0; i < 60; ++i) {
      const auto reach = static_cast<std::uint64_t>(kLong) >> (random() % 12);
      widths.push_back(kLong - static_cast<std::int64_t>(random() % reach));
    }
    for (const std::int64_t width : widths) {
      for (const bool backwards : {false, true}) {
        const double share = 1 / (1 + static_cast<double>(width));
        std::vector<double> out = MlpAt(model, static_cast<int>(share_direction), share, backwards);
        out[static_cast<std::size_t>(share_direction)] += share;
        double readout = model.readout_bias(0);
        for (std::size_t d = 0; d < out.size(); ++d) {
          readout += out[d] * model.readout(static_cast<Eigen::Index>(d), 0);
        }
        INFO(name << " of a width of " << width);
        const std::int64_t wanted = std::string(name) == "parity" ? width % 2 : width;
        const std::vector<double> readouts{readout};
        REQUIRE(Decode(model.decoding, readouts) == Atom(wanted));
      }
    }
  }
}

TEST_CASE("an automaton of ten states runs for 200,000 tokens as a model of two layers") {
  LoadOptions options;
  options.overrides.max_length = kIsFastBuild ? 100'000 : 5000;
  options.overrides.max_steps = *options.overrides.max_length + 1;
  Diagnostics diag;
  const auto program = LoadProgram(
      std::string(RASPC_SOURCE_DIR) + "/programs/remainder_generate.rasp", options, diag);
  REQUIRE(program);
  const Model model = CompileLoaded(*program);
  const ModelSizes sizes = SizesOf(model);
  CHECK(sizes.layers == 2);
  CHECK(sizes.heads == 1);
  CHECK(sizes.d_model <= 10);
  CHECK(sizes.d_mlp <= 32);

  std::mt19937_64 random(9);
  const std::vector<std::vector<Atom>> inputs{
      RandomInput(model.alphabet, static_cast<std::size_t>(model.max_length), random)};
  const std::vector<Atom> framed = *program->evaluation.frame.Apply(inputs[0]);
  const auto wanted = Generate(program->traced.graph, program->output, framed,
                               *program->evaluation.generation, diag);
  REQUIRE(wanted);
  const auto engine = MakeEngine(EngineKind::kStructured, model);
  const ModelOutput got = RunModel(model, *engine, inputs)[0];
  REQUIRE(got.generated);
  CHECK(got.generated->stopped);
  const bool is_equal = ToJson(got.generated->tokens) == ToJson(wanted->tokens);
  CHECK(is_equal);
}

}  // namespace
}  // namespace raspc
