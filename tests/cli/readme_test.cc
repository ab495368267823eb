// README.md matches the command: its session is run and its table of sizes regenerated.
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

// A row of the table of sizes as it is now; any other line as it is.
std::string RenewedRow(const std::string& line, const TempFolder& folder) {
  std::smatch name;
  const std::regex row(R"(\| `(\w+)` \|( \d+ \|){5})");
  return std::regex_match(line, name, row) ? SizesRow(name[1], folder) : line;
}

TEST_CASE("README.md prints what the command prints") {
  const TempFolder folder;
  std::filesystem::create_directory(folder.Path("build"));
  std::filesystem::create_symlink(RASPC_COMMAND, folder.Path("build/raspc"));
  std::filesystem::create_directory_symlink(RASPC_SOURCE_DIR "/programs", folder.Path("programs"));
  const std::string page = ReadWhole(kReadme);
  CHECK(ReadExamples(page, folder).commands.size() >= 5);
  CheckRenewed(kReadme, page, RenewExamples(page, folder, [&](const std::string& line) {
                 return RenewedRow(line, folder);
               }));
}

}  // namespace
}  // namespace raspc
