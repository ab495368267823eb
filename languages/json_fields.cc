#include "languages/json_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace raspc {
namespace {

// Finds a field that an object has twice. A callback of the parser could do it too, but takes time
// quadratic in the members of an array.
class RepeatedField final : public nlohmann::json_sax<nlohmann::json> {
 public:
  const std::optional<std::string>& found() const { return found_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override {
    fields_.emplace_back();
    return true;
  }
  bool key(string_t& name) override {
    if (!fields_.back().insert(name).second && !found_) found_ = name;
    return true;
  }
  bool end_object() override {
    fields_.pop_back();
    return true;
  }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
    return false;
  }

 private:
  std::vector<std::set<std::string>> fields_;  // of the objects that are open
  std::optional<std::string> found_;
};

}  // namespace

std::string Quoted(const nlohmann::json& json) {
  const std::string text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (text.size() <= 60) return text;
  std::size_t end = 57;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "...";
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
  try {
    json_ = Json::parse(text.begin(), text.end());
  } catch (const Json::parse_error& error) {
    return Fail(fmt::format("not valid JSON: an error at byte {}", error.byte));
  } catch (const Json::exception&) {
    return Fail("not valid JSON: a number is out of range");
  }
  if (!json_.is_object()) return Fail(fmt::format("{} is a JSON object", what));
  RepeatedField repeated;
  Json::sax_parse(text.begin(), text.end(), &repeated);
  if (!repeated.found()) return true;
  return Fail(fmt::format("the field {} is repeated", Quoted(*repeated.found())));
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

std::optional<Alphabet> JsonFields::SymbolsOf(const std::string& field) {
  const Json& listed = json_.at(field);
  if (!listed.is_string() && !listed.is_array()) {
    Fail(fmt::format("\"{}\" is text, a symbol per character, or an array of strings", field));
    return std::nullopt;
  }
  const std::string text = listed.is_string() ? listed.get<std::string>() : listed.dump();
  Diagnostics local;
  std::optional<Alphabet> symbols = ReadAlphabet(text, {}, local);
  const std::string where = field == "alphabet" ? "" : fmt::format("\"{}\": ", field);
  if (!symbols) Fail(where + local.all().front().message);
  return symbols;
}

std::optional<std::string> TextField(std::string_view text, const std::string& field) {
  const auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr,
                                          /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains(field) || !json[field].is_string()) return std::nullopt;
  return json[field].get<std::string>();
}

}  // namespace raspc
