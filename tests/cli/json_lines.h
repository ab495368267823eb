// The JSON that a command prints: one object per line.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace raspc {

// The objects of a text, one per line. A line that is not one JSON object fails the test case.
std::vector<nlohmann::json> JsonLines(const std::string& text);

// The one object of a text. Any other text fails the test case.
nlohmann::json OneJsonObject(const std::string& text);

}  // namespace raspc
