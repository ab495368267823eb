// What heads give: means and gathered values, and the number of selected keys.
//
//   a mean or a gather   the head attends to the selected keys, in equal parts, and reads a form at
//                        each; BOS gives the value where nothing is selected
//   a share              the head attends to BOS as well, and averages an indicator of BOS:
//                        1/(1 + width). An MLP segment turns it into the width
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "compiler/lower/builder/blocks_builder.h"
#include "compiler/lower/builder/precision_plan.h"
#include "compiler/lower/selectors/program_selectors.h"
#include "compiler/lower/selectors/selectors.h"
#include "compiler/lower/selectors/width_parts.h"
#include "compiler/lower/sops/form_source.h"
#include "compiler/lower/sops/meanings.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

class Heads {
 public:
  // Keeps references.
  Heads(const Sops& sops, const Meanings& meanings, const PrecisionPlan& plan,
        BlocksBuilder& builder, FormSource& forms, const Formulas& formulas,
        ProgramSelectors& program, WidthParts& width_parts, Selectors& selectors)
      : sops_(sops),
        meanings_(meanings),
        plan_(plan),
        builder_(builder),
        forms_(forms),
        formulas_(formulas),
        program_(program),
        width_parts_(width_parts),
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

  // The sum of `value` over the keys that a formula selects, `size` of them or none in each row; by
  // scores that are exact.
  LinearForm SumOver(FormulaId formula, const LinearForm& value, std::int64_t size,
                     const VariableMeaning& meaning);

  // 1 / (1 + width) for what a formula selects.
  LinearForm Share(FormulaId formula);
  // The width of what a formula selects, which is all of `node`, a width or a sum, or a part of it.
  LinearForm Width(NodeId node, FormulaId formula);

 private:
  // What a head for a formula gives, if that is more than an indicator of BOS.
  struct Asked {
    FormulaId formula;
    bool selects_at_most_one;
    std::int64_t most;  // keys that it selects
    Combination combination;
  };
  LinearForm ChannelOf(const Asked& asked, const LinearForm& value, double at_bos,
                       const VariableMeaning& meaning);
  // heads_emptiness.cc: 1 where a selector selects nothing, else 0.
  LinearForm Emptiness(NodeId selector);
  LinearForm EmptinessOf(NodeId selector, FormulaId part);
  std::optional<LinearForm> EmptinessInParts(NodeId selector, FormulaId formula);
  std::optional<LinearForm> EmptinessByExtreme(NodeId selector, FormulaId formula);
  std::optional<LinearForm> ExtremeKey(NodeId selector, NodeId keys, bool greatest);
  HeadBlock HeadFor(const Scoring& scoring, FormulaId formula, bool bos_shares) const;
  Bound BoundOfChannel(const LinearForm& value, double at_bos, const Asked& asked) const;

  const Sops& sops_;
  const Meanings& meanings_;
  const PrecisionPlan& plan_;
  BlocksBuilder& builder_;
  FormSource& forms_;
  const Formulas& formulas_;
  ProgramSelectors& program_;
  WidthParts& width_parts_;
  Selectors& selectors_;
  std::map<std::pair<FormulaId, int>, std::size_t> heads_;  // of means, by the layer they run in
  std::map<FormulaId, LinearForm> shares_;
  std::map<FormulaId, LinearForm> widths_;
  std::map<FormulaId, LinearForm> emptiness_;
};

}  // namespace raspc
