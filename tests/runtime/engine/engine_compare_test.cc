// Compares the engines with each other, and batches with sessions, on random models.
//
// The reference engine computes in float64 with separate loops; the others must agree with it
// within a bound that is derived below from the model's norms, and every engine with itself to the
// last bit however the work is divided.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <map>

#include "runtime/run/make_engine.h"
#include "runtime/engine/engine.h"
#include "base/instruction_set.h"
#include "tests/runtime/random_model.h"

namespace raspc {
namespace {

bool Close(double want, double got, double bound) {
  return std::abs(want - got) <= bound;  // false for NaN
}

double MaxAbs(const Matrix& m) { return m.size() == 0 ? 0 : m.cwiseAbs().maxCoeff(); }

// The largest factor by which x -> x W can enlarge the largest entry of x.
double Norm(const Matrix& weights) {
  return weights.size() == 0 ? 0 : weights.cwiseAbs().colwise().sum().maxCoeff();
}

// Follows a bound on the error of every entry of the stream through the model. An engine of
// precision eps that sums n products in any order has an error of at most n eps times the sum of
// their absolute values (to first order; the factor 4 at the end covers the rest, and the
// conversions).
class ErrorBound {
 public:
  ErrorBound(const Model& model, double eps, int seq_len)
      : model_(model), eps_(eps), seq_len_(seq_len) {
    size_ = MaxAbs(model.token_embedding) + MaxAbs(model.position_embedding);
    error_ = eps * size_;
    for (const Layer& layer : model.layers) AddLayer(layer);
  }

  double Readout() const {
    return 4 * (Product(model_.readout, size_, error_) + eps_ * MaxAbs(model_.readout_bias));
  }

 private:
  // The error of x W where |x| <= size is off by at most error.
  double Product(const Matrix& weights, double size, double error) const {
    return Norm(weights) * (error + static_cast<double>(weights.rows() + 1) * eps_ * size);
  }

  void AddLayer(const Layer& layer) {
    double added = 0, added_error = 0;
    for (const Head& head : layer.heads) {
      const double query = Norm(head.query) * size_, key = Norm(head.key) * size_;
      const double value = Norm(head.value) * size_;
      const double query_error = Product(head.query, size_, error_);
      const double key_error = Product(head.key, size_, error_);
      const double dim = static_cast<double>(head.query.cols());
      const double score_error = dim * (query_error * key + query * key_error +
                                        query_error * key_error + (dim + 1) * eps_ * query * key);
      // Numerator and denominator of a pattern entry both carry the score's error; the sums, exp
      // and the division round.
      const double pattern_error = 2 * std::expm1(2 * score_error) + (2 * seq_len_ + 4) * eps_;
      const double mixed_error = Product(head.value, size_, error_) + value * pattern_error;
      added += Norm(head.output) * value;
      added_error += Product(head.output, value, mixed_error);
    }
    Add(added, added_error);
    if (layer.mlp.in_bias.size() == 0) return;
    const double hidden = Norm(layer.mlp.in) * size_ + MaxAbs(layer.mlp.in_bias);
    const double hidden_error = Product(layer.mlp.in, size_, error_) + 2 * eps_ * hidden;
    Add(Norm(layer.mlp.out) * hidden + MaxAbs(layer.mlp.out_bias),
        Product(layer.mlp.out, hidden, hidden_error) + 2 * eps_ * MaxAbs(layer.mlp.out_bias));
  }

  void Add(double added, double added_error) {
    size_ += added;
    error_ += added_error + 4 * eps_ * size_;
  }

