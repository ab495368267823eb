#include "base/text.h"

#include <algorithm>

namespace raspc {

std::size_t CodePointStart(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && !StartsCodePoint(text[at])) --at;
  return at;
}

std::size_t NumCodePoints(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), StartsCodePoint));
}

std::string Shortened(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  return std::string(text.substr(0, CodePointStart(text, max_bytes))) + "...";
}

}  // namespace raspc
