#include "bench/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "base/files.h"

namespace raspc {

std::string ToText(const Table& table) {
  std::vector<std::size_t> widths;
  for (const std::string& cell : table.header) widths.push_back(cell.size());
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text = table.title + "\n";
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += i == 0 ? fmt::format("  {:<{}}", row[i], widths[i])
                     : fmt::format("  {:>{}}", row[i], widths[i]);
    }
    text += line + "\n";
  };
  add(table.header);
  for (const auto& row : table.rows) add(row);
  for (const std::string& note : table.notes) text += "  " + note + "\n";
  return text;
}

std::string ToMarkdown(const Table& table) {
  std::string text = "**" + table.title + "**\n\n";
  const auto add = [&](const std::vector<std::string>& row) {
    for (const std::string& cell : row) text += "| " + cell + " ";
    text += "|\n";
  };
  add(table.header);
  for (std::size_t i = 0; i < table.header.size(); ++i) text += i == 0 ? "|---" : "|--:";
  text += "|\n";
  for (const auto& row : table.rows) add(row);
  for (const std::string& note : table.notes) text += "\n" + note + "\n";
  return text;
}

bool ReplaceSection(const std::string& path, const std::string& name, std::string_view text,
                    Diagnostics& diag) {
  constexpr std::uint64_t kLargestPage = 1 << 24;
  const auto page = ReadFile(path, kLargestPage, diag);
  if (!page) return false;
  const std::size_t first = page->find("<!-- " + name + ":");
  const std::size_t begin = page->find('\n', first);
  const std::size_t end = page->find("<!-- end of " + name + " -->");
  if (first == std::string::npos || begin == std::string::npos || end == std::string::npos ||
      end < begin) {
    diag.Error(ErrorKind::kFile, {},
               fmt::format("'{}' has no section between '<!-- {}: … -->' and '<!-- end of {} -->'",
                           path, name, name));
    return false;
  }
  return WriteFile(
      path, page->substr(0, begin + 1) + "\n" + std::string(text) + "\n" + page->substr(end), diag);
}

int Show(const std::vector<Table>& tables, const ShowOptions& options, const std::string& section,
         Diagnostics& diag) {
  std::string text, markdown;
  for (const Table& table : tables) {
    text += (text.empty() ? "" : "\n") + ToText(table);
    markdown += (markdown.empty() ? "" : "\n") + ToMarkdown(table);
  }
  fmt::print("{}", options.markdown ? markdown : text);
  if (!options.page.empty()) ReplaceSection(options.page, section, markdown, diag);
  if (std::fflush(stdout) != 0) {
    diag.Error(ErrorKind::kFile, {}, "cannot write to standard output");
  }
  fmt::print(stderr, "{}", Render(diag));
  return diag.HasErrors() ? 2 : 0;
}

}  // namespace raspc
