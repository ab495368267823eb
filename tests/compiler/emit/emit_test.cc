// The weights at BOS and in every pattern, on real runs of both engines in both types.
#include "runtime/run/make_engine.h"
#include "compiler/emit/emit.h"

#include <catch2/catch.hpp>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/interpret/interpret.h"
#include "runtime/engine/engine.h"
#include "runtime/model/model_file.h"
#include "tests/compiler/backend_testing.h"
#include "tests/compiler/ideal_run.h"

namespace raspc {
namespace {

// The run of an engine on one sequence.
struct Trail {
  std::map<int, Matrix> residual;                                    // by layer; -1: the embeddings
  std::map<std::tuple<int, int, int>, std::vector<double>> pattern;  // layer, head, query
};

Trail RunObserved(const Model& model, const Engine& engine, const std::vector<Atom>& input) {
  Trail trail;
  Observer observer;
  observer.residual = [&](int, int layer, const Matrix& residual) {
    trail.residual[layer] = residual;
  };
  observer.pattern = [&](int, int layer, int head, int query, std::span<const double> weights) {
    trail.pattern[{layer, head, query}].assign(weights.begin(), weights.end());
  };
  const std::vector<std::vector<int>> sequences{IdsOf(model, input)};
  engine.Run(sequences, &observer);
  return trail;
}

std::vector<std::vector<Atom>> SomeInputs(const Case& program, std::int64_t longest, int count) {
  std::vector<std::vector<Atom>> inputs;
  const auto alphabet = program.settings.alphabet.value_or(*program.settings.vocab);
  std::mt19937_64 random(3);
  for (int i = 0; i < count; ++i) {
    std::vector<Atom> word(1 + random() % static_cast<std::uint64_t>(longest));
    for (Atom& token : word) token = alphabet[random() % alphabet.size()];
    inputs.push_back(Framed(program, word));
  }
  return inputs;
}

// The stages and the model of a program in one type, run on some inputs by both engines.
template <typename Use>
void ForEachTrail(const Case& program, DType dtype, int num_inputs, const Use& use) {
  Case typed = program;
  typed.settings.dtype = dtype;
  Diagnostics diag;
  const auto stages = RunStages(typed, diag);
  INFO(Render(diag));
  REQUIRE(stages);
  REQUIRE(stages->model.dtype == dtype);
  REQUIRE_FALSE(CheckModel(stages->model).has_value());
  for (const EngineKind kind : kAllEngines) {
    const auto engine = MakeEngine(kind, stages->model, 1);
    for (const auto& input : SomeInputs(program, *program.settings.max_length, num_inputs)) {
      INFO(program.name << " in " << NameOf(dtype) << " on " << NameOf(kind) << ", input "
                        << ToJson(input));
      use(*stages, RunObserved(stages->model, *engine, input), input);
    }
  }
}

// When each variable is written: after this layer (-1: by the embeddings).
std::vector<int> WrittenAfter(const Stages& stages) {
  std::vector<int> layer(stages.blocks.variables.size(), -1);
  for (std::size_t i = 0; i < stages.blocks.heads.size(); ++i) {
    for (const auto& channel : stages.blocks.heads[i].channels) {
      layer[static_cast<std::size_t>(channel.output.value)] = stages.schedule.layer_of_head[i];
    }
  }
  for (std::size_t i = 0; i < stages.blocks.mlps.size(); ++i) {
    for (const auto& output : stages.blocks.mlps[i].outputs) {
      layer[static_cast<std::size_t>(output.variable.value)] = stages.schedule.layer_of_mlp[i];
    }
  }
  return layer;
}

double AsStored(double value, DType dtype) {
  return dtype == DType::kFloat32 ? static_cast<double>(static_cast<float>(value)) : value;
}

void CheckBos(const Stages& stages, const Trail& trail) {
  const std::vector<int> written = WrittenAfter(stages);
  REQUIRE(trail.residual.size() == static_cast<std::size_t>(stages.schedule.num_layers) + 1);
  for (const auto& [layer, residual] : trail.residual) {
    REQUIRE(residual(0, stages.layout.one) == 1);
    REQUIRE(residual(0, stages.layout.bos) == 1);
    for (std::size_t i = 0; i < written.size(); ++i) {
      const Variable& variable = stages.blocks.variables[i];
      const double wanted = written[i] <= layer ? AsStored(variable.at_bos, stages.model.dtype) : 0;
      INFO("[" << variable.label << "] after layer " << layer);
      REQUIRE(residual(0, stages.layout.direction[i]) == wanted);
    }
    for (Eigen::Index p = 1; p < residual.rows(); ++p) {
      REQUIRE(residual(p, stages.layout.one) == 1);
      REQUIRE(residual(p, stages.layout.bos) == 0);
    }
  }
}

// Every pattern is uniform over some keys and exactly 0 elsewhere; BOS attends to itself.
void CheckPatterns(const Stages& stages, const Trail& trail, std::size_t num_positions) {
  for (const auto& [where, weights] : trail.pattern) {
    const auto& [layer, head, query] = where;
    const Head& weights_of_head =
        stages.model.layers[static_cast<std::size_t>(layer)].heads[static_cast<std::size_t>(head)];
    INFO("layer " << layer << ", head " << weights_of_head.label << ", query " << query);
    REQUIRE(weights.size() == num_positions);
    int num_attended = 0;
    double share = 0;
    for (const double weight : weights) {
      if (weight == 0) continue;
      REQUIRE((share == 0 || weight == share));
      share = weight;
      ++num_attended;
    }
    REQUIRE(num_attended > 0);
    REQUIRE(std::abs(num_attended * share - 1) <= 1e-6);
    if (query == 0) {
      REQUIRE(weights[0] == 1);
    } else if (weights_of_head.mask == HeadMask::kCausal) {
      for (std::size_t k = static_cast<std::size_t>(query) + 1; k < weights.size(); ++k) {
        REQUIRE(weights[k] == 0);
      }
    }
  }
}

// The heads of a layer are those of the blocks, in the same order.
std::size_t BlockOfHead(const Stages& stages, int layer, int head) {
  for (std::size_t i = 0; i < stages.blocks.heads.size(); ++i) {
    if (stages.schedule.layer_of_head[i] == layer && head-- == 0) return i;
  }
  FAIL("layer " << layer << " has too many heads");
  return 0;
}

// The keys with nonzero weight are exactly those that the head's terms select in exact arithmetic.
void CheckPatternsAreSelected(const Stages& stages, const Trail& trail,
                              const std::vector<Atom>& input) {
  const IdealRun ideal(stages, input);
  REQUIRE(ideal.problem() == "");
  for (const auto& [where, weights] : trail.pattern) {
    const auto& [layer, head, query] = where;
    if (query == 0) continue;
    const std::size_t block = BlockOfHead(stages, layer, head);
    bool is_same = true;
    for (std::size_t k = 0; k < weights.size(); ++k) {
      is_same = is_same &&
                (weights[k] != 0) == ideal.IsSelected(block, static_cast<std::size_t>(query), k);
    }
    INFO("layer " << layer << ", head " << stages.blocks.heads[block].label << ", query " << query);
    REQUIRE(is_same);
  }
}

// Every program in every architecture that it compiles to.
std::vector<Case> ProgramCasesOfAllTargets(std::int64_t max_length) {
  std::vector<Case> cases;
  for (const Case& program : ProgramCases(max_length)) {
    for (const Target target : {Target::kEncoder, Target::kDecoder, Target::kMasked}) {
      if (target == Target::kDecoder && !program.IsCausal()) continue;
      if (target == Target::kEncoder && program.settings.generate) continue;
      cases.push_back(program);
      cases.back().settings.target = target;
    }
  }
  return cases;
}

TEST_CASE("BOS holds the values of its variables, in every layer") {
  for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
    for (const Case& program : ProgramCases(8)) {
      ForEachTrail(program, dtype, kIsFastBuild ? 4 : 1,
                   [](const Stages& stages, const Trail& trail, const std::vector<Atom>&) {
                     CheckBos(stages, trail);
                   });
    }
  }
}

TEST_CASE("patterns are uniform over the selected keys and exactly 0 elsewhere") {
  std::int64_t num_patterns = 0;
  const auto check = [&](const Stages& stages, const Trail& trail, const std::vector<Atom>& input) {
    CheckPatterns(stages, trail, input.size() + 1);
    CheckPatternsAreSelected(stages, trail, input);
    num_patterns += static_cast<std::int64_t>(trail.pattern.size());
  };
  for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
    for (const std::int64_t max_length : {8, 16}) {
      for (const Case& program : ProgramCasesOfAllTargets(max_length)) {
        ForEachTrail(program, dtype, kIsFastBuild ? 4 : 1, check);
      }
    }
  }
  std::cout << "attention: " << num_patterns << " rows of weights compared\n";
}

