// Alphabets in the JSON files of automata and machines.
#pragma once

#include <optional>
#include <string>

#include "automata/alphabet.h"
#include "base/json_fields.h"

namespace raspc {

// The field's symbols, different and at least one: text, a symbol per character, or an array of
// strings. Requires a field that there is; reports kFile.
std::optional<Alphabet> ReadSymbols(JsonFields& file, const std::string& field);

}  // namespace raspc
