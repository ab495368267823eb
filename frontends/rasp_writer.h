// Writes RASP source that people read: comments, directives, assignments, tables.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace raspc {

class RaspWriter {
 public:
  // Rows of a dict: key and value as unquoted strings.
  using Rows = std::vector<std::pair<std::string, std::string>>;

  // A paragraph of comment, wrapped.
  void Comment(std::string_view text);
  // An empty line between two paragraphs of comment.
  void EmptyComment() { text_ += "#\n"; }
  void Directive(std::string_view name, std::string_view value);
  void Blank() { text_ += "\n"; }
  // `name = expression;`, broken at spaces between words if it is long.
  void Assign(std::string_view name, std::string_view expression);
  // `name = {"a": "b", ...}[key];`: strings to strings.
  void AssignByTable(std::string_view name, const Rows& rows, std::string_view key) {
    WriteTable(name, rows, "[" + std::string(key) + "]");
  }

  // `name = {"a": "b", ...};`.
  void Table(std::string_view name, const Rows& rows) { WriteTable(name, rows, ""); }

  // Verbatim source: whole lines.
  void Lines(std::string_view source) { text_ += source; }

  const std::string& text() const { return text_; }
  // Accounts for rows that are written as conditions instead of a table.
  void CountRows(std::int64_t count) { num_rows_ += count; }
  // The number of rows of the tables written so far.
  std::int64_t num_rows() const { return num_rows_; }
  // The maximum number of rows of one of them.
  std::int64_t largest_table() const { return largest_table_; }

 private:
  void WriteTable(std::string_view name, const Rows& rows, std::string_view index);

  std::string text_;
  std::int64_t num_rows_ = 0, largest_table_ = 0;
};

// The string literal of a symbol, or of symbols and other names joined (symbol_text.h).
std::string Literal(std::string_view text);
// `["a", "b"]`.
std::string LiteralList(const std::vector<std::string>& texts);

}  // namespace raspc
