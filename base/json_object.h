// A JSON object on one line, field by field, in the style of the command's other records.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/atom.h"

namespace raspc {

class JsonObject {
 public:
  // `json` is already JSON.
  void Raw(std::string_view name, std::string_view json) {
    text_ += fmt::format("{}{}: {}", text_.empty() ? "" : ", ", QuoteJson(name), json);
  }
  void Add(std::string_view name, const std::string& text) { Raw(name, QuoteJson(text)); }
  void Add(std::string_view name, const char* text) { Raw(name, QuoteJson(text)); }
  void Add(std::string_view name, bool value) { Raw(name, value ? "true" : "false"); }
  void Add(std::string_view name, int value) { Raw(name, fmt::format("{}", value)); }
  // null if there is no value.
  template <class T>
  void Add(std::string_view name, const std::optional<T>& value) {
    if (value) {
      Add(name, *value);
    } else {
      Raw(name, "null");
    }
  }
  void Add(std::string_view name, const std::vector<std::string>& texts) {
    Raw(name, ToJson(std::vector<Atom>(texts.begin(), texts.end())));
  }

  std::string Text() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

}  // namespace raspc
