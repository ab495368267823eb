// The structured engine on models that pass CheckModel and were made to break its assumptions:
// keys in positions that no compiled model has, numbers at the ends of the range of doubles, parts
// of size zero. Its results must equal the reference engine's, up to the rounding of the scores,
// and have the same bits in a session.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <random>
#include <string>

#include "runtime/run/make_engine.h"
#include "runtime/engine/structured/structured_engine.h"
#include "tests/runtime/random_model.h"

namespace raspc {
namespace {

using Numbers = std::vector<std::vector<double>>;  // [positions, dimensions]

double Uniform(std::mt19937& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

// One head whose queries, keys and value at every position are given, BOS first, and a readout of
// its mixed value. With `keys_by_both`, the first token adds nothing to any number, but the others
// would, so that nothing is known of keys and queries beforehand.
struct Given {
  Numbers queries, keys;
  std::vector<double> values;
  HeadMask mask = HeadMask::kCausal;
  bool by_both = true;

  int head_dim() const { return static_cast<int>(keys[0].size()); }
  int context() const { return static_cast<int>(keys.size()) - 1; }
};

Model ModelOf(const Given& given) {
  const int dim = given.head_dim(), value_at = 2 * dim, d_model = 2 * dim + 2;
  Model model;
  model.name = "given";
  model.target = given.mask == HeadMask::kNone     ? Target::kEncoder
                 : given.mask == HeadMask::kCausal ? Target::kDecoder
                                                   : Target::kMasked;
  model.dtype = DType::kFloat64;
  model.causal = given.mask != HeadMask::kNone;
  model.vocabulary = {std::int64_t{0}, std::int64_t{1}};
  model.alphabet = model.vocabulary;
  model.max_length = model.context_length = given.context();
  model.token_embedding = Matrix::Zero(3, d_model);
  if (given.by_both) model.token_embedding.row(1).setOnes();
  model.position_embedding = Matrix::Zero(given.context() + 1, d_model);
  for (int p = 0; p <= given.context(); ++p) {
    for (int d = 0; d < dim; ++d) {
      model.position_embedding(p, d) = given.queries[static_cast<std::size_t>(p)][d];
      model.position_embedding(p, dim + d) = given.keys[static_cast<std::size_t>(p)][d];
    }
    model.position_embedding(p, value_at) = given.values[static_cast<std::size_t>(p)];
  }
  Head head;
  head.label = "given";
  head.mask = given.mask;
  head.query = Matrix::Zero(d_model, dim);
  head.query.topRows(dim).setIdentity();
  head.key = Matrix::Zero(d_model, dim);
  head.key.middleRows(dim, dim).setIdentity();
  head.value = Matrix::Zero(d_model, 1);
  head.value(value_at, 0) = 1;
  head.output = Matrix::Zero(1, d_model);
  head.output(0, value_at + 1) = 1;
  model.layers.emplace_back().heads.push_back(head);
  model.readout = Matrix::Zero(d_model, 1);
  model.readout(value_at + 1, 0) = 1;
  model.readout_bias = Vector::Zero(1);
  model.decoding.kind = OutputDecoding::Kind::kRaw;
  for (int d = 0; d < d_model; ++d) model.residual_labels.push_back(std::to_string(d));
  return model;
}

// How far the scores of a query may be off by rounding, however they are summed up.
double ScoreError(const Given& given, std::size_t query) {
  double largest = 0;
  for (const std::vector<double>& key : given.keys) {
    double sum = 0;
    for (std::size_t d = 0; d < key.size(); ++d) sum += std::abs(given.queries[query][d] * key[d]);
    largest = std::max(largest, sum);
  }
  return largest * static_cast<double>(given.head_dim() + 2) * 0x1p-51;
}

// Runs the model on zeros with both engines, and in a session, and compares. Gives the number of
// readouts for which rounding leaves something to compare.
int Compare(const Given& given) {
  const Model model = ModelOf(given);
  REQUIRE(CheckModel(model) == std::nullopt);
  const std::vector<std::vector<int>> zeros = {
      std::vector<int>(static_cast<std::size_t>(given.context()), 0)};
  const auto want = MakeEngine(EngineKind::kReference, model)->Run(zeros);
  const auto engine = MakeEngine(EngineKind::kStructured, model);
  const auto got = engine->Run(zeros);
  const auto session = engine->StartSession();
  double largest_value = 0;
  for (const double value : given.values) largest_value = std::max(largest_value, std::abs(value));
  int num_compared = 0;
  for (int p = 1; p <= given.context(); ++p) {
    const double a = want[0](p - 1, 0), b = got[0](p - 1, 0);
    INFO("position " << p << ": " << b << " for " << a);
    if (session != nullptr) {
      const double step = session->Append(0)(0);
      REQUIRE((step == b || (std::isnan(step) && std::isnan(b))));
    }
    const double error = ScoreError(given, static_cast<std::size_t>(p));
    if (!(error < 0.01) || !std::isfinite(a)) continue;
    // Both softmaxes have an error of at most a factor of exp(2 error) in each weight.
    const double bound = (8 * error + 1e-12) * largest_value;
    REQUIRE(std::abs(a - b) <= bound);
    ++num_compared;
  }
  return num_compared;
}

struct Pattern {
  std::string name;
  std::function<std::vector<double>(int position, std::mt19937&)> at;
};

// Two numbers for each position, near 1 in size.
std::vector<Pattern> KeyPatterns() {
  return {
      {"a square",
       [](int, std::mt19937& r) {
         return std::vector<double>{Uniform(r, -1, 1), Uniform(r, -1, 1)};
       }},
      {"a line",
       [](int p, std::mt19937&) {
         return std::vector<double>{p / 512.0, 3 * (p / 512.0) - 0.25};
       }},
      {"a line with rounding",
       [](int p, std::mt19937&) {
         return std::vector<double>{p * 0.001, p * 0.0003 + 0.1};
       }},
      {"one place",
       [](int, std::mt19937&) {
         return std::vector<double>{0.5, -0.25};
       }},
      {"a grid",
       [](int, std::mt19937& r) {
         return std::vector<double>{double(r() % 16) / 16, double(r() % 16) / 16};
       }},
      {"a parabola",
       [](int p, std::mt19937&) {
         return std::vector<double>{p / 512.0, -(p / 512.0) * (p / 512.0)};
       }},
      {"a parabola upside down",
       [](int p, std::mt19937&) {
         return std::vector<double>{-p / 512.0, p / 512.0 * (p / 512.0)};
       }},
      {"a circle in no order",
       [](int, std::mt19937& r) {
         const double angle = Uniform(r, 0, 6.3);
         return std::vector<double>{std::cos(angle), std::sin(angle)};
       }},
      {"two clusters by turns",
       [](int p, std::mt19937& r) {
         return std::vector<double>{p % 2 + Uniform(r, 0, 1e-6), Uniform(r, 0, 1e-6) - p % 2};
       }},
      {"a third of them equal",
       [](int p, std::mt19937& r) {
         if (p % 3 == 0) return std::vector<double>{0.75, 0.75};
         return std::vector<double>{Uniform(r, -1, 0.8), Uniform(r, -1, 0.8)};
       }},
      {"a nearly straight parabola",
       [](int p, std::mt19937&) {
         return std::vector<double>{p / 512.0, p / 512.0 - 0x1p-49 * p * (p / 512.0)};
       }},
      {"a column",
       [](int p, std::mt19937&) {
         return std::vector<double>{0, p / 512.0};
       }},
  };
}

}  // namespace

TEST_CASE("keys in any position of the plane are found, whatever the scale and the query") {
  std::int64_t num_compared = 0;
  std::uint32_t seed = 0;
  for (const Pattern& keys : KeyPatterns()) {
    // Key and query are scaled against each other, to the ends of what doubles hold.
    for (const double key_scale : {1.0, 0x1p30, 0x1p-60, 1e160, 1e-160, 1e300, 1e-300, 1e-310}) {
      for (const double score_scale : {1.0, 1e3, 1e6, 1e11}) {
        std::mt19937 random(++seed);
        Given given;
        given.mask = static_cast<HeadMask>(seed % 3);
        given.by_both = seed % 2 == 0;
        for (int p = 0; p <= 420; ++p) {
          given.keys.push_back(keys.at(p, random));
          const double angle = Uniform(random, 0, 6.3);
          given.queries.push_back({std::cos(angle), std::sin(angle)});
          if (p % 7 == 0) given.queries.back() = {0, p % 2 == 0 ? 1.0 : -1.0};
          for (int d = 0; d < 2; ++d) {
            given.keys.back()[d] *= key_scale;
            given.queries.back()[d] *= score_scale;
            given.queries.back()[d] /= key_scale;
            given.queries.back()[d] = std::clamp(given.queries.back()[d], -1e308, 1e308);
          }
          given.values.push_back(Uniform(random, -1, 1));
        }
        if (seed % 5 == 0) given.queries[250][0] = 0;
        INFO(keys.name << ", keys " << key_scale << ", scores " << score_scale << ", seed "
                       << seed);
        num_compared += Compare(given);
      }
    }
  }
  WARN(num_compared << " readouts compared");
  CHECK(num_compared > 100000);
}

TEST_CASE("keys of several dimensions that come from changing sets are found") {
  std::int64_t num_compared = 0;
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    std::mt19937 random(seed);
    Given given;
    given.mask = static_cast<HeadMask>(seed % 3);
    const int dim = 1 + static_cast<int>(seed % 6), run = 10 << seed % 5;
    for (int p = 0; p <= 500; ++p) {
      std::vector<double> key, query;
      for (int d = 0; d < dim; ++d) {
        // Which dimensions vary changes from time to time.
        const bool varies = (p / run + d) % dim < 2;
        key.push_back(varies ? Uniform(random, -1, 1) : std::floor(Uniform(random, -2, 2)));
        query.push_back(Uniform(random, -1, 1) * (seed % 2 == 0 ? 1e6 : 10));
      }
      given.keys.push_back(key);
      given.queries.push_back(query);
      given.values.push_back(Uniform(random, -1, 1));
    }
    INFO("seed " << seed);
    num_compared += Compare(given);
  }
  CHECK(num_compared > 20000);
}

TEST_CASE("scores of token classes that are not numbers do not disturb those that are") {
  Given given;
  for (int p = 0; p <= 8; ++p) {
    given.keys.push_back({0, 0});
    given.queries.push_back({0, 0});
    given.values.push_back(p);
  }
  Model model = ModelOf(given);
  model.vocabulary.clear();
  model.token_embedding = Matrix::Zero(6, model.d_model());
  for (std::int64_t t = 0; t < 5; ++t) model.vocabulary.push_back(t);
  model.alphabet = model.vocabulary;
  // Scores are 5e200, -1000e200, not a number, and 0, a multiple of a large number.
  model.token_embedding.col(0).setConstant(1e200);
  model.token_embedding.col(1).setConstant(1e200);
  model.token_embedding.col(2) << 5e-200, -1e-197, 1e200, 0, 1e-200, 0;
  model.token_embedding.col(3) << 0, 0, -1e200, 0, 0, 0;
  model.token_embedding.row(5).setZero();
  REQUIRE(CheckModel(model) == std::nullopt);
  const std::vector<std::vector<int>> sequences = {{1, 3, 1, 3, 4}, {3, 1, 4, 0, 1}, {0, 1, 3}};
  const auto want = MakeEngine(EngineKind::kReference, model)->Run(sequences);
  const auto got = MakeEngine(EngineKind::kStructured, model)->Run(sequences);
  for (std::size_t s = 0; s < sequences.size(); ++s) {
    for (Eigen::Index i = 0; i < want[s].size(); ++i) {
      INFO("sequence " << s << " entry " << i);
      CHECK(std::abs(want[s].data()[i] - got[s].data()[i]) <= 1e-12);
    }
  }
}

namespace {

// An MLP of one input direction: neurons [factor, bias, weight] that read it; the readout is what
// they write.
Model MlpModel(const std::vector<std::array<double, 3>>& neurons, const std::vector<double>& at) {
  Given given;
  for (std::size_t p = 0; p <= at.size(); ++p) {
    given.keys.push_back({0});
    given.queries.push_back({p == 0 ? 0 : at[p - 1]});
    given.values.push_back(0);
  }
  Model model = ModelOf(given);
  Mlp& mlp = model.layers[0].mlp;
  const auto d_mlp = static_cast<Eigen::Index>(neurons.size());
  mlp.in = Matrix::Zero(model.d_model(), d_mlp);
  mlp.in_bias = Vector::Zero(d_mlp);
  mlp.out = Matrix::Zero(d_mlp, model.d_model());
  mlp.out_bias = Vector::Zero(model.d_model());
  for (Eigen::Index j = 0; j < d_mlp; ++j) {
    mlp.in(0, j) = neurons[static_cast<std::size_t>(j)][0];
    mlp.in_bias(j) = neurons[static_cast<std::size_t>(j)][1];
    mlp.out(j, 3) = neurons[static_cast<std::size_t>(j)][2];
  }
  return model;
}

// The bound counts the errors of each neuron's own terms.
void CompareMlp(const std::vector<std::array<double, 3>>& neurons, const std::vector<double>& at) {
  const Model model = MlpModel(neurons, at);
  REQUIRE(CheckModel(model) == std::nullopt);
  const std::vector<std::vector<int>> zeros = {std::vector<int>(at.size(), 0)};
  const auto want = MakeEngine(EngineKind::kReference, model)->Run(zeros);
  const auto got = MakeEngine(EngineKind::kStructured, model)->Run(zeros);
  for (std::size_t p = 0; p < at.size(); ++p) {
    double size = 0;
    for (const auto& [factor, bias, weight] : neurons) {
      const double product = factor * at[p];
      // A neuron that is clearly off adds nothing, and no error.
      if (product + bias < -1e-6 * std::abs(bias)) continue;
      size += std::abs(weight) * (std::abs(product) + std::abs(bias));
    }
    const double a = want[0](static_cast<Eigen::Index>(p), 0);
    const double b = got[0](static_cast<Eigen::Index>(p), 0);
    if (!std::isfinite(a) || !std::isfinite(size)) continue;
    INFO("at " << at[p] << ": " << b << " for " << a << ", terms of " << size);
    REQUIRE(std::abs(a - b) <= size * static_cast<double>(neurons.size()) * 0x1p-50 + 1e-300);
  }
}

}  // namespace

TEST_CASE("a neuron that is off does not disturb the others, however large its weights") {
  std::vector<std::array<double, 3>> neurons;
  for (int j = 0; j < 20; ++j) neurons.push_back({j % 2 == 0 ? 1.0 : -1.0, j * 0.25 - 2, 1});
  const std::vector<double> at = {-5, -2, -0.125, 0, 1, 3.5, 100};
  SECTION("its constant overflows") { neurons.push_back({-1, -1e200, 1e200}); }
  SECTION("its slope overflows") { neurons.push_back({-1e200, -1e205, 1e200}); }
  SECTION("its breakpoint lies far to the left") { neurons.push_back({1e-20, 1, 1}); }
  SECTION("its breakpoint lies far to the right") { neurons.push_back({1e-20, -1, 1}); }
  SECTION("its breakpoint lies beyond reason") { neurons.push_back({1e-290, 1, 1}); }
  SECTION("the first neuron's direction overflows") {
    neurons.insert(neurons.begin(), {1e308, -1e308, 1e-300});
  }
  CompareMlp(neurons, at);
}

TEST_CASE("piecewise-linear functions of hostile neurons are the sum of these") {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    const auto number = [&](double spread) {
      const double x = std::exp2(Uniform(random, -spread, spread));
      return random() % 2 == 0 ? x : -x;
    };
    const double spread = std::array{1.0, 20.0, 100.0, 300.0, 900.0}[seed % 5];
    std::vector<std::array<double, 3>> neurons;
    const int num_neurons = 14 + static_cast<int>(random() % 60);
    for (int j = 0; j < num_neurons; ++j) {
      neurons.push_back({number(spread), number(spread), number(spread)});
      if (random() % 4 == 0) neurons.back()[1] = 0;
      // Some breakpoints coincide.
      if (random() % 4 == 0 && j > 0 && spread < 500) {
        neurons.back()[0] = -neurons[0][0];
        neurons.back()[1] = -neurons[0][1];
      }
    }
    std::vector<double> at = {0, -0.0, 1e-320};
    for (int i = 0; i < 100; ++i) at.push_back(number(spread));
    for (const auto& [factor, bias, weight] : neurons) {
      const double t = -bias / factor;
      if (std::isfinite(t)) at.insert(at.end(), {t, std::nextafter(t, 1e308)});
    }
    INFO("seed " << seed);
    CompareMlp(neurons, at);
  }
}

