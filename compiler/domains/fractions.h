// The numbers of an s-op as fractions: what is known of them where they are too many to list.
//
// A mean of ints is k/w for some int k, where w is the number of positions that it is taken over: a
// width from 1 to N. Sums, products and quotients of such numbers are fractions again,
//
//     x = k * grid / (w1^e1 * w2^e2 ...),
//
// with a constant grid and denominators that are widths, or ints that the program divides by. It
// follows how far apart two different values at one position are, at least, and so with which
// margin they can be compared and rounded, however many there are. Denominators are told apart by
// the selector or s-op that they come from: fractions of one denominator have a sum of that
// denominator.
//
// The language's numbers are floats, and the fractions are what they would be without rounding.
// Comparisons of floats are those of the fractions where
//   - either float is the one nearest to its fraction, as quotients of ints are: rounding is
//     monotone, so it can only make different numbers equal, which it does not if they are further
//     apart than floats of their size;
//   - or the float is exact wherever the fractions can be equal at all.
// In rational arithmetic the numbers are the fractions, and so are their comparisons.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "compiler/domains/domains.h"
#include "compiler/domains/equal_rows.h"
#include "compiler/domains/ratio.h"
#include "compiler/domains/wide_map.h"

namespace raspc {

// An int from 1 on that a number is divided by, the same wherever it is named at one position.
struct Denominator {
  enum class Kind {
    kWidth,      // how many positions the row of a selector has, or 1 where it has none
    kMultiple,   // how many times its grid an s-op is
    kElsewhere,  // the denominator that an s-op takes from another position
  };
  Kind kind = Kind::kWidth;
  NodeId of;
  friend auto operator<=>(const Denominator&, const Denominator&) = default;
};

struct Fractions {
  struct Power {
    int exponent = 1;
    double largest = 1;  // of the denominator
  };
  Ratio grid{1, 1};  // positive
  std::map<Denominator, Power> denominators;
  // Of the floats, in float arithmetic. The first implies the others.
  bool is_nearest = false;     // each is the double nearest to its fraction
  bool keeps_sign = false;     // each has the sign of its fraction, and is 0 only where that is
  bool keeps_dyadics = false;  // where the fraction is a multiple of 2^-20, the float is equal

  // The product of the denominators is at most this; may be infinite.
  double LargestDenominator() const;
  // A value other than 0 is at least so large.
  double LeastDistance() const { return grid.ToDouble() / LargestDenominator(); }
};

// A division of the number line: cell i is from start + i * width on. Each number of some s-ops is
// inside a cell, at least `distance` from its ends, and different ones are in different cells.
struct Cells {
  double start = 0, width = 1;
  double distance = 0;
  std::int64_t count = 1;  // that all numbers lie in
};

// Finds the fractions of s-ops, each once. Keeps references to the graph and the domains; requires
// the domains of all s-ops that one depends on.
class FractionsFinder {
 public:
  FractionsFinder(const DataflowGraph& graph, const Domains& domains)
      : graph_(graph), domains_(domains) {}

  // Nothing for an s-op that may be a string, or of which too little is known.
  const std::optional<Fractions>& Of(NodeId id);

  // Whether an s-op is known to have the same value at all positions of an input.
  bool IsSameEverywhere(NodeId id) const;

  // How two s-ops can be related at one position; nothing where that is not known, or where the
  // rounding of floats decides whether they are equal.
  std::optional<Separation> Separate(NodeId a, NodeId b);
  // The same for the listed values of `b`, at any position.
  std::optional<Separation> Separate(NodeId a, const Domain& b);

  // Cells for the numbers of two s-ops, each at any position of an input; nothing where their least
  // distance is not known, or where rounding decides whether they are equal.
  std::optional<Cells> CellsOf(NodeId a, NodeId b);

  // The least distance of an s-op's numbers from halves of odd ints, other than 0, which the
  // language rounds to even; nothing where that is not known, or where rounding decides.
  std::optional<double> DistanceFromHalves(NodeId id);

  // Whether a map is a comparison or a round whose result only the rounding of floats decides on
  // some inputs, so that in rational arithmetic it would be known.
  bool IsDecidedByRounding(NodeId id);

 private:
  bool IsRational() const { return graph_.arithmetic() == ArithmeticKind::kRational; }
  bool IsDecidedByRounding(NodeId a, NodeId b);
  std::optional<Separation> SeparateFromEach(NodeId a, const Domain& listed);
  std::optional<Separation> SeparateFractions(const Fractions& a, const Domain& of_a,
                                              const Fractions& b, const Domain& of_b) const;
  std::optional<Fractions> Find(NodeId id);
  std::optional<Fractions> OfMap(const MapNode& node);
  std::optional<Fractions> OfSum(const MapNode& node);
  std::optional<Fractions> OfProduct(NodeId a, NodeId b);
  std::optional<Fractions> OfQuotient(const MapNode& node);
  std::optional<Fractions> OfPower(const MapNode& node);
  std::optional<Fractions> OfChoice(const MapNode& node);
  std::optional<Fractions> OfAggregate(NodeId id, const AggregateNode& node);
  bool IsSameForAllQueries(NodeId selector) const;
  bool IsSharedByAll(const Denominator& denominator) const;
  std::optional<Fractions> CommonAnywhere(const Fractions& a, NodeId b) const;

  const DataflowGraph& graph_;
  const Domains& domains_;
  std::map<NodeId, std::optional<Fractions>> known_;
  EqualRows equal_rows_{graph_, domains_};
};

}  // namespace raspc
