// Reads the options for the alphabet of a language, the limits of constructions, and mechanisms.
#include <fmt/format.h>

#include <algorithm>

#include "cli/lab.h"
#include "base/option_value.h"

namespace raspc {
std::vector<std::string> MechanismNames() {
  std::vector<std::string> names;
  for (const Mechanism mechanism : kAllMechanisms) names.emplace_back(MechanismName(mechanism));
  return names;
}

std::optional<std::vector<Mechanism>> ReadMechanisms(const std::string& text, Diagnostics& diag) {
  std::vector<Mechanism> mechanisms;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    const std::string name = text.substr(start, end - start);
    const std::optional<Mechanism> mechanism = ReadMechanism(name);
    if (!mechanism) {
      diag.Error(ErrorKind::kInput, {}, UnknownName("mechanism", name, MechanismNames()));
      return std::nullopt;
    }
    if (std::count(mechanisms.begin(), mechanisms.end(), *mechanism) > 0) {
      diag.Error(ErrorKind::kInput, {}, fmt::format("mechanism '{}' is given twice", name));
      return std::nullopt;
    }
    mechanisms.push_back(*mechanism);
    start = end + 1;
  }
  std::sort(mechanisms.begin(), mechanisms.end());
  return mechanisms;
}

LanguageOptions::LanguageOptions(CommandLine& line) {
  line.Text("--alphabet", alphabet_text_, "SYMBOLS",
            "Alphabet: a JSON array of strings, or a string (one symbol per character)");
  const auto by_default = [](std::int64_t value) { return fmt::format("default {}", value); };
  line.Integer("--max-states", max_states_, 1, kMostStates, "N",
               "Maximum number of states before minimisation", by_default(limits_.max_states));
  line.Integer("--max-monoid", max_monoid_, 1, kMostElements, "N",
               "Maximum size of the transition monoid", by_default(limits_.max_monoid));
  line.Integer("--max-steps", max_steps_, 1, kMostSteps, "N",
               "Maximum number of elementary steps of a construction",
               by_default(limits_.max_steps));
}

void LanguageOptions::Read(Diagnostics& diag) {
  limits_.max_states = max_states_.value_or(limits_.max_states);
  limits_.max_monoid = max_monoid_.value_or(limits_.max_monoid);
  limits_.max_steps = max_steps_.value_or(limits_.max_steps);
  if (alphabet_text_) alphabet_ = ReadAlphabet(*alphabet_text_, {}, diag);
}

}  // namespace raspc
