// What a name or an expression can hold while a program is traced: an atom, an s-op or selector (a
// node of the graph), a list, a dict or a function.
//
// Values are immutable and cheap to copy; lists, dicts and functions are shared. Collections know
// their nesting depth, and the tracer bounds it, so that functions on them may recurse.
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/graph/dataflow_graph.h"
#include "compiler/operations/atom_ops.h"
#include "compiler/syntax/syntax_tree.h"

namespace raspc {

class Scope;
struct List;
class Dict;
struct Function;

struct SOpValue {
  NodeId id;
};
struct SelectorValue {
  NodeId id;
};

using Value = std::variant<Atom, SOpValue, SelectorValue, std::shared_ptr<const List>,
                           std::shared_ptr<const Dict>, std::shared_ptr<const Function>>;

struct List {
  std::vector<Value> items;
  int depth = 1;             // 1 + the depth of the deepest item
  std::uint64_t weight = 1;  // see WeightOf
};

// Entries in the order in which their keys were first inserted, as the language iterates over them.
// Keys are equal as in the language: 1, 1.0 and true are one key.
class Dict {
 public:
  struct Entry {
    Atom key;
    Value value;
  };
  // An existing key keeps its place and its spelling and gets the new value.
  void Set(const Atom& key, Value value);
  // Null if there is none.
  const Value* Find(const Atom& key) const;
  const std::vector<Entry>& entries() const { return entries_; }
  int depth() const { return depth_; }
  std::uint64_t weight() const { return weight_; }

 private:
  struct Less {
    bool operator()(const Atom& a, const Atom& b) const { return LookUpLess(a, b); }
  };
  std::vector<Entry> entries_;
  std::map<Atom, std::size_t, Less> places_;
  int depth_ = 1;
  std::uint64_t weight_ = 1;
};

// The definition lives in a syntax tree and the scope in the tracer; both outlive the function.
struct Function {
  const FunctionDefinition* definition;
  Scope* scope;     // in which it was defined
  bool in_library;  // defined by the standard library
};

std::shared_ptr<const List> MakeList(std::vector<Value> items);
// The nesting depth of a collection, 0 for anything else.
int DepthOf(const Value& value);

// "an int", "a list", "an s-op": for messages.
std::string KindOf(const Value& value);
// A short description with the value where it is short: `3 (an int)`, "a list of 4 values".
std::string DescribeValue(const Value& value);
// The value as the language writes it, truncated after some 200 characters.
std::string ValueText(const Value& value, const DataflowGraph& graph);

// The steps (see TraceLimits) needed to visit all of a value. Shared items count each time, so a
// small collection can have an enormous weight.
std::uint64_t WeightOf(const Value& value);
// The steps needed to copy a value, beyond the first, and to copy a list's items: collections are
// shared, long strings are not.
std::uint64_t TextWork(const Value& value);
std::uint64_t CopyWork(const List& list);

// The truth value of anything but s-ops and selectors: empty collections are false, functions true.
bool IsTrueValue(const Value& value);
// The language's `==` between values of which neither is an s-op or selector itself. Inside
// collections, s-ops are equal if they are the same computation.
bool EqualValues(const Value& a, const Value& b);
// Lists in lexicographic order, atoms as usual; nothing where two items cannot be ordered.
std::optional<std::strong_ordering> CompareValues(const Value& a, const Value& b);

// Shorthands: null unless the value has this type.
inline const Atom* AsAtom(const Value& value) { return std::get_if<Atom>(&value); }
inline const SOpValue* AsSOp(const Value& value) { return std::get_if<SOpValue>(&value); }
inline const SelectorValue* AsSelector(const Value& value) {
  return std::get_if<SelectorValue>(&value);
}
const List* AsList(const Value& value);
const Dict* AsDict(const Value& value);
const Function* AsFunction(const Value& value);
// An int or a bool as an int.
std::optional<std::int64_t> AsInt(const Value& value);

}  // namespace raspc
