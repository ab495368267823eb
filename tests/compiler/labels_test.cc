// What models call their parts: in the program's own terms, uniquely, never by node number; and the
// codes of the values they carry.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "runtime/run/make_engine.h"
#include "runtime/run/run_model.h"
#include "tests/compiler/backend_testing.h"
#include "tests/runtime/label_testing.h"

namespace raspc {
namespace {

using Labels = std::vector<std::string>;

Model CompiledModel(const std::string& text, const std::string& vocab, std::int64_t max_length) {
  const Case program = TextCase(text, vocab, max_length);
  Diagnostics diag;
  auto model = Compile(program.graph, program.output, program.settings, diag);
  INFO(text);
  REQUIRE(model);
  return *std::move(model);
}

Model CompiledProgram(const std::string& name, std::int64_t max_length) {
  for (const Case& program : ProgramCases(max_length)) {
    if (program.name != name) continue;
    Diagnostics diag;
    auto model = Compile(program.graph, program.output, program.settings, diag);
    REQUIRE(model);
    return *std::move(model);
  }
  FAIL("no program " << name);
  return {};
}

bool Has(const Labels& labels, const std::string& label) {
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

TEST_CASE("labels of the programs' models are all different and in the program's words") {
  for (Case& program : ProgramCases(kIsFastBuild ? 16 : 8)) {
    for (const Target target : {Target::kEncoder, Target::kMasked, Target::kDecoder}) {
      CAPTURE(program.name, NameOf(target));
      program.settings.target = target;
      Diagnostics diag;
      const auto model = Compile(program.graph, program.output, program.settings, diag);
      if (!model) continue;  // not every program has every form
      CHECK(BadLabels(*model) == Labels{});
      CHECK(NumUnnamedNeurons(*model) == 0);
      CHECK(model->residual_lines.size() == model->residual_labels.size());
    }
  }
}

TEST_CASE("labels say what is carried") {
  const std::string previous =
      "prev = aggregate(select(indices, indices - 1, ==), tokens, \"-\");\n";
  struct Row {
    Model model;
    Labels directions, heads, neurons;
  };
  const std::vector<Row> rows = {
      {CompiledModel(previous + "x = prev == \"b\" and tokens == \"a\";", "abc", 6),
       {"one", "BOS", "code of prev", "4*(tokens=a)", "x"},
       {"select(indices, indices - 1, ==): code of prev"},
       {"x 0", "x 1"}},
      {CompiledModel(previous + "x = selector_width(select(prev, \"b\", ==) and "
                                "select(indices, indices, <=));",
                     "abc", 6),
       {"prev!=b", "tokens!=b", "indices-2", "(indices-2)^2", "[indices>=3]", "x"},
       {"select(indices, indices - 1, ==): prev!=b"},
       {"x 0", "x 5"}},
      {CompiledProgram("histogram", 12),
       {"code of tokens", "1/(1+width same_token)", "histogram"},
       {"same_token: 1/(1+width)"},
       {"histogram 0", "histogram 11"}},
      {CompiledProgram("sort", 12),
       {"tokens=a", "[indices>=3]", "indices=0", "1/(1+width smaller)", "width smaller",
        "(place-6)^2", "code of sorted"},
       {"smaller: 1/(1+width)", "select(place, indices, ==): code of sorted"},
       {"width smaller 0", "(place-6)^2 13"}},
      {CompiledProgram("dyck2", 12),
       {"closes", "1/(1+width opened)", "selector_width(opened)",
        "1/(1+width (same_pairs and closed))", "penalty([pair_depth>=4])", "penalty(breaks=false)",
        "code of dyck2"},
       {"opened: 1/(1+width)", "closed: 1/(1+width)", "same_pairs and closed: 1/(1+width)"},
       {"selector_width(opened) 0", "penalty(breaks=false) 0"}},
  };
  for (const Row& row : rows) {
    const ModelLabels labels = LabelsOf(row.model);
    CAPTURE(row.model.name, labels.directions, labels.heads, labels.neurons);
    for (const auto& [wanted, all] :
         {std::pair{&row.directions, &labels.directions}, std::pair{&row.heads, &labels.heads},
          std::pair{&row.neurons, &labels.neurons}}) {
      for (const std::string& label : *wanted) {
        INFO(label);
        CHECK(Has(*all, label));
      }
    }
  }
}

TEST_CASE("a direction and a head have the line of what they carry") {
  const Model model = CompiledModel(
      "prev = aggregate(select(indices, indices - 1, ==), tokens, \"-\");\n\n"
      "x = prev == \"b\" and tokens == \"a\";",
      "abc", 6);
  const auto line_of = [&](const std::string& label) {
    const auto& labels = model.residual_labels;
    const auto at = std::find(labels.begin(), labels.end(), label);
    REQUIRE(at != labels.end());
    return model.residual_lines[static_cast<std::size_t>(at - labels.begin())];
  };
  CHECK(line_of("code of prev") == 1);
  CHECK(line_of("x") == 3);
  CHECK(line_of("indices-2") == 0);
  CHECK(model.layers[0].heads[0].line == 1);
}

// The model with a number in a direction at every position, whatever is written there.
void Patch(Model& model, std::int64_t direction, double code) {
  const auto d = static_cast<Eigen::Index>(direction);
  model.token_embedding.col(d).setZero();
  model.position_embedding.col(d).setConstant(code);
  for (Layer& layer : model.layers) {
    for (Head& head : layer.heads) head.output.col(d).setZero();
    if (layer.mlp.out.size() == 0) continue;
    layer.mlp.out.col(d).setZero();
    layer.mlp.out_bias(d) = 0;
  }
}

TEST_CASE("a value can be patched by its codes") {
  for (const char* last : {"x = tokens + prev;", "x = tokens if prev == \"b\" else prev;",
                           "x = tokens if prev in [\"a\", \"-\"] else prev;"}) {
    CAPTURE(last);
    const Model model = CompiledModel(
        std::string("prev = aggregate(select(indices, indices - 1, ==), tokens, \"-\");\n") + last,
        "abc", 5);
    int num_patched = 0;
    for (const ValueCodes& list : model.value_codes) {
      if (list.of != "prev") continue;
      for (std::size_t v = 0; v < list.values.size(); ++v) {
        Model patched = model;
        for (const auto& [direction, codes] : list.directions) Patch(patched, direction, codes[v]);
        ++num_patched;
        CAPTURE(ToJson(list.values[v]));
        // What the model itself gives where prev has that value: at the second of two positions.
        for (const char* token : {"a", "b", "c"}) {
          const std::string before = std::get<std::string>(list.values[v]);
          const bool is_first = before == "-";
          std::vector<Atom> natural;
          if (!is_first) natural.emplace_back(before);
          natural.emplace_back(std::string(token));
          const std::vector<std::vector<Atom>> inputs = {natural};
          const std::vector<std::vector<Atom>> others = {
              {std::string("c"), std::string(token), std::string(token)}};
          const auto engine = MakeEngine(EngineKind::kReference, model, 1);
          const auto patched_engine = MakeEngine(EngineKind::kReference, patched, 1);
          const Atom want = RunModel(model, *engine, inputs)[0].values.back();
          const auto got = RunModel(patched, *patched_engine, others)[0].values;
          CHECK(Identical(got[1], want));
          CHECK(Identical(got[2], want));
        }
      }
    }
    CHECK(num_patched == 4);  // a, b, c and -
  }
}

TEST_CASE("no label of a model holds the number of a node") {
  for (const char* text : {
           "x = sort(tokens, tokens);",
           "x = count(tokens, \"a\") * selector_width(select(tokens, tokens, ==));",
           "x = aggregate(select(indices, indices, <=) and not select(tokens, \"b\", ==), "
           "indices);",
           "def f(s) { return has_focus(select(s, s, <) or select(s, \"a\", ==)); }\n"
           "x = \"b\" in tokens and f(tokens + \"!\") or tokens[-1] == \"a\";",
       }) {
    INFO(text);
    CHECK(BadLabels(CompiledModel(text, "ab", 5)) == Labels{});
  }
}

TEST_CASE("the certificate names a selector as the program wrote it") {
  const Case program =
      TextCase("x = aggregate(select(indices, indices - 1, ==), tokens, \"-\");", "ab", 5);
  Diagnostics diag;
  const auto model = Compile(program, diag);
  REQUIRE(model);
  const auto& entries = model->certificate.entries;
  CHECK(std::any_of(entries.begin(), entries.end(), [](const Certificate::Entry& entry) {
    return entry.label == "scores of `select(indices, indices - 1, ==)`";
  }));
}

}  // namespace
}  // namespace raspc
