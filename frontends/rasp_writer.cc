// Every line fits a terminal; lines are broken between the elements of a table or a list, where
// RASP allows it.
#include "frontends/rasp_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "frontends/symbol_text.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxColumns = 100;

// The pieces in rows of at most kMaxColumns, `first` before them and `indent` before further rows.
std::string Flow(std::string_view first, std::string_view indent,
                 const std::vector<std::string>& pieces) {
  std::string text, line(first);
  bool is_fresh = true;
  for (const std::string& piece : pieces) {
    if (!is_fresh && line.size() + 1 + piece.size() > kMaxColumns) {
      text += line + "\n";
      line = indent;
      is_fresh = true;
    }
    line += (is_fresh ? "" : " ") + piece;
    is_fresh = false;
  }
  return text + line + "\n";
}

// The words of a text; a quoted part is one word with anything attached to it.
std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words(1);
  bool in_quotes = false;
  for (const char c : text) {
    if (c == '"') in_quotes = !in_quotes;
    if (c == ' ' && !in_quotes) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

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
  text_ += Flow("# ", "# ", words);
}

void RaspWriter::Directive(std::string_view name, std::string_view value) {
  text_ += fmt::format("#@ {}: {}\n", name, value);
}

void RaspWriter::Assign(std::string_view name, std::string_view expression) {
  text_ += Flow(fmt::format("{} = ", name), "    ", WordsOf(fmt::format("{};", expression)));
}

void RaspWriter::WriteTable(std::string_view name, const Rows& rows, std::string_view index) {
  std::vector<std::string> pieces;
  for (const auto& [from, to] : rows) {
    pieces.push_back(fmt::format("{}: {},", Literal(from), Literal(to)));
  }
  pieces.back().pop_back();
  pieces.back() += fmt::format("}}{};", index);
  text_ += Flow(fmt::format("{} = {{", name), "    ", pieces);
  const auto num_rows = static_cast<std::int64_t>(rows.size());
  num_rows_ += num_rows;
  largest_table_ = std::max(largest_table_, num_rows);
}

std::string Literal(std::string_view text) { return fmt::format("\"{}\"", SymbolToText(text)); }

std::string LiteralList(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + Literal(text);
  return "[" + list + "]";
}

}  // namespace raspc
