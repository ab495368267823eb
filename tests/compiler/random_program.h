// Random RASP programs, for comparing compiled weights with the interpreter on what nobody thought
// of.
//
// A program is kept as expression trees over pieces of text, so that it can be made smaller while
// it still shows a fault, and is always printed as source text that the command runs. Programs are
// well-typed on the whole, but may fail on some inputs or on all: whoever uses them counts that.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "compiler/settings/settings.h"

namespace raspc {

// What an expression gives. kFloat stands for any number, kSingle for a selector whose rows have
// one position at most (mostly).
enum class RandomType { kInt, kFloat, kBool, kString, kSelector, kSingle };

// The text of an expression is text[0] args[0] text[1] args[1] … text[n].
struct RandomExpr {
  RandomType type = RandomType::kInt;
  std::vector<std::string> text;
  std::vector<RandomExpr> args;
};
std::string ToText(const RandomExpr& expr);
int SizeOf(const RandomExpr& expr);  // how many nodes the tree has

struct RandomStatement {
  std::string name;
  RandomExpr value;
};

struct RandomProgram {
  std::vector<RandomStatement> statements;
  std::string output;  // the s-op to compile
  // What directives say: vocab, alphabet, max_length, append, pad, causal, generate.
  std::vector<Atom> vocab;  // of inputs
  std::int64_t max_length = 4;
  bool is_causal = false;
  bool generates = false;
  std::optional<Atom> append;            // a token besides `vocab`
  std::optional<std::string> pad_count;  // a polynomial; the token is "_"
  // What only options say.
  std::optional<DType> dtype;
  std::optional<std::int64_t> max_domain;
  std::optional<Target> target;
};

// The source text, directives included.
std::string ToText(const RandomProgram& program);
// The settings that ToText cannot say, as they are and as options of the command.
ProgramSettings OptionsOf(const RandomProgram& program);
std::string OptionText(const RandomProgram& program);
// How large a program is: what shrinking makes less of.
int SizeOf(const RandomProgram& program);

// The program with this number; the same on every machine.
RandomProgram MakeRandomProgram(std::uint64_t seed);

// Another program with this number, of arithmetic on floats that are rounded: sums, differences,
// products and quotients that cancel, conditions and look-ups, then a value, a comparison or a
// round.
RandomProgram MakeRandomFloatProgram(std::uint64_t seed);

// Programs that are a step smaller, the boldest steps first: without a statement, with an
// expression replaced by one of its operands or by a plain one of its type, with a setting dropped.
// Some no longer make sense.
std::vector<RandomProgram> SmallerPrograms(const RandomProgram& program);

}  // namespace raspc
