// Symbols and words.
//
// A symbol is a string, such as `a` or `w0`. A word is a sequence of symbol ids. If every symbol is
// one character a word is written as text, otherwise with spaces between its symbols.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"

namespace raspc {

using SymbolId = int;
using Word = std::vector<SymbolId>;

// The maximum number of symbols of an alphabet.
inline constexpr int kMaxSymbols = 1000;

class Alphabet {
 public:
  Alphabet() = default;
  // Requires distinct symbols, none of them empty.
  explicit Alphabet(std::vector<std::string> symbols);

  int size() const { return static_cast<int>(symbols_.size()); }
  const std::vector<std::string>& symbols() const { return symbols_; }
  const std::string& Symbol(SymbolId id) const { return symbols_[static_cast<std::size_t>(id)]; }
  std::optional<SymbolId> Find(std::string_view symbol) const;
  // Whether every symbol is one code point.
  bool IsText() const { return is_text_; }

  bool operator==(const Alphabet& other) const { return symbols_ == other.symbols_; }

 private:
  std::vector<std::string> symbols_;
  std::map<std::string, SymbolId, std::less<>> ids_;
  bool is_text_ = true;
};

// An alphabet from text, one symbol per character ("abc"), or from a JSON array of strings. Reports
// kInput at `location`: bad JSON or UTF-8, repeated or empty symbols, none, more than kMaxSymbols.
std::optional<Alphabet> ReadAlphabet(std::string_view text, const SourceLocation& location,
                                     Diagnostics& diag);
// The same from separate symbols.
std::optional<Alphabet> MakeAlphabet(std::vector<std::string> symbols,
                                     const SourceLocation& location, Diagnostics& diag);

// Whether the requested alphabet, if any, is the language's own. Reports kInput if it is not, about
// `subject`: "the language parity".
bool CheckAlphabetIs(const Alphabet& own, const std::optional<Alphabet>& asked,
                     std::string_view subject, Diagnostics& diag);

// The word spelled by the symbols. Reports kInput for a symbol that is not in the alphabet.
std::optional<Word> ReadWord(const Alphabet& alphabet, const std::vector<std::string>& symbols,
                             Diagnostics& diag);
// The word in a text: its characters if the alphabet is text, else the parts between spaces.
std::optional<Word> ReadWord(const Alphabet& alphabet, std::string_view text, Diagnostics& diag);

// The word as ReadWord accepts it; the empty word is the empty text.
std::string ToText(const Alphabet& alphabet, const Word& word);
// `"abb"` if the alphabet is text, else `["w0", "r"]`.
std::string ToJson(const Alphabet& alphabet, const Word& word);
// The alphabet as a JSON array of symbols.
std::string ToJson(const Alphabet& alphabet);

}  // namespace raspc
