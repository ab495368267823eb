// Runs Graphviz's `dot`, a separate program that may not be installed.
#pragma once

#include <optional>
#include <string>

#include "base/diagnostics.h"

namespace raspc {

// The picture as SVG. Reports kFile if `dot` is not on the path, if it fails, or if it takes more
// than 60 seconds, after which it is killed.
std::optional<std::string> RenderSvg(const std::string& dot_text, Diagnostics& diag);

}  // namespace raspc
