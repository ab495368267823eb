// The operators of the language on single values.
//
// These are the rules of the language's definition, which are Python's: `/` always gives a float,
// `%` has the sign of the divisor, bools count as the ints 0 and 1, 1 == 1.0 == true, strings can
// be added, repeated and ordered. Two things are stricter here: ints have 64 bits, and floats are
// finite; a result that does not fit is an error, never a wrapped or infinite value.
//
// What floats mean is an argument. In rational arithmetic every result is exact, such as 1 / 3 and
// 0.1 + 0.2, and one that is not a fraction, such as 2 ^ 0.5, an error. Comparisons are exact in
// either arithmetic, and need no argument.
//
// Everything here is a pure function of its arguments, thread-safe, and cheap enough to be called
// for every point of a domain.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "compiler/operations/operations.h"
#include "compiler/syntax/syntax_tree.h"
#include "base/atom.h"
#include "base/diagnostics.h"
#include "base/float.h"

namespace raspc {

// Why an operation has no result: kType (operands that do not fit), kValue (division by zero, a
// missing key, a result outside 64 bits) or kLimit (a string or fraction that is too long). The
// message is a clause without position, such as "'/' cannot divide 1 by zero".
struct OpError {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;
};

using OpResult = std::variant<Atom, OpError>;

// The maximum length of a string, in bytes, that an operation makes.
inline constexpr std::size_t kMaxStringBytes = 1'000'000;

// The result of an elementwise operation on operands.size() == NumOperands(op) values. `table` is
// the node's, and not null for the operations that have one; its rows are in the order that
// DataflowGraph::Add puts them in.
OpResult Apply(ArithmeticKind arithmetic, MapOp op, std::span<const Atom> operands,
               const MapTable* table = nullptr);

// The same for operands anywhere in memory: true and `result`, or false and `error`. `result` may
// be one of the operands.
bool ApplyTo(ArithmeticKind arithmetic, MapOp op, std::span<const Atom* const> operands,
             const MapTable* table, Atom& result, OpError& error);

// Truth value: 0, 0.0, "" and false are false.
bool IsTrue(const Atom& atom);

// The language's `==`: numbers by value, exactly, whatever their types; a string never equals a
// number.
bool EqualAtoms(const Atom& a, const Atom& b);

// The language's `<`: numbers by value, strings by code point; nothing for a string and a number.
std::optional<std::strong_ordering> CompareAtoms(const Atom& a, const Atom& b);

// A total order that agrees with EqualAtoms: numbers by value, then strings by code point.
bool LookUpLess(const Atom& a, const Atom& b);

// `keys[k] op queries[q]` of select, as a bool.
OpResult CompareForSelect(Comparison op, const Atom& key, const Atom& query);

// The value of a token in a view: tokens_int truncates floats and parses strings, and so on. kValue
// if a string is not a number or a number does not fit. In rational arithmetic, a float of tokens
// is the shortest decimal that reads back to it.
OpResult ReadToken(ArithmeticKind arithmetic, TokenView view, const Atom& token);

// The mean that aggregate takes of several values: the sum, in order, from the int 0 (exact until
// the first float, then in floats without compensation), divided once. In rational arithmetic the
// exact mean.
class RunningSum {
 public:
  __extension__ using Int128 = __int128;

  explicit RunningSum(ArithmeticKind arithmetic)
      : is_rational_(arithmetic == ArithmeticKind::kRational) {}

  bool IsRational() const { return is_rational_; }
  // Requires IsNumber(value); bools count as ints.
  void Add(const Atom& value);
  void AddInt(std::int64_t value) {
    if (is_float_) {
      float_sum_ += static_cast<double>(value);
    } else {
      int_sum_ += value;
    }
  }
  // Several ints at once, given their sum. Requires that no float has been added.
  void AddInts(Int128 sum) { int_sum_ += sum; }
  // Requires float arithmetic.
  void AddFloat(double value) {
    float_sum_ = (is_float_ ? float_sum_ : static_cast<double>(int_sum_)) + value;
    is_float_ = true;
  }
  // The sum divided by `count` > 0: a float, or kValue if it is too large for one, or kLimit if its
  // fraction is.
  OpResult Mean(std::int64_t count) const;

 private:
  OpResult ExactMean(std::int64_t count) const;

  Int128 int_sum_ = 0;  // enough for 2^64 values of 64 bits
  double float_sum_ = 0;
  FractionSum fraction_sum_;  // of the floats, in rational arithmetic
  bool is_float_ = false;     // float_sum_ is the sum
  bool is_rational_;
};

// a / b as Python divides ints: rounded once, to nearest even. Requires b != 0.
double DivideInts(std::int64_t a, std::int64_t b);

// The atom as shown in messages: JSON, with long strings shortened in the middle.
std::string ShortText(const Atom& atom);

}  // namespace raspc
