// Alphabets in the JSON files of automata and machines.
#pragma once

#include <optional>
#include <string>

#include "automata/alphabet.h"
#include "base/json_fields.h"

namespace raspc {

// The field's symbols, at least one and all different: text, one symbol per character, or an array
// of strings. Requires that the field exists; reports kFile.
std::optional<Alphabet> ReadSymbols(JsonFields& file, const std::string& field);

}  // namespace raspc
