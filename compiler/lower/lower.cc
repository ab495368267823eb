#include "compiler/lower/lower.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "compiler/lower/builder/blocks_builder.h"
#include "compiler/lower/builder/name_apart.h"
#include "compiler/lower/builder/precision_plan.h"
#include "compiler/lower/forms/forms.h"
#include "compiler/lower/readout.h"
#include "compiler/lower/sops/meanings.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {
namespace {

// Errors this small do not matter.
constexpr double kStrictTolerance = 1.0 / (1 << 30);
// A chain of functions of many points is less precise than that, but errors this small still add up
// to little.
constexpr double kPatientTolerance = 1.0 / (1 << 15);

// The most precise MLP segment within a tolerance.
PrecisionPlan PrecisePlan(double number_tolerance) {
  PrecisionPlan plan;
  plan.number_tolerance = number_tolerance;
  plan.prefer = MlpSegment::Prefer::kPrecision;
  plan.square_cells = 16;
  plan.laid_out_products = 128;
  return plan;
}

// The plans to try, until one is precise enough.
std::vector<PrecisionPlan> PlansFor(const Domain& output, DType dtype) {
  std::vector<PrecisionPlan> plans{PrecisionPlan{}};
  if (dtype != DType::kFloat64) return plans;
  plans.push_back(PrecisePlan(kStrictTolerance));
  plans.push_back(PrecisePlan(kPatientTolerance));
  // Floats that are too close together to be distinguished, such as 0.1 + 0.2 and 0.3, can still be
  // read out directly.
  if (output.MayBe(AtomType::kFloat)) {
    plans.push_back(PrecisePlan(kStrictTolerance));
    plans.back().read_out_raw = true;
  }
  return plans;
}

// Throws LoweringFailure.
Blocks LowerByPlan(const Sops& sops, NodeId output, const PrecisionPlan& plan) {
  const Meanings meanings(sops, sops.graph()[output].location.source);
  BlocksBuilder builder(sops.options().dtype, sops.options().max_parameters);
  Forms forms(sops, meanings, plan, builder);
  Readout readout(sops, builder, forms);
  if (plan.read_out_raw || !sops[output].is_finite) {
    readout.OfRaw(output);
  } else {
    readout.OfListed(output);
  }
  Blocks blocks = sops.Has(Optimization::kDeadBlocks) ? WithoutDeadBlocks(builder.blocks())
                                                      : builder.blocks();
  NameApart(blocks);
  return blocks;
}

}  // namespace

LowerResult Lower(const DataflowGraph& graph, const Domains& domains, NodeId output,
                  const LowerOptions& options, Diagnostics& diag) {
  const Sops sops(graph, domains, options);
  LowerResult result;
  for (const PrecisionPlan& plan : PlansFor(domains[output], options.dtype)) {
    try {
      result.blocks = LowerByPlan(sops, output, plan);
      result.imprecise.reset();
      return result;
    } catch (const LoweringFailure& failure) {
      if (!failure.is_imprecise) {
        diag.Add(failure.diagnostic);
        return result;
      }
      if (!result.imprecise) {
        result.imprecise = failure.diagnostic;  // the first is the most informative
      }
    } catch (const BlocksBuilder::TooManyParameters&) {
      diag.Error(ErrorKind::kLimit, PlaceInMessage(graph, output),
                 fmt::format("{} takes more than {} parameters", NameInMessage(graph, output),
                             options.max_parameters));
      result.is_over_limit = true;
      return result;
    }
  }
  return result;
}

}  // namespace raspc
