// Symbols as the strings of a RASP program.
//
// RASP's strings have no escapes, so no string can contain a double quote, a line break or a NUL.
// Each of these is replaced by another character, a picture of it, and such a picture in a symbol
// is escaped by a mark before it. All other characters represent themselves. The text of two
// concatenated symbols is the concatenation of their texts, and no two symbols have the same text,
// so a program may split, join and compare symbols without regard to this.
#pragma once

#include <string>
#include <string_view>

namespace raspc {

// `"` becomes `＂`, a line feed `␊`, a carriage return `␍`, NUL `␀`; any of these four, and `␛`,
// becomes itself preceded by `␛`.
std::string SymbolToText(std::string_view symbol);

// The symbol with this text. Any other text represents itself.
std::string TextToSymbol(std::string_view text);

}  // namespace raspc