// Sizes of nothing: heads without dimensions or values, layers without heads, and so on.
TEST_CASE("models with parts of size zero run as the reference engine does") {
  for (std::uint32_t seed = 1; seed <= 96; ++seed) {
    RandomModelShape shape;
    shape.heads = static_cast<int>(seed % 3);
    shape.head_dim = static_cast<int>(seed / 3 % 2) * 2;
    shape.value_dim = static_cast<int>(seed / 6 % 2) * 3;
    shape.d_mlp = static_cast<int>(seed / 12 % 2) * 30;
    shape.layers = static_cast<int>(seed / 24 % 3);
    shape.vocab = seed % 5 == 0 ? 1 : 40;
    shape.context = seed % 7 == 0 ? 1 : 1200;
    shape.relative_bias = seed % 2 == 0;
    shape.causal = seed % 4 == 0;
    shape.scale = seed % 8 < 4 ? 1 : 1e4;
    Model model = RandomModel(shape, seed);
    for (Layer& layer : model.layers) {
      for (Head& head : layer.heads) {
        for (double& bias : head.relative_bias) bias = bias < 0 ? -1e30 : bias;
      }
    }
    REQUIRE(CheckModel(model) == std::nullopt);
    std::mt19937 random(seed);
    std::vector<std::vector<int>> sequences = {RandomTokens(model, 1, random)};
    for (const int length : {2, 3, 20, 193, 700}) {
      if (length <= shape.context) sequences.push_back(RandomTokens(model, length, random));
    }
    INFO("seed " << seed);
    const auto want = MakeEngine(EngineKind::kReference, model)->Run(sequences);
    for (const EngineKind kind : {EngineKind::kDense, EngineKind::kStructured}) {
      const auto engine = MakeEngine(kind, model);
      CHECK(engine->Run({}).empty());
      Observer observer;
      int num_patterns = 0;
      observer.pattern = [&](int, int, int, int, std::span<const double>) { ++num_patterns; };
      const auto got = engine->Run(sequences);
      const auto seen = engine->Run(sequences, &observer);
      for (std::size_t s = 0; s < sequences.size(); ++s) {
        REQUIRE(seen[s] == got[s]);
        if (shape.scale > 1) continue;
        for (Eigen::Index i = 0; i < want[s].size(); ++i) {
          REQUIRE(std::abs(want[s].data()[i] - got[s].data()[i]) <= 1e-10);
        }
      }
      const auto session = engine->StartSession();
      for (std::size_t i = 0; session != nullptr && i < sequences.back().size(); ++i) {
        const Vector step = session->Append(sequences.back()[i]);
        REQUIRE(step.transpose() == got[sequences.size() - 1].row(static_cast<Eigen::Index>(i)));
      }
    }
  }
}

}  // namespace raspc
