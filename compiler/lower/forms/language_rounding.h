// How far the program's floats are from the linear forms that represent them.
//
// The language rounds after every operation, so that (0.1 + 1e16) - 1e16 is 0; a form adds up real
// numbers, in which terms cancel. This bounds, for one operation, how far its result can be from
// the real number, given the operands as the language computes them: row by row where the operation
// has a table, else from the size of the numbers. Forms add these up (`LinearForm::drift`).
//
// In rational arithmetic the language rounds nothing, but listed numbers are represented by their
// nearest doubles.
#pragma once

#include <map>

#include "compiler/lower/sops/sops.h"

namespace raspc {

class LanguageRounding {
 public:
  // Keeps a reference.
  explicit LanguageRounding(const Sops& sops) : sops_(sops) {}

  // For a sum, difference, product, quotient or power: how far the language's result can be from
  // the real number that a form computes from the operands' values.
  double Of(NodeId id);
  // How far the numbers of a listed s-op are from the doubles that its form has.
  double OfListed(NodeId id) const;
  // Whether the language's mean is the real one except for the rounding of its division.
  bool IsRoundedOnce(const AggregateNode& mean) const;

 private:
  double OfNearest(NodeId id, const MapNode& map) const;
  double InRange(const MapNode& map) const;
  double InRows(NodeId id, const MapNode& map) const;

  const Sops& sops_;
  std::map<NodeId, double> known_;
};

}  // namespace raspc
