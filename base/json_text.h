// The one place where JSON text is read.
//
// A text is exactly one JSON value: the library would end it at a NUL byte and keep the last of
// several fields of one name, and both are rejected here. Only for the readers' own .cc files: it
// names the type of a JSON library, which headers included elsewhere must not do.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace raspc {

// The value; or nothing, and in `problem` the error and its place.
std::optional<nlohmann::json> ParseJson(std::string_view text, std::string& problem);

// Reports the text to `events`, which may stop it; a NUL byte is a parse_error at its position.
// False if the text was not read to its end.
bool ParseJsonEvents(std::string_view text, nlohmann::json_sax<nlohmann::json>& events);

}  // namespace raspc
