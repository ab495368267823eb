// The program of docs/model-file.md, which runs model files with numpy, against `raspc run`: on
// models that together use everything a file can contain.
//
// Without a Python with numpy (Debian: python3-numpy) there is nothing to compare with, and the
// test is reported as skipped.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "runtime/model/model_file.h"
#include "tests/cli/doc_examples.h"
#include "tests/runtime/random_model.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

// A Python that has numpy, or nothing.
std::optional<std::string> PythonWithNumpy() {
  for (const std::string python : {"/usr/bin/python3", "python3"}) {
    if (Shell(python + " -c 'import numpy'").status == 0) return python;
  }
  return std::nullopt;
}

std::vector<Json> Lines(const std::string& text) {
  std::vector<Json> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(Json::parse(line));
  return lines;
}

// Equal except for rounding; of the same types.
bool AreEqual(const Json& a, const Json& b) {
  if (a.type() == Json::value_t::number_float && b.type() == Json::value_t::number_float) {
    const double x = a.get<double>(), y = b.get<double>();
    return std::abs(x - y) <= 1e-9 * std::max(1.0, std::abs(x));
  }
  if (!a.is_array()) {
    return a.is_number_float() == b.is_number_float() && a == b;
  }
  if (!b.is_array() || a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!AreEqual(a[i], b[i])) return false;
  }
  return true;
}

// The features of a model file, so that the test can check that it has covered all of them.
void CollectFeatures(const std::string& path, std::set<std::string>& features) {
  const std::string bytes = ReadWhole(path);
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  const Json header = Json::parse(bytes.substr(8, length));
  const Json about = Json::parse(header["__metadata__"]["raspc"].get<std::string>());
  for (const char* key : {"dtype", "target"}) features.insert(about[key].get<std::string>());
  features.insert(about["decoding"]["kind"].get<std::string>());
  if (!about["generation"].is_null()) features.insert("generation");
  if (!about["frame"]["append"].empty()) features.insert("append");
  if (!about["frame"]["padding"].is_null()) features.insert("padding");
  for (const Json& layer : about["layers"]) {
    for (const Json& head : layer["heads"]) {
      const bool is_biased = head.contains("relative_bias");
      features.insert(head["mask"].get<std::string>() + (is_biased ? " biased" : ""));
    }
    features.insert(layer["d_mlp"] == 0 ? "no mlp" : "mlp");
  }
}

// Runs both on the inputs and compares.
void Compare(const std::string& python, const TempFolder& folder, const std::string& model,
             const std::vector<std::string>& inputs, std::set<std::string>& features) {
  std::vector<std::string> args = {"run", model, "--json", "--engine", "reference"};
  std::string script = python + " \"$1\" \"$2\"";
  std::vector<std::string> words = {folder.Path("run_model.py"), model};
  for (const std::string& input : inputs) {
    args.insert(args.end(), {"--tokens", input});
    words.push_back(input);
    script += " \"$" + std::to_string(words.size()) + "\"";
  }
  const CommandResult ours = Raspc(args), theirs = Shell(script, words);
  INFO(ours.out << ours.err << theirs.out << theirs.err);
  REQUIRE(ours.status == 0);
  REQUIRE(theirs.status == 0);
  const std::vector<Json> want = Lines(ours.out), got = Lines(theirs.out);
  REQUIRE(want.size() == inputs.size());
  REQUIRE(got.size() == inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    INFO(want[i] << "\n" << got[i]);
    for (const char* key : {"output", "generated", "stopped"}) {
      REQUIRE(want[i].contains(key) == got[i].contains(key));
      if (want[i].contains(key)) CHECK(AreEqual(want[i][key], got[i][key]));
    }
  }
  CollectFeatures(model, features);
}

