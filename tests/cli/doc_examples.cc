// Reads and runs the examples of a page.
#include "tests/cli/doc_examples.h"

#include <regex>
#include <sstream>

namespace raspc {

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

std::string RunExample(const Example& example, const TempFolder& folder) {
  return Shell("cd \"$1\" && raspc() { \"$RASPC\" \"$@\"; } && { eval \"$2\"; } 2>&1",
               {folder.Path("."), example.command})
      .out;
}

std::string WithoutTimes(const std::string& output) {
  static const std::regex time("compiled in +[0-9.]+ s");
  return std::regex_replace(output, time, "compiled in TIME");
}

}  // namespace raspc
