// One pass over the text, a code point at a time.
#include "base/escape.h"

#include <fmt/format.h>

namespace raspc {
namespace {

// The code point of a valid sequence.
unsigned CodePointAt(std::string_view text, std::size_t i, std::size_t length) {
  const auto byte = [&](std::size_t j) { return static_cast<unsigned char>(text[i + j]); };
  if (length == 1) return byte(0);
  unsigned point = byte(0) & (0x7Fu >> length);
  for (std::size_t j = 1; j < length; ++j) point = point << 6 | (byte(j) & 0x3F);
  return point;
}

// Code points that a terminal or a reader does not see as characters: the C0 and C1 controls, the
// line and paragraph separators, and the controls of the bidirectional algorithm.
bool IsControl(unsigned point) {
  return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0x061C || point == 0x200E ||
         point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069);
}

void AppendEscape(unsigned point, std::string& out) {
  switch (point) {
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default:
      out += fmt::format("\\u{:04x}", point);  // every control is in the basic plane
  }
}

// `kept` are the controls that are kept; `backslashed` the characters that get a backslash.
std::string Escaped(std::string_view text, std::string_view kept, std::string_view backslashed) {
  std::string out;
  out.reserve(text.size() + 2);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = Utf8SequenceLength(text, i);
    if (length == 0) {
      out += "\uFFFD";
      ++i;
      continue;
    }
    const std::string_view sequence = text.substr(i, length);
    if (IsControl(CodePointAt(text, i, length)) && kept.find(sequence) == std::string_view::npos) {
      AppendEscape(CodePointAt(text, i, length), out);
    } else {
      if (backslashed.find(sequence) != std::string_view::npos) out += '\\';
      out += sequence;
    }
    i += length;
  }
  return out;
}

}  // namespace

std::string EscapeText(std::string_view text) { return Escaped(text, "", ""); }

std::string EscapeLines(std::string_view text) { return Escaped(text, "\n\t", ""); }

std::string QuoteJson(std::string_view text) { return "\"" + Escaped(text, "", "\"\\") + "\""; }

// The second byte's range excludes overlong forms, surrogates and code points above U+10FFFF
// (Unicode, table 3-7).
std::size_t Utf8SequenceLength(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t j) {
    return j < text.size() ? static_cast<unsigned char>(text[j]) : 0u;
  };
  const unsigned lead = byte(i);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  unsigned low = 0x80, high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  if (byte(i + 1) < low || byte(i + 1) > high) return 0;
  for (std::size_t j = 2; j < length; ++j) {
    if (byte(i + j) < 0x80 || byte(i + j) > 0xBF) return 0;
  }
  return length;
}

}  // namespace raspc
