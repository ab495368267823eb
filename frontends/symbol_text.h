// Symbols as the strings of a RASP program.
//
// RASP's strings have no escapes, so that no string holds a double quote, a line break or a NUL.
// Each of these has another character in its place, a picture of it, and a symbol that has such a
// picture in it has a mark before it. All else stands for itself. The text of two symbols one after
// the other is that of the one and then that of the other, and no two symbols have the same text,
// so that a program may take symbols apart, join and compare them without a thought for this.
#pragma once

#include <string>
#include <string_view>

namespace raspc {

// `"` becomes `＂`, a line feed `␊`, a carriage return `␍`, NUL `␀`; any of these four, and `␛`,
// becomes itself with `␛` before it.
std::string SymbolToText(std::string_view symbol);

// The symbol that has this text. What is no such text stands for itself.
std::string TextToSymbol(std::string_view text);

}  // namespace raspc
