// Reading and writing alphabets and words.
#include "automata/alphabet.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/atom.h"
#include "base/json_text.h"

namespace raspc {
namespace {

// One string per code point. Requires valid UTF-8.
std::vector<std::string> Characters(std::string_view text) {
  std::vector<std::string> characters;
  for (const Atom& atom : CodePoints(text)) characters.push_back(std::get<std::string>(atom));
  return characters;
}

std::vector<std::string> SplitAtSpaces(std::string_view text) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(' ', at)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    parts.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return parts;
}

// Reports text that is not UTF-8.
bool IsUtf8(std::string_view text, std::string_view what, const SourceLocation& location,
            Diagnostics& diag) {
  const std::size_t bad = FindInvalidUtf8(text);
  if (bad == std::string::npos) return true;
  diag.Error(ErrorKind::kInput, location,
             fmt::format("{} is not valid UTF-8: byte 0x{:02x} at offset {}", what,
                         static_cast<unsigned char>(text[bad]), bad));
  return false;
}

}  // namespace

Alphabet::Alphabet(std::vector<std::string> symbols) : symbols_(std::move(symbols)) {
  for (std::size_t i = 0; i < symbols_.size(); ++i) {
    ids_[symbols_[i]] = static_cast<SymbolId>(i);
    is_text_ = is_text_ && CodePoints(symbols_[i]).size() == 1;
  }
}

std::optional<SymbolId> Alphabet::Find(std::string_view symbol) const {
  const auto found = ids_.find(symbol);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

std::optional<Alphabet> MakeAlphabet(std::vector<std::string> symbols,
                                     const SourceLocation& location, Diagnostics& diag) {
  const auto fail = [&](const std::string& message) {
    diag.Error(ErrorKind::kInput, location, message);
    return std::nullopt;
  };
  if (symbols.empty()) return fail("an alphabet needs at least one symbol");
  if (static_cast<int>(symbols.size()) > kMaxSymbols) {
    return fail(
        fmt::format("an alphabet of {} symbols; the maximum is {}", symbols.size(), kMaxSymbols));
  }
  std::vector<std::string> sorted = symbols;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.front().empty()) return fail("a symbol of an alphabet cannot be empty");
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) {
    return fail(fmt::format("the symbol {} occurs twice in the alphabet", QuoteJson(*twice)));
  }
  return Alphabet(std::move(symbols));
}

std::optional<Alphabet> ReadAlphabet(std::string_view text, const SourceLocation& location,
                                     Diagnostics& diag) {
  if (!IsUtf8(text, "the alphabet", location, diag)) return std::nullopt;
  const bool is_json = text.size() >= 2 && text.front() == '[' && text.back() == ']';
  if (!is_json) return MakeAlphabet(Characters(text), location, diag);
  std::string problem;
  const std::optional<nlohmann::json> json = ParseJson(text, problem);
  std::vector<std::string> symbols;
  bool is_list = json && json->is_array();
  for (std::size_t i = 0; is_list && i < json->size(); ++i) {
    is_list = (*json)[i].is_string();
    if (is_list) symbols.push_back((*json)[i].get<std::string>());
  }
  if (!is_list) {
    diag.Error(
        ErrorKind::kInput, location,
        "an alphabet is a string (one symbol per character) or a JSON array of strings, such as "
        "[\"w0\", \"w1\"]");
    return std::nullopt;
  }
  return MakeAlphabet(std::move(symbols), location, diag);
}

bool CheckAlphabetIs(const Alphabet& own, const std::optional<Alphabet>& asked,
                     std::string_view subject, Diagnostics& diag) {
  if (!asked || *asked == own) return true;
  diag.Error(ErrorKind::kInput, {},
             fmt::format("{} is defined over the alphabet {}, not {}", subject, ToJson(own),
                         ToJson(*asked)));
  return false;
}

std::optional<Word> ReadWord(const Alphabet& alphabet, const std::vector<std::string>& symbols,
                             Diagnostics& diag) {
  Word word;
  for (const std::string& symbol : symbols) {
    const std::optional<SymbolId> id = alphabet.Find(symbol);
    if (!id) {
      diag.Error(ErrorKind::kInput, {},
                 fmt::format("{} is not in the alphabet {}", QuoteJson(symbol), ToJson(alphabet)));
      return std::nullopt;
    }
    word.push_back(*id);
  }
  return word;
}

std::optional<Word> ReadWord(const Alphabet& alphabet, std::string_view text, Diagnostics& diag) {
  if (!IsUtf8(text, "the word", {}, diag)) return std::nullopt;
  return ReadWord(alphabet, alphabet.IsText() ? Characters(text) : SplitAtSpaces(text), diag);
}

std::string ToText(const Alphabet& alphabet, const Word& word) {
  std::string text;
  for (const SymbolId symbol : word) {
    if (!alphabet.IsText() && !text.empty()) text += ' ';
    text += alphabet.Symbol(symbol);
  }
  return text;
}

std::string ToJson(const Alphabet& alphabet, const Word& word) {
  if (alphabet.IsText()) return QuoteJson(ToText(alphabet, word));
  std::vector<Atom> atoms;
  for (const SymbolId symbol : word) atoms.emplace_back(alphabet.Symbol(symbol));
  return ToJson(atoms);
}

std::string ToJson(const Alphabet& alphabet) {
  return ToJson(std::vector<Atom>(alphabet.symbols().begin(), alphabet.symbols().end()));
}

}  // namespace raspc
