// Reads options in the same way as directives: each is the text of a setting.
#include "cli/program_options.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "runtime/engine/engine.h"

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
                    ? "Output s-op or selector; may be given several times (default: the directive "
                      "'output', else the last s-op assigned)"
                    : "Output s-op (default: the directive 'output', else the last s-op assigned)");
  if (scope == Scope::kCompile) {
    line.Text("--vocab", add("--vocab", "vocab"), "ATOMS",
              "Vocabulary: a JSON array, or a string (one token per character)");
    line.Text("--alphabet", add("--alphabet", "alphabet"), "ATOMS",
              "Tokens that inputs may use (default: the whole vocabulary)");
    line.Integer("--max-length", max_length_, 1, kMaxInputLength, "N",
                 "Maximum input length in tokens");
  }
  line.Choice("--arithmetic", arithmetic_, ArithmeticNames(), "KIND",
              "Arithmetic of floats, IEEE doubles or exact fractions", "default float");
  line.Flag("--causal", causal_, "Evaluate causally: no position selects a later one");
  line.Text("--generate", add("--generate", "generate"), "NAME",
            "Generate tokens: the s-op whose last value is the next token");
  line.Text("--stop", add("--stop", "stop"), "ATOMS", "Tokens that end generation");
  AddMaxStepsOption(line, max_steps_, fmt::format("default {}", GenerationRule{}.max_steps));
  line.Text("--append", add("--append", "append"), "ATOMS", "Tokens appended to every input");
  line.Text("--pad", add("--pad", "pad"), "JSON",
            "Padding tokens appended after those: [TOKEN, COUNT], COUNT a polynomial in the input "
            "length n, as in [\"_\", \"n^2\"]");
  line.Choice("--target", target_, TargetNames(), "TARGET",
              scope == Scope::kEvaluate
                  ? "Architecture of the model; an encoder does not generate causally"
                  : "Architecture");
  if (scope == Scope::kEvaluate) return;
  line.Choice("--dtype", dtype_, DTypeNames(), "DTYPE", "Number type",
              "default: float32 if that is exact");
  line.Integer("--max-domain", max_domain_, 1, kMaxEnumeratedValues, "N",
               "Maximum number of values enumerated per s-op");
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
  if (arithmetic_) settings.arithmetic = ArithmeticNamed(*arithmetic_);
  if (causal_) settings.causal = true;
  if (target_) settings.target = TargetNamed(*target_);
  if (dtype_) settings.dtype = DTypeNamed(*dtype_);
  settings.max_length = max_length_;
  settings.max_steps = max_steps_;
  settings.max_domain = max_domain_;
  return settings;
}

bool ProgramOptions::AnyGiven() const {
  return !sops_.empty() || arithmetic_ || causal_ || target_ || dtype_ || max_length_ ||
         max_steps_ || max_domain_ ||
         std::any_of(texts_.begin(), texts_.end(),
                     [](const TextOption& text) { return text.value.has_value(); });
}

void AddEngineOption(CommandLine& line, std::optional<std::string>& engine, const std::string& help,
                     const std::string& note) {
  std::vector<std::string> names;
  for (const EngineKind kind : kAllEngines) names.emplace_back(NameOf(kind));
  line.Choice("--engine", engine, std::move(names), "ENGINE", help, note);
}

void AddMaxStepsOption(CommandLine& line, std::optional<std::int64_t>& max_steps,
                       const std::string& note) {
  line.Integer("--max-steps", max_steps, 1, kMaxGenerationSteps, "N",
               "Maximum number of tokens generated", note);
}

}  // namespace raspc
