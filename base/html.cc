#include "base/html.h"

namespace raspc {

std::string EscapeHtml(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default: {
        const bool is_space = c == '\t' || c == '\n' || c == '\r';
        if (static_cast<unsigned char>(c) >= 0x20 || is_space) escaped += c;
      }
    }
  }
  return escaped;
}

}  // namespace raspc
