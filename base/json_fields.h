// A file that holds one JSON object, read field by field. For the readers of such files alone: it
// names the type of a JSON library, which no header that others include may do.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"

namespace raspc {

// JSON for a message, cut short.
std::string Quoted(const nlohmann::json& json);

// `; did you mean "accepting"?`, or nothing where no known name is close to this one.
std::string DidYouMean(std::string_view name, const std::vector<std::string>& known);

// Reports kFile, with the file's name in the message.
class JsonFields {
 public:
  using Json = nlohmann::json;

  // Both must outlive the object.
  JsonFields(const std::string& name, Diagnostics& diag) : name_(name), diag_(diag) {}

  // Reads an object; `what` it is, such as "an automaton". False, and a report, for bad JSON and a
  // field that is repeated.
  bool Parse(std::string_view text, std::string_view what);
  // That all fields of an object in it (or of the whole) are known and the required ones are there;
  // `where` begins the messages.
  bool CheckFields(const Json& object, const std::vector<std::string>& required,
                   const std::vector<std::string>& optional, const std::string& where = "");
  // Reports, and is false.
  bool Fail(const std::string& message);

  bool Has(const std::string& field) const { return json_.contains(field); }
  // Requires a field that there is.
  const Json& operator[](const std::string& field) const { return json_.at(field); }

  const Json& json() const { return json_; }

 private:
  const std::string& name_;
  Diagnostics& diag_;
  Json json_;
};

// The field of that name of the object in a text; nothing if it is no object, or has none of this
// name that is a string.
std::optional<std::string> TextField(std::string_view text, const std::string& field);

}  // namespace raspc
