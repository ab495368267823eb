// docs/languages.md matches the command: its sessions are run, and its table of the catalogue is
// regenerated.
//
// After a change that alters them, `RASPC_UPDATE_README=1 raspc_cli_tests "docs/languages.md*"`
// writes the new text; read it before you commit it.
#include <catch2/catch.hpp>

#include "tests/cli/doc_examples.h"

namespace raspc {
namespace {

const char* const kPage = RASPC_SOURCE_DIR "/docs/languages.md";
const std::string kTableStart = "<!-- catalogue: raspc lab list --markdown -->\n";
const std::string kTableEnd = "<!-- end of catalogue -->\n";

TEST_CASE("docs/languages.md prints what the command prints and lists the catalogue as it is") {
  const TempFolder folder;
  const std::string page = ReadWhole(kPage);
  const std::size_t start = page.find(kTableStart), end = page.find(kTableEnd);
  REQUIRE(start != std::string::npos);
  REQUIRE(end != std::string::npos);
  CHECK(ReadExamples(page, folder).commands.size() >= 3);
  const CommandResult table = Raspc({"lab", "list", "--markdown"});
  CHECK(table.status == 0);
  const std::string with_table = page.substr(0, start) + kTableStart + table.out + page.substr(end);
  CheckRenewed(kPage, page,
               RenewExamples(with_table, folder, [](const std::string& line) { return line; }));
}

TEST_CASE("the machines of docs/languages.md are files that come with the command") {
  const std::string page = ReadWhole(kPage);
  for (const char* name : {"abc", "dyck2", "increment"}) {
    CAPTURE(name);
    const std::string path = RASPC_SOURCE_DIR "/programs/machines/" + std::string(name) + ".json";
    CHECK(Contains(page, "```json " + std::string(name) + ".json\n" + ReadWhole(path) + "```\n"));
  }
}

}  // namespace
}  // namespace raspc
