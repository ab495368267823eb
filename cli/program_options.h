// The options that say what a program is evaluated or compiled for, as settings.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "compiler/settings/settings.h"
#include "base/diagnostics.h"

namespace raspc {

class ProgramOptions {
 public:
  // kEvaluate: which s-op, causal evaluation, generation, what is appended. kCompile: also the
  // vocabulary, the lengths, the target, the number type.
  enum class Scope { kEvaluate, kCompile };
  // Declares the options; must outlive the parsing.
  ProgramOptions(CommandLine& line, Scope scope);

  // The settings given. Reports kInput or kSyntax for values that cannot be.
  ProgramSettings Read(Diagnostics& diag) const;
  // What --sop names, which is several s-ops only where programs are evaluated; the first is the
  // output of the settings.
  const std::vector<std::string>& sops() const { return sops_; }
  // Whether any of them was given.
  bool AnyGiven() const;

 private:
  struct TextOption {
    std::string option;   // "--max-length"
    std::string setting;  // "max_length"
    std::optional<std::string> value;
  };
  std::vector<TextOption> texts_;
  std::vector<std::string> sops_;
  Scope scope_;
  std::optional<std::string> target_;
  std::optional<std::string> dtype_;
  std::optional<std::int64_t> max_length_, max_steps_, max_domain_;
  bool causal_ = false;
};

// Declares --engine, whose value is then the name of an engine.
void AddEngineOption(CommandLine& line, std::optional<std::string>& engine, const std::string& help,
                     const std::string& note);
// Declares --max-steps, of tokens generated.
void AddMaxStepsOption(CommandLine& line, std::optional<std::int64_t>& max_steps,
                       const std::string& note);

}  // namespace raspc
