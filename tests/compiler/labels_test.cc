// Labels of a model's parts: in the program's own terms, never by node number.
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

std::vector<std::string> LabelsOf(const Model& model) {
  std::vector<std::string> labels = model.residual_labels;
  for (const auto& entry : model.certificate.entries) labels.push_back(entry.label);
  for (const auto& layer : model.layers) {
    for (const Head& head : layer.heads) labels.push_back(head.label);
  }
  return labels;
}

TEST_CASE("no label of a model holds the number of a node") {
  const std::regex numbered("\\b(map|select|selector|aggregate|width|sum) [0-9]+\\b");
  for (const char* text : {
           "x = sort(tokens, tokens);",
           "x = count(tokens, \"a\") * selector_width(select(tokens, tokens, ==));",
           "x = aggregate(select(indices, indices, <=) and not select(tokens, \"b\", ==), "
           "indices);",
           "def f(s) { return has_focus(select(s, s, <) or select(s, \"a\", ==)); }\n"
           "x = \"b\" in tokens and f(tokens + \"!\") or tokens[-1] == \"a\";",
       }) {
    INFO(text);
    const Case program = TextCase(text, "ab", 5);
    Diagnostics diag;
    const auto model = Compile(program, diag);
    REQUIRE(model);
    for (const std::string& label : LabelsOf(*model)) {
      INFO(label);
      CHECK_FALSE(std::regex_search(label, numbered));
    }
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
