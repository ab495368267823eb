// Runs Graphviz's `dot`, a program of its own that need not be installed.
#pragma once

#include <optional>
#include <string>

#include "base/diagnostics.h"

namespace raspc {

// The picture as SVG. Reports kFile if there is no `dot` on the path, if it fails, or if it takes
// more than 60 seconds, after which it is ended.
std::optional<std::string> RenderSvg(const std::string& dot_text, Diagnostics& diag);

}  // namespace raspc
