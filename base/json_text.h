// The one place where JSON text is read.
//
// A text is one JSON value and nothing besides: the library ends it at a NUL byte and keeps the
// last of several fields of one name, and both are refused here. For the readers' own files alone:
// it names the type of a JSON library, which no header that others include may do.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace raspc {

// The value; or nothing, and in `problem` what is wrong and where.
std::optional<nlohmann::json> ParseJson(std::string_view text, std::string& problem);

// Reports the text to `events`, which are free to end it; a NUL byte is a parse_error at its
// position. False if the text was not read to its end.
bool ParseJsonEvents(std::string_view text, nlohmann::json_sax<nlohmann::json>& events);

}  // namespace raspc
