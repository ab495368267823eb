// Where names live while a program is traced.
//
// A scope sees its own names, then those of the enclosing scope. Assigning never reaches into an
// outer scope. The outermost scope, the base, holds the words of the language and the standard
// library; the program's top level lies in it, and so does each loaded file, whose assignments go
// to the loading scope as well (except `out` and names that start with _).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/trace/value.h"

namespace raspc {

enum class ScopeKind { kBase, kTopLevel, kFile, kLocal };

class Scope {
 public:
  Scope(ScopeKind kind, Scope* parent, Scope* also_assigns = nullptr)
      : kind_(kind), parent_(parent), also_assigns_(also_assigns) {}
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  struct Variable {
    Value value;
    std::int64_t order;  // of the assignment, among all assignments
  };

  ScopeKind kind() const { return kind_; }
  const Scope* parent() const { return parent_; }
  // The scope that receives this one's assignments too, or null.
  Scope* also_assigns() const { return also_assigns_; }
  const std::unordered_map<std::string, Variable>& variables() const { return variables_; }

  // The value of a name here or outside; null if there is none.
  const Value* Find(const std::string& name) const {
    for (const Scope* scope = this; scope != nullptr; scope = scope->parent_) {
      const auto found = scope->variables_.find(name);
      if (found != scope->variables_.end()) return &found->second.value;
    }
    return nullptr;
  }
  // Sets or clears the value of a name, and returns the previous one.
  std::optional<Variable> Exchange(const std::string& name, std::optional<Variable> variable) {
    std::optional<Variable> before;
    const auto found = variables_.find(name);
    if (found != variables_.end()) before = std::move(found->second);
    if (variable) {
      variables_.insert_or_assign(name, *std::move(variable));
    } else if (found != variables_.end()) {
      variables_.erase(found);
    }
    return before;
  }

  // The last value computed in this scope.
  std::optional<Value> out;
  // A function was defined here, so the scope must outlive the call that made it.
  bool is_captured = false;

  // Clears everything, for the next round of a comprehension.
  void Clear() {
    variables_.clear();
    out.reset();
  }

 private:
  ScopeKind kind_;
  Scope* parent_;
  Scope* also_assigns_;
  std::unordered_map<std::string, Variable> variables_;
};

}  // namespace raspc
