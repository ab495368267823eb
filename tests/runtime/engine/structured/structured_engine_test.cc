// The structured engine on weights that were not compiled: random ones, and the same with planted
// structure, which must be found, and must not change a result beyond rounding.
#include "runtime/run/make_engine.h"
#include "runtime/engine/structured/structured_engine.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>

#include "tests/runtime/random_model.h"

namespace raspc {
namespace {

struct Planted {
  std::string name;
  std::function<void(Model&, std::mt19937&)> plant;
  // The required report about the first layer's first head; empty: anything.
  std::string kind;
};

// Directions 0 and 1 depend only on the token, 2 and 3 only on the position, 4 is constant.
void MakeDirections(Model& model) {
  model.position_embedding.leftCols(2).setZero();
  model.token_embedding.middleCols(2, 2).setZero();
  for (Eigen::Index p = 0; p < model.position_embedding.rows(); ++p) {
    model.position_embedding(p, 2) = static_cast<double>(p);
    model.position_embedding(p, 3) = static_cast<double>(p * p);
  }
  model.token_embedding.col(4).setZero();
  model.position_embedding.col(4).setOnes();
}

// The first head's queries and keys read nothing but what is set afterwards.
Head& ClearFirst(Model& model) {
  MakeDirections(model);
  Head& head = model.layers[0].heads[0];
  head.query.setZero();
  head.key.setZero();
  head.query(4, 0) = 0.5;
  return head;
}

// Query and key give -scale (position - key)^2 up to a constant of the query.
void PlantNearest(Head& head, double scale, double shift) {
  head.query(2, 0) = 2 * scale;
  head.query(4, 0) = 2 * scale * shift;
  head.query(4, 1) = -scale;
  head.key(2, 0) = 1;
  head.key(3, 1) = 1;
}

// Directions that nothing reads or writes yet, after the others.
void GrowStream(Model& model, int count) {
  const auto grow_columns = [&](Matrix& m) {
    m.conservativeResize(Eigen::NoChange, m.cols() + count);
    m.rightCols(count).setZero();
  };
  const auto grow_rows = [&](Matrix& m) {
    m.conservativeResize(m.rows() + count, Eigen::NoChange);
    m.bottomRows(count).setZero();
  };
  for (Layer& layer : model.layers) {
    for (Head& head : layer.heads) {
      for (Matrix* m : {&head.query, &head.key, &head.value}) grow_rows(*m);
      grow_columns(head.output);
    }
    grow_rows(layer.mlp.in);
    grow_columns(layer.mlp.out);
    layer.mlp.out_bias.conservativeResize(layer.mlp.out_bias.size() + count);
    layer.mlp.out_bias.tail(count).setZero();
  }
  grow_columns(model.token_embedding);
  grow_columns(model.position_embedding);
  grow_rows(model.readout);
  for (int i = 0; i < count; ++i) {
    model.residual_labels.push_back("more " + std::to_string(i));
  }
}

std::vector<Planted> AllPlanted() {
  return {
      {"nothing", [](Model&, std::mt19937&) {}, "search"},
      {"keys by token",
       [](Model& model, std::mt19937&) {
         Head& head = ClearFirst(model);
         head.key(0, 0) = 1.5;
         head.key(1, 1) = -1;
         head.query(2, 1) = 0.01;
       },
       "token classes"},
      {"keys and queries by token, hard",
       [](Model& model, std::mt19937&) {
         Head& head = ClearFirst(model);
         head.key(0, 0) = 1.5;
         head.query(1, 0) = 5000;
       },
       "token classes"},
      {"duplicate tokens",
       [](Model& model, std::mt19937&) {
         Head& head = ClearFirst(model);
         for (int t = 0; t + 1 < model.bos_id(); t += 2) {
           model.token_embedding.row(t + 1) = model.token_embedding.row(t);
         }
         head.key(0, 0) = 1;
         head.query(0, 0) = 1;
       },
       "token classes"},
      {"a uniform head", [](Model& model, std::mt19937&) { ClearFirst(model); }, "token classes"},
      {"the nearest position",
       [](Model& model, std::mt19937&) { PlantNearest(ClearFirst(model), 4096, -3); },
       "position chain"},
      {"the nearest position, softly",
       [](Model& model, std::mt19937&) { PlantNearest(ClearFirst(model), 0.3, -3.25); },
       "position chain"},
      {"the farthest position",
       [](Model& model, std::mt19937&) { PlantNearest(ClearFirst(model), -4096, -40); },
       "position chain"},
      {"the nearest of points on no chain",
       [](Model& model, std::mt19937& random) {
         Head& head = ClearFirst(model);
         // Positions in no order: the points are those of a parabola, but one does not lie between
         // its neighbours.
         std::vector<int> order(static_cast<std::size_t>(model.position_embedding.rows()));
         std::iota(order.begin(), order.end(), 0);
         std::shuffle(order.begin(), order.end(), random);
         for (Eigen::Index p = 0; p < model.position_embedding.rows(); ++p) {
           const double number = order[static_cast<std::size_t>(p)];
           model.position_embedding(p, 2) = number;
           model.position_embedding(p, 3) = number * number;
         }
         PlantNearest(head, 4096, -3);
       },
       "search"},
      {"each position in bits",
       [](Model& model, std::mt19937&) {
         // Twice the number of equal bits, less that of all: a single key is largest by far.
         Head& head = ClearFirst(model);
         const int num_bits = 9;
         head.query = head.key = Matrix::Zero(model.d_model(), num_bits);
         Matrix bits(model.position_embedding.rows(), num_bits);
         for (Eigen::Index p = 0; p < bits.rows(); ++p) {
           for (int b = 0; b < num_bits; ++b) bits(p, b) = (p >> b & 1) != 0 ? 1 : -1;
         }
         const int old = model.d_model();
         GrowStream(model, num_bits);
         model.position_embedding.rightCols(num_bits) = bits;
         for (int b = 0; b < num_bits; ++b) {
           model.layers[0].heads[0].query(old + b, b) = 4096;
           model.layers[0].heads[0].key(old + b, b) = 1;
         }
       },
       "search"},
      {"one query for all positions",
       [](Model& model, std::mt19937& random) {
         Head& head = ClearFirst(model);
         std::uniform_real_distribution<double> weight(-1, 1);
         for (int d = 0; d < 4; ++d) head.query(4, d) = weight(random);
         for (int d = 0; d < 4; ++d) head.key(5 + d, d) = weight(random);
       },
       "search"},
      {"a class and the nearest position",
       [](Model& model, std::mt19937&) {
         Head& head = ClearFirst(model);
         for (int t = 0; t < model.bos_id(); ++t) {
           model.token_embedding(t, 0) = t % 3;
           model.token_embedding(t, 1) = (t % 3) * (t % 3);
         }
         PlantNearest(head, 1024, -2);
         head.query(0, 2) = 2048 * 30;
         head.query(4, 3) = -1024 * 30;
         head.key(0, 2) = 1;
         head.key(1, 3) = 1;
       },
       "search"},
      {"a head that adds nothing",
       [](Model& model, std::mt19937&) {
         Head& head = model.layers[0].heads[0];
         head.value.col(0).setZero();
         head.output.row(head.output.rows() - 1).setZero();
       },
       "search"},
      {"a bias for each offset, of few levels",
       [](Model& model, std::mt19937& random) {
         Head& head = ClearFirst(model);
         const auto size = RelativeBiasSize(head.mask, model.context_length);
         head.relative_bias = Vector::Zero(size);
         for (double& bias : head.relative_bias) bias = random() % 100 < 97 ? -5 : 1.5;
         head.relative_bias.segment(size / 3, size / 4).setConstant(-4096);
       },
       ""},
      {"a hard bias for one offset",
       [](Model& model, std::mt19937&) {
         Head& head = ClearFirst(model);
         const auto size = RelativeBiasSize(head.mask, model.context_length);
         head.relative_bias = Vector::Constant(size, -65536);
         head.relative_bias(model.context_length - 2) = 0;
         head.query(4, 0) = -32768;
         head.key(4, 0) = 0;
         model.token_embedding(model.bos_id(), 0) = 1;
       },
       "offsets"},
      {"a bias and keys that vary",
       [](Model& model, std::mt19937& random) {
         Head& head = model.layers[0].heads[0];
         head.relative_bias =
             Vector::NullaryExpr(RelativeBiasSize(head.mask, model.context_length),
                                 [&] { return std::uniform_real_distribution<>(-1, 1)(random); });
       },
       "dense"},
      {"parallel neurons that write one number",
       [](Model& model, std::mt19937&) {
         Mlp& mlp = model.layers[0].mlp;
         for (Eigen::Index j = 1; j < mlp.in.cols(); ++j) mlp.in.col(j) = mlp.in.col(0) * (j + 1.0);
         mlp.out.leftCols(6).setZero();
         mlp.out.rightCols(2).setZero();
         mlp.out.col(6).setLinSpaced(-0.01, 0.01);
       },
       ""},
      {"parallel neurons",
       [](Model& model, std::mt19937& random) {
         Mlp& mlp = model.layers[0].mlp;
         std::uniform_real_distribution<double> factor(-2, 2);
         for (Eigen::Index j = 1; j < mlp.in.cols(); ++j) {
           if (j % 4 == 0) continue;
           mlp.in.col(j) = mlp.in.col(0) * factor(random);
           mlp.out.row(j) = mlp.out.row(0) * factor(random);
         }
         if (model.dtype == DType::kFloat32) {
           mlp.in = mlp.in.cast<float>().cast<double>();
           mlp.out = mlp.out.cast<float>().cast<double>();
         }
       },
       ""},
  };
}

Model PlantedModel(const Planted& planted, HeadMask mask, DType dtype, std::uint32_t seed) {
  RandomModelShape shape;
  shape.vocab = 6;
  shape.context = 420;  // beyond the number of keys that are all scanned
  shape.d_model = 9;
  shape.layers = 2;
  shape.heads = 2;
  shape.head_dim = 4;
  // Heads with one value have loops of their own.
  shape.value_dim = 1 + static_cast<int>(seed % 2);
  shape.d_mlp = 60;
  shape.density = 0.8;
  shape.causal = mask != HeadMask::kNone;
  shape.dtype = DType::kFloat64;
  Model model = RandomModel(shape, seed);
  model.layers[0].heads[0].mask = mask;
  std::mt19937 random(seed);
  model.dtype = dtype;
  planted.plant(model, random);
  // Directions that hold positions are large; the rest of the model reads little of them.
  for (std::size_t l = 0; l < model.layers.size(); ++l) {
    for (std::size_t h = 0; h < model.layers[l].heads.size(); ++h) {
      Head& head = model.layers[l].heads[h];
      head.value.middleRows(2, 2) *= 1e-4;
      if (l + h > 0) head.query.middleRows(2, 2) *= 1e-5;
      if (l + h > 0) head.key.middleRows(2, 2) *= 1e-5;
    }
    model.layers[l].mlp.in.middleRows(2, 2) *= 1e-4;
  }
  model.readout.middleRows(2, 2) *= 1e-4;
  return model;
}

std::vector<std::vector<int>> Sequences(const Model& model, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::vector<int>> sequences;
  for (const int length : {1, 5, 30, 191, 193, 420}) {
    sequences.push_back(RandomTokens(model, length, random));
  }
  return sequences;
}

}  // namespace

TEST_CASE("structure that is planted in random weights is found and changes no result") {
  std::int64_t num_compared = 0;
  double largest = 0;
  for (const Planted& planted : AllPlanted()) {
    for (const HeadMask mask : {HeadMask::kNone, HeadMask::kCausal, HeadMask::kStrictlyCausal}) {
      for (std::uint32_t seed = 1; seed <= 3; ++seed) {
        const Model model = PlantedModel(planted, mask, DType::kFloat64, seed);
        REQUIRE(CheckModel(model) == std::nullopt);
        INFO(planted.name << ", mask " << NameOf(mask) << ", seed " << seed);
        const StructureReport report = ReportStructure(model);
        if (!planted.kind.empty()) CHECK(report.layers[0].heads[0].kind == planted.kind);
        if (planted.name == "a head that adds nothing") {
          CHECK(report.layers[0].heads[0].structure == "adds nothing");
        }
        if (planted.name == "parallel neurons") CHECK(report.layers[0].neurons_in_functions > 30);
        const auto sequences = Sequences(model, seed);
        const auto want = MakeEngine(EngineKind::kReference, model)->Run(sequences);
        const auto got = MakeEngine(EngineKind::kStructured, model)->Run(sequences);
        for (std::size_t s = 0; s < sequences.size(); ++s) {
          for (Eigen::Index i = 0; i < want[s].size(); ++i) {
            const double difference = std::abs(want[s].data()[i] - got[s].data()[i]);
            INFO("sequence " << s << " entry " << i << " want " << want[s].data()[i]);
            // Readouts are of size 1, and the hard heads' selected keys have exact scores.
            REQUIRE(difference <= 1e-11);
            largest = std::max(largest, difference);
            ++num_compared;
          }
        }
      }
    }
  }
  WARN(num_compared << " readouts compared, the largest difference " << largest);
}

TEST_CASE("a structured session gives the same bits as a batch, whatever is planted") {
  for (const Planted& planted : AllPlanted()) {
    for (const HeadMask mask : {HeadMask::kCausal, HeadMask::kStrictlyCausal}) {
      const Model model =
          PlantedModel(planted, mask, DType::kFloat64, mask == HeadMask::kCausal ? 7 : 8);
      INFO(planted.name << ", mask " << NameOf(mask));
      const auto engine = MakeEngine(EngineKind::kStructured, model);
      const auto sequences = Sequences(model, 7);
      const auto want = engine->Run(sequences);
      for (std::size_t s = 0; s < sequences.size(); ++s) {
        const auto session = engine->StartSession();
        for (std::size_t i = 0; i < sequences[s].size(); ++i) {
          const Vector got = session->Append(sequences[s][i]);
          REQUIRE(got.transpose() == want[s].row(static_cast<Eigen::Index>(i)));
        }
      }
    }
  }
}

TEST_CASE("a second run, for which an engine has kept what it learned, gives the same bits") {
  for (const Planted& planted : AllPlanted()) {
    for (const HeadMask mask : {HeadMask::kNone, HeadMask::kCausal, HeadMask::kStrictlyCausal}) {
      for (const std::uint32_t seed : {3, 4}) {
        const Model model = PlantedModel(planted, mask, DType::kFloat64, seed);
        INFO(planted.name << ", mask " << NameOf(mask) << ", seed " << seed);
        const auto engine = MakeEngine(EngineKind::kStructured, model, 1);
        const auto first = Sequences(model, seed);
        engine->Run(first);
        const auto second = Sequences(model, seed + 10);
        CHECK(engine->Run(second) == MakeEngine(EngineKind::kStructured, model, 1)->Run(second));
      }
    }
  }
}

TEST_CASE("structured results depend neither on the batch nor on the number of threads") {
  for (const Planted& planted : AllPlanted()) {
    const Model model = PlantedModel(planted, HeadMask::kNone, DType::kFloat64, 9);
    std::vector<std::vector<int>> sequences;
    for (std::uint32_t seed = 1; seed <= 4; ++seed) {
      for (auto& sequence : Sequences(model, seed)) sequences.push_back(std::move(sequence));
    }
    const auto want = MakeEngine(EngineKind::kStructured, model, 1)->Run(sequences);
    const auto four = MakeEngine(EngineKind::kStructured, model, 4)->Run(sequences);
    const auto engine = MakeEngine(EngineKind::kStructured, model, 3);
    for (std::size_t s = 0; s < sequences.size(); ++s) {
      REQUIRE(want[s] == four[s]);
      const auto alone = engine->Run({&sequences[s], 1});
      REQUIRE(alone[0] == want[s]);
    }
  }
}

TEST_CASE("patterns of the structured engine are those of the reference engine") {
  for (const Planted& planted : AllPlanted()) {
    const HeadMask mask = planted.name.size() % 2 == 0 ? HeadMask::kNone : HeadMask::kCausal;
    Model model = PlantedModel(planted, mask, DType::kFloat64, 5);
    std::mt19937 random(5);
    const std::vector<std::vector<int>> sequences = {RandomTokens(model, 230, random),
                                                     RandomTokens(model, 9, random)};
    INFO(planted.name);
    std::vector<std::vector<double>> patterns[2];
    const EngineKind kinds[2] = {EngineKind::kReference, EngineKind::kStructured};
    for (int e = 0; e < 2; ++e) {
      Observer observer;
      observer.pattern = [&](int sequence, int layer, int head, int query,
                             std::span<const double> weights) {
        if (layer > 0) return;
        std::vector<double> entry = {double(sequence), double(head), double(query)};
        entry.insert(entry.end(), weights.begin(), weights.end());
        patterns[e].push_back(entry);
      };
      MakeEngine(kinds[e], model, 1)->Run(sequences, &observer);
      std::sort(patterns[e].begin(), patterns[e].end(), [](const auto& a, const auto& b) {
        return std::lexicographical_compare(a.begin(), a.begin() + 3, b.begin(), b.begin() + 3);
      });
    }
    REQUIRE(patterns[0].size() == 2 * (231 + 10));
    REQUIRE(patterns[1].size() == patterns[0].size());
    for (std::size_t i = 0; i < patterns[0].size(); ++i) {
      REQUIRE(patterns[0][i].size() == patterns[1][i].size());
      for (std::size_t k = 0; k < patterns[0][i].size(); ++k) {
        INFO("entry " << i << " key " << k << ": " << patterns[0][i][k] << ", "
                      << patterns[1][i][k]);
        REQUIRE(std::abs(patterns[0][i][k] - patterns[1][i][k]) <= 1e-6);
        if (patterns[0][i][k] == 0) REQUIRE(patterns[1][i][k] <= 1e-300);
      }
    }
  }
}

TEST_CASE("a key that is not a number makes no index, and the result is as without one") {
  Model model = PlantedModel(AllPlanted()[5], HeadMask::kCausal, DType::kFloat64, 3);
  // Position 300 has no finite square.
  model.position_embedding(300, 3) = 1e300;
  model.layers[0].heads[0].key(3, 1) = 1e300;
  const auto sequences = Sequences(model, 3);
  const auto want = MakeEngine(EngineKind::kReference, model)->Run(sequences);
  const auto got = MakeEngine(EngineKind::kStructured, model)->Run(sequences);
  for (std::size_t s = 0; s < sequences.size(); ++s) {
    for (Eigen::Index i = 0; i < want[s].size(); ++i) {
      const double a = want[s].data()[i], b = got[s].data()[i];
      if (std::isfinite(a)) REQUIRE(std::abs(a - b) <= 1e-6 * std::max(1.0, std::abs(a)));
    }
  }
}

}  // namespace raspc
