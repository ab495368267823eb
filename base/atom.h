// The values a RASP program computes with, one at a time: an int, a float, a bool or a string.
//
// Both halves of the project use atoms: the interpreter computes them, and a model file lists them
// (its vocabulary, the values its output decodes to). The operators of the language are in
// compiler/operations/atom_ops.h; this file only defines what an atom *is*.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <variant>
#include <vector>

#include "base/escape.h"
#include "base/float.h"

namespace raspc {

// Ints are 64-bit and exact; floats are IEEE doubles, or fractions (base/float.h), and finite;
// strings are valid UTF-8.
using Atom = std::variant<std::int64_t, Float, bool, std::string>;

enum class AtomType { kInt, kFloat, kBool, kString };  // in the order of Atom's alternatives

inline AtomType TypeOf(const Atom& atom) { return static_cast<AtomType>(atom.index()); }

// "int", "float", "bool", "string".
std::string_view TypeName(AtomType type);

inline bool IsNumber(const Atom& atom) { return !std::holds_alternative<std::string>(atom); }

// The value of an int, float or bool (true is 1) as a double, rounded to nearest when an int has
// more than 53 bits or a float is a fraction. Requires IsNumber(atom).
double NumberOf(const Atom& atom);

// The exact value of an int, float or bool. Requires IsNumber(atom).
Fraction ExactNumberOf(const Atom& atom);

// The atoms with each fraction replaced by the nearest double: as tokens, printed values and model
// files have them.
Atom WithoutFraction(const Atom& atom);
std::vector<Atom> WithoutFractions(const std::vector<Atom>& atoms);

// Whether two atoms are the same value of the same type: 1, 1.0 and true all differ, and so do 0.0
// and -0.0, 1/10 and the double nearest to it. This is identity of tokens, not the language's `==`.
bool Identical(const Atom& a, const Atom& b);

// A total order that agrees with Identical: by type, then by value (-0.0 before 0.0).
bool IdentityLess(const Atom& a, const Atom& b);

struct IdentityHash {
  std::size_t operator()(const Atom& atom) const;
};
struct IdentityEqual {
  bool operator()(const Atom& a, const Atom& b) const { return Identical(a, b); }
};
using AtomSet = std::unordered_set<Atom, IdentityHash, IdentityEqual>;

// The atom as JSON: `1`, `1.0`, `true`, `"a"`. A float is the shortest text that reads back to the
// same double, and always has a point or an exponent, so that it stays a float.
std::string ToJson(const Atom& atom);

// `[1, 2.5, "a"]`, the atoms as ToJson writes them, separated by ", ".
std::string ToJson(const std::vector<Atom>& atoms);

// The float as Python's repr writes it: shortest digits, `1.0`, `1e+16`, `1e-07`, `-0.0`.
std::string PythonFloat(double value);

// The atom as Python's str writes it: `True`, `1`, `1.0`; a string is itself.
std::string PythonStr(const Atom& atom);

// Splits UTF-8 text into one string per code point. Requires valid UTF-8.
std::vector<Atom> CodePoints(std::string_view text);

// The byte offset of the first byte that is not valid UTF-8 (overlong forms and surrogates count as
// invalid), or npos.
std::size_t FindInvalidUtf8(std::string_view text);

}  // namespace raspc
