#include "frontends/program_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "frontends/symbol_text.h"
#include "base/atom.h"

namespace raspc {
namespace {

std::string TokenArray(const std::vector<std::string>& tokens) {
  std::vector<Atom> texts;
  for (const std::string& token : tokens) texts.emplace_back(SymbolToText(token));
  return ToJson(texts);
}

// The symbols that have other names in the program; empty if none has.
std::string OtherNames(const std::vector<std::string>& symbols) {
  std::string names;
  for (const std::string& symbol : symbols) {
    const std::string text = SymbolToText(symbol);
    if (text == symbol) continue;
    names +=
        fmt::format("{}{} for {}", names.empty() ? "" : ", ", Literal(symbol), QuoteJson(symbol));
  }
  if (names.empty()) return "";
  return fmt::format(
      "RASP strings cannot contain a double quote, a line break or NUL, so some symbols have other "
      "names here: {}.",
      names);
}

bool BreaksComment(char c) { return c == '\n' || c == '\r' || c == '\0'; }

}  // namespace

RaspWriter WriteHeader(const ProgramHeader& header) {
  RaspWriter w;
  std::vector<std::string> comments = header.comments;
  if (std::string names = OtherNames(header.alphabet); !names.empty()) {
    comments.push_back(std::move(names));
  }
  for (std::string& paragraph : comments) {
    std::replace_if(paragraph.begin(), paragraph.end(), BreaksComment, ' ');
    w.Comment(paragraph);
    w.EmptyComment();
  }
  std::vector<std::string> vocabulary = header.alphabet;
  vocabulary.push_back(header.end_marker);
  vocabulary.insert(vocabulary.end(), header.more_tokens.begin(), header.more_tokens.end());
  w.Directive("vocab", TokenArray(vocabulary));
  w.Directive("alphabet", TokenArray(header.alphabet));
  w.Directive("max_length", fmt::format("{}", header.max_length));
  w.Directive("append", TokenArray({header.end_marker}));
  if (header.pad) {
    w.Directive("pad", TokenArray({header.pad->token, header.pad->count.Text()}));
  }
  if (header.generate) {
    w.Directive("generate", header.output);
    w.Directive("stop", TokenArray(header.generate->stop));
    w.Directive("max_steps", fmt::format("{}", header.generate->max_steps));
  } else {
    w.Directive("output", header.output);
    w.Directive("target", "masked");
  }
  if (header.max_domain) w.Directive("max_domain", fmt::format("{}", *header.max_domain));
  if (header.reduce_counts_first) w.Directive("reduce_counts_first", "true");
  w.Directive("example", TokenArray({header.alphabet[0], header.end_marker}));
  w.Blank();
  return w;
}

std::string FreshToken(const std::vector<std::string>& symbols, std::string name) {
  while (std::find(symbols.begin(), symbols.end(), name) != symbols.end()) name += '_';
  return name;
}

}  // namespace raspc
