// UTF-8 text, counted and cut at code points.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace raspc {

// Whether the byte begins a code point of UTF-8 text, rather than going on with one.
inline bool StartsCodePoint(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// Where the code point begins that the byte at `at` belongs to; `at` itself past the end.
std::size_t CodePointStart(std::string_view text, std::size_t at);

// How many code points the text has, if it is UTF-8.
std::size_t NumCodePoints(std::string_view text);

// At most max_bytes of it, cut between code points, with "..." if anything is missing: for
// messages.
std::string Shortened(std::string_view text, std::size_t max_bytes = 40);

}  // namespace raspc
