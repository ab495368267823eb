// Reads the options that say how a language is meant, how far constructions may go, and which
// mechanisms are meant.
#include <fmt/format.h>

#include <algorithm>

#include "cli/lab.h"

namespace raspc {
namespace {

constexpr std::int64_t kMaxStates = 1'000'000;
constexpr std::int64_t kMaxMonoid = 10'000'000;
constexpr std::int64_t kMaxSteps = 1'000'000'000'000;

}  // namespace

std::optional<std::vector<Mechanism>> ReadMechanisms(const std::string& text, Diagnostics& diag) {
  std::vector<Mechanism> mechanisms;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    const std::string name = text.substr(start, end - start);
    const std::optional<Mechanism> mechanism = ReadMechanism(name);
    if (!mechanism) {
      diag.Error(
          ErrorKind::kInput, {},
          fmt::format("there is no mechanism '{}'; there are direct, depth, cot, pad", name));
      return std::nullopt;
    }
    if (std::count(mechanisms.begin(), mechanisms.end(), *mechanism) > 0) {
      diag.Error(ErrorKind::kInput, {}, fmt::format("the mechanism '{}' is named twice", name));
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
            "The alphabet: text, a symbol per character, or a JSON array of strings");
  line.Integer("--max-states", max_states_, 1, kMaxStates, "N",
               fmt::format("Refuse automata of more states before they are minimised ({})",
                           limits_.max_states));
  line.Integer(
      "--max-monoid", max_monoid_, 1, kMaxMonoid, "N",
      fmt::format("Do without a transition monoid of more elements ({})", limits_.max_monoid));
  line.Integer(
      "--max-steps", max_steps_, 1, kMaxSteps, "N",
      fmt::format("Stop a construction after as many elementary steps ({})", limits_.max_steps));
}

void LanguageOptions::Read(Diagnostics& diag) {
  limits_.max_states = max_states_.value_or(limits_.max_states);
  limits_.max_monoid = max_monoid_.value_or(limits_.max_monoid);
  limits_.max_steps = max_steps_.value_or(limits_.max_steps);
  if (alphabet_text_) alphabet_ = ReadAlphabet(*alphabet_text_, {}, diag);
}

}  // namespace raspc
