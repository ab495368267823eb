// Runs the examples of docs/language.md and compares what they print, character for character.
#include <catch2/catch.hpp>

#include "tests/cli/doc_examples.h"

namespace raspc {
namespace {

TEST_CASE("the examples of docs/language.md print the output shown") {
  const TempFolder folder;
  const Examples examples =
      ReadExamples(ReadWhole(std::string(RASPC_SOURCE_DIR) + "/docs/language.md"), folder);
  CHECK(examples.num_files >= 15);
  CHECK(examples.commands.size() >= 30);
  for (const Example& example : examples.commands) {
    INFO("docs/language.md:" << example.line << ": " << example.command);
    CHECK(WithoutTimes(RunExample(example, folder)) == WithoutTimes(example.output));
  }
}

TEST_CASE("an example that prints something else is noticed") {
  const TempFolder folder;
  const Examples examples = ReadExamples(
      "```rasp a.rasp\nx = 1;\n```\n```console\n$ cat a.rasp\nx = 2;\n$ true\n```\n", folder);
  REQUIRE(examples.commands.size() == 2);
  CHECK(examples.commands[0].output == "x = 2;\n");
  CHECK(examples.commands[1].output.empty());
  CHECK(ReadWhole(folder.Path("a.rasp")) == "x = 1;\n");
}

}  // namespace
}  // namespace raspc
