// The options for evaluating or compiling a program, as settings.
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
  // kEvaluate: the s-op, causal evaluation, generation, appended tokens. kCompile: also the
  // vocabulary, the lengths, the target, the dtype.
  enum class Scope { kEvaluate, kCompile };
  // Declares the options; must outlive the parsing.
  ProgramOptions(CommandLine& line, Scope scope);

  // The given settings. Reports kInput or kSyntax for invalid values.
  ProgramSettings Read(Diagnostics& diag) const;
  // The s-ops named by --sop, more than one only for evaluation; the first is the output of the
  // settings.
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
  std::optional<std::string> arithmetic_;
  std::optional<std::int64_t> max_length_, max_steps_, max_domain_;
  bool causal_ = false;
};

// Declares --engine, whose value is the name of an engine.
void AddEngineOption(CommandLine& line, std::optional<std::string>& engine, const std::string& help,
                     const std::string& note);
// Declares --max-steps, the maximum number of generated tokens.
void AddMaxStepsOption(CommandLine& line, std::optional<std::int64_t>& max_steps,
                       const std::string& note);

}  // namespace raspc