  const Model& model_;
  double eps_;
  double seq_len_;
  double size_ = 0;   // bound on |entry of the stream|
  double error_ = 0;  // bound on its error
};

std::vector<std::vector<int>> Batch(const Model& model, std::uint32_t seed,
                                    const std::vector<int>& lengths) {
  std::mt19937 random(seed);
  std::vector<std::vector<int>> batch;
  for (const int length : lengths) batch.push_back(RandomTokens(model, length, random));
  return batch;
}

double Epsilon(DType dtype) {
  return dtype == DType::kFloat32 ? std::numeric_limits<float>::epsilon()
                                  : std::numeric_limits<double>::epsilon();
}

constexpr EngineKind kCheckedEngines[] = {EngineKind::kDense, EngineKind::kStructured};

// All engines on the batch; returns how many numbers were compared.
int CompareEngines(const Model& model, const std::vector<std::vector<int>>& batch) {
  REQUIRE(CheckModel(model) == std::nullopt);
  const auto want = MakeEngine(EngineKind::kReference, model)->Run(batch);
  int num_compared = 0;
  for (const EngineKind kind : kCheckedEngines) {
    const auto got = MakeEngine(kind, model)->Run(batch);
    for (std::size_t s = 0; s < batch.size(); ++s) {
      const double bound =
          ErrorBound(model, Epsilon(model.dtype), static_cast<int>(batch[s].size()) + 1).Readout();
      REQUIRE(bound < 0.05);  // otherwise the comparison means little
      REQUIRE(got[s].rows() == static_cast<Eigen::Index>(batch[s].size()));
      REQUIRE(got[s].cols() == want[s].cols());
      for (Eigen::Index i = 0; i < want[s].size(); ++i) {
        INFO(NameOf(kind) << " sequence " << s << " entry " << i << " want " << want[s].data()[i]
                          << " got " << got[s].data()[i] << " bound " << bound);
        REQUIRE(Close(want[s].data()[i], got[s].data()[i], bound));
        ++num_compared;
      }
    }
  }
  return num_compared;
}

const std::vector<int> kAwkwardLengths = {1, 2, 14, 15, 16, 17, 20, 3, 7, 8, 9, 1, 1};

}  // namespace

TEST_CASE("Close rejects NaN and wrong negatives") {
  CHECK(Close(1, 1.05, 0.1));
  CHECK_FALSE(Close(5, std::nan(""), 0.1));
  CHECK_FALSE(Close(-5, -10, 0.1));
}

TEST_CASE("the engines agree on random models of awkward sizes") {
  int num_compared = 0;
  std::uint32_t seed = 1;
  for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
    for (const int d_model : {1, 2, 7, 33}) {
      for (const int head_dim : {0, 1, 5}) {
        for (const double density : {0.05, 0.6, 1.0}) {
          RandomModelShape shape;
          shape.dtype = dtype;
          shape.d_model = d_model;
          shape.head_dim = head_dim;
          shape.value_dim = 1 + static_cast<int>(seed % 4);
          shape.heads = static_cast<int>(seed % 3);
          shape.d_mlp = static_cast<int>(seed * 7 % 40);
          shape.readout_dim = 1 + static_cast<int>(seed % 2) * 4;
          shape.density = density;
          shape.causal = seed % 5 == 0;
          shape.relative_bias = seed % 4 < 2;
          const Model model = RandomModel(shape, seed);
          num_compared += CompareEngines(model, Batch(model, seed, kAwkwardLengths));
          ++seed;
        }
      }
    }
  }
  WARN(num_compared << " readouts compared, seeds 1 to " << seed - 1);
}

TEST_CASE("the engines agree on sequences of many tiles and groups") {
  RandomModelShape shape;
  shape.context = 700;
  for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
    shape.dtype = dtype;
    const Model model = RandomModel(shape, 7);
    CompareEngines(model, Batch(model, 7, {700, 1, 511, 512, 31, 32, 33, 600}));
  }
}

