// Runs the examples of docs/language.md and compares what they print, character for character.
//
// A block "```rasp NAME" is a file of that name; in a block "```console" each line that starts with
// "$ " is run by the shell in a folder with the files so far, and the lines below it are its
// output, errors included.
#include <catch2/catch.hpp>
#include <sstream>

#include "tests/cli/run_command.h"

namespace raspc {
namespace {

struct Example {
  int line = 0;  // of the command
  std::string command;
  std::string output;
};

struct Examples {
  std::vector<Example> commands;
  int num_files = 0;
};

// The commands of the text, after writing its files into the folder.
Examples ReadExamples(const std::string& text, const TempFolder& folder) {
  Examples examples;
  std::istringstream lines(text);
  std::string line, kind, file_name, content;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line == "```") {
      if (kind == "rasp") {
        folder.Write(file_name, content);
        ++examples.num_files;
      }
      kind.clear();
    } else if (line.starts_with("```")) {
      std::istringstream words(line.substr(3));
      words >> kind >> file_name;
      content.clear();
    } else if (kind == "rasp") {
      content += line + "\n";
    } else if (kind == "console" && line.starts_with("$ ")) {
      examples.commands.push_back({number, line.substr(2), ""});
    } else if (kind == "console" && !examples.commands.empty()) {
      examples.commands.back().output += line + "\n";
    }
  }
  return examples;
}

TEST_CASE("the examples of docs/language.md print what the page says") {
  const TempFolder folder;
  const Examples examples =
      ReadExamples(ReadWhole(std::string(RASPC_SOURCE_DIR) + "/docs/language.md"), folder);
  CHECK(examples.num_files >= 15);
  CHECK(examples.commands.size() >= 30);
  for (const Example& example : examples.commands) {
    INFO("docs/language.md:" << example.line << ": " << example.command);
    const CommandResult result =
        Shell("cd \"$1\" && raspc() { \"$RASPC\" \"$@\"; } && { eval \"$2\"; } 2>&1",
              {folder.Path("."), example.command});
    CHECK(result.out == example.output);
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
