// A RASP program written by a front end: its header and statements, what is known about it, and
// where to read its result.
//
// It is ordinary RASP source with directives. A program that decides a language is evaluated on a
// word with one more token after it, the end marker, and decides there: the last value of its
// output is true if and only if the word is in the language. This also covers the empty word. A
// program that generates writes tokens after the end marker instead, the last of them `accept` or
// `reject` (in this order, the stop tokens).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "automata/limits.h"
#include "base/input_frame.h"
#include "frontends/program_header.h"
#include "frontends/rasp_writer.h"

namespace raspc {

// How a transformer computes the verdict.
enum class Mechanism {
  kDirect,    // constant depth
  kLogDepth,  // depth that grows with the logarithm of the length
  kCot,       // a decoder that writes a token per step
  kPad,       // constant depth, with padding tokens; regular languages need none
};
inline constexpr Mechanism kAllMechanisms[] = {Mechanism::kDirect, Mechanism::kLogDepth,
                                               Mechanism::kCot, Mechanism::kPad};
// `direct`, `log-depth`, `cot`, `pad`.
std::string_view MechanismName(Mechanism mechanism);
// The name of `log-depth` in earlier versions, accepted as an alias.
inline constexpr std::string_view kFormerLogDepthName = "depth";
std::optional<Mechanism> ReadMechanism(const std::string& name);

// `attention depth 3`: the number of attention layers on the longest path of a program.
std::string AttentionLayers(int count);

// The depth of a program in words and a further promise, such as ` whatever the length`.
std::string DepthPromise(int depth, std::string_view rest);

// Where to read the result of a program.
enum class ResultAt {
  kVerdict,    // accepts or rejects, as above
  kLast,       // an answer of one token: the value at the last position
  kFirst,      // an answer of k tokens: the values at the first k positions
  kGenerated,  // the tokens generated, or those after `answer_mark`, without the stop token
  kWritten,    // the generated tokens that are among `answer_tokens`, if the first of the
               // stop tokens ends them
};

// The largest values of num_rounds and max_rows.
inline constexpr int kMaxRounds = 30;
inline constexpr std::int64_t kMaxTableRows = 100'000'000;

struct GeneratedProgramOptions {
  Mechanism mechanism = Mechanism::kDirect;
  std::int64_t max_length = 64;
  std::optional<int> num_rounds;  // kLogDepth: fewer than needed, to show where that breaks
  // The maximum total number of rows of the program's tables.
  std::int64_t max_rows = 30'000;
  LanguageLimits limits;
};

struct GeneratedProgram {
  ProgramHeader header;
  RaspWriter statements;     // the last assigns header.output
  std::string construction;  // the one that was chosen, in a few words
  std::string explanation;   // how it works, for the header's comments
  std::string reason;        // why it was chosen
  int depth = 0;             // attention layers on the longest path of the program
  // What else is promised with that depth, as an argument of DepthPromise.
  std::string promise_rest = " whatever the length";
  // The length up to which it is right, if it is asked to be right only for shorter words than the
  // model accepts (GeneratedProgramOptions::num_rounds).
  std::optional<std::int64_t> right_to;
  ResultAt result_at = ResultAt::kVerdict;
  // kGenerated: the token after which the answer begins, if the program writes others first; else
  // empty.
  std::string answer_mark;
  std::vector<std::string> answer_tokens;  // kWritten: the tokens of answers

  // The program as RASP source.
  std::string Source() const;
  // DepthPromise of it.
  std::string Promise() const { return DepthPromise(depth, promise_rest); }
  // Of its tables.
  std::int64_t NumRows() const { return statements.num_rows(); }
  // A polynomial in the number of symbols.
  Polynomial NumPadding() const { return header.pad ? header.pad->count : Polynomial(); }
};

}  // namespace raspc
