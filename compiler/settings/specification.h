// What a program is evaluated and compiled for, settled once.
//
// ProgramSettings are what was given, in directives and options. Here they become what holds: all
// defaults, all rules between settings, and all checks of them are in specification.cc. The stages
// after it ask nothing again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/input_frame.h"
#include "compiler/settings/settings.h"
#include "runtime/model/model.h"

namespace raspc {

// How a program is evaluated, by the interpreter and by any model of it.
struct EvaluationSpecification {
  ArithmeticKind arithmetic = ArithmeticKind::kFloat;  // what floats mean
  bool causal = false;                                 // no position selects a later one
  InputFrame frame;
  std::optional<GenerationRule> generation;  // set exactly if the program generates
};

// What a model is made for.
struct Specification {
  std::string name;  // of the s-op, and so of the model
  EvaluationSpecification evaluation;
  std::vector<Atom> vocabulary;
  std::vector<Atom> alphabet;
  std::int64_t max_length = 0;
  std::int64_t context_length = 0;  // maximum number of positions, with frame and generated tokens
  Target target = Target::kEncoder;
  DType dtype = DType::kFloat32;
  bool may_widen = true;  // to float64, where `dtype` is not exact
  std::int64_t max_domain = 65536;
  bool reduce_counts_first = false;

  // Whether no position of the model selects a later one. A decoder's never do: where the program
  // is not evaluated causally, it is compiled only if its selectors look left
  // (compiler/facts/looks_left.h), so that both are the same.
  bool IsCausal() const { return evaluation.causal || target == Target::kDecoder; }
  // Whether the model's heads mask later keys. An encoder has no masks: where it evaluates
  // causally, its scores hide them.
  bool HasCausalMask() const { return IsCausal() && target != Target::kEncoder; }
};

// The settings that hold: a program's directives, overridden by the options of the command line.
// An option `output` turns generation by directive off, but not that the program is causal.
// Reports kInput: options that contradict each other, or that do not apply to the program.
ProgramSettings CombineSettings(const ProgramSettings& directives, const ProgramSettings& options,
                                Diagnostics& diag);

// How a program with these settings is evaluated; no vocabulary is needed. It is causal if the
// settings say so; if they say nothing, where it generates, except for the target encoder.
EvaluationSpecification SpecifyEvaluation(const ProgramSettings& given);

// What the s-op `name` of a program with these settings is compiled for. Reports kInput or kLimit,
// and returns nothing, if a setting is missing, or if settings do not fit together: everything that
// can be reported at once.
std::optional<Specification> Specify(const ProgramSettings& given, std::string name,
                                     Diagnostics& diag);

}  // namespace raspc
