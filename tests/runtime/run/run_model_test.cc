// Inputs that fit a model and inputs that do not, decoding, framing and generation.
#include "runtime/run/make_engine.h"
#include "runtime/run/run_model.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "tests/runtime/random_model.h"

namespace raspc {
namespace {

std::vector<Atom> Strings(const std::string& text) {
  std::vector<Atom> atoms;
  for (const char c : text) atoms.push_back(std::string(1, c));
  return atoms;
}

std::vector<ModelOutput> Run(const Model& model, const std::vector<std::vector<Atom>>& inputs,
                             EngineKind kind = EngineKind::kDense) {
  REQUIRE(CheckModel(model) == std::nullopt);
  return RunModel(model, *MakeEngine(kind, model), inputs);
}

// The whole error, notes included.
std::string ErrorText(const ModelOutput& output) {
  if (!output.error) return "no error";
  CHECK(output.values.empty());
  return Render(*output.error);
}

}  // namespace

TEST_CASE("inputs are judged one by one") {
  Model model = PreviousTokenModel(HeadMask::kNone, 4);
  model.alphabet = Strings("ab");
  for (const EngineKind kind : kAllEngines) {
    const auto outputs = Run(model,
                             {Strings("ab"),
                              Strings("axb"),
                              {},
                              Strings("aaaaa"),
                              Strings("ac"),
                              Strings("bb"),
                              {std::int64_t{1}}},
                             kind);
    REQUIRE(outputs.size() == 7);
    CHECK(ToJson(outputs[0].values) == R"(["none", "a"])");
    CHECK(ErrorText(outputs[1]) ==
          "error: the token \"x\" at index 1 is not in the vocabulary\n"
          "note: inputs may use \"a\", \"b\"\n");
    CHECK(ErrorText(outputs[2]) ==
          "error: the input is empty; the model requires at least one token\n");
    CHECK(ErrorText(outputs[3]) ==
          "error: the input has 5 tokens, but the model was compiled for at most 4\n");
    CHECK(ErrorText(outputs[4]) ==
          "error: the token \"c\" at index 1 is in the vocabulary but not in the alphabet of "
          "inputs\nnote: inputs may use \"a\", \"b\"\n");
    CHECK(ToJson(outputs[5].values) == R"(["none", "b"])");
    CHECK(outputs[6].error);
    for (const ModelOutput& output : outputs) {
      if (output.error) CHECK(output.error->kind == ErrorKind::kInput);
    }
  }
}

TEST_CASE("an input may be empty where something is appended, unless the padding forbids it") {
  Model model = PreviousTokenModel(HeadMask::kNone, 4);
  model.alphabet = Strings("ab");
  model.frame.append = Strings("c");
  for (const EngineKind kind : kAllEngines) {
    CHECK(ToJson(Run(model, {{}}, kind)[0].values) == R"(["none"])");
  }
  model.frame.padding = Padding{model.frame.append[0], PolynomialOf("n-1")};
  CHECK(ErrorText(Run(model, {{}})[0]) ==
        "error: the input is empty; the model requires at least one token\n");
}

TEST_CASE("a token that only differs in type is pointed out") {
  Model model = PreviousTokenModel(HeadMask::kNone);
  model.vocabulary = model.alphabet = {std::int64_t{1}, 2.0, true};
  CHECK(ErrorText(Run(model, {Strings("1")})[0]) ==
        "error: the token \"1\" at index 0 is not in the vocabulary\n"
        "note: inputs may use 1, the int; this is the string\n"
        "note: inputs may use 1, 2.0, true\n");
  CHECK(ErrorText(Run(model, {{std::int64_t{2}}})[0]) ==
        "error: the token 2 at index 0 is not in the vocabulary\n"
        "note: inputs may use 2.0, the float; this is the int\n"
        "note: inputs may use 1, 2.0, true\n");
}

TEST_CASE("long tokens and long alphabets are cut in messages") {
  Model model = PreviousTokenModel(HeadMask::kNone);
  model.vocabulary.clear();
  for (int i = 0; i < 1000; ++i) model.vocabulary.push_back(std::int64_t{i});
  model.alphabet = model.vocabulary;
  model.token_embedding = Matrix::Zero(1001, 5);
  std::string long_token;
  for (int i = 0; i < 100'000; ++i) long_token += "é";
  const std::string text = ErrorText(Run(model, {{long_token}})[0]);
  CHECK(text.size() < 400);
  CHECK(FindInvalidUtf8(text) == std::string::npos);
  CHECK(text.find("… (1000 in total)") != std::string::npos);
}

TEST_CASE("the frame comes after the input") {
  Model model = PreviousTokenModel(HeadMask::kNone, 4);
  model.alphabet = Strings("ab");
  model.max_length = model.certificate.exact_to_length = 2;
  model.frame.append = Strings("c");
  model.frame.padding = Padding{std::string("a"), PolynomialOf("n^2")};
  CHECK(ToJson(Run(model, {Strings("ab")})[0].values) ==
        R"(["none", "a", "b", "c", "a", "a", "a"])");
  CHECK(ErrorText(Run(model, {Strings("abab")})[0]) ==
        "error: the input has 4 tokens, but the model was compiled for at most 2\n");
}

TEST_CASE("generation stops at a stop token or at the limit") {
  for (const EngineKind kind : kAllEngines) {
    Model model = PreviousTokenModel(HeadMask::kCausal, 4);
    model.generation = GenerationRule{Strings("c"), 3};
    const auto outputs = Run(model, {Strings("ca"), Strings("ab"), Strings("a")}, kind);
    CHECK(ToJson(outputs[0].values) == R"(["none", "c"])");
    CHECK(ToJson(outputs[0].generated->tokens) == R"(["c"])");
    CHECK(outputs[0].generated->stopped);
    CHECK(ToJson(outputs[1].generated->tokens) == R"(["a", "b", "a"])");
    CHECK_FALSE(outputs[1].generated->stopped);
    CHECK(ErrorText(outputs[2]) ==
          "error: the model generated \"none\" in step 1, which is not in its vocabulary and so "
          "cannot be read back\n");
  }
}

TEST_CASE("generation ends at the edges of the step limit") {
  Model model = PreviousTokenModel(HeadMask::kStrictlyCausal, 2);  // a context of 4
  model.generation = GenerationRule{{}, 0};
  CHECK(Run(model, {Strings("ab")})[0].generated->tokens.empty());
  model.generation->max_steps = 1;
  CHECK(ToJson(Run(model, {Strings("a")})[0].generated->tokens) == R"(["none"])");
  model.generation->max_steps = 3;  // the third is not read back
  CHECK(ToJson(Run(model, {Strings("ab")})[0].generated->tokens) == R"(["a", "b", "a"])");
}

TEST_CASE("generation reads back numbers that the decoding does not list") {
  Model model = PreviousTokenModel(HeadMask::kCausal, 4);
  model.vocabulary = {1.0, 2.5, 3.0};
  model.alphabet = model.vocabulary;
  model.generation = GenerationRule{{3.0}, 3};
  model.decoding = {};
  model.decoding.kind = OutputDecoding::Kind::kRaw;
  model.readout = Matrix::Zero(model.readout.rows(), 1);
  const auto generate = [&](double readout) {
    model.readout_bias = Vector::Constant(1, readout);
    return Run(model, {{1.0}})[0];
  };
  CHECK(ToJson(generate(2.5).generated->tokens) == "[2.5, 2.5, 2.5]");
  CHECK(ToJson(generate(3).generated->tokens) == "[3.0]");
  CHECK(generate(3).generated->stopped);
  CHECK(ErrorText(generate(7)).starts_with("error: the model generated 7.0 in step 1, which"));
}

TEST_CASE("many inputs run in several batches and come back in order") {
  const Model model = PreviousTokenModel(HeadMask::kNone);
  std::vector<std::vector<Atom>> inputs;
  for (int i = 0; i < 30'000; ++i) inputs.push_back(Strings(i % 3 == 0 ? "abc" : "ba"));
  inputs[777] = Strings("x");
  const auto outputs = Run(model, inputs);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (i == 777) continue;
    REQUIRE(outputs[i].values.size() == inputs[i].size());
    REQUIRE(outputs[i].values.back() == Atom(std::string("b")));
  }
  CHECK(outputs[777].error);
}

TEST_CASE("a readout that is not finite is an internal error") {
  Model model = PreviousTokenModel(HeadMask::kNone);
  model.layers[0].heads[0].value(3, 0) = std::numeric_limits<float>::max();
  const auto output = Run(model, {Strings("ca")})[0];
  CHECK(output.error->kind == ErrorKind::kInternal);
  CHECK(ErrorText(output).starts_with("error: internal error: the model's readout at index 1"));
}

TEST_CASE("decoding takes the nearest value, the largest entry, or the number itself") {
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  const auto decode = [](const OutputDecoding& decoding, std::vector<double> readout) {
    const auto value = Decode(decoding, readout);
    return value ? ToJson(*value) : "nothing";
  };
  OutputDecoding nearest;
  nearest.values = {std::int64_t{10}, 1.5, true};
  nearest.codes = {-1, 0, 4};
  CHECK(decode(nearest, {-100}) == "10");
  CHECK(decode(nearest, {-0.5}) == "10");  // a tie goes to the lower
  CHECK(decode(nearest, {-0.49}) == "1.5");
  CHECK(decode(nearest, {2}) == "1.5");
  CHECK(decode(nearest, {2.01}) == "true");
  CHECK(decode(nearest, {1e300}) == "true");
  CHECK(decode(nearest, {nan}) == "nothing");
  CHECK(decode(nearest, {inf}) == "nothing");
  OutputDecoding argmax;
  argmax.kind = OutputDecoding::Kind::kArgmax;
  argmax.values = {std::string("x"), std::string("y"), std::string("z")};
  CHECK(decode(argmax, {1, 3, 3}) == "\"y\"");
  CHECK(decode(argmax, {-1, -3, -2}) == "\"x\"");
  CHECK(decode(argmax, {1, nan, 3}) == "nothing");
  OutputDecoding raw;
  raw.kind = OutputDecoding::Kind::kRaw;
  CHECK(decode(raw, {0.1}) == "0.1");
  CHECK(decode(raw, {nan}) == "nothing");
}

}  // namespace raspc
