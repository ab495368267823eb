// Functions of values that are written in the language of a program that uses raspc, such as
// Python's lambdas, and the values of that language which a RASP program does not have.
//
// A graph refers to a host function by an operation, MapOp::kHost, or as the predicate of a
// selector. The compiler calls it only for the values that domain inference lists, at most once for
// each point, and never while a model runs; from then on it is a table.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/atom.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {

// A value of the host that is not an int, float, bool or string is a string that begins with this
// mark, a noncharacter of Unicode (U+FDD0) which no text contains: whoever makes the graph sees to
// it that no string of the program begins with it. Such a string equals itself only and is not a
// number, and that is all the compiler needs to know about it; the rest is a name for people.
inline constexpr std::string_view kHostValueMark = "\xEF\xB7\x90";

// The value of the host with this name, such as "(1, 2)". Different values need different names.
Atom HostValue(std::string_view name);
bool IsHostValue(const Atom& atom);

// Python's None: the value of an aggregate that selects nothing and has no default.
Atom NoneValue();
bool IsNone(const Atom& atom);

// A function of one or more atoms, by identity: two are equal if they are one object.
//
// It must be a pure function, and may be slow: results are kept. It may fail at a point by
// returning an OpError, whose message need not name the function or the point.
class HostFunction {
 public:
  using Function = std::function<OpResult(std::span<const Atom>)>;

  // With `keeps_none`, a point with a None has the value None, and the function is not called.
  HostFunction(std::string name, Function function, bool keeps_none = false);
  // A function given by its table; other points fail.
  static std::shared_ptr<const HostFunction> OfTable(
      std::string name, std::span<const std::pair<std::vector<Atom>, Atom>> table);

  const std::string& name() const { return name_; }
  // Different for different functions of one process.
  std::uint64_t id() const { return id_; }
  // The value at a point; an error names the function and the point. Thread-safe if the function
  // is; the lock that guards the results is not held while it runs.
  OpResult Call(std::span<const Atom* const> point) const;
  // How often the function itself was called.
  std::size_t num_calls() const;

 private:
  struct PointHash {
    std::size_t operator()(const std::vector<Atom>& point) const;
  };
  struct PointEqual {
    bool operator()(const std::vector<Atom>& a, const std::vector<Atom>& b) const;
  };

  OpResult CallFunction(const std::vector<Atom>& point) const;

  std::string name_;
  Function function_;
  bool keeps_none_;
  std::uint64_t id_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::vector<Atom>, OpResult, PointHash, PointEqual> results_;
  mutable std::size_t num_calls_ = 0;
};

// Whether a predicate holds, as a bool: any value counts as true or false, None as false.
OpResult HoldsForSelect(const HostFunction& predicate, const Atom& key, const Atom& query);

}  // namespace raspc