TEST_CASE("the engines agree where attention is almost hard") {
  // Score gaps around the point where exp underflows; the bound on scores no longer helps, so this
  // one compares in float64 with the slack that gaps of a hundred cost.
  RandomModelShape shape;
  shape.scale = 200;
  shape.layers = 1;
  shape.d_mlp = 0;
  const Model model = RandomModel(shape, 3);
  const auto batch = Batch(model, 3, kAwkwardLengths);
  const auto want = MakeEngine(EngineKind::kReference, model)->Run(batch);
  for (const EngineKind kind : kCheckedEngines) {
    const auto got = MakeEngine(kind, model)->Run(batch);
    for (std::size_t s = 0; s < batch.size(); ++s) {
      for (Eigen::Index i = 0; i < want[s].size(); ++i) {
        REQUIRE(Close(want[s].data()[i], got[s].data()[i], 1e-11));
      }
    }
  }
}

TEST_CASE("a session gives the same bits as a batch") {
  for (const EngineKind kind : kAllEngines) {
    for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
      for (std::uint32_t seed = 1; seed <= 6; ++seed) {
        RandomModelShape shape;
        shape.dtype = dtype;
        shape.causal = true;
        shape.context = 70;
        shape.density = seed % 2 == 0 ? 0.1 : 0.9;
        shape.heads = static_cast<int>(seed % 4);
        shape.scale = seed % 3 == 0 ? 300 : 1;
        shape.relative_bias = seed > 3;
        const Model model = RandomModel(shape, seed);
        const auto engine = MakeEngine(kind, model);
        const auto batch = Batch(model, seed, {70, 5});
        const auto want = engine->Run(batch);
        for (std::size_t s = 0; s < batch.size(); ++s) {
          const auto session = engine->StartSession();
          REQUIRE(session != nullptr);
          for (std::size_t i = 0; i < batch[s].size(); ++i) {
            const Vector got = session->Append(batch[s][i]);
            REQUIRE(got.transpose() == want[s].row(static_cast<Eigen::Index>(i)));
          }
        }
      }
    }
  }
}

TEST_CASE("only causal models have sessions") {
  const Model model = RandomModel({}, 1);
  for (const EngineKind kind : kAllEngines) {
    CHECK(MakeEngine(kind, model)->StartSession() == nullptr);
  }
}

TEST_CASE("a result depends neither on the batch nor on the number of threads") {
  for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
    RandomModelShape shape;
    shape.dtype = dtype;
    shape.context = 900;
    shape.d_model = 40;
    shape.d_mlp = 100;
    shape.density = 0.9;
    const Model model = RandomModel(shape, 5);
    const EngineKind kind = GENERATE(EngineKind::kDense, EngineKind::kStructured);
    const auto one = MakeEngine(kind, model, 1);
    const auto four = MakeEngine(kind, model, 4);
    const auto few = Batch(model, 5, {900, 3});                    // tiles are shared out
    const auto many = Batch(model, 6, std::vector<int>(300, 23));  // groups are
    for (const auto& batch : {few, many}) {
      const auto want = one->Run(batch);
      const auto got = four->Run(batch);
      for (std::size_t s = 0; s < batch.size(); ++s) {
        REQUIRE(want[s] == got[s]);
        if (s >= 20) continue;
        const auto alone = one->Run(std::span(&batch[s], 1));
        REQUIRE(want[s] == alone[0]);
      }
    }
  }
}

TEST_CASE("many sequences of one length give the same bits as each alone") {
  // 70 are two bundles of 32 lanes and one that is not full; of the other lengths there are too few
  // for one. Short sequences have fewer keys than there are partial sums.
  std::vector<int> lengths(70, 37);
  for (int i = 0; i < 40; ++i) lengths.push_back(1 + i % 3);
  lengths.insert(lengths.end(), {37, 5, 60, 37});
  for (std::uint32_t seed = 1; seed <= 24; ++seed) {
    RandomModelShape shape;
    shape.dtype = seed % 2 == 0 ? DType::kFloat32 : DType::kFloat64;
    shape.vocab = seed % 5 == 0 ? 30 : 4;
    shape.context = 60;
    shape.heads = static_cast<int>(seed % 4);
    shape.head_dim = static_cast<int>(seed % 7);
    shape.value_dim = static_cast<int>(seed % 3);
    shape.density = seed % 3 == 0 ? 0.1 : 0.9;
    shape.scale = seed % 4 < 2 ? 2000 : 1;  // hard and soft attention
    shape.relative_bias = seed % 8 < 4;
    shape.causal = seed % 6 < 2;
    const Model model = RandomModel(shape, seed);
    const auto batch = Batch(model, seed, lengths);
    const auto engine = MakeEngine(EngineKind::kDense, model, 2);
    const auto got = engine->Run(batch);
    for (std::size_t s = 0; s < batch.size(); ++s) {
      CAPTURE(seed, s);
      const auto alone = engine->Run(std::span(&batch[s], 1));
      REQUIRE(got[s] == alone[0]);
    }
  }
}

