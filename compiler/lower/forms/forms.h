// An s-op as a linear form of variables, in one of these ways, the first that applies:
//
//   embedding-only   a column of an embedding table
//   linear           a sum, a difference, a multiple or a mean of forms (forms_numbers.cc)
//   gathered         an aggregate without means, by a head
//   decided          a comparison and the like without a table, by steps (decision_forms.h)
//   chosen           an `if` without a table (choice_forms.h)
//   squares          a product without a table, or with a very long one (products.h)
//   MLP segment      everything else (functions/functions.h)
//
// Everything is made on demand and kept.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "compiler/lower/builder/blocks_builder.h"
#include "compiler/lower/builder/precision_plan.h"
#include "compiler/lower/forms/block_sums.h"
#include "compiler/lower/forms/choice_forms.h"
#include "compiler/lower/forms/decision_forms.h"
#include "compiler/lower/forms/language_rounding.h"
#include "compiler/lower/forms/products.h"
#include "compiler/lower/forms/types.h"
#include "compiler/lower/functions/functions.h"
#include "compiler/lower/selectors/heads.h"
#include "compiler/lower/selectors/positions.h"
#include "compiler/lower/selectors/program_selectors.h"
#include "compiler/lower/selectors/selector_formula.h"
#include "compiler/lower/selectors/selectors.h"
#include "compiler/lower/selectors/width_parts.h"
#include "compiler/lower/sops/form_source.h"
#include "compiler/lower/sops/meanings.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

class Forms final : public FormSource {
 public:
  // Keeps references. It owns the parts that need forms themselves, and gives them itself.
  Forms(const Sops& sops, const Meanings& meanings, const PrecisionPlan& plan,
        BlocksBuilder& builder);
  Forms(const Forms&) = delete;
  Forms& operator=(const Forms&) = delete;

  // See FormSource. All throw LoweringFailure.
  LinearForm Real(NodeId id, const Code& code) override;
  LinearForm Number(NodeId id) override;
  LinearForm NumberPart(NodeId id) override;
  std::optional<LinearForm> LinearNumber(NodeId id) override;
  LinearForm Type(NodeId id) override { return types_.Of(id); }
  bool HasShare(NodeId width) override { return PartsOf(width).size() == 1; }
  LinearForm Share(NodeId width) override { return heads_.Share(PartsOf(width)[0].formula); }

 private:
  LinearForm ComputeReal(NodeId id, const Code& code);
  LinearForm Column(NodeId id, const Code& code);
  std::optional<LinearForm> LinearReal(NodeId id, const Code& code);
  LinearForm AffineForm(NodeId id, const LinearForm& number,
                        const std::pair<double, double>& affine) const;
  LinearForm RealOfFeatures(NodeId id, const Code& code);
  LinearForm RealOfGather(NodeId id, const Code& code);
  std::optional<LinearForm> RealOfProduct(NodeId id, const Code& code);

  // forms_numbers.cc
  LinearForm NumberOfUnlisted(NodeId id);
  std::optional<LinearForm> LinearMap(NodeId id, const MapNode& map);
  LinearForm MeanForm(NodeId aggregate);
  std::optional<LinearForm> ProductForm(NodeId id);
  std::optional<LinearForm> QuotientForm(NodeId id);
  std::optional<LinearForm> WidthForm(NodeId width);
  LinearForm SumForm(NodeId sum);
  std::optional<LinearForm> SumOverBlocks(NodeId sum);
  LinearForm WidthOfPart(NodeId node, FormulaId part);
  const std::vector<WidthPart>& PartsOf(NodeId width);

  const Sops& sops_;
  const Meanings& meanings_;
  const PrecisionPlan& plan_;
  BlocksBuilder& builder_;
  LanguageRounding rounding_;
  Formulas formulas_;
  Positions positions_;
  ProgramSelectors program_;
  WidthParts width_parts_;
  Functions functions_;
  Selectors selectors_;
  Heads heads_;
  BlockSums block_sums_;
  Products products_;
  ChoiceForms choices_;
  DecisionForms decisions_;
  Types types_;
  std::map<std::pair<NodeId, Code>, LinearForm> reals_;
  std::map<NodeId, LinearForm> product_forms_;
};

}  // namespace raspc
