// Makes text of unknown origin safe for a terminal.
//
// Names, labels, symbols, paths and messages can contain characters that a terminal obeys instead
// of showing: escape sequences, line breaks, the C1 controls, and the controls that change the
// direction of text. All output goes through here, so that nothing in a file can move the cursor,
// forge a line of output or hide one. Escapes have JSON's form (`\n`, `\u001b`), so that JSON stays
// JSON; a byte that is not UTF-8 becomes U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace raspc {

// On one line: line breaks and tabs are escaped too.
std::string EscapeText(std::string_view text);
// Line breaks and tabs are kept: for text that we have laid out.
std::string EscapeLines(std::string_view text);
// A string as a JSON literal, quotes included.
std::string QuoteJson(std::string_view text);

// How many bytes the UTF-8 sequence starting at `text[i]` has, or 0 when it is not valid. Overlong
// forms and surrogates are not.
std::size_t Utf8SequenceLength(std::string_view text, std::size_t i);

}  // namespace raspc
