// Model files survive a round trip bit by bit, and no file, however broken, does harm.
#include "runtime/model/model_file.h"

#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>
#include <limits>

#include "runtime/run/make_engine.h"
#include "runtime/run/run_model.h"
#include "tests/runtime/random_model.h"

namespace raspc {
namespace {

// A small model that uses everything a file can hold.
Model FullModel(DType dtype) {
  RandomModelShape shape;
  shape.vocab = 6;
  shape.context = 4;
  shape.d_model = 3;
  shape.layers = 2;
  shape.heads = 2;
  shape.head_dim = 2;
  shape.d_mlp = 3;
  shape.dtype = dtype;
  shape.causal = true;
  Model model = RandomModel(shape, 9);
  model.name = "_Name2";
  model.vocabulary = {std::int64_t{1},  1.0,  true,
                      std::string("1"), -0.0, std::string("\xF0\x9F\x98\x80\\")};
  model.alphabet = {1.0, std::int64_t{1}, true};
  model.max_length = 2;
  model.frame.append = {-0.0};
  Diagnostics diag;
  model.frame.padding = Padding{true, *Polynomial::Parse("n - 1", {}, diag)};
  model.generation = GenerationRule{{std::string("1")}, 1};
  model.decoding.kind = OutputDecoding::Kind::kNearest;
  model.decoding.values = {std::numeric_limits<std::int64_t>::min(),
                           std::numeric_limits<std::int64_t>::max(),
                           0.1,
                           -5e-324,
                           1e300,
                           false};
  model.decoding.codes = {-1e300, -1.0 / 3, 0, 5e-324, 1, 1e300};
  model.certificate.exact_to_length = 2;
  model.certificate.entries = {{"a", 0, std::numeric_limits<double>::infinity()}, {"b", 1e-9, 0.5}};
  model.layers[1].mlp = {};
  model.layers[1].heads[0].query = Matrix(3, 0);
  model.layers[1].heads[0].key = Matrix(3, 0);
  model.readout(0, 0) = -0.0;
  model.residual_lines = {0, 7, 2147483648};
  model.layers[0].heads[1].line = 5;
  model.layers[0].mlp.groups = {{"[x>=3]", 4, 2}, {"\"y\"", 0, 1}};
  model.value_codes = {{"prev", 3, {std::string("b"), true, 0.5}, {{2, {-1, std::nan(""), 0.1}}}},
                       {"tokens", 0, {std::int64_t{1}}, {{0, {2}}, {1, {1e300}}}}};
  REQUIRE(CheckModel(model) == std::nullopt);
  return model;
}

std::optional<Model> Read(std::string_view bytes, Diagnostics& diag) {
  return DeserializeModel(bytes, "m.raspc", {}, diag);
}

// The message without its beginning, or "fine".
std::string Problem(std::string_view bytes) {
  Diagnostics diag;
  const std::optional<Model> model = Read(bytes, diag);
  if (model) return "fine";
  REQUIRE(diag.all().size() == 1);
  CHECK(diag.all()[0].kind == ErrorKind::kFile);
  const std::string start = "'m.raspc' is not a usable model file: ";
  REQUIRE(diag.all()[0].message.starts_with(start));
  return diag.all()[0].message.substr(start.size());
}

// Reads a possibly broken file; if accepted, it must be valid and run. Returns whether it is
// accepted.
bool Survives(std::string_view bytes) {
  Diagnostics diag;
  const std::optional<Model> model = Read(bytes, diag);
  if (!model) {
    REQUIRE(diag.all().size() == 1);
    REQUIRE(diag.all()[0].kind == ErrorKind::kFile);
    return false;
  }
  REQUIRE(diag.empty());
  REQUIRE(CheckModel(*model) == std::nullopt);
  const std::vector<std::vector<Atom>> inputs = {{model->alphabet.front()}};
  RunModel(*model, *MakeEngine(EngineKind::kDense, *model, 1), inputs);
  return true;
}

std::uint64_t HeaderLength(std::string_view bytes) {
  std::uint64_t length;
  std::memcpy(&length, bytes.data(), 8);
  return length;
}

std::string WithHeader(const std::string& header, std::string_view data) {
  const std::uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char*>(&length), 8);
  return bytes + header + std::string(data);
}

// The file with the first occurrence of `from` in its header replaced.
std::string Replaced(const std::string& bytes, std::string_view from, std::string_view to) {
  std::string header = bytes.substr(8, HeaderLength(bytes));
  const std::string_view data = std::string_view(bytes).substr(8 + header.size());
  const std::size_t at = header.find(from);
  REQUIRE(at != std::string::npos);
  header.replace(at, from.size(), to);
  return WithHeader(header, data);
}

bool SameBits(const Matrix& a, const Matrix& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(double)) == 0;
}

}  // namespace

