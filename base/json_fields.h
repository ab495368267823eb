// A file that holds one JSON object, read field by field. Only for .cc files that read such files:
// it names the type of a JSON library, which headers included elsewhere must not do.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"

namespace raspc {

// JSON for a message, truncated.
std::string Quoted(const nlohmann::json& json);

// `; did you mean "accepting"?`, or nothing if no known name is close to this one.
std::string DidYouMean(std::string_view name, const std::vector<std::string>& known);

// Reports kFile, with the file's name in the message.
class JsonFields {
 public:
  using Json = nlohmann::json;

  // Both must outlive the object.
  JsonFields(const std::string& name, Diagnostics& diag) : name_(name), diag_(diag) {}

  // Reads an object; `what` describes it, such as "an automaton". Reports and returns false for bad
  // JSON and a repeated field.
  bool Parse(std::string_view text, std::string_view what);
  // Checks that all fields of an object in it (or of the whole) are known and the required ones are
  // present; `where` begins the messages.
  bool CheckFields(const Json& object, const std::vector<std::string>& required,
                   const std::vector<std::string>& optional, const std::string& where = "");
  // Reports the message and returns false.
  bool Fail(const std::string& message);

  bool Has(const std::string& field) const { return json_.contains(field); }
  // Requires that the field exists.
  const Json& operator[](const std::string& field) const { return json_.at(field); }

  const Json& json() const { return json_; }

 private:
  const std::string& name_;
  Diagnostics& diag_;
  Json json_;
};

// The string field of that name of the object in a text; nothing if the text is not an object, or
// has no such field.
std::optional<std::string> TextField(std::string_view text, const std::string& field);

}  // namespace raspc
