// The programs that are part of the command itself: programs/*.rasp, the standard library
// ("rasplib") among them. The source that defines these functions is generated
// (cmake/EmbedFiles.cmake).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace raspc {

// The text of programs/NAME.rasp. The view is always valid.
std::optional<std::string_view> EmbeddedProgram(std::string_view name);

// All names, sorted.
std::vector<std::string> EmbeddedProgramNames();

}  // namespace raspc
