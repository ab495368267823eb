// Cuts source text into words, one at a time, and gathers the directives in its comments.
#pragma once

#include <memory>
#include <vector>

#include "compiler/syntax/syntax_tree.h"
#include "compiler/syntax/token.h"
#include "base/diagnostics.h"

namespace raspc {

class TokenReader {
 public:
  // The text must be valid UTF-8. Malformed directives are reported to `diag`, which must outlive
  // the reader.
  TokenReader(std::shared_ptr<const SourceText> source, Diagnostics& diag);
  ~TokenReader();

  // The next word, skipping comments; at the end always kEnd.
  Token Next();

  // Those in the text read so far.
  std::vector<Directive> TakeDirectives();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace raspc
