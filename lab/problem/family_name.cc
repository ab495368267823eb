#include "lab/problem/family_name.h"

#include <fmt/format.h>

#include <charconv>
#include <map>

namespace raspc {
namespace {

// Other names in use, and what they mean.
std::string CommonName(const std::string& name) {
  static const std::map<std::string, std::string> kMeant = {
      {"anbn", "a_n_b_n"},
      {"anbncn", "a_n_b_n_c_n"},
      {"anbncndn", "a_n_b_n_c_n_d_n"},
      {"bfvp", "boolean_formula_value"},
      {"cyclic", "mod"},
      {"palindrome", "palindromes"},
      {"quaternion", "q8"},
      {"rdyck_1", "reset_dyck_1"},
      {"ww", "copy"},
  };
  const auto found = kMeant.find(name);
  return found == kMeant.end() ? name : found->second;
}

}  // namespace

std::optional<FamilyName> ParseFamilyName(const std::string& text, Diagnostics& diag) {
  const std::size_t open = text.find('(');
  if (open == std::string::npos) return FamilyName{CommonName(text), {}};
  if (text.back() != ')') {
    diag.Error(ErrorKind::kSyntax, {},
               fmt::format("'{}' has a '(' without a ')' at its end", text));
    return std::nullopt;
  }
  FamilyName parsed{CommonName(text.substr(0, open)), {""}};
  for (const char c : text.substr(open + 1, text.size() - open - 2)) {
    if (c == ',') {
      parsed.arguments.emplace_back();
    } else if (c != ' ') {
      parsed.arguments.back() += c;
    }
  }
  return parsed;
}

void ReportArgumentCount(const std::string& name, const std::vector<std::string>& signatures,
                         Diagnostics& diag) {
  diag.Error(ErrorKind::kValue, {},
             fmt::format("wrong number of parameters for '{}': write {}", name,
                         fmt::join(signatures, " or ")));
}

std::optional<std::vector<int>> ReadArguments(const FamilyName& written,
                                              const std::vector<FamilyParameter>& parameters,
                                              Diagnostics& diag) {
  const std::string signature = FamilySignature(written.name, parameters);
  if (written.arguments.size() != parameters.size()) {
    ReportArgumentCount(written.name, {signature}, diag);
    return std::nullopt;
  }
  std::vector<int> arguments;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string& text = written.arguments[i];
    const FamilyParameter& parameter = parameters[i];
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    if (!is_number || value < parameter.min || value > parameter.max) {
      diag.Error(ErrorKind::kValue, {},
                 fmt::format("in {}, {} must be an integer from {} to {}, not '{}'", signature,
                             parameter.name, parameter.min, parameter.max, text));
      return std::nullopt;
    }
    arguments.push_back(value);
  }
  return arguments;
}

std::string FamilyMember(const std::string& name, const std::vector<int>& arguments) {
  if (arguments.empty()) return name;
  return fmt::format("{}({})", name, fmt::join(arguments, ","));
}

std::string FamilySignature(const std::string& name,
                            const std::vector<FamilyParameter>& parameters) {
  std::vector<std::string> names;
  for (const FamilyParameter& parameter : parameters) names.push_back(parameter.name);
  return names.empty() ? name : fmt::format("{}({})", name, fmt::join(names, ","));
}

}  // namespace raspc
