// The elementwise operations of the language, by name.
//
// Their effect on values is in atom_ops.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/atom.h"

namespace raspc {

class HostFunction;  // compiler/operations/host_function.h

// The elementwise operations. Operands are s-ops; the language's rules for atoms apply per position
// (compiler/operations/atom_ops.h), with and/or/not giving bools.
enum class MapOp {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kAnd,
  kOr,
  kNegate,
  kPlus,
  kNot,
  kRound,
  kIndicator,
  kChoose,     // (condition, then, else)
  kMember,     // whether the operand is in the list `table->items`
  kLookUp,     // table->items[operand]: a list or string by int position (negative from the end)
  kLookUpKey,  // the value of the entry of `table->entries` whose key equals the operand: a dict
  // How many of the numbers `table->items` are less than the operand, plus how many are not
  // greater. No program says it: the compiler adds it (compiler/simplify/place_compared.h).
  kPlace,
  // A digit of the number of the cell that the first operand lies in: see CellDigit. The second
  // operand is the digit before it, the int 0 for the first; the result does not depend on it, but
  // a model, which subtracts what digits stand for, does. The compiler adds it
  // (compiler/simplify/cell_digits.h).
  kDigit,
  kHost,  // table->function of one or more operands
};
// The maximum number of operands, of kHost.
inline constexpr std::size_t kMaxOperands = 16;
// The number of operands of an operation; 0 for kHost, which has any.
int NumOperands(MapOp op);
std::string_view NameOf(MapOp op);

// The constant list, string or dict of a kMember, kLookUp, kLookUpKey or kPlace; of a kDigit, what
// CellDigit says; the function of a kHost. In a graph, the items of a kMember or kPlace and the
// entries of a kLookUpKey are sorted by LookUpLess (compiler/operations/atom_ops.h) and pairwise
// unequal in the language's sense; DataflowGraph::Add ensures the order.
struct MapTable {
  std::vector<Atom> items;
  std::vector<std::pair<Atom, Atom>> entries;  // key, value
  // Positions (ints, from the front) or keys whose element is not an atom but, say, a list: looking
  // one up is an error. Such a position holds the int 0 in `items`.
  std::vector<Atom> unfit;
  std::shared_ptr<const HostFunction> function;
};

// A digit of numbers that are counted in cells: from `start` on the number line is divided into
// cells of `width`, numbered from 0, and the digit is the number of the cell modulo `radix`. The
// digits of several widths, each `radix` of the next, are a number in full.
struct CellDigit {
  double start = 0, width = 1;
  std::int64_t radix = 2;
  double distance = 0;  // of the operand from the ends of cells, at least
};
MapTable TableOf(const CellDigit& digit);
// Requires the table of a kDigit.
CellDigit DigitOf(const MapTable& table);

// What the values of an s-op may be. RASP's rules: on one input, all are strings, all are bools, or
// all are numbers or bools, and bools alone have no mean. Python's: any values side by side, bools
// are numbers, and what is not a number has no mean.
enum class ValueRules { kRasp, kPython };

// How the tokens of the input are read.
enum class TokenView { kString, kInt, kFloat, kBool, kAsIs };
std::string_view NameOf(TokenView view);  // "tokens_str", …

}  // namespace raspc
