#include "base/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "base/escape.h"
#include "base/text.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

constexpr int kParseError = 101;  // the library's error codes
constexpr int kNumberOutOfRange = 406;
constexpr std::size_t kMaxShown = 60;

// Where a byte of the text is, counted from 1: `line 2, column 7`.
std::string PlaceOf(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return fmt::format("line {}, column {}", std::count(before.begin(), before.end(), '\n') + 1,
                     NumCodePoints(before.substr(line_start)) + 1);
}

// Checks whether a text is JSON, and finds repeated fields of an object. A callback of the parser
// could find these too, but takes time quadratic in the members of an array.
class JsonCheck final : public nlohmann::json_sax<Json> {
 public:
  // The text is what will be parsed.
  explicit JsonCheck(std::string_view text) : text_(text) {}

  std::string problem;

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
    if (fields_.back().insert(name).second) return true;
    problem = fmt::format("the field {} is repeated", QuoteJson(name.substr(0, kMaxShown)));
    return false;
  }
  bool end_object() override {
    fields_.pop_back();
    return true;
  }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::detail::exception& error) override {
    problem = error.id == kNumberOutOfRange ? "not valid JSON: a number is out of range"
              : last_token == std::string(1, '\0')
                  ? fmt::format("not valid JSON: byte {} is NUL", position)
                  : fmt::format("not valid JSON: an error at {}", PlaceOf(text_, position));
    return false;
  }

 private:
  std::string_view text_;
  std::vector<std::set<std::string>> fields_;  // of the open objects
};

}  // namespace

std::optional<Json> ParseJson(std::string_view text, std::string& problem) {
  JsonCheck check(text);
  if (!ParseJsonEvents(text, check)) {
    problem = std::move(check.problem);
    return std::nullopt;
  }
  return Json::parse(text.begin(), text.end());
}

bool ParseJsonEvents(std::string_view text, nlohmann::json_sax<Json>& events) {
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) {
    const auto error = Json::parse_error::create(kParseError, nul + 1, "a NUL byte", nullptr);
    return events.parse_error(nul + 1, std::string(1, '\0'), error);
  }
  return Json::sax_parse(text.begin(), text.end(), &events);
}

}  // namespace raspc