// --- Selectors by name: the pattern is the selector's matrix.

const char* const kSelectors[] = {
    "s = select(tokens, tokens, ==);\nx = aggregate(s, indices, 7);",
    "s = select(tokens, \"b\", ==);\nx = aggregate(s, indices, 7);",
    "s = select(indices, indices, <);\nx = aggregate(s, indices, 7);",
    "s = select(indices, indices, <=) and select(tokens, tokens, !=);\nx = aggregate(s, indices, "
    "7);",
    "s = select(indices, indices + 1, ==);\nx = aggregate(s, tokens, \"z\");",
    "s = select(tokens, tokens, ==) or select(indices, 0, ==);\nx = aggregate(s, indices, 7);",
    "s = not (select(tokens, tokens, ==) and select(indices, indices, <));\n"
    "x = aggregate(s, indices, 7);",
    "h = selector_width(select(tokens, tokens, ==));\ns = select(h, h, ==);\n"
    "x = aggregate(s, indices, 7);",
    "h = selector_width(select(tokens, tokens, ==));\ns = select(h, h, >) and "
    "select(indices, indices, !=);\nx = aggregate(s, indices, 7);",
    "s = select(indices, length - 1 - indices, ==);\nx = aggregate(s, tokens, \"z\");",
    "m = aggregate(full_s, indicator(tokens == \"a\"));\ns = select(m, 0.5, <);\n"
    "x = aggregate(s, indices, 7);",
    "m = aggregate(select(indices, indices, <=), indicator(tokens == \"a\"));\n"
    "s = select(m, m, ==) and not select(tokens, \"b\", ==);\nx = aggregate(s, indices, 7);",
    "p = aggregate(select(indices, indices - 1, ==), tokens, \"-\");\n"
    "s = select(p, tokens, ==);\nx = aggregate(s, indices, 7);",
    "s = select(1, 2, ==);\nx = aggregate(s, indices, 7);",
    "s = select(2, 1, >);\nx = aggregate(s, indices, 7);",
};

