// Text in HTML and SVG.
#pragma once

#include <string>

namespace raspc {

// The text with the special characters of markup escaped, also for attributes. Control characters,
// which XML does not allow, are left out, except for tabs and line breaks.
std::string EscapeHtml(const std::string& text);

}  // namespace raspc
