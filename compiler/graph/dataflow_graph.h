// A traced RASP program: the s-ops and selectors it computes, and their operands.
//
// Functions, loops and comprehensions are gone; five kinds of node remain: inputs (tokens
// and indices), constants, elementwise maps, selectors (comparisons or predicates, and and/or/not
// over them) and aggregates. A node refers to its operands by id, and operands always come before
// their users, so the order of ids is a topological order and the graph has no cycles.
//
//     hist = selector_width(select(tokens, tokens, ==));   // a handful of nodes, see `inspect
//     --stage graph`
#pragma once

#include <cstdint>
#include <functional>
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
#include "base/float.h"

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
// A selector by a predicate of the host: entry (q, k) = predicate(keys[k], queries[q]). The tracer
// never makes it, and the compiler replaces it by comparisons before it does anything else
// (compiler/simplify/resolve_host_functions.h).
struct HostSelectNode {
  std::shared_ptr<const HostFunction> predicate;
  NodeId keys, queries;
};
enum class SelectorOp { kAnd, kOr, kNot };
struct SelectorLogicNode {
  SelectorOp op;
  std::vector<NodeId> operands;
};
struct AggregateNode {
  NodeId selector, values;
  std::optional<Atom> default_value;  // none given: the int 0
};
// The value where nothing is selected.
Atom DefaultOf(const AggregateNode& node);

// The number of positions in a selector row. The tracer never makes it: Simplify substitutes it for
// the idiom that computes it (compiler/simplify/simplify.h), and GraphBuilder makes it.
struct WidthNode {
  NodeId selector;
};
// The width times the mean, rounded: the sum of the selected values, which must be ints; 0 if there
// are none. Made only by Simplify, as above.
struct SumNode {
  NodeId selector, values;
};

using NodeKind = std::variant<TokensNode, IndicesNode, ConstantNode, MapNode, SelectNode,
                              SelectorLogicNode, AggregateNode, WidthNode, SumNode, HostSelectNode>;

struct Node {
  NodeKind kind;
  SourceLocation location;  // where the program computes it; a generated node has its origin's
  // Where the program uses it first, if `location` is in the standard library: what both compute is
  // one node, made by the library.
  SourceLocation use;
  std::string name;         // the first name it was assigned to, or empty
  std::string text;         // of the expression whose value it is, shortened, or empty
};

// Append-only. Equal nodes are made once: Add returns the existing id of a node of the same kind
// with the same operands (so `a == b` on ids decides whether two names hold the same computation).
class DataflowGraph {
 public:
  explicit DataflowGraph(ArithmeticKind arithmetic = ArithmeticKind::kFloat,
                         ValueRules rules = ValueRules::kRasp)
      : arithmetic_(arithmetic), rules_(rules) {}
  // What its floats mean: by which operators every stage evaluates it.
  ArithmeticKind arithmetic() const { return arithmetic_; }
  // Which values may be side by side, and have a mean.
  ValueRules rules() const { return rules_; }

  NodeId Add(NodeKind kind, SourceLocation location);
  // Names a node that has no name yet.
  void Name(NodeId id, std::string name);
  // Records the expression whose value a node is.
  void Write(NodeId id, std::string text);
  // Sets the location of a node that has none yet: tokens and indices, at their first use.
  void Locate(NodeId id, SourceLocation location);
  // Sets where a node of the standard library is used, unless that is known.
  void Use(NodeId id, SourceLocation use);

  const Node& operator[](NodeId id) const { return nodes_[static_cast<std::size_t>(id.value)]; }
  int size() const { return static_cast<int>(nodes_.size()); }
  bool IsSelector(NodeId id) const;
  // The operands in order; for an aggregate the selector, then the values.
  std::vector<NodeId> OperandsOf(NodeId id) const;
  // The node with each of its operands replaced, for another graph.
  NodeKind WithOperands(NodeId id, const std::function<NodeId(NodeId)>& replace) const;
  // A short name for messages, in the user's words: the assigned name, or the text of the
  // expression.
  std::string Describe(NodeId id) const;

 private:
  ArithmeticKind arithmetic_;
  ValueRules rules_;
  std::vector<Node> nodes_;
  std::unordered_map<std::string, NodeId> by_key_;  // structural key -> id
};

// The ids that `roots` depend on, roots included, in ascending order.
std::vector<NodeId> Reachable(const DataflowGraph& graph, std::span<const NodeId> roots);

// A node as one line: `%7 = map %3 + %5`.
std::string NodeText(const DataflowGraph& graph, NodeId id);

// The name of a node in messages: its short name in backticks.
std::string NameInMessage(const DataflowGraph& graph, NodeId id);

// Where messages about a node point: in the program wherever it has a part in the node.
const SourceLocation& PlaceInMessage(const DataflowGraph& graph, NodeId id);

// One line per node, for `inspect --stage graph`.
std::string ToText(const DataflowGraph& graph);

}  // namespace raspc
