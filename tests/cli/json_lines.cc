#include "tests/cli/json_lines.h"

#include <catch2/catch.hpp>
#include <sstream>

namespace raspc {

std::vector<nlohmann::json> JsonLines(const std::string& text) {
  INFO(text);
  std::vector<nlohmann::json> objects;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    objects.push_back(nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false));
    REQUIRE(objects.back().is_object());
  }
  CHECK((text.empty() || text.back() == '\n'));
  return objects;
}

nlohmann::json OneJsonObject(const std::string& text) {
  std::vector<nlohmann::json> objects = JsonLines(text);
  REQUIRE(objects.size() == 1);
  return objects.front();
}

}  // namespace raspc
