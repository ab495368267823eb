// The parts of the suite's HTML page: lab/report/page/*. The source that defines these
// functions is generated (cmake/EmbedFiles.cmake).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace raspc {

// The text of lab/report/page/NAME. The view is always valid.
std::optional<std::string_view> EmbeddedPage(std::string_view name);

// All names, sorted.
std::vector<std::string> EmbeddedPageNames();

}  // namespace raspc