// The selector named `s` of the graph.
NodeId NamedS(const DataflowGraph& graph) {
  for (std::int32_t i = 0; i < graph.size(); ++i) {
    if (graph[NodeId{i}].name == "s") return NodeId{i};
  }
  return NodeId{};
}

void CheckPatternIsSelector(const Stages& stages, const Trail& trail,
                            const std::vector<Atom>& input, const SelectorRows& rows) {
  bool is_found = false;
  for (const auto& [where, weights] : trail.pattern) {
    const auto& [layer, head, query] = where;
    const std::string& label = stages.model.layers[static_cast<std::size_t>(layer)]
                                   .heads[static_cast<std::size_t>(head)]
                                   .label;
    // A head that counts attends to BOS as well.
    const bool counts = label.find("1/(1+width") != std::string::npos;
    if (!label.starts_with("s: ") || counts) continue;
    is_found = true;
    if (query == 0) continue;
    bool is_empty = true;
    for (std::size_t k = 0; k < input.size(); ++k) {
      INFO("query " << query - 1 << ", key " << k << ", weight " << weights[k + 1]);
      REQUIRE((weights[k + 1] != 0) == rows.At(query - 1, static_cast<int>(k)));
      is_empty = is_empty && weights[k + 1] == 0;
    }
    REQUIRE(weights[0] == (is_empty ? 1 : 0));  // BOS for empty rows, and for no others
  }
  REQUIRE(is_found);
}

TEST_CASE("a head attends exactly to the keys its selector selects, and to BOS if there are none") {
  for (const char* text : kSelectors) {
    for (const bool causal : {false, true}) {
      for (const Target target : {Target::kDecoder, Target::kEncoder}) {
        if (!causal && target == Target::kDecoder) continue;
        Case program = TextCase(text, "abc", 6);
        INFO(text << Render(program.diag));
        REQUIRE_FALSE(program.diag.HasErrors());
        program.settings.causal = causal;
        program.settings.target = target;
        const NodeId selector = NamedS(program.graph);
        REQUIRE(selector.IsValid());
        for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
          ForEachTrail(
              program, dtype, kIsFastBuild ? 20 : 3,
              [&](const Stages& stages, const Trail& trail, const std::vector<Atom>& input) {
                Diagnostics diag;
                Interpreter interpreter(program.graph, input, causal);
                const NodeValue* rows = interpreter.Evaluate(selector, diag);
                REQUIRE(rows != nullptr);
                CheckPatterns(stages, trail, input.size() + 1);
                CheckPatternIsSelector(stages, trail, input, std::get<SelectorRows>(*rows));
                CheckBos(stages, trail);
              });
        }
      }
    }
  }
}

