// The subcommands of `raspc lab`, one file each, and the options they share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "lab/registry/language.h"
#include "frontends/generated_program.h"

namespace raspc {

int LabListCommand(const std::vector<std::string>& args);
int LabClassifyCommand(const std::vector<std::string>& args);
int LabRecogniseCommand(const std::vector<std::string>& args);
int LabDecideCommand(const std::vector<std::string>& args);
int LabSuiteCommand(const std::vector<std::string>& args);

// The names of all mechanisms.
std::vector<std::string> MechanismNames();

// `direct,cot`: mechanisms separated by commas, in the order of the enumeration. Reports kInput for
// an unknown or repeated name.
std::optional<std::vector<Mechanism>> ReadMechanisms(const std::string& text, Diagnostics& diag);

// --alphabet and the limits on states, monoids and steps.
class LanguageOptions {
 public:
  // Declares the options.
  explicit LanguageOptions(CommandLine& line);

  // Call after parsing. Reports an alphabet that cannot be read.
  void Read(Diagnostics& diag);
  const std::optional<Alphabet>& alphabet() const { return alphabet_; }
  const LanguageLimits& limits() const { return limits_; }

 private:
  std::optional<std::string> alphabet_text_;
  std::optional<std::int64_t> max_states_, max_monoid_, max_steps_;
  std::optional<Alphabet> alphabet_;
  LanguageLimits limits_;
};

}  // namespace raspc
