// Text within HTML and SVG.
#pragma once

#include <string>

namespace raspc {

// The text with the characters that mean something in markup escaped, in attributes too. Control
// characters, which XML does not allow, are left out, but for tabs and line breaks.
std::string EscapeHtml(const std::string& text);

}  // namespace raspc