// So files from before it, and of programs without it, have no such key.
TEST_CASE("a model file names the arithmetic where it is rational") {
  Model model = FullModel(DType::kFloat32);
  CHECK(SerializeModel(model).find("arithmetic") == std::string::npos);
  Diagnostics diag;
  CHECK(Read(SerializeModel(model), diag)->arithmetic == ArithmeticKind::kFloat);
  model.arithmetic = ArithmeticKind::kRational;
  const std::string bytes = SerializeModel(model);
  const auto read = Read(bytes, diag);
  REQUIRE(read);
  CHECK(read->arithmetic == ArithmeticKind::kRational);
  CHECK(SerializeModel(*read) == bytes);
}

TEST_CASE("a model file reads back bit by bit") {
  for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
    const Model model = FullModel(dtype);
    const std::string bytes = SerializeModel(model);
    CHECK(bytes == SerializeModel(model));
    CHECK(HeaderLength(bytes) % 8 == 0);
    Diagnostics diag;
    const std::optional<Model> read = Read(bytes, diag);
    REQUIRE(read);
    CHECK(SerializeModel(*read) == bytes);
    CHECK(read->name == model.name);
    CHECK(ToJson(read->vocabulary) == R"([1, 1.0, true, "1", -0.0, "😀\\"])");
    CHECK(ToJson(read->alphabet) == ToJson(model.alphabet));
    CHECK(ToJson(read->decoding.values) == ToJson(model.decoding.values));
    CHECK(read->decoding.codes == model.decoding.codes);
    CHECK(read->frame.padding->count.Text() == "n-1");
    CHECK(read->generation->max_steps == 1);
    CHECK(std::isinf(read->certificate.entries[0].margin));
    CHECK(read->certificate.entries[1].error_bound == 1e-9);
    CHECK(read->residual_labels == model.residual_labels);
    CHECK(read->residual_lines == model.residual_lines);
    CHECK(read->layers[0].heads[1].line == 5);
    CHECK(NeuronNames(read->layers[0].mlp) ==
          std::vector<std::string>{"[x>=3] 0", "[x>=3] 1", "\"y\" 0"});
    REQUIRE(read->value_codes.size() == 2);
    CHECK(ToJson(read->value_codes[0].values) == R"(["b", true, 0.5])");
    CHECK(read->value_codes[0].directions[0].direction == 2);
    CHECK(read->value_codes[0].directions[0].codes[0] == -1);
    CHECK(std::isnan(read->value_codes[0].directions[0].codes[1]));
    CHECK(read->value_codes[1].directions[1].codes == std::vector<double>{1e300});
    CHECK(read->layers[0].heads[1].mask == model.layers[0].heads[1].mask);
    CHECK(SameBits(read->token_embedding, model.token_embedding));
    CHECK(SameBits(read->layers[0].heads[1].output, model.layers[0].heads[1].output));
    CHECK(SameBits(read->layers[0].mlp.in_bias, model.layers[0].mlp.in_bias));
    CHECK(SameBits(read->readout, model.readout));
    CHECK(std::signbit(read->readout(0, 0)));
  }
}

TEST_CASE("a file that is read back computes the same") {
  const Model model = PreviousTokenModel(HeadMask::kCausal);
  Diagnostics diag;
  const std::optional<Model> read = Read(SerializeModel(model), diag);
  REQUIRE(read);
  const std::vector<std::vector<int>> batch = {{2, 0, 1}};
  CHECK(MakeEngine(EngineKind::kDense, model)->Run(batch)[0] ==
        MakeEngine(EngineKind::kDense, *read)->Run(batch)[0]);
}

