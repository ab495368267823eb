#include "automata/read_symbols.h"

#include <fmt/format.h>

namespace raspc {

std::optional<Alphabet> ReadSymbols(JsonFields& file, const std::string& field) {
  const JsonFields::Json& listed = file[field];
  if (!listed.is_string() && !listed.is_array()) {
    file.Fail(
        fmt::format("\"{}\" is a string (one symbol per character) or an array of strings", field));
    return std::nullopt;
  }
  const std::string text = listed.is_string() ? listed.get<std::string>() : listed.dump();
  Diagnostics local;
  std::optional<Alphabet> symbols = ReadAlphabet(text, {}, local);
  const std::string where = field == "alphabet" ? "" : fmt::format("\"{}\": ", field);
  if (!symbols) file.Fail(where + local.all().front().message);
  return symbols;
}

}  // namespace raspc
