// The s-ops of a program, as lowering sees them: which are columns of an embedding table, which are
// gathered, which are numbers. Questions only; nothing is made here.
//
// Terms: an s-op is *embedding-only* if it is a function of only the token or only the position; an
// aggregate is a *look-up* if it gathers one value and is never a mean of several. A *code* gives a
// number for each value of a finite domain.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/domains/domains.h"
#include "compiler/domains/joint_table.h"
#include "compiler/graph/dataflow_graph.h"
#include "compiler/lower/sops/lower_options.h"

namespace raspc {

// A real number for each value of a domain, by its index.
using Code = std::vector<double>;

// Thrown inside lowering, and caught in Lower, which reports it.
struct LoweringFailure {
  Diagnostic diagnostic;
  bool is_imprecise = false;  // more significant bits may help
};

class Sops {
 public:
  // Keeps references to the graph and the domains.
  Sops(const DataflowGraph& graph, const Domains& domains, const LowerOptions& options)
      : graph_(graph), domains_(domains), options_(options) {}

  const DataflowGraph& graph() const { return graph_; }
  const Domains& domains() const { return domains_; }
  const CompileScope& scope() const { return domains_.scope; }
  std::int64_t context_length() const { return domains_.scope.context_length; }
  const LowerOptions& options() const { return options_; }
  bool Has(Optimization optimization) const { return options_.optimizations.Has(optimization); }

  // The node as this kind, or null.
  template <typename Kind>
  const Kind* As(NodeId id) const {
    return std::get_if<Kind>(&graph_[id].kind);
  }
  const Domain& operator[](NodeId id) const { return domains_[id]; }
  const FunctionTable& TableOf(NodeId id) const { return domains_.TableOf(id); }
  bool HasTable(NodeId id) const { return !TableOf(id).rows.empty(); }
  const MapNode* AsMap(NodeId id, MapOp op) const {
    const auto* map = As<MapNode>(id);
    return map != nullptr && map->op == op ? map : nullptr;
  }
  bool IsFeature(NodeId id) const { return raspc::IsFeature(graph_, domains_, id); }
  std::optional<JointTable> Tabulate(std::span<const NodeId> nodes, NodeId opened = {}) const {
    return raspc::Tabulate(graph_, domains_, nodes, opened);
  }

  bool IsNumeric(NodeId id) const;   // all its values are numbers
  bool HasIntsOnly(NodeId id) const;  // finitely many, and at least one
  // By value: its number, 0 for strings.
  Code NumberCode(NodeId id) const;
  // By value: 0 for an int, 1 for a float, 2 for a bool, then the strings of the domain,
  // from kFirstStringType on.
  static constexpr double kFirstStringType = 3;
  Code TypeCode(NodeId id) const;
  // By value: the place among `strings`, from kFirstStringType on, 0 for what is not among them.
  Code StringCode(NodeId id, const std::vector<Atom>& strings) const;
  // The code as a * number + b, if it is.
  std::optional<std::pair<double, double>> AffineInNumber(NodeId id, const Code& code) const;

  // The one embedding-only feature it depends on, or null.
  const Feature* EmbeddedFeatureOf(NodeId id) const;
  // Whether it depends on at most one feature, which is embedding-only.
  bool IsEmbedded(NodeId id) const;
  bool IsOfPosition(NodeId id) const;  // embedding-only, and a function of the position
  // Whether an aggregate is never a mean of several values: see infer_domains.h.
  bool IsGather(NodeId aggregate) const;
  // Whether it is gathered from embedding-only values at the key, so that any function of it is one
  // more channel.
  bool IsEmbeddedLookUp(NodeId id) const;
  // Whether no row of the selector has two positions.
  bool SelectsAtMostOne(NodeId selector) const;
  // Whether the model has a listed s-op only as its number, so that values of equal number and
  // different type are distinguished only by type: a mean, or a map without a table.
  bool HasNumberOnly(NodeId id) const;
  // Whether it is an `if` without a table between two s-ops whose values the model distinguishes.
  bool IsListedChoice(NodeId id) const;
  // Whether the number of an s-op costs no MLP segment beyond those of the features it is made of.
  bool IsCheaplyLinear(NodeId id) const;
  // Where a map only renames the values of one operand: the operand, and the code by its values.
  std::optional<std::pair<NodeId, Code>> RenamedFrom(NodeId id, const Code& code) const;

  // Why an s-op is not listed: a clause about it, in the program's words.
  std::string WhyUnlisted(NodeId id) const;
  // Failures of lowering at a node; `what` is a clause about it.
  [[noreturn]] void FailTooLarge(NodeId id, const std::string& what) const;
  // For a number without a list that `what_jumps`, such as "rounds a number", may not be off.
  [[noreturn]] void FailUndecided(NodeId id, std::string_view what_jumps) const;
  [[noreturn]] void FailImprecise(NodeId id, const std::string& what) const;

 private:
  const DataflowGraph& graph_;
  const Domains& domains_;
  LowerOptions options_;
};

}  // namespace raspc