TEST_CASE("odd defaults and constants are exactly at BOS, or within their bound") {
  for (const char* text : {
           "w = selector_width(select(tokens, tokens, ==)) + 3;\n"
           "x = aggregate(select(indices, indices, <), w, 0.1);",
           "p = aggregate(select(indices, indices - 1, ==), indices, 5);\n"
           "q = aggregate(select(indices, indices + 1, ==), indices, 9);\n"
           "x = aggregate(select(indices, indices - 2, ==), p + q + 3, 0.1);",
           "m = aggregate(select(indices, indices, <), indices, 0.3) + 0.7;\n"
           "x = aggregate(select(indices, indices - 1, ==), m, 0.1);",
           "w = selector_width(select(tokens, \"a\", ==)) * 3 + 1;\n"
           "x = aggregate(select(tokens, tokens, !=), w / 3, 0.1) + 0.1;",
       }) {
    const Case program = TextCase(text, "ab", 6);
    INFO(text);
    for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
      Case typed = program;
      typed.settings.dtype = dtype;
      Diagnostics diag;
      const auto stages = RunStages(typed, diag);
      if (!stages) continue;  // refused in this type
      for (const EngineKind kind : kAllEngines) {
        const auto engine = MakeEngine(kind, stages->model, 1);
        const Trail trail = RunObserved(stages->model, *engine, CodePoints("abba"));
        const Matrix& last = trail.residual.at(stages->schedule.num_layers - 1);
        for (std::size_t i = 0; i < stages->blocks.variables.size(); ++i) {
          const Variable& variable = stages->blocks.variables[i];
          INFO("[" << variable.label << "] at BOS " << variable.at_bos << ", error "
                   << variable.bound.error);
          CHECK(std::abs(last(0, stages->layout.direction[i]) - variable.at_bos) <=
                variable.bound.error);
        }
      }
    }
  }
}

// --- The weights themselves.

TEST_CASE("the stages run one by one give the model of Compile") {
  for (const Case& program : ProgramCases(8)) {
    INFO(program.name);
    Diagnostics diag;
    const auto stages = RunStages(program, diag);
    REQUIRE(stages);
    const auto model = Compile(program, diag);
    REQUIRE(model);
    CHECK(SerializeModel(stages->model) == SerializeModel(*model));
  }
}

TEST_CASE("weights are numbers of the model's type") {
  const Case program = TextCase("x = aggregate(full_s, indices / 3) * 0.1;", "ab", 5);
  for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
    Case typed = program;
    typed.settings.dtype = dtype;
    Diagnostics diag;
    const auto stages = RunStages(typed, diag);
    if (!stages) continue;  // float32 is not precise enough
    const auto problem = CheckModel(stages->model);
    INFO(problem.value_or(""));
    CHECK_FALSE(problem.has_value());
  }
}

TEST_CASE("embedding tables have each variable's value for a token and a position") {
  for (const Case& program : ProgramCases(8)) {
    INFO(program.name);
    Diagnostics diag;
    const auto stages = RunStages(program, diag);
    REQUIRE(stages);
    const Model& model = stages->model;
    for (std::size_t i = 0; i < stages->blocks.variables.size(); ++i) {
      const Variable& variable = stages->blocks.variables[i];
      const int direction = stages->layout.direction[i];
      CHECK(model.token_embedding(model.bos_id(), direction) == 0);
      CHECK(model.position_embedding(0, direction) == 0);
      for (std::size_t t = 0; t < variable.by_token.size(); ++t) {
        CHECK(model.token_embedding(static_cast<Eigen::Index>(t), direction) ==
              AsStored(variable.by_token[t], model.dtype));
      }
      for (std::size_t p = 0; p < variable.by_position.size(); ++p) {
        CHECK(model.position_embedding(static_cast<Eigen::Index>(p) + 1, direction) ==
              AsStored(variable.by_position[p], model.dtype));
      }
    }
  }
}

}  // namespace
}  // namespace raspc
