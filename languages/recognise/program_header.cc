#include "languages/recognise/program_header.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/atom.h"

namespace raspc {
namespace {

std::string TokenArray(const std::vector<std::string>& tokens) {
  return ToJson(std::vector<Atom>(tokens.begin(), tokens.end()));
}

}  // namespace

RaspWriter WriteHeader(const ProgramHeader& header) {
  RaspWriter w;
  for (std::string paragraph : header.comments) {
    std::replace_if(
        paragraph.begin(), paragraph.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    w.Comment(paragraph);
    w.EmptyComment();
  }
  std::vector<std::string> vocabulary = header.alphabet;
  vocabulary.push_back(header.end_mark);
  vocabulary.insert(vocabulary.end(), header.more_tokens.begin(), header.more_tokens.end());
  w.Directive("vocab", TokenArray(vocabulary));
  w.Directive("alphabet", TokenArray(header.alphabet));
  w.Directive("max_length", fmt::format("{}", header.max_length));
  w.Directive("append", TokenArray({header.end_mark}));
  if (header.pad) {
    w.Directive("pad", TokenArray({header.pad->token, header.pad->count}));
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
  w.Directive("example", TokenArray({header.alphabet[0], header.end_mark}));
  w.Blank();
  return w;
}

bool CheckLiterals(const std::vector<std::string>& symbols, Diagnostics& diag) {
  for (const std::string& symbol : symbols) {
    if (IsLiteral(symbol)) continue;
    diag.Error(ErrorKind::kInput, {},
               fmt::format("the symbol {} cannot be written in a program: RASP's strings hold no "
                           "double quote and no line break",
                           QuoteJson(symbol)));
    return false;
  }
  return true;
}

std::string FreshToken(const std::vector<std::string>& symbols, std::string name) {
  while (std::find(symbols.begin(), symbols.end(), name) != symbols.end()) name += '_';
  return name;
}

}  // namespace raspc