TEST_CASE("sequences that share a prefix with earlier ones give the same results as alone") {
  // All words in order, of several lengths, so that bundles can reuse most of them.
  for (const bool causal : {true, false}) {
    for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
      RandomModelShape shape;
      shape.vocab = 3;
      shape.context = 7;
      shape.causal = causal;
      shape.dtype = dtype;
      const Model model = RandomModel(shape, 12);
      std::vector<std::vector<int>> batch;
      for (const int length : {3, 5, 6, 5, 2}) {
        std::vector<int> word(static_cast<std::size_t>(length), 0);
        for (bool more = true; more;) {
          batch.push_back(word);
          int at = length - 1;
          while (at >= 0 && ++word[static_cast<std::size_t>(at)] == 3) {
            word[static_cast<std::size_t>(at--)] = 0;
          }
          more = at >= 0;
        }
      }
      const auto engine = MakeEngine(EngineKind::kDense, model, 1);
      const auto got = engine->Run(batch);
      for (std::size_t s = 0; s < batch.size(); ++s) {
        const auto alone = engine->Run({&batch[s], 1});
        REQUIRE(got[s] == alone[0]);
      }
    }
  }
}

TEST_CASE("a result does not depend on the instruction set") {
  const InstructionSet best = ActiveInstructionSet();
  int num_compared = 0;
  for (std::uint32_t seed = 1; seed <= 16; ++seed) {
    RandomModelShape shape;
    shape.dtype = seed % 2 == 0 ? DType::kFloat32 : DType::kFloat64;
    shape.context = 70;
    shape.value_dim = static_cast<int>(seed % 6);
    shape.density = seed % 3 == 0 ? 0.1 : 0.9;
    shape.scale = seed % 4 < 2 ? 2000 : 1;  // hard and soft attention
    shape.relative_bias = seed % 8 < 4;
    const Model model = RandomModel(shape, seed);
    const EngineKind kind = seed % 5 < 2 ? EngineKind::kStructured : EngineKind::kDense;
    const auto engine = MakeEngine(kind, model, 1);
    auto batch = Batch(model, seed, {70, 1, 33, 5});
    for (int i = 0; i < 20; ++i) batch.push_back(Batch(model, seed + 100, {21}).front());
    SetInstructionSet(InstructionSet::kBaseline);
    const auto want = engine->Run(batch);
    for (const InstructionSet set : AvailableInstructionSets()) {
      SetInstructionSet(set);
      CAPTURE(NameOf(set), seed);
      REQUIRE(engine->Run(batch) == want);
      ++num_compared;
    }
    SetInstructionSet(best);
  }
  WARN(num_compared << " runs compared");
}

TEST_CASE("instruction sets go by their names, and the machine's best is used") {
  const auto available = AvailableInstructionSets();
  REQUIRE(available.front() == InstructionSet::kBaseline);
  CHECK(ActiveInstructionSet() == available.back());
  for (const InstructionSet set : available) CHECK(InstructionSetNamed(NameOf(set)) == set);
  CHECK(InstructionSetNamed("avx1024") == std::nullopt);
}