TEST_CASE("random models of every shape survive the round trip") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    RandomModelShape shape;
    shape.dtype = seed % 2 == 0 ? DType::kFloat32 : DType::kFloat64;
    shape.layers = static_cast<int>(seed % 4);
    shape.heads = static_cast<int>(seed % 3);
    shape.d_mlp = static_cast<int>(seed % 5);
    shape.value_dim = static_cast<int>(seed % 4);
    shape.readout_dim = 1 + static_cast<int>(seed % 2);
    shape.target = static_cast<Target>(seed % 3);
    const Model model = RandomModel(shape, seed);
    REQUIRE(CheckModel(model) == std::nullopt);
    const std::string bytes = SerializeModel(model);
    Diagnostics diag;
    const std::optional<Model> read = Read(bytes, diag);
    REQUIRE(read);
    REQUIRE(SerializeModel(*read) == bytes);
  }
}

TEST_CASE("every truncation of a file is refused") {
  const std::string bytes = SerializeModel(FullModel(DType::kFloat32));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    REQUIRE_FALSE(Survives(std::string_view(bytes).substr(0, size)));
  }
  CHECK_FALSE(Survives(bytes + '\0'));
}

TEST_CASE("no change of a byte of the header does harm") {
  const std::string bytes = SerializeModel(FullModel(DType::kFloat64));
  const std::size_t end = 8 + HeaderLength(bytes);
  // What a byte becomes: itself with a bit flipped, or one that means something in JSON. The
  // sanitizers, ten times slower, see one change per byte, of every kind in turn.
  const auto changes = [](char c) {
    return std::array<char, 8>{char(c ^ 1), char(c ^ 0x10), char(c ^ 0x80), '\0', '"', '9', '{',
                               ']'};
  };
  const bool sanitized = std::string_view(RASPC_SANITIZE) != "";
  int num_changes = 0, num_accepted = 0;
  for (std::size_t at = 0; at < end; ++at) {
    const std::array<char, 8> bytes_there = changes(bytes[at]);
    for (std::size_t i = 0; i < bytes_there.size(); ++i) {
      if (sanitized && i != at % bytes_there.size()) continue;
      std::string changed = bytes;
      changed[at] = bytes_there[i];
      num_accepted += Survives(changed);
      ++num_changes;
    }
  }
  WARN(num_changes << " changes, " << num_accepted << " accepted as other models");
}

TEST_CASE("no change of the header's length does harm") {
  const std::string bytes = SerializeModel(FullModel(DType::kFloat32));
  for (int bit = 0; bit < 64; ++bit) {
    std::string changed = bytes;
    changed[static_cast<std::size_t>(bit / 8)] ^= static_cast<char>(1 << bit % 8);
    REQUIRE_FALSE(Survives(changed));
  }
}

TEST_CASE("random damage does no harm") {
  std::mt19937 random(4);
  const std::string bytes = SerializeModel(FullModel(DType::kFloat32));
  const auto below = [&](std::size_t n) { return random() % n; };
  for (int round = 0; round < (std::string_view(RASPC_SANITIZE) == "" ? 3000 : 500); ++round) {
    std::string changed = bytes;
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
      const std::size_t at = below(changed.size()), length = 1 + below(20);
      switch (below(4)) {
        case 0:
          changed[at] = static_cast<char>(random());
          break;
        case 1:
          changed.erase(at, length);
          break;
        case 2:
          changed.insert(at, changed.substr(below(changed.size()), length));
          break;
        default:
          changed.replace(at, length, changed.substr(below(changed.size()), length));
      }
      if (changed.empty()) break;
    }
    Survives(changed);
  }
  for (int round = 0; round < 300; ++round) {
    std::string noise(below(2000), '\0');
    for (char& c : noise) c = static_cast<char>(random());
    REQUIRE_FALSE(Survives(noise));
  }
}

