// Compiles a program and compares the weights with the interpreter; shrinks a program that shows a
// fault.
#pragma once

#include <cstdint>
#include <string>

#include "tests/compiler/random_program.h"

namespace raspc {

struct CheckOutcome {
  enum class Kind {
    kAgrees,   // compiled, and equal on every input on which the interpreter succeeds
    kRefused,  // a table or block is too large for the limits, or it fails on every input
    kInvalid,  // not a program: it does not trace, or has no such s-op
    kFault,
  };
  Kind kind = Kind::kAgrees;
  std::int64_t compared = 0;  // inputs, each on both engines
  std::int64_t skipped = 0;   // inputs on which the interpreter fails
  bool is_double = false;     // compiled for float64
  std::int64_t warned = 0;    // expressions that may fail according to Compile
  std::int64_t shown = 0;     // those of them for which it gives an input
  std::string fault;          // the kind of fault, in a few words
  std::string detail;         // input, engine, wanted, got; or the report
};

// Checks, in a separate process that may use 20 s and 2 GiB:
//
//   - what is reported is a limit, or a failure on every input that was tried;
//   - on every input up to a length and on random ones the engines agree with the interpreter;
//   - where the interpreter fails on these, a warning names the expression; where a warning gives
//     an input, the interpreter fails on it;
//   - in each pattern row the weights are exactly 0 or equal, within 1e-6 of each other;
//   - no direction of the residual stream is further from its ideal value than its bound.
//
// A crash, an exception or an exceeded limit is a fault, like a wrong value.
//
// Directives in the text name the s-op, the vocabulary and the maximum length; `options` override
// them.
inline constexpr std::int64_t kUsualExhaustiveLength = 3;
CheckOutcome CheckProgram(const std::string& text, const ProgramSettings& options,
                          std::int64_t exhaustive_length = kUsualExhaustiveLength);
CheckOutcome CheckProgram(const RandomProgram& program,
                          std::int64_t exhaustive_length = kUsualExhaustiveLength);

// A smaller program with the same kind of fault, or the program itself: the smallest found within
// about `seconds`.
RandomProgram Shrink(RandomProgram program, const std::string& fault, double seconds,
                     std::int64_t exhaustive_length = kUsualExhaustiveLength);

// The program, the fault, and the command that reruns it.
std::string Describe(const RandomProgram& program, const CheckOutcome& outcome,
                     std::int64_t exhaustive_length = kUsualExhaustiveLength);

}  // namespace raspc
