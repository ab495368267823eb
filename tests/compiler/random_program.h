// Random RASP programs, for comparing compiled weights with the interpreter on unforeseen cases.
//
// A program is kept as expression trees over pieces of text, so that it can be shrunk while it
// still shows a fault, and is always printed as source text that the command runs. Programs are
// mostly well-typed, but may fail on some or all inputs, which callers must count.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "compiler/settings/settings.h"

namespace raspc {

// The type of an expression. kFloat means any number, kSingle a selector whose rows (mostly) have
// at most one position.
enum class RandomType { kInt, kFloat, kBool, kString, kSelector, kSingle };

// The text of an expression is text[0] args[0] text[1] args[1] … text[n].
struct RandomExpr {
  RandomType type = RandomType::kInt;
  std::vector<std::string> text;
  std::vector<RandomExpr> args;
};
inline RandomExpr Leaf(RandomType type, std::string text) {
  return {type, {std::move(text)}, {}};
}
std::string ToText(const RandomExpr& expr);
int SizeOf(const RandomExpr& expr);  // how many nodes the tree has

struct RandomStatement {
  std::string name;
  RandomExpr value;
};

struct RandomProgram {
  std::vector<RandomStatement> statements;
  std::string output;  // the s-op to compile
  // Given by directives: vocab, alphabet, max_length, append, pad, causal, generate.
  std::vector<Atom> vocab;  // of inputs
  std::int64_t max_length = 4;
  bool is_causal = false;
  bool generates = false;
  std::optional<Atom> append;            // a token not in `vocab`
  std::optional<std::string> pad_count;  // a polynomial; the token is "_"
  // Given only by options.
  std::optional<DType> dtype;
  std::optional<std::int64_t> max_domain;
  std::optional<Target> target;
  std::optional<ArithmeticKind> arithmetic;
};

// The source text, directives included.
std::string ToText(const RandomProgram& program);
// The settings that ToText cannot express, as values and as options of the command.
ProgramSettings OptionsOf(const RandomProgram& program);
std::string OptionText(const RandomProgram& program);
// The size of a program, which shrinking reduces.
int SizeOf(const RandomProgram& program);

// The program with this number; the same on every machine.
RandomProgram MakeRandomProgram(std::uint64_t seed);

// Another program with this number, with arithmetic on rounded floats: sums, differences, products
// and quotients that cancel, conditions and gathers, then a value, a comparison or a round.
RandomProgram MakeRandomFloatProgram(std::uint64_t seed);

// Programs that are a step smaller, the boldest steps first: without a statement, with an
// expression replaced by one of its operands or by a plain one of its type, with a setting dropped.
// Some no longer make sense.
std::vector<RandomProgram> SmallerPrograms(const RandomProgram& program);

}  // namespace raspc
