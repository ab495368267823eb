// What a variable of the residual stream carries, as a value, and the name that says so.
//
// A name speaks of what is carried, in the program's own words, whoever reads it:
//
//     prev                the number of the s-op prev
//     prev=b              1 where it is "b", else 0
//     prev in {a, b}      1 where it is one of these, else 0
//     [count_here>=3]     1 from 3 on, else 0
//     bit 2 of place      1 where bit 2 of the number is set, else 0
//     place^2, place-3    a function of the number that has a formula
//     1/(1+width same)    the share that a head gives of how many keys it selects
//     code of prev        another number for each value
//     {a: 3, b: 3, c: 5}[prev]  a number for some values together
//     penalty(prev=b)     0 where prev is not "b", at least 1 where it is
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/atom.h"

namespace raspc {

// The values that an s-op can have, or several s-ops together.
struct ValueList {
  std::string subject;             // "prev", or "(prev, tokens)"
  std::string full_subject;        // the same, where the subject is shortened, or empty
  int line = 0;                    // of the program; 0: unknown
  std::vector<Atom> values;        // of one s-op
  std::vector<std::string> texts;  // of several, by tuple: "(a, b)"

  std::size_t size() const { return texts.empty() ? values.size() : texts.size(); }
};

struct VariableMeaning {
  enum class Kind {
    kFunction,  // code[value]
    kPenalty,   // 0 where the code is 0, at least 1 where it is 1
    kText,      // what `text` says, with no code for each value
  };
  Kind kind = Kind::kText;
  std::shared_ptr<const ValueList> of;  // all but kText
  std::vector<double> code;             // by value; NaN: never carried
  std::string text;                     // kText
  int line = 0;                         // kText

  static VariableMeaning Text(std::string text, int line);
  int Line() const { return kind == Kind::kText ? line : of->line; }
};

// The shortest name that says what is carried.
std::string NameOf(const VariableMeaning& meaning);
// One that lists more of the values: for variables whose short names are equal.
std::string DetailedNameOf(const VariableMeaning& meaning);

// A value without quotes where that is clear: a, 3, true, "3", "a, b".
std::string NameOfValue(const Atom& value);

// The text in parentheses, if it is more than one operand: (a + b), but f(a + b).
std::string AsOperand(std::string_view text);

}  // namespace raspc
