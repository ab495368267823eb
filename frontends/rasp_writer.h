// Writes RASP source that people read, statement by statement: comments, directives, assignments,
// tables, loops.
//
// Statements are made of expressions (rasp_expression.h) and printed by the compiler's printer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frontends/rasp_expression.h"

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
  // `name = value;`, broken between words if it is long. Returns the name as an expression.
  Expr Assign(const std::string& name, const Expr& value);
  // `a, b = value;`, where the value is a list.
  void Assign(const std::vector<std::string>& names, const Expr& value);
  // `name = {"a": "b", ...}[key];`: strings to strings.
  Expr AssignByTable(const std::string& name, const Rows& rows, const Expr& key);
  // `name = {"a": "b", ...};`.
  Expr Table(const std::string& name, const Rows& rows);
  // `for name in iterable { ... }`, whose statements `body` writes.
  void For(const std::vector<std::string>& names, const Expr& iterable,
           const std::function<void()>& body);
  // `def name(parameters) { ... return results; }`: `body` writes the statements and returns the
  // results.
  void Define(const std::string& name, const std::vector<std::string>& parameters,
              const std::function<std::vector<Expr>()>& body);
  // Everything the other one has written.
  void Append(const RaspWriter& other);

  const std::string& text() const { return text_; }
  // Accounts for rows that are written as conditions instead of a table.
  void CountRows(std::int64_t count) { num_rows_ += count; }
  // The number of rows of the tables written so far.
  std::int64_t num_rows() const { return num_rows_; }
  // The maximum number of rows of one of them.
  std::int64_t largest_table() const { return largest_table_; }

 private:
  void Write(Assignment assignment);
  Expr CountedTable(const Rows& rows);

  std::string text_;
  std::size_t indent_ = 0;  // of the current block, in columns
  std::int64_t num_rows_ = 0, largest_table_ = 0;
};

// The string literal of a symbol, or of symbols and other names joined (symbol_text.h), for
// comments.
std::string Literal(std::string_view text);

}  // namespace raspc