TEST_CASE("an empty batch has no results") {
  const Model model = RandomModel({}, 1);
  for (const EngineKind kind : kAllEngines) {
    CHECK(MakeEngine(kind, model)->Run({}).empty());
  }
}

// What observers are told of a batch, in order.
std::vector<std::vector<double>> Observed(const Engine& engine,
                                          const std::vector<std::vector<int>>& batch) {
  std::vector<std::vector<double>> seen;
  Observer observer;
  observer.pattern = [&](int sequence, int layer, int head, int query,
                         std::span<const double> weights) {
    seen.push_back({1.0 * sequence, 1.0 * layer, 1.0 * head, 1.0 * query});
    seen.back().insert(seen.back().end(), weights.begin(), weights.end());
  };
  observer.residual = [&](int sequence, int layer, const Matrix& residual) {
    seen.push_back({1.0 * sequence, 1.0 * layer});
    seen.back().insert(seen.back().end(), residual.data(), residual.data() + residual.size());
  };
  engine.Run(batch, &observer);
  return seen;
}

TEST_CASE("layers that run again are as good as layers written again") {
  const EngineKind kind =
      GENERATE(EngineKind::kReference, EngineKind::kDense, EngineKind::kStructured);
  const DType dtype = GENERATE(DType::kFloat32, DType::kFloat64);
  RandomModelShape shape;
  shape.layers = 3;
  shape.causal = true;
  shape.dtype = dtype;
  const Model plain = RandomModel(shape, 23);
  Model looped = plain, written = plain;
  looped.layer_order = {0, 1, 1, 2, 0};
  written.layers.clear();
  for (const int l : looped.layer_order) {
    written.layers.push_back(plain.layers[static_cast<std::size_t>(l)]);
  }
  REQUIRE(CheckModel(looped) == std::nullopt);
  const auto batch = Batch(plain, 23, {5, 1, 17, 8, 8});
  const auto engine = MakeEngine(kind, looped);
  const auto same = MakeEngine(kind, written);
  const auto got = engine->Run(batch), want = same->Run(batch);
  const auto once = MakeEngine(kind, plain)->Run(batch);
  for (std::size_t s = 0; s < batch.size(); ++s) {
    CHECK(got[s] == want[s]);
    CHECK(got[s] != once[s]);
    const auto session = engine->StartSession(), session_wanted = same->StartSession();
    for (const int token : batch[s]) CHECK(session->Append(token) == session_wanted->Append(token));
  }
  const auto observed = Observed(*engine, batch);
  CHECK(observed.size() > batch.size() * looped.layer_order.size());
  CHECK(observed == Observed(*same, batch));
}

