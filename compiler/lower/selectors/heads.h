// What heads give: means and gathered values, and the number of selected keys.
//
//   a mean or a gather   the head attends to the selected keys, in equal parts, and reads a form at
//                        each; BOS gives the value where nothing is selected
//   a share              the head attends to BOS as well, and averages an indicator of BOS:
//                        1/(1 + width). An MLP segment turns it into the width
#pragma once

#include <cstddef>
#include <map>
#include <utility>

#include "compiler/lower/builder/blocks_builder.h"
#include "compiler/lower/builder/precision_plan.h"
#include "compiler/lower/selectors/program_selectors.h"
#include "compiler/lower/selectors/selectors.h"
#include "compiler/lower/sops/meanings.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

class Heads {
 public:
  // Keeps references.
  Heads(const Sops& sops, const Meanings& meanings, const PrecisionPlan& plan,
        BlocksBuilder& builder, ProgramSelectors& program, Selectors& selectors)
      : sops_(sops),
        meanings_(meanings),
        plan_(plan),
        builder_(builder),
        program_(program),
        selectors_(selectors) {}

  // How the values at the selected keys are combined.
  enum class Combination {
    kGather,             // one value, or equal ones
    kMean,               // whose sum the language does not round
    kMeanOfRoundedSums,  // whose sum it rounds too
  };
  // The mean of `value` over the keys that a selector selects; `at_bos` where there are none.
  LinearForm Channel(NodeId selector, const LinearForm& value, double at_bos,
                     Combination combination, const VariableMeaning& meaning);

  // 1 / (1 + width) for what a formula selects.
  LinearForm Share(FormulaId formula);
  // The width of what a formula selects, which is all of `node`, a width or a sum, or a part of it.
  LinearForm Width(NodeId node, FormulaId formula);

 private:
  HeadBlock HeadFor(const Scoring& scoring, FormulaId formula, bool bos_shares) const;
  Bound BoundOfChannel(const LinearForm& value, double at_bos, Combination combination) const;

  const Sops& sops_;
  const Meanings& meanings_;
  const PrecisionPlan& plan_;
  BlocksBuilder& builder_;
  ProgramSelectors& program_;
  Selectors& selectors_;
  std::map<std::pair<FormulaId, int>, std::size_t> heads_;  // of means, by the layer they run in
  std::map<FormulaId, LinearForm> shares_;
  std::map<FormulaId, LinearForm> widths_;
};

}  // namespace raspc
