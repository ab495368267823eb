// README.md says what the command does: its session is run and its table of sizes made again.
//
// After a change that alters them, `RASPC_UPDATE_README=1 raspc_cli_tests "README.md*"` writes the
// new text; read it before you commit it.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/cli/doc_examples.h"

namespace raspc {
namespace {

const char* const kReadme = RASPC_SOURCE_DIR "/README.md";

// The row of the table for a program: | `sort` | 3 | 2 | 75 | 32 | 19789 |
std::string SizesRow(const std::string& program, const TempFolder& folder) {
  const CommandResult result =
      Raspc({"compile", ProgramPath(program), "-o", folder.Path("m"), "--json"});
  std::string row = "| `" + program + "` |";
  for (const std::string key : {"layers", "heads", "d_model", "d_mlp", "parameters"}) {
    std::smatch figure;
    const std::regex member("\"" + key + "\": (\\d+)");
    row += std::regex_search(result.out, figure, member) ? " " + figure[1].str() + " |" : " ? |";
  }
  return row;
}

// The page with what its commands print now and the sizes that its programs have now.
std::string Renewed(const std::string& page, const TempFolder& folder) {
  const Examples examples = ReadExamples(page, folder);
  std::istringstream lines(page);
  std::string line, renewed;
  bool in_session = false;
  std::size_t next = 0;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.starts_with("```")) in_session = line == "```console";
    const bool is_command = in_session && line.starts_with("$ ");
    std::smatch name;
    const std::regex row(R"(\| `(\w+)` \|( \d+ \|){5})");
    if (std::regex_match(line, name, row)) {
      renewed += SizesRow(name[1], folder) + "\n";
    } else if (!in_session || is_command || line == "```console") {
      renewed += line + "\n";
    }
    if (is_command) renewed += RunExample(examples.commands.at(next++), folder);
  }
  return renewed;
}

TEST_CASE("README.md prints what the command prints") {
  const TempFolder folder;
  std::filesystem::create_directory(folder.Path("build"));
  std::filesystem::create_symlink(RASPC_COMMAND, folder.Path("build/raspc"));
  std::filesystem::create_directory_symlink(RASPC_SOURCE_DIR "/programs", folder.Path("programs"));
  const std::string page = ReadWhole(kReadme);
  CHECK(ReadExamples(page, folder).commands.size() >= 5);
  const std::string renewed = Renewed(page, folder);
  if (std::getenv("RASPC_UPDATE_README") != nullptr) {
    std::ofstream(kReadme, std::ios::binary) << renewed;
  }
  std::istringstream want(WithoutTimes(page)), got(WithoutTimes(renewed));
  std::string want_line, got_line;
  for (int number = 1; std::getline(want, want_line); ++number) {
    INFO("README.md:" << number);
    REQUIRE(std::getline(got, got_line));
    REQUIRE(got_line == want_line);
  }
  CHECK_FALSE(std::getline(got, got_line));
}

}  // namespace
}  // namespace raspc
