// What is known of every s-op of a program: the values it can take, and the features it is a fixed
// function of.
//
// A *feature* is what the transformer can start from at a position: the token, the position, or the
// value of an aggregate or a width. Between features lie only elementwise maps, so any
// s-op is a function of its features; as long as the product of their domains is at most
// `max_domain`, that function is written out as a table, exactly and with every relation between
// its operands kept (`x - x` is 0). An s-op whose table would be larger cuts the function: its
// operands become features. A table of one feature is never too large.
//
//     s = 2 * selector_width(same) + indices;     // features: width (0..16), position (0..15); 272
//     rows
//
// Domains over-approximate: they contain every value that can occur on some input, and perhaps
// others. A row on which an operation fails (a missing key, a division by zero) is undefined and
// constrains nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "compiler/graph/dataflow_graph.h"
#include "base/atom.h"

namespace raspc {

// The values an s-op can take.
struct Domain {
  bool is_finite = true;
  std::vector<Atom> values;  // is_finite: pairwise not Identical, in the order of IdentityLess
  double low = 0, high = 0;  // not is_finite: bounds of the numbers it takes
  bool may_be_int = false;   // not is_finite: the types of its values
  bool may_be_float = false;
  bool may_be_bool = false;
  bool may_be_string = false;
  std::vector<Atom> strings;  // not is_finite: its strings, if known
  bool may_fail = false;      // the operation fails on some rows of its table

  // The position of `value` in `values`, or -1.
  int IndexOf(const Atom& value) const;
  // Whether an atom of this type is among the values.
  bool MayBe(AtomType type) const;
  // The strings among the values, in the order of IdentityLess.
  std::vector<Atom> Strings() const;
};

struct Feature {
  enum class Kind { kToken, kPosition, kNode };
  Kind kind = Kind::kNode;
  NodeId node;  // kNode: an aggregate, a width, or a map that was cut
  friend bool operator==(const Feature&, const Feature&) = default;
  friend auto operator<=>(const Feature&, const Feature&) = default;
};

// An s-op as a function of features. Row numbers are mixed-radix; the first feature varies slowest.
struct FunctionTable {
  std::vector<Feature> features;
  std::vector<std::int32_t> rows;  // index into the s-op's domain; -1: undefined
};

struct CompileScope {
  std::vector<Atom> vocabulary;
  std::int64_t context_length = 0;   // maximum number of positions of a sequence
  std::int64_t max_domain = 0;       // maximum rows of a table of several features, and means
  bool causal = false;               // selectors are restricted to keys at or before the query
  bool look_at_positions = true;     // row by row, where a selector depends only on positions
  bool reduce_counts_first = false;  // cut functions of a count that have few values
  // Aggregates with more means than this, or more than max_domain, are not listed.
  std::int64_t max_means = std::numeric_limits<std::int64_t>::max();
  // Sums, products, quotients, comparisons and choices of several features have no table of more
  // rows than this.
  std::int64_t max_arithmetic_rows = std::numeric_limits<std::int64_t>::max();
  // All values of some aggregates whose values are not listed otherwise (all_inputs.h).
  std::map<NodeId, std::vector<Atom>> known_values;

  // Whether a function of features of these sizes is written out. A function of one feature always
  // is: it has as many rows as the feature has values, however long inputs are.
  bool IsTabulated(std::span<const std::int64_t> sizes) const;
  // Maximum number of ints that are listed one by one: `max_domain`, and at least enough for sums
  // of a few positions and counts.
  std::int64_t MostInts() const;
  // Maximum number of means that an aggregate lists.
  std::int64_t MostMeans() const { return std::min(max_domain, max_means); }
};

struct Domains {
  std::vector<Domain> domain;  // by node id; selectors have none
  std::vector<FunctionTable>
      table;                      // by node id; empty for features themselves and where not finite
  std::vector<bool> is_cut;       // by node id: a map that its users treat as a feature
  std::vector<bool> at_most_one;  // by node id, selectors: no row has two positions
  // By width node, of selectors that depend only on positions: the smallest and largest width at
  // each position, so that tables leave out rows that no input has.
  std::map<NodeId, std::vector<std::pair<std::int64_t, std::int64_t>>> widths_at;
  CompileScope scope;

  const Domain& operator[](NodeId id) const { return domain[static_cast<std::size_t>(id.value)]; }
  const FunctionTable& TableOf(NodeId id) const {
    return table[static_cast<std::size_t>(id.value)];
  }
  // The features that users of a node see: the node itself if it is a feature, else those of its
  // table.
  std::vector<Feature> FeaturesOf(const DataflowGraph& graph, NodeId id) const;
  // For each combination of values of the features, as rows of a table, whether some input can have
  // it at some position; empty if all may.
  std::vector<bool> Reachable(const std::vector<Feature>& features) const;
  // The number of values of a feature.
  std::int64_t SizeOf(const Feature& feature) const;
};

// Whether users of this node treat it as a feature rather than as a function of others.
bool IsFeature(const DataflowGraph& graph, const Domains& domains, NodeId id);

// One line per s-op, for `inspect --stage domains`.
std::string ToText(const DataflowGraph& graph, const Domains& domains);

}  // namespace raspc
