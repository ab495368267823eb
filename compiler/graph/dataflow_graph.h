// A traced RASP program: the s-ops and selectors it computes, and from what.
//
// Functions, loops and comprehensions are gone; what is left are five kinds of node: inputs (tokens
// and indices), constants, elementwise maps, selectors (comparisons, and and/or/not over them) and
// aggregates. A node refers to its operands by id, and operands always come before their users, so
// the order of ids is a topological order and the graph has no cycles.
//
//     hist = selector_width(select(tokens, tokens, ==));   // a handful of nodes, see `inspect
//     --stage graph`
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/operations/operations.h"
#include "compiler/syntax/syntax_tree.h"
#include "base/atom.h"
#include "base/diagnostics.h"

namespace raspc {

struct NodeId {
  std::int32_t value = -1;
  bool IsValid() const { return value >= 0; }
  friend bool operator==(NodeId, NodeId) = default;
  friend auto operator<=>(NodeId, NodeId) = default;
};

struct TokensNode {
  TokenView view;
};
struct IndicesNode {};
struct ConstantNode {
  Atom value;
};  // the same at every position
struct MapNode {
  MapOp op;
  std::vector<NodeId> operands;
  std::shared_ptr<const MapTable> table;  // null unless the operation has one
};
struct SelectNode {
  Comparison op;
  NodeId keys, queries;
};  // entry (q, k) = keys[k] op queries[q]
enum class SelectorOp { kAnd, kOr, kNot };
struct SelectorLogicNode {
  SelectorOp op;
  std::vector<NodeId> operands;
};
struct AggregateNode {
  NodeId selector, values;
  std::optional<Atom> default_value;  // none given: the int 0
};
// What comes out where nothing is selected.
Atom DefaultOf(const AggregateNode& node);

// How many positions a selector row has. The tracer never makes it: Simplify puts it in place of
// the idiom that computes it (compiler/simplify/simplify.h).
struct WidthNode {
  NodeId selector;
};
// The width times the mean, rounded: the sum of the selected values, which must be ints; 0 of none.
// Made by Simplify alone, as above.
struct SumNode {
  NodeId selector, values;
};

using NodeKind = std::variant<TokensNode, IndicesNode, ConstantNode, MapNode, SelectNode,
                              SelectorLogicNode, AggregateNode, WidthNode, SumNode>;

struct Node {
  NodeKind kind;
  SourceLocation location;  // where the program asked for it; a generated node has its origin's
  std::string name;         // the first name it was assigned to, or empty
  std::string text;         // of the expression that it is the value of, shortened, or empty
};

// Append-only. Equal nodes are made once: Add returns the existing id of a node of the same kind
// with the same operands (so `a == b` on ids decides whether two names hold the same computation).
class DataflowGraph {
 public:
  NodeId Add(NodeKind kind, SourceLocation location);
  // Names a node that has no name yet.
  void Name(NodeId id, std::string name);
  // Says which expression a node is the value of.
  void Write(NodeId id, std::string text);
  // Places a node that has no known location yet: tokens and indices, at their first use.
  void Locate(NodeId id, SourceLocation location);

  const Node& operator[](NodeId id) const { return nodes_[static_cast<std::size_t>(id.value)]; }
  int size() const { return static_cast<int>(nodes_.size()); }
  bool IsSelector(NodeId id) const;
  // The operands in order: of an aggregate the selector, then the values.
  std::vector<NodeId> OperandsOf(NodeId id) const;
  // A short name for messages, in the user's words: the assigned name, or the text of the
  // expression.
  std::string Describe(NodeId id) const;

 private:
  std::vector<Node> nodes_;
  std::unordered_map<std::string, NodeId> by_key_;  // structural key -> id
};

// The ids that `roots` depend on, roots included, in rising order.
std::vector<NodeId> Reachable(const DataflowGraph& graph, std::span<const NodeId> roots);

// A node as one line: `%7 = map %3 + %5`.
std::string NodeText(const DataflowGraph& graph, NodeId id);

// What a message calls a node: its short name in backticks.
std::string NameInMessage(const DataflowGraph& graph, NodeId id);

// One line per node, for `inspect --stage graph`.
std::string ToText(const DataflowGraph& graph);

}  // namespace raspc
