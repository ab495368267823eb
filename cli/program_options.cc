// Reads options the way directives are read: each is the text of a setting.
#include "cli/program_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace raspc {
namespace {

SourceLocation AtOption(const std::string& option, const std::string& value) {
  return {std::make_shared<const SourceText>(option, value), 1, 1};
}

}  // namespace

ProgramOptions::ProgramOptions(CommandLine& line, Scope scope) : scope_(scope) {
  const auto add = [&](std::string option, std::string setting) -> std::optional<std::string>& {
    texts_.push_back({std::move(option), std::move(setting), std::nullopt});
    return texts_.back().value;
  };
  texts_.reserve(8);  // the options keep references
  line.TextList("--sop", sops_, "NAME",
                scope == Scope::kEvaluate
                    ? "The s-op or selector to print, more than once for several (default: the "
                      "directive 'output', else the last assigned)"
                    : "The s-op to compile (default: the directive 'output', else the last "
                      "assigned)");
  if (scope == Scope::kCompile) {
    line.Text("--vocab", add("--vocab", "vocab"), "ATOMS",
              "The tokens there are: a JSON array, or text, a token per character");
    line.Text("--alphabet", add("--alphabet", "alphabet"), "ATOMS",
              "The tokens that inputs may use, where that is not the whole vocabulary");
    line.Text("--max-length", add("--max-length", "max_length"), "N",
              "The most tokens of an input");
  }
  line.Flag("--causal", causal_, "Evaluate causally: selectors see no later position");
  line.Text("--generate", add("--generate", "generate"), "NAME",
            "Generate: the s-op whose last value is the next token");
  line.Text("--stop", add("--stop", "stop"), "ATOMS", "Tokens that end the generation");
  line.Text("--max-steps", add("--max-steps", "max_steps"), "N", "The most tokens generated");
  line.Text("--append", add("--append", "append"), "ATOMS", "Tokens added behind every input");
  line.Text("--pad", add("--pad", "pad"), "JSON",
            "Padding behind that: [\"_\", \"n^2\"], a token and how many for n input tokens");
  if (scope == Scope::kEvaluate) return;
  line.Text("--target", target_, "TARGET", "encoder, decoder or masked");
  line.Text("--dtype", dtype_, "TYPE", "float32 or float64; else the smaller that is exact");
  line.Integer("--max-domain", max_domain_, 1, 1'000'000'000, "N",
               "The most values of one s-op that are enumerated");
}

ProgramSettings ProgramOptions::Read(Diagnostics& diag) const {
  ProgramSettings settings;
  for (const TextOption& text : texts_) {
    if (!text.value) continue;
    ReadSetting(text.setting, *text.value, AtOption(text.option, *text.value), settings, diag);
  }
  for (const std::string& sop : sops_) {
    ProgramSettings one;
    ReadSetting("output", sop, AtOption("--sop", sop), one, diag);
    if (!settings.output) settings.output = one.output;
  }
  if (scope_ == Scope::kCompile && sops_.size() > 1) {
    diag.Error(ErrorKind::kInput, {},
               fmt::format("a model computes one s-op, but --sop names {}", sops_.size()));
  }
  if (causal_) settings.causal = true;
  if (target_ && !(settings.target = TargetNamed(*target_))) {
    diag.Error(ErrorKind::kInput, AtOption("--target", *target_),
               fmt::format("there is no target '{}'; choose encoder, decoder or masked", *target_));
  }
  if (dtype_ && !(settings.dtype = DTypeNamed(*dtype_))) {
    diag.Error(ErrorKind::kInput, AtOption("--dtype", *dtype_),
               fmt::format("there is no number type '{}'; choose float32 or float64", *dtype_));
  }
  settings.max_domain = max_domain_;
  return settings;
}

bool ProgramOptions::AnyGiven() const {
  return !sops_.empty() || causal_ || target_ || dtype_ || max_domain_ ||
         std::any_of(texts_.begin(), texts_.end(),
                     [](const TextOption& text) { return text.value.has_value(); });
}

void AddEngineOption(CommandLine& line, std::optional<std::string>& engine,
                     const std::string& help) {
  line.Text("--engine", engine, "ENGINE", help);
}

std::optional<EngineKind> ReadEngine(const std::string& name, Diagnostics& diag) {
  const std::optional<EngineKind> kind = EngineNamed(name);
  if (!kind) {
    diag.Error(ErrorKind::kInput, AtOption("--engine", name),
               fmt::format("there is no engine '{}'; choose reference, dense or structured", name));
  }
  return kind;
}

EngineKind ReadEngineOrFastest(const std::optional<std::string>& name, Diagnostics& diag) {
  constexpr EngineKind kFastest = EngineKind::kStructured;
  return name ? ReadEngine(*name, diag).value_or(kFastest) : kFastest;
}

}  // namespace raspc