TEST_CASE("errors in a file are reported") {
  const std::string bytes = SerializeModel(FullModel(DType::kFloat32));
  const auto replaced = [&](std::string_view from, std::string_view to) {
    return Problem(Replaced(bytes, from, to));
  };
  CHECK(Problem(bytes) == "fine");
  CHECK(Problem("") == "it has 0 bytes, too few for a model");
  CHECK(Problem(bytes.substr(0, 100)).starts_with("its header takes "));
  CHECK(Problem(std::string(20, '\xff'))
            .starts_with("it is not a safetensors file, or its header is too large: 184467440737"));
  CHECK(Problem(WithHeader("[]", "")) ==
        "it is not a safetensors file: its header is not a JSON object");
  CHECK(Problem(WithHeader("{", "")) == "its header: not valid JSON: an error at line 1, column 2");
  CHECK(Problem(WithHeader("{}", "")) ==
        "it is a safetensors file, but not a raspc model: it has no metadata");
  CHECK(Problem(WithHeader(R"({"__metadata__":{"format":"pt"}})", "")) ==
        "it is a safetensors file, but not a raspc model: its format is \"pt\"");
  CHECK(replaced(R"("version":"2")", R"("version":"3")") ==
        "it has version \"3\", but this raspc reads versions 1 to 2");
  CHECK(replaced(R"("version":"2")", R"("version":"2","extra":"")") ==
        "__metadata__ has the unknown key \"extra\"");
  // What came with version 2 is unknown to version 1.
  CHECK(replaced(R"("version":"2")", R"("version":"1")") ==
        "description has the unknown key \"residual_lines\"");
  CHECK(replaced(R"(\"residual_lines\": [0)", R"(\"residual_lines\": [-1)") ==
        "description.residual_lines is -1, below 0");
  CHECK(replaced(R"(\"codes\": [-1.0, null)", R"(\"codes\": [-1.0, true)") ==
        "value_codes.directions.codes is not a number");
  CHECK(replaced(R"(\"codes\": [-1.0, null)", R"(\"codes\": [-1.0, null, 0)") ==
        "direction 2 has 4 codes for 3 values of \"prev\"");
  CHECK(replaced(R"(\"values\": [\"b\", true, 0.5])", R"(\"values\": [\"b\", true, true])") ==
        "the codes of \"prev\" name true twice");
  CHECK(replaced(R"(\"direction\": 2)", R"(\"direction\": 9223372036854775807)") ==
        "the codes of \"prev\" are of direction 9223372036854775807, where there are 3");
  CHECK(replaced(R"(\"count\": 2})", R"(\"count\": 9223372036854775807})") ==
        "layers.0.mlp has a group of 9223372036854775807 neurons, where 3 are left");
  CHECK(replaced(R"(\"count\": 2})", R"(\"count\": 0})") ==
        "layers[0].neurons.count is 0, below 1");
  CHECK(replaced(R"("embed.tokens")", R"("embed.tokenz")") ==
        "the tensor \"embed.tokens\" is missing");
  CHECK(replaced(R"("embed.tokens")", R"("embed.positions")") ==
        "its header: the field \"embed.positions\" is repeated");
  CHECK(replaced(R"("shape":[7,3])", R"("shape":[3,7])") ==
        "the tensor \"embed.tokens\" has the shape [3, 7], but the description makes it [7, 3]");
  CHECK(replaced(R"("shape":[7,3])", R"("shape":[7,4])") ==
        "tensor \"embed.tokens\" takes 112 bytes by its shape but lies from 0 to 84");
  CHECK(replaced(R"("shape":[7,3])", R"("shape":[4611686018427387904,4])") ==
        "tensor \"embed.tokens\".shape is too large");
  CHECK(replaced(R"("shape":[7,3])", R"("shape":[-7,-3])") ==
        "tensor \"embed.tokens\".shape is -7, below 0");
  CHECK(replaced(R"("dtype":"F32")", R"("dtype":"F16")") ==
        "tensor \"embed.tokens\".dtype is \"F16\", which is unknown");
  CHECK(replaced(R"([0,84])", R"([4,88])") ==
        "tensor \"embed.tokens\" begins at 4 where 0 bytes come before it");
  CHECK(replaced(R"(\"max_length\": 2)", R"(\"max_length\": 9)") ==
        "context_length is 4, below the max_length of 9");
  CHECK(replaced(R"(\"max_length\": 2)", R"(\"max_length\": 18446744073709551615)") ==
        "description.max_length is not a 64-bit integer");
  CHECK(replaced(R"(\"max_length\": 2)", R"(\"max_length\": 2.0)") ==
        "description.max_length is not a 64-bit integer");
  CHECK(replaced(R"(\"d_model\": 3)", R"(\"d_model\": 4000000000)") ==
        "the tensor \"embed.tokens\" has the shape [7, 3], but the description makes it "
        "[7, 4000000000]");
  CHECK(replaced(R"(\"alphabet\": [1.0,)", R"(\"alphabet\": [2.0,)") ==
        "the alphabet has 2.0, which is not in the vocabulary");
  CHECK(replaced(R"([1, 1.0, true)", R"([1, 1, true)") == "the vocabulary has 1 twice");
  CHECK(replaced(R"([1, 1.0, true)", R"([1, null, true)") ==
        "description.vocabulary has a value that is not an int, float, bool or string");
  CHECK(replaced(R"([1, 1.0, true)", R"([1, 1e999, true)") ==
        "the description: not valid JSON: a number is out of range");
  // The library ends a text at a NUL byte.
  const std::string header = bytes.substr(8, HeaderLength(bytes));
  CHECK(Problem(WithHeader(header + std::string("\0{}", 3), bytes.substr(8 + header.size()))) ==
        "its header: not valid JSON: byte " + std::to_string(header.size() + 1) + " is NUL");
  CHECK_THAT(replaced(R"(\"margin\": 0.5}]}})", R"(\"margin\": 0.5}]}}\u0000{})"),
             Catch::StartsWith("the description: not valid JSON: byte ") && Catch::EndsWith("NUL"));
  CHECK(replaced(R"(\"name\": \"_Name2\")", R"(\"name\": \"x\\u001b[2J\\n\")") ==
        R"(its name "x\u001b[2J\n" is not a valid identifier)");
  CHECK(replaced(R"(\"label\": \"head 0)", R"(\"label\": \"\\u009b\u202e)") == "fine");
  CHECK(replaced(R"(\"codes\": [-1e+300)", R"(\"codes\": [7)")
            .starts_with("the codes of the decoding do not rise: 7 comes before -0.33"));
  CHECK(replaced(R"(\"count\": \"n-1\")", R"(\"count\": \"m\")")
            .starts_with("frame.padding.count: \"m\" is not a polynomial in n"));
  CHECK(replaced(R"(\"causal\": true)", R"(\"causal\": 1)") ==
        "description.causal is not true or false");
}

TEST_CASE("weights that are not finite are refused") {
  std::string bytes = SerializeModel(FullModel(DType::kFloat32));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(bytes.data() + bytes.size() - 4, &nan, 4);
  CHECK(Problem(bytes) ==
        "the readout's bias has the entry nan, which is not a finite float32 number");
}

TEST_CASE("JSON that is cheap to write and expensive to hold is refused early") {
  const std::string deep = "{\"a\":" + std::string(30'000'000, '[');
  CHECK(Problem(WithHeader(deep, "")) == "its header is nested more than 12 deep");
  std::string wide = "{\"a\":[0";
  for (int i = 0; i < 5'000'000; ++i) wide += ",0";
  CHECK(Problem(WithHeader(wide + "]}", "")) == "its header has more than 4194304 values");
}

TEST_CASE("the limits hold") {
  const std::string bytes = SerializeModel(FullModel(DType::kFloat32));
  Diagnostics diag;
  CHECK_FALSE(DeserializeModel(bytes, "m", {.max_header_bytes = 100}, diag));
  CHECK_FALSE(DeserializeModel(bytes, "m", {.max_bytes = bytes.size() - 1}, diag));
  CHECK(DeserializeModel(bytes, "m", {.max_bytes = bytes.size()}, diag));
}

TEST_CASE("a model with its own layer order is not written") {
  Model model = FullModel(DType::kFloat32);
  const std::string path =
      std::filesystem::temp_directory_path() / ("raspc-order-" + std::to_string(getpid()));
  model.layer_order = {0, 1};
  Diagnostics diag;
  CHECK(WriteModelFile(model, path, diag));
  std::filesystem::remove(path);
  model.layer_order = {0, 1, 0};
  CHECK_FALSE(WriteModelFile(model, path, diag));
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK(Render(diag) == "error: cannot write the model to '" + path +
                            "': it has its own layer order, which files of version 2 cannot "
                            "hold\n");
}

TEST_CASE("a model that is not sound is found out") {
  using Break = std::function<void(Model&)>;
  const std::vector<std::pair<Break, std::string>> cases = {
      {[](Model& m) { m.vocabulary.clear(); }, "the vocabulary is empty"},
      {[](Model& m) { m.alphabet.clear(); }, "the alphabet is empty"},
      {[](Model& m) { m.alphabet.push_back(true); }, "the alphabet has true twice"},
      {[](Model& m) { m.vocabulary[3] = std::nan(""); },
       "the vocabulary: the float nan is not finite"},
      {[](Model& m) { m.vocabulary[3] = std::string("\xff"); },
       "the vocabulary: the string \"\uFFFD\" is not valid UTF-8"},
      {[](Model& m) { m.vocabulary.pop_back(); },
       "the token embedding is 7 by 3, but must be 6 by 3"},
      {[](Model& m) { m.frame.append = {3.5}; },
       "what is appended has 3.5, which is not in the vocabulary"},
      {[](Model& m) { m.frame.padding->token = 3.5; },
       "the padding has 3.5, which is not in the vocabulary"},
      {[](Model& m) { m.generation->stop = {3.5}; },
       "the stop tokens has 3.5, which is not in the vocabulary"},
      {[](Model& m) { m.generation->max_steps = -1; }, "max_steps is -1"},
      {[](Model& m) { m.decoding.values[2] = Float::ShortestDecimal(0.1); },
       "the decoding: 1/10 is a fraction"},
      {[](Model& m) { m.max_length = 0; }, "max_length is 0"},
      {[](Model& m) { m.name = "2x"; }, "its name \"2x\" is not a valid identifier"},
      {[](Model& m) { m.name.clear(); }, "its name \"\" is not a valid identifier"},
      {[](Model& m) {
         m.frame.append = {true, true};
       },
       "max_length is 2, but an input of 2 tokens takes 5 with what is appended, padded and "
       "generated, and context_length is 4"},
      {[](Model& m) { m.frame.padding->count = PolynomialOf("2n"); },
       "max_length is 2, but an input of 2 tokens takes 7 with what is appended, padded and "
       "generated, and context_length is 4"},
      {[](Model& m) { m.frame.padding->count = PolynomialOf("1-n"); },
       "max_length is 2, but an input of 2 tokens cannot be padded by -n+1"},
      {[](Model& m) { m.frame.padding->count = PolynomialOf("3-3n+n^2"); }, "fine"},
      {[](Model& m) { m.frame.padding->count = PolynomialOf("8-4n"); },
       "max_length is 2, but an input of 0 tokens takes 9 with what is appended, padded and "
       "generated, and context_length is 4"},
      {[](Model& m) { m.generation->max_steps = 2; },
       "max_length is 2, but an input of 2 tokens takes 5 with what is appended, padded and "
       "generated, and context_length is 4"},
      {[](Model& m) { m.generation->max_steps = std::numeric_limits<std::int64_t>::max(); },
       "max_steps is 9223372036854775807, and context_length only 4"},
      {[](Model& m) { m.certificate.exact_to_length = 3; },
       "exact_to_length is 3, where max_length is 2"},
      {[](Model& m) { m.certificate.entries[1].error_bound = 0.6; },
       "the certificate of \"b\" has the bound 0.6 and the margin 0.5"},
      {[](Model& m) { m.context_length = 5; },
       "the position embedding is 5 by 3, but must be 6 by 3"},
      {[](Model& m) { m.residual_lines.pop_back(); },
       "there are 2 residual lines for 3 directions"},
      {[](Model& m) { m.residual_lines.clear(); }, "fine"},
      {[](Model& m) { m.residual_lines[1] = -2; }, "a residual line is -2"},
      {[](Model& m) { m.layers[0].heads[1].line = -1; }, "layers.0.heads.1 is in line -1"},
      {[](Model& m) { m.layers[0].mlp.groups.pop_back(); },
       "layers.0.mlp has 1 neurons in no group"},
      {[](Model& m) { m.layers[0].mlp.groups.clear(); }, "fine"},
      {[](Model& m) {
         m.layers[1].mlp.groups = {{"x", 0, 1}};
       },
       "layers.1.mlp has a group of 1 neurons, where 0 are left"},
      {[](Model& m) { m.value_codes[1].directions[0].direction = 2; },
       "direction 2 has codes twice"},
      {[](Model& m) { m.value_codes[1].directions[0].codes[0] = 1e300 * 1e300; },
       "direction 0 has an infinite code"},
      {[](Model& m) { m.value_codes[0].values[2] = std::string("b"); },
       "the codes of \"prev\" name \"b\" twice"},
      {[](Model& m) { m.value_codes[0].values[2] = std::nan(""); },
       "the codes of \"prev\": the float nan is not finite"},
      {[](Model& m) { m.value_codes[0].line = -1; }, "the codes of \"prev\" are in line -1"},
      {[](Model& m) { m.residual_labels.pop_back(); },
       "there are 2 residual labels for 3 directions"},
      {[](Model& m) { m.layers[0].heads[1].mask = HeadMask::kNone; },
       "layers.0.heads.1 has no mask in a model that is causal"},
      {[](Model& m) { m.layers[0].heads[1].key = Matrix::Zero(3, 1); },
       "layers.0.heads.1.key is 3 by 1, but must be 3 by 2"},
      {[](Model& m) { m.layers[0].mlp.out(0, 0) = std::nan(""); },
       "layers.0.mlp.out has the entry nan, which is not a finite float32 number"},
      {[](Model& m) { m.layers[0].mlp.out(0, 0) = 0.1; },
       "layers.0.mlp.out has the entry 0.1, which is not a finite float32 number"},
      {[](Model& m) { m.layers[0].mlp.out(0, 0) = 1e200; },
       "layers.0.mlp.out has the entry 1e+200, which is not a finite float32 number"},
      {[](Model& m) { m.layers[1].mlp.out_bias = Vector::Ones(3); },
       "layers.1.mlp has no neurons but an out_bias that is not zero"},
      {[](Model& m) {
         m.layer_order = {0, 1, 1};
       },
       "fine"},
      {[](Model& m) {
         m.layer_order = {0, 2};
       },
       "its layer order has layer 2, but there are 2"},
      {[](Model& m) {
         m.layer_order = {0, 0};
       },
       "layer 1 never runs"},
      {[](Model& m) { m.decoding.codes.pop_back(); }, "the decoding has 5 codes for 6 values"},
      {[](Model& m) { m.decoding.codes[1] = m.decoding.codes[0]; },
       "the codes of the decoding do not rise: -1e+300 comes before -1e+300"},
      {[](Model& m) { m.decoding.kind = OutputDecoding::Kind::kRaw; },
       "a raw decoding lists values"},
      {[](Model& m) { m.certificate.entries[1].margin = std::nan(""); },
       "the certificate of \"b\" has the bound 1e-09 and the margin nan"},
  };
  for (const auto& [damage, want] : cases) {
    Model model = FullModel(DType::kFloat32);
    damage(model);
    CHECK(CheckModel(model).value_or("fine") == want);
  }
}

TEST_CASE("sizes count every entry in the file") {
  const ModelSizes sizes = SizesOf(PreviousTokenModel(HeadMask::kNone));
  CHECK(sizes.layers == 1);
  CHECK(sizes.heads == 1);
  CHECK(sizes.head_dim == 2);
  CHECK(sizes.d_model == 5);
  CHECK(sizes.d_mlp == 0);
  CHECK(sizes.parameters == 4 * 5 + 17 * 5 + 2 * 5 * 2 + 2 * 5 + 5 + 1);
  CHECK(sizes.nonzeros == 3 + 17 + 16 + 16 + 3 + 2 + 1 + 1 + 1);
}

}  // namespace raspc