TEST_CASE("observers see the same from both engines, and patterns that fit the masks") {
  RandomModelShape shape;
  shape.layers = 3;
  const Model model = RandomModel(shape, 11);
  const auto batch = Batch(model, 11, {5, 1, 17});
  struct Seen {
    std::map<std::vector<int>, std::vector<double>> patterns;
    std::map<std::pair<int, int>, Matrix> residuals;
  };
  const auto observe = [&](EngineKind kind) {
    Seen seen;
    Observer observer;
    observer.pattern = [&](int sequence, int layer, int head, int query,
                           std::span<const double> weights) {
      seen.patterns[{sequence, layer, head, query}].assign(weights.begin(), weights.end());
    };
    observer.residual = [&](int sequence, int layer, const Matrix& residual) {
      seen.residuals[{sequence, layer}] = residual;
    };
    MakeEngine(kind, model)->Run(batch, &observer);
    return seen;
  };
  const Seen want = observe(EngineKind::kReference);
  REQUIRE(want.residuals.size() == 3 * 4);
  REQUIRE(want.patterns.size() == 3 * 3 * (6 + 2 + 18));
  const EngineKind kind = GENERATE(EngineKind::kDense, EngineKind::kStructured);
  const Seen got = observe(kind);
  REQUIRE(got.residuals.size() == want.residuals.size());
  REQUIRE(got.patterns.size() == want.patterns.size());
  for (const auto& [key, residual] : want.residuals) {
    REQUIRE(Close(0, MaxAbs(residual - got.residuals.at(key)), 1e-12));
  }
  for (const auto& [key, pattern] : want.patterns) {
    const std::vector<double>& other = got.patterns.at(key);
    REQUIRE(pattern.size() == batch[static_cast<std::size_t>(key[0])].size() + 1);
    REQUIRE(other.size() == pattern.size());
    const HeadMask mask =
        model.layers[static_cast<std::size_t>(key[1])].heads[static_cast<std::size_t>(key[2])].mask;
    double sum = 0;
    for (std::size_t k = 0; k < pattern.size(); ++k) {
      const int ahead = static_cast<int>(k) - key[3];
      const bool hidden = k > 0 && ((mask == HeadMask::kCausal && ahead > 0) ||
                                    (mask == HeadMask::kStrictlyCausal && ahead >= 0));
      REQUIRE((pattern[k] == 0) == hidden);
      REQUIRE((other[k] == 0) == hidden);
      REQUIRE(Close(pattern[k], other[k], 1e-12));
      sum += other[k];
    }
    REQUIRE(Close(1, sum, 1e-12));
  }
}

TEST_CASE("the previous token is found exactly under every mask, in both types") {
  for (const HeadMask mask : {HeadMask::kNone, HeadMask::kCausal, HeadMask::kStrictlyCausal}) {
    for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
      Model model = PreviousTokenModel(mask);
      model.dtype = dtype;
      REQUIRE(CheckModel(model) == std::nullopt);
      const std::vector<std::vector<int>> batch = {{2, 0, 1, 1}, {1}, {0, 1, 2, 0, 1, 2, 0, 1}};
      for (const EngineKind kind : kAllEngines) {
        const auto results = MakeEngine(kind, model)->Run(batch);
        for (std::size_t s = 0; s < batch.size(); ++s) {
          for (std::size_t i = 0; i < batch[s].size(); ++i) {
            const double want = i == 0 ? -1 : batch[s][i - 1];
            CHECK(results[s](static_cast<Eigen::Index>(i), 0) == want);
          }
        }
      }
    }
  }
}

TEST_CASE("scores far below zero do not confuse the maximum") {
  // All scores near -1e9: a running maximum that starts at some constant would lose them.
  Model model = PreviousTokenModel(HeadMask::kNone);
  model.dtype = DType::kFloat64;
  Head& head = model.layers[0].heads[0];
  head.query.conservativeResize(Eigen::NoChange, 3);
  head.key.conservativeResize(Eigen::NoChange, 3);
  head.query.col(2).setZero();
  head.key.col(2).setZero();
  head.query(0, 2) = -1e9;
  head.key(0, 2) = 1;
  REQUIRE(CheckModel(model) == std::nullopt);
  for (const EngineKind kind : kAllEngines) {
    const auto results = MakeEngine(kind, model)->Run(std::vector<std::vector<int>>{{2, 0, 1}});
    CHECK(results[0] == (Matrix(3, 1) << -1, 2, 0).finished());
  }
}

TEST_CASE("overflow gives infinities or NaN, not a crash, and stays in its sequence") {
  Model model = PreviousTokenModel(HeadMask::kNone);
  model.layers[0].heads[0].value(3, 0) =
      std::numeric_limits<float>::max();  // token 2 overflows float32, tokens 0 and 1 do not
  for (const EngineKind kind : kAllEngines) {
    const auto results =
        MakeEngine(kind, model)->Run(std::vector<std::vector<int>>{{2, 0}, {0, 0}, {1, 2, 2}});
    CHECK(results[1](1, 0) == 0);
    if (kind == EngineKind::kDense) CHECK_FALSE(std::isfinite(results[0](1, 0)));
  }
}

}  // namespace raspc