// A model with a frame, that generates if it is causal; its tokens are the ints from 0 to 4.
Model FramedRandomModel(std::uint32_t seed) {
  RandomModelShape shape;
  shape.relative_bias = seed % 4 != 0;
  shape.causal = seed % 2 == 1;
  shape.target = shape.relative_bias ? Target::kMasked : Target::kEncoder;
  if (!shape.relative_bias && shape.causal) shape.target = Target::kDecoder;
  shape.dtype = seed % 3 == 0 ? DType::kFloat32 : DType::kFloat64;
  shape.readout_dim = seed % 5 == 0 ? 1 : shape.vocab;
  const bool is_number = seed % 11 == 3;
  if (is_number) shape.readout_dim = 2;
  shape.scale = 3;
  if (seed % 7 == 0) shape.d_mlp = 0;
  Model model = RandomModel(shape, seed);
  if (is_number) {  // one type for all outputs: an int, a float, a bool or a string
    model.decoding.kind = OutputDecoding::Kind::kNumber;
    model.decoding.values = {std::string("x")};
    model.readout.col(1).setZero();
    model.readout_bias(1) = seed % 4;
  }
  model.max_length = 3;
  model.frame.append = {std::int64_t{4}, std::int64_t{2}};
  model.frame.padding = Padding{std::int64_t{3}, PolynomialOf("n^2-2n+2")};
  const bool has_tokens = shape.readout_dim == shape.vocab;
  if (shape.causal && has_tokens) {
    model.generation = GenerationRule{{std::int64_t{static_cast<int>(seed % 5)}}, 4};
  }
  return model;
}

TEST_CASE("the program of docs/model-file.md computes what raspc run does") {
  const std::optional<std::string> python = PythonWithNumpy();
  if (!python) {
    WARN("SKIPPED: there is no Python with numpy; on Debian, install python3-numpy");
    return;
  }
  const TempFolder folder;
  ReadExamples(ReadWhole(RASPC_SOURCE_DIR "/docs/model-file.md"), folder);
  std::set<std::string> features;
  struct Case {
    std::string arguments;
    std::vector<std::string> inputs;
  };
  const std::string mixed =
      "#@ vocab: [1, 1.0, true, \"1\", 0.0, -0.0]\n#@ max_length: 4\n"
      "x = tokens;\n";
  folder.Write("mixed.rasp", mixed);
  folder.Write("raw.rasp",
               "#@ vocab: [0.1, 0.3, 3.75]\n#@ max_length: 12\n"
               "x = aggregate(select(1, 1, ==), tokens_float) / 3;\n");
  folder.Write("number.rasp",
               "#@ vocab: \"ab\"\n#@ max_length: 40\n"
               "n = selector_width(select(tokens, \"a\", ==));\n"
               "x = indices * indices * n if tokens == \"a\" else indices / (n + 1);\n");
  const std::string programs = RASPC_SOURCE_DIR "/programs/";
  const std::vector<Case> cases = {
      {"compile " + programs + "sort.rasp", {R"(["h","e","a","d"])", R"(["h"])"}},
      {"compile " + programs + "sort.rasp --dtype float64", {R"(["c","a","b"])"}},
      {"compile " + programs + "sort.rasp --target masked", {R"(["c","a","b"])"}},
      {"compile " + programs + "sort.rasp --causal", {R"(["c","a","b"])"}},
      {"compile " + programs + "parity_generate.rasp", {R"(["1","0","1"])", R"(["0"])"}},
      {"compile mixed.rasp", {R"([1,1.0,true,"1"])", "[0.0,-0.0]"}},
      {"compile raw.rasp", {"[0.1,0.3,3.75]", "[0.1]"}},
      {"compile number.rasp", {R"(["a","b","a"])", R"(["b"])"}},
      {"lab recognise 'dyck(2)' --max-length 8", {R"x(["(","[","]",")"])x", "[]"}},
      {"lab recognise 'dyck(2)' --max-length 8 --by cot", {R"x(["(","[",")"])x", R"x(["("])x"}},
      {"lab recognise 'dyck(2)' --max-length 8 --by depth", {R"x(["(","[",")"])x", "[]"}},
  };
  for (const Case& c : cases) {
    INFO(c.arguments);
    const CommandResult made =
        Shell("cd \"$1\" && eval \"\\\"$RASPC\\\" $2 -o m\"", {folder.Path("."), c.arguments});
    INFO(made.err);
    REQUIRE(made.status == 0);
    Compare(*python, folder, folder.Path("m"), c.inputs, features);
  }
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    INFO("seed " << seed);
    const std::string path = folder.Write("m", SerializeModel(FramedRandomModel(seed)));
    Compare(*python, folder, path, {"[0,1,2]", "[4,4]", "[3]", "[]"}, features);
  }
  CHECK(features == std::set<std::string>{"append",
                                          "argmax",
                                          "causal",
                                          "causal biased",
                                          "decoder",
                                          "encoder",
                                          "float32",
                                          "float64",
                                          "generation",
                                          "masked",
                                          "mlp",
                                          "nearest",
                                          "no mlp",
                                          "none",
                                          "none biased",
                                          "number",
                                          "padding",
                                          "raw",
                                          "strictly_causal",
                                          "strictly_causal biased"});
}

}  // namespace
}  // namespace raspc
