// What a program is compiled or evaluated for: its vocabulary, lengths and readout.
//
// The settings come from the directives in the program's comments (`#@ vocab: "abc"`) and from the
// command line, which overrides them. docs/language.md lists them all.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/float.h"
#include "base/input_frame.h"
#include "compiler/syntax/syntax_tree.h"
#include "runtime/model/model.h"

namespace raspc {

// The maximum values of max_length, max_steps and max_domain. A model's context holds no more.
inline constexpr std::int64_t kMaxInputLength = kMaxFramedLength;
inline constexpr std::int64_t kMaxGenerationSteps = kMaxFramedLength;
inline constexpr std::int64_t kMaxEnumeratedValues = 1'000'000'000;

// All are optional; Specify reports what is missing.
struct ProgramSettings {
  std::optional<std::vector<Atom>> vocab;
  std::optional<std::vector<Atom>> alphabet;
  std::optional<std::int64_t> max_length;
  std::optional<std::string> output;  // the s-op to evaluate or compile
  std::optional<ArithmeticKind> arithmetic;
  std::optional<bool> causal;
  // The s-op whose last value is the next token; implies causal.
  std::optional<std::string> generate;
  std::optional<std::vector<Atom>> stop;
  std::optional<std::int64_t> max_steps;
  std::optional<std::vector<Atom>> append;
  std::optional<Padding> pad;
  std::optional<std::vector<Atom>> example;

  std::optional<Target> target;
  // From the command line only: float32 unless the certificate needs float64.
  std::optional<DType> dtype;
  std::optional<std::int64_t> max_domain;
  // From directives only: whether a function of a count that has few values is computed separately
  // before others use it. That takes layers where counts are small, but then the number of layers
  // does not depend on how large they are.
  std::optional<bool> reduce_counts_first;

  // Where the directives among them have their values, by name; not of options.
  std::map<std::string, SourceLocation, std::less<>> places;
  SourceLocation PlaceOf(std::string_view directive) const;

  // These settings, overridden by those that `over` has.
  ProgramSettings OverriddenBy(const ProgramSettings& over) const;
};

// The names of all targets, of all dtypes, and of both arithmetics.
std::vector<std::string> TargetNames();
std::vector<std::string> DTypeNames();
std::vector<std::string> ArithmeticNames();

// Reads directives; reports unknown names (with a suggestion), bad values and repetitions as
// kSyntax.
ProgramSettings ReadDirectives(const std::vector<Directive>& directives, Diagnostics& diag);

// One setting from its text, as a directive or an option gives it. `name` is the directive's
// ("max_length").
void ReadSetting(std::string_view name, std::string_view value, const SourceLocation& location,
                 ProgramSettings& settings, Diagnostics& diag);

// A JSON array of atoms, a JSON string, or bare text (one token per code point). Reports kInput:
// broken JSON, nesting, null, ints beyond 64 bits, numbers that are not finite, invalid UTF-8.
std::optional<std::vector<Atom>> ReadAtoms(std::string_view text, const SourceLocation& location,
                                           Diagnostics& diag);

}  // namespace raspc
