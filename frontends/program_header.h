// The header of a generated program: a description, as comments, and its directives.
//
// All generated programs have the same frame, so that the suite can run any of them: the word, then
// the end marker, then padding tokens if any, then generated tokens.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "frontends/rasp_writer.h"
#include "base/diagnostics.h"
#include "base/input_frame.h"

namespace raspc {

struct ProgramHeader {
  std::vector<std::string> comments;     // paragraphs
  std::vector<std::string> alphabet;     // the symbols of words
  std::string end_marker;                  // appended to every word
  std::vector<std::string> more_tokens;    // also used by padding and generation
  std::int64_t max_length = 64;            // maximum number of symbols of a word
  std::string output = "accept";         // the s-op; the next token, if the program generates
  struct Pad {
    std::string token;  // one of more_tokens
    Polynomial count;   // of the number of symbols
  };
  std::optional<Pad> pad;
  struct Generate {
    std::vector<std::string> stop;  // of more_tokens; a recogniser's are "accepts" and "rejects"
    std::int64_t max_steps = 64;    // at most, for a word of max_length symbols
  };
  std::optional<Generate> generate;
  // Directives to compile with. `max_domain`, if another value than the default makes better
  // models: functions of many features are computed in steps rather than laid out as a whole.
  std::optional<std::int64_t> max_domain;
  // Functions of counts are computed first, so that the number of layers does not depend on the
  // maximum length.
  bool reduce_counts_first = false;
};

// The comments and the directives. A program that does not generate is for the target `masked`, in
// which a selector of earlier positions costs nothing. Requires symbols and tokens that
// differ. A symbol that RASP cannot write has another name in the program, given in a comment
// (symbol_text.h).
RaspWriter WriteHeader(const ProgramHeader& header);

// `name`, with underscores appended until it is not one of the symbols.
std::string FreshToken(const std::vector<std::string>& symbols, std::string name);

}  // namespace raspc
