#include "frontends/rasp_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/syntax/print_source.h"
#include "frontends/symbol_text.h"

namespace raspc {
namespace {

constexpr std::size_t kBlockIndent = 2;

}  // namespace

void RaspWriter::Comment(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  const std::string begin = std::string(indent_, ' ') + "# ";
  text_ += BreakLines(begin, begin, words);
}

void RaspWriter::Directive(std::string_view name, std::string_view value) {
  text_ += fmt::format("#@ {}: {}\n", name, value);
}

void RaspWriter::Write(Assignment assignment) {
  Statement statement;
  statement.kind = std::move(assignment);
  text_ += ToSource(statement, indent_);
}

Expr RaspWriter::Assign(const std::string& name, const Expr& value) {
  Write(Assignment{{name}, {}, {value.tree()}});
  return Var(name);
}

void RaspWriter::Assign(const std::vector<std::string>& names, const Expr& value) {
  Write(Assignment{names, {}, {value.tree()}});
}

Expr RaspWriter::AssignByTable(const std::string& name, const Rows& rows, const Expr& key) {
  return Assign(name, CountedTable(rows)[key]);
}

Expr RaspWriter::Table(const std::string& name, const Rows& rows) {
  return Assign(name, CountedTable(rows));
}

Expr RaspWriter::CountedTable(const Rows& rows) {
  const auto num_rows = static_cast<std::int64_t>(rows.size());
  num_rows_ += num_rows;
  largest_table_ = std::max(largest_table_, num_rows);
  return DictOf(std::vector<std::pair<Expr, Expr>>(rows.begin(), rows.end()));
}

void RaspWriter::For(const std::vector<std::string>& names, const Expr& iterable,
                     const std::function<void()>& body) {
  text_ += LoopHead(names, *iterable.tree(), indent_);
  indent_ += kBlockIndent;
  body();
  indent_ -= kBlockIndent;
  text_ += std::string(indent_, ' ') + "}\n";
}

void RaspWriter::Define(const std::string& name, const std::vector<std::string>& parameters,
                        const std::function<std::vector<Expr>()>& body) {
  text_ += DefinitionHead(name, parameters, indent_);
  indent_ += kBlockIndent;
  std::vector<ExpressionPtr> results;
  for (const Expr& result : body()) results.push_back(result.tree());
  indent_ -= kBlockIndent;
  text_ += DefinitionEnd(results, indent_);
}

void RaspWriter::Append(const RaspWriter& other) {
  text_ += other.text_;
  num_rows_ += other.num_rows_;
  largest_table_ = std::max(largest_table_, other.largest_table_);
}

std::string Literal(std::string_view text) { return fmt::format("\"{}\"", SymbolToText(text)); }

}  // namespace raspc
