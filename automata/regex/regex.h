// Regular expressions: their syntax and their trees.
//
//   e|f        union                       binds least
//   e&f        intersection
//   ef         concatenation
//   ~e         complement, within all words over the alphabet
//   e* e+ e?   repetition, {m} {m,} {m,n}  binds tightest; so ~a* is ~(a*) and ~ab is (~a)b
//
// Operands are symbols, `.` for any symbol, classes `[abc]`, `[a-z]`, `[^a]`, parentheses and the
// empty word `()`. A backslash makes the next character a symbol, whatever it is; `\n` and `\t` are
// line feed and tab, and `\<w0>` is the symbol `w0`, for alphabets whose symbols are longer than
// one character. Every character counts, including spaces.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "automata/dfa.h"
#include "automata/nfa.h"

namespace raspc {

enum class RegexKind {
  kEmptyWord,
  kSymbols,  // one symbol of a set
  kUnion,
  kIntersection,
  kConcatenation,
  kComplement,
  kRepetition,  // at least `min` times, at most `max` times
};

struct RegexNode {
  static constexpr std::int64_t kUnbounded = -1;

  RegexKind kind = RegexKind::kEmptyWord;
  int first = -1, second = -1;             // operands
  std::vector<std::string> symbols;        // of kSymbols
  bool is_negated = false;                 // of kSymbols: all symbols except these
  std::int64_t min = 0, max = kUnbounded;  // of kRepetition
  int offset = 0;                          // its place in the text, in code points from 0
};

// The nodes in postorder: an operand stands before its user, the whole expression last, and each
// node has one user. So processing an expression is a loop, however deep it is nested.
struct Regex {
  std::vector<RegexNode> nodes;
  std::shared_ptr<const SourceText> source;  // for messages

  SourceLocation At(const RegexNode& node) const;
};

// Reports kSyntax at the place in the text, kLimit for bounds above 1,000,000. Warns of `^`, `$`,
// `ε` and `∅`, which are symbols. Memory and time are linear in the text.
std::optional<Regex> ParseRegex(std::string_view text, Diagnostics& diag);

// The symbols an expression names, sorted; the default alphabet. Reports kInput if there are none.
std::optional<Alphabet> CollectAlphabet(const Regex& regex, Diagnostics& diag);

// The minimal automaton over the alphabet. Thompson's construction; the operands of `&` and `~` are
// made deterministic and minimal first. Reports symbols outside the alphabet (kInput) and limits
// passed (kLimit), the latter at the operator that needed it. Warns about an empty
// intersection.
std::optional<Dfa> CompileRegex(const Regex& regex, const Alphabet& alphabet,
                                const LanguageLimits& limits, Diagnostics& diag);

}  // namespace raspc
