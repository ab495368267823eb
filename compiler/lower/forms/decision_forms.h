// Comparisons, rounding, places and digits of numbers that have no table: steps, whose margin is
// the least distance between two values (compiler/domains/fractions.h). They need no list of the
// values, and the neurons of a comparison do not depend on how many there are.
#pragma once

#include <map>

#include "compiler/domains/fractions.h"
#include "compiler/lower/builder/blocks_builder.h"
#include "compiler/lower/builder/precision_plan.h"
#include "compiler/lower/sops/form_source.h"
#include "compiler/lower/sops/meanings.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

class DecisionForms {
 public:
  // Keeps references.
  DecisionForms(const Sops& sops, const Meanings& meanings, const PrecisionPlan& plan,
            BlocksBuilder& builder, FormSource& forms)
      : sops_(sops),
        meanings_(meanings),
        plan_(plan),
        builder_(builder),
        forms_(forms),
        fractions_(sops.graph(), sops.domains()) {}

  // The number of a listed map without a table that compares, rounds or finds a place or a digit; a
  // comparison is 1 where it holds, else 0. Throws LoweringFailure where the operands are not
  // precise enough.
  LinearForm Of(NodeId id);

 private:
  // The results at the numbers on either side of each step, by number.
  using Steps = std::map<double, double>;

  LinearForm Make(NodeId id);
  LinearForm Compared(NodeId id);
  Steps Rounded(NodeId id);
  Steps Placed(NodeId id);
  Steps Digits(NodeId id) const;
  LinearForm RestAt(NodeId digit);
  LinearForm PreciseDigit(NodeId digit, double tolerance);
  LinearForm StepsOf(NodeId id, const LinearForm& z, const Steps& steps);

  const Sops& sops_;
  const Meanings& meanings_;
  const PrecisionPlan& plan_;
  BlocksBuilder& builder_;
  FormSource& forms_;
  FractionsFinder fractions_;
  std::map<NodeId, LinearForm> known_;
  std::map<NodeId, LinearForm> precise_digits_;
};

}  // namespace raspc
