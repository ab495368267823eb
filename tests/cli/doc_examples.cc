// Reads and runs the examples of a page.
#include "tests/cli/doc_examples.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

namespace raspc {

Examples ReadExamples(const std::string& text, const TempFolder& folder) {
  Examples examples;
  std::istringstream lines(text);
  std::string line, kind, file_name, content;
  bool is_file = false;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line == "```") {
      if (is_file) {
        folder.Write(file_name, content);
        ++examples.num_files;
      }
      kind.clear();
      is_file = false;
    } else if (line.starts_with("```")) {
      std::istringstream words(line.substr(3));
      file_name.clear();
      words >> kind >> file_name;
      is_file = !file_name.empty();
      content.clear();
    } else if (is_file) {
      content += line + "\n";
    } else if (kind == "console" && line.starts_with("$ ")) {
      examples.commands.push_back({number, line.substr(2), ""});
    } else if (kind == "console" && !examples.commands.empty()) {
      examples.commands.back().output += line + "\n";
    }
  }
  return examples;
}

std::string RunExample(const Example& example, const TempFolder& folder) {
  return Shell("cd \"$1\" && raspc() { \"$RASPC\" \"$@\"; } && { eval \"$2\"; } 2>&1",
               {folder.Path("."), example.command})
      .out;
}

std::string WithoutTimes(const std::string& output) {
  static const std::regex time("compiled in +[0-9.]+ s");
  return std::regex_replace(output, time, "compiled in TIME");
}

std::string RenewExamples(const std::string& page, const TempFolder& folder,
                          const std::function<std::string(const std::string& line)>& renew_line) {
  const Examples examples = ReadExamples(page, folder);
  std::istringstream lines(page);
  std::string line, renewed;
  bool in_session = false;
  std::size_t next = 0;
  while (std::getline(lines, line)) {
    if (line.starts_with("```")) in_session = line == "```console";
    const bool is_command = in_session && line.starts_with("$ ");
    if (is_command || line == "```console") {
      renewed += line + "\n";
    } else if (!in_session) {
      renewed += renew_line(line) + "\n";
    }
    if (is_command) renewed += RunExample(examples.commands.at(next++), folder);
  }
  return renewed;
}

void CheckRenewed(const std::string& path, const std::string& page, const std::string& renewed) {
  if (std::getenv("RASPC_UPDATE_README") != nullptr) {
    std::ofstream(path, std::ios::binary) << renewed;
  }
  std::istringstream want(WithoutTimes(page)), got(WithoutTimes(renewed));
  std::string want_line, got_line;
  for (int number = 1; std::getline(want, want_line); ++number) {
    INFO(path << ":" << number);
    REQUIRE(std::getline(got, got_line));
    REQUIRE(got_line == want_line);
  }
  CHECK_FALSE(std::getline(got, got_line));
}

}  // namespace raspc
