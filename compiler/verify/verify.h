// Compares a model with the interpreter: the same program, the same inputs, all engines.
//
// Ints, bools, strings, types and generated tokens must be equal. A float must be equal to the last
// bit where it is one of the values that the model's output decodes to, and otherwise within
// 1e-9 max(1, |x|). Inputs on which the interpreter fails are skipped and counted separately: a
// model promises nothing there.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/interpret/trial_inputs.h"
#include "compiler/load/load_program.h"
#include "runtime/engine/engine.h"
#include "runtime/model/model.h"

namespace raspc {

// The maximum number of inputs that are enumerated or sampled.
inline constexpr std::int64_t kMaxVerifiedInputs = 100'000'000;

// Which inputs are compared, on which engines. The three sources add up.
struct VerifyPlan {
  std::vector<std::vector<Atom>> inputs;
  std::int64_t exhaustive_length = 0;  // every input over the alphabet up to this length
  std::int64_t random_count = 0;  // this many random inputs, of lengths 1 to the model's max_length
  std::uint64_t seed = 1;         // of the random inputs; the same on every machine
  std::vector<EngineKind> engines{std::begin(kAllEngines), std::end(kAllEngines)};
  std::size_t max_differences = 10;  // maximum number kept; all are counted
  // Called after every batch with the number of inputs that are done, skipped ones included, and
  // their total. May be empty.
  std::function<void(std::int64_t done, std::int64_t total)> on_progress;
};

struct Difference {
  std::vector<Atom> input;
  EngineKind engine;
  std::string
      wanted;       // `output [1, 2]`, the interpreter's as JSON, and `, generated ["a"]`, if any
  std::string got;  // the same from the engine, or `failed: ` and its error
};

struct VerifyReport {
  std::int64_t compared = 0;             // inputs, each on every engine
  std::int64_t skipped = 0;              // inputs on which the interpreter fails
  std::int64_t differing = 0;            // comparisons that failed: one per input and engine
  std::vector<Difference> differences;   // the first ones
  std::optional<Diagnostic> first_skip;  // why the first skipped input was skipped
};

// Whether a value of the model's output is the expected value, by the rule above.
class ValueRule {
 public:
  explicit ValueRule(const OutputDecoding& decoding);
  bool Matches(const Atom& wanted, const Atom& got) const;

 private:
  std::vector<Atom> decoded_floats_;  // in the order of IdentityLess
};

// Whether the difference is at most 1e-9 max(1, |want|). NaN is not close to anything.
bool IsClose(double want, double got);

// Reports kInput if the model does not accept the input, because of its length or a token.
void CheckInput(const std::vector<Atom>& input, const Model& model, Diagnostics& diag);

// Nothing, after reporting kInput or kLimit, if the plan does not fit the model: a given input that
// the model does not accept, an exhaustive length above its maximum, more than kMaxVerifiedInputs.
std::optional<VerifyReport> Verify(const LoadedProgram& program, const Model& model,
                                   const VerifyPlan& plan, Diagnostics& diag);

}  // namespace raspc
