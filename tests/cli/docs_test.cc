// Every example in the documentation is of a kind that some test runs.
//
// A page's sessions, programs and files are compared by the page's own test (language_docs_test.cc,
// languages_docs_test.cc, readme_test.cc, model_file_docs_test.cc). Here: that there are no others,
// that commands outside sessions are valid, and that files of automata and machines can be read.
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "tests/cli/doc_examples.h"

namespace raspc {
namespace {

const std::filesystem::path kSource = RASPC_SOURCE_DIR;

std::vector<std::string> Pages() {
  std::vector<std::string> pages = {"README.md", "CONTRIBUTING.md", "programs/README.md"};
  for (const auto& entry : std::filesystem::directory_iterator(kSource / "docs")) {
    if (entry.path().extension() == ".md")
      pages.push_back("docs/" + entry.path().filename().string());
  }
  return pages;
}

// The first words of the blocks that a page's own test runs.
const std::map<std::string, std::set<std::string>>& TestedKinds() {
  static const std::map<std::string, std::set<std::string>> kinds = {
      {"README.md", {"console"}},
      {"docs/language.md", {"console", "rasp"}},
      {"docs/languages.md", {"console", "json"}},
      {"docs/model-file.md", {"python"}},
      {"docs/python.md", {"pycon"}},  // by python/tests/test_docs.py
      {"docs/tracr.md", {"pycon"}},   // by python/tests/test_tracr.py
      {"docs/suite.md", {"sh"}},
  };
  return kinds;
}

TEST_CASE("every block of code in the documentation is run by a test") {
  for (const std::string& page : Pages()) {
    std::istringstream lines(ReadWhole((kSource / page).string()));
    bool is_open = false;
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      if (!line.starts_with("```")) continue;
      is_open = !is_open;
      if (!is_open) continue;
      INFO(page << ":" << number << ": " << line);
      std::istringstream words(line.substr(3));
      std::string kind, name;
      words >> kind >> name;
      const auto found = TestedKinds().find(page);
      CHECK((found != TestedKinds().end() && found->second.contains(kind)));
      // Only named blocks become files.
      const bool is_file = kind != "console" && kind != "sh" && kind != "pycon";
      CHECK(is_file == !name.empty());
    }
    CHECK_FALSE(is_open);
  }
}

// The command on a line outside a session, or nothing: indented or in a block of `sh`.
std::string CommandOn(const std::string& line, bool in_sh) {
  if (in_sh) return line.starts_with("raspc ") ? line : "";
  return line.starts_with("    build/raspc ") ? line.substr(10) : "";
}

TEST_CASE("commands outside sessions are valid as written") {
  const TempFolder folder;
  int count = 0;
  for (const std::string& page : Pages()) {
    std::istringstream lines(ReadWhole((kSource / page).string()));
    bool in_session = false, in_sh = false;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("```")) {
        in_session = line == "```console";
        in_sh = line == "```sh";
      }
      std::string command = in_session ? "" : CommandOn(line, in_sh);
      if (command.empty()) continue;
      // The suite takes minutes: only its options are parsed.
      if (Contains(command, "lab suite"))
        command = command.substr(0, command.find("  ")) + " --help";
      INFO(page << ": " << command);
      const CommandResult result =
          Shell("cd \"$1\" && raspc() { \"$RASPC\" \"$@\"; } && eval \"$2\"",
                {folder.Path("."), command});
      INFO(result.err);
      CHECK(result.status == 0);
      ++count;
    }
  }
  CHECK(count >= 10);
}

TEST_CASE("the automata and machines of the documentation are read") {
  int count = 0;
  for (const std::string& page : Pages()) {
    const TempFolder folder;
    ReadExamples(ReadWhole((kSource / page).string()), folder);
    for (const std::string& name : folder.Names()) {
      if (!name.ends_with(".json")) continue;
      INFO(page << ": " << name);
      const CommandResult result = Raspc({"lab", "recognise", folder.Path(name), "--by", "cot",
                                          "--max-length", "3", "-o", folder.Path("m")});
      INFO(result.err);
      CHECK(result.status == 0);
      ++count;
    }
  }
  CHECK(count >= 4);
}

}  // namespace
}  // namespace raspc
