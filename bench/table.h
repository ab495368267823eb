// Tables of text, as text and as Markdown, and the pages that contain them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"

namespace raspc {

struct Table {
  std::string title;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // each as long as the header
  std::vector<std::string> notes;              // below the table
};

// Columns aligned, the first to the left and the others to the right. All text must be ASCII.
std::string ToText(const Table& table);
std::string ToMarkdown(const Table& table);

// Replaces the text between the lines `<!-- NAME: …` and `<!-- end of NAME -->` of a file. Reports
// kFile if the file cannot be read or written, or does not have these lines in order.
bool ReplaceSection(const std::string& path, const std::string& name, std::string_view text,
                    Diagnostics& diag);

// How a benchmark shows its tables.
struct ShowOptions {
  bool markdown = false;  // on standard output
  std::string page;       // a Markdown file with a section for them, or empty
};
// Prints them and updates the section; errors are printed to standard error, after those already in
// `diag`. Returns the exit status, 0 or 2.
int Show(const std::vector<Table>& tables, const ShowOptions& options, const std::string& section,
         Diagnostics& diag);

}  // namespace raspc
