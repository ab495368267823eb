#include "base/json_fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.h"
#include "base/text.h"

namespace raspc {

std::string Quoted(const nlohmann::json& json) {
  const std::string text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (text.size() <= 60) return text;
  return Shortened(text, 57);
}

std::string DidYouMean(std::string_view name, const std::vector<std::string>& known) {
  const std::string closest = ClosestName(name, known);
  return closest.empty() ? "" : fmt::format("; did you mean {}?", Quoted(closest));
}

bool JsonFields::Fail(const std::string& message) {
  diag_.Error(ErrorKind::kFile, {}, fmt::format("{}: {}", name_, message));
  return false;
}

bool JsonFields::Parse(std::string_view text, std::string_view what) {
  std::string problem;
  std::optional<Json> json = ParseJson(text, problem);
  if (!json) return Fail(problem);
  json_ = *std::move(json);
  return json_.is_object() || Fail(fmt::format("{} must be a JSON object", what));
}

bool JsonFields::CheckFields(const Json& object, const std::vector<std::string>& required,
                             const std::vector<std::string>& optional, const std::string& where) {
  std::vector<std::string> known = required;
  known.insert(known.end(), optional.begin(), optional.end());
  for (const auto& [field, value] : object.items()) {
    if (std::find(known.begin(), known.end(), field) != known.end()) continue;
    return Fail(
        fmt::format("{}unknown field {}{}", where, Quoted(field), DidYouMean(field, known)));
  }
  for (const std::string& field : required) {
    if (!object.contains(field)) {
      return Fail(fmt::format("{}the field \"{}\" is missing", where, field));
    }
  }
  return true;
}

std::optional<std::string> TextField(std::string_view text, const std::string& field) {
  std::string problem;
  const std::optional<nlohmann::json> json = ParseJson(text, problem);
  if (!json || !json->is_object() || !json->contains(field) || !(*json)[field].is_string()) {
    return std::nullopt;
  }
  return (*json)[field].get<std::string>();
}

}  // namespace raspc
