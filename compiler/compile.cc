#include "compiler/compile.h"

#include <fmt/format.h>

#include <cassert>
#include <limits>

#include "base/large_stack.h"
#include "compiler/allocate/allocate.h"
#include "compiler/domains/all_inputs.h"
#include "compiler/domains/infer_domains.h"
#include "compiler/emit/emit.h"
#include "compiler/failures/failures.h"
#include "compiler/lower/lower.h"
#include "compiler/schedule/schedule.h"
#include "compiler/simplify/compare_at_query.h"
#include "compiler/simplify/gather_from_parts.h"
#include "compiler/simplify/place_compared.h"
#include "compiler/simplify/simplify.h"

namespace raspc {
namespace {

constexpr std::int64_t kMaxParameters = std::int64_t{1} << 27;  // 1 GiB while they are doubles

// What the model says besides its weights.
Model WithoutWeights(const Specification& specification) {
  Model model;
  model.name = specification.name;
  model.vocabulary = specification.vocabulary;
  model.alphabet = specification.alphabet;
  model.max_length = specification.max_length;
  model.context_length = specification.context_length;
  model.target = specification.target;
  model.causal = specification.HasCausalMask();
  model.frame = specification.evaluation.frame;
  model.generation = specification.evaluation.generation;
  model.certificate.exact_to_length = specification.max_length;
  return model;
}

LowerOptions OptionsFor(const Specification& specification, const Optimizations& optimizations) {
  LowerOptions options;
  options.dtype = specification.dtype;
  options.causal = specification.evaluation.causal;
  options.mask = specification.HasCausalMask() ? HeadMask::kCausal : HeadMask::kNone;
  options.relative_positions = specification.target == Target::kMasked;
  options.optimizations = optimizations;
  return options;
}

CompileScope ScopeFor(const Specification& specification, const Optimizations& optimizations) {
  CompileScope scope;
  scope.vocabulary = specification.vocabulary;
  scope.context_length = specification.context_length;
  scope.causal = specification.evaluation.causal;
  scope.max_domain = scope.max_means = specification.max_domain;
  scope.reduce_counts_first = specification.reduce_counts_first;
  scope.look_at_positions = optimizations.Has(Optimization::kPositions);
  return scope;
}

// Lowers in the type asked for; where the certificate does not allow float32 and it may be widened,
// in float64.
LowerResult LowerInSomeType(const DataflowGraph& graph, const Domains& domains, NodeId output,
                            bool may_widen, LowerOptions options, Diagnostics& diag) {
  LowerResult result = Lower(graph, domains, output, options, diag);
  if (result.imprecise && may_widen) {
    diag.Warning(ErrorKind::kLimit, result.imprecise->location,
                 result.imprecise->message + "; compiling for float64");
    options.dtype = DType::kFloat64;
    result = Lower(graph, domains, output, options, diag);
  }
  if (result.imprecise) diag.Add(*result.imprecise);
  return result;
}

// A program on its way to a model.
struct Lowered {
  SimplifiedGraph simplified;
  Domains domains;
  std::optional<Blocks> blocks;
  Diagnostics diag;
};

// Domains, once selectors compare places where a number is not listed.
void InferPlaced(Lowered& lowered, const CompileScope& scope) {
  lowered.domains = InferDomains(lowered.simplified.graph, scope, lowered.diag);
  if (lowered.diag.HasErrors() || !ComparesUnlisted(lowered.simplified.graph, lowered.domains)) {
    return;
  }
  lowered.simplified = PlaceCompared(lowered.simplified, lowered.domains);
  lowered.domains = InferDomains(lowered.simplified.graph, scope, lowered.diag);
}

// Domains and blocks. Where domains are too large to lower from, and inputs are few, tries again
// with the values that occur on all inputs.
Lowered InferAndLower(const SimplifiedGraph& simplified, CompileScope scope, bool may_widen,
                      const LowerOptions& options) {
  Lowered lowered{simplified, {}, {}, {}};
  InferPlaced(lowered, scope);
  if (lowered.diag.HasErrors()) return lowered;
  const auto lower = [&](Lowered& from) {
    LowerResult result = LowerInSomeType(from.simplified.graph, from.domains,
                                         from.simplified.output, may_widen, options, from.diag);
    from.blocks = std::move(result.blocks);
    return result.imprecise.has_value();
  };
  if (lower(lowered) || lowered.blocks) return lowered;

  Lowered again{simplified, {}, {}, {}};
  const DataflowGraph& graph = simplified.graph;
  const Domains domains = InferDomains(graph, scope, again.diag);
  scope.known_values = ValuesOnAllInputs(graph, UnlistedAggregates(graph, domains), scope);
  if (scope.known_values.empty()) return lowered;
  again.domains = InferDomains(graph, scope, again.diag);
  if (!again.diag.HasErrors()) lower(again);
  return again.blocks ? again : lowered;
}

// About how many parameters a model of these blocks has.
std::int64_t NumParameters(const Blocks& blocks, const Specification& specification) {
  std::size_t rows =
      specification.vocabulary.size() + static_cast<std::size_t>(specification.context_length) + 2;
  for (const HeadBlock& head : blocks.heads) {
    rows += 2 * (head.terms.size() + 1) + 2 * head.channels.size();
  }
  for (const MlpBlock& mlp : blocks.mlps) rows += 2 * mlp.neurons.size();
  return static_cast<std::int64_t>(rows) * static_cast<std::int64_t>(blocks.variables.size() + 2);
}

// The most parameters where it failed.
std::int64_t SizeOf(const Lowered& lowered, const Specification& specification) {
  return lowered.blocks ? NumParameters(*lowered.blocks, specification)
                        : std::numeric_limits<std::int64_t>::max();
}

// The usual way first. Where that fails, or the model would be large, the other ways that apply are
// tried too, and the smallest model wins.
Lowered LowerInSomeWay(const SimplifiedGraph& simplified, const Specification& specification,
                       const Optimizations& optimizations) {
  constexpr std::int64_t kLarge = 20'000;   // parameters
  constexpr std::int64_t kWorthAWhile = 2;  // times fewer parameters: other ways take more layers
  constexpr std::int64_t kFewMeans = 64;
  const LowerOptions options = OptionsFor(specification, optimizations);
  CompileScope scope = ScopeFor(specification, optimizations);
  const auto lower = [&](const SimplifiedGraph& from, const CompileScope& in) {
    return InferAndLower(from, in, specification.may_widen, options);
  };
  Lowered best = lower(simplified, scope);
  const auto is_large = [&] { return SizeOf(best, specification) > kLarge; };
  const auto consider = [&](Lowered other) {
    if (SizeOf(other, specification) < SizeOf(best, specification) / kWorthAWhile) {
      best = std::move(other);
    }
  };
  if (!is_large() || best.domains.domain.empty()) return best;
  Diagnostics unused;
  const Domains domains = InferDomains(simplified.graph, scope, unused);
  std::vector<SimplifiedGraph> ways{simplified};
  const bool has_parts = HasPartsToGatherFrom(simplified.graph, domains);
  if (has_parts || HasComparisonsAtQuery(simplified.graph)) {
    ways.push_back(
        CompareAtQuery(has_parts ? GatherFromParts(simplified, domains) : simplified));
    consider(lower(ways.back(), scope));
  }
  if (!is_large() || !HasListedMeans(simplified.graph, domains, kFewMeans)) return best;
  scope.max_means = kFewMeans;
  for (const SimplifiedGraph& way : ways) consider(lower(way, scope));
  return best;
}

// Whether the model is small enough to be written; reports kLimit if not.
bool RequireFewParameters(const Blocks& blocks, const Specification& specification,
                          const SourceLocation& location, Diagnostics& diag) {
  const std::int64_t num_parameters = NumParameters(blocks, specification);
  if (num_parameters <= kMaxParameters) return true;
  diag.Error(
          ErrorKind::kLimit, location,
          fmt::format("the model would have about {} parameters, with a residual stream of {} "
                      "directions for {} positions; the limit is {}",
                      num_parameters, blocks.variables.size() + 2, specification.context_length,
                      kMaxParameters))
      .Note({}, "a smaller vocabulary or maximum length helps");
  return false;
}

std::optional<Model> CompileHere(const DataflowGraph& traced, NodeId traced_output,
                                 const Specification& specification, Diagnostics& diag,
                                 StageDumps* stages, const Optimizations& optimizations) {
  StageDumps unused;
  StageDumps& texts = stages != nullptr ? *stages : unused;
  const auto describe = [&](std::string& text, auto&&... stage) {
    if (stages != nullptr) text = ToText(stage...);
  };
  if (traced.IsSelector(traced_output)) {
    diag.Error(ErrorKind::kInput, traced[traced_output].location,
               fmt::format("{} is a selector; only an s-op can be compiled",
                           NameInMessage(traced, traced_output)));
    return std::nullopt;
  }

  const auto [simplified, domains, blocks, lowering_diag] = LowerInSomeWay(
      Simplify(traced, traced_output, optimizations.Has(Optimization::kCounts)), specification,
      optimizations);
  for (const Diagnostic& diagnostic : lowering_diag.all()) diag.Add(diagnostic);
  const auto& [graph, output] = simplified;
  describe(texts.graph, graph);
  describe(texts.domains, graph, domains);
  if (!blocks || diag.HasErrors()) return std::nullopt;
  describe(texts.lowered, *blocks);
  // Every value has an encoding and a margin. A failure below is our bug.
  const Schedule schedule = ScheduleLayers(*blocks);
  assert(CheckSchedule(*blocks, schedule).empty());
  describe(texts.layers, *blocks, schedule);
  const ResidualLayout layout = Allocate(*blocks, schedule);
  describe(texts.layout, layout);
  if (!RequireFewParameters(*blocks, specification, traced[traced_output].location, diag)) {
    return std::nullopt;
  }
  const EvaluationSpecification& evaluation = specification.evaluation;
  const InputSpace inputs{specification.alphabet, specification.max_length, evaluation.frame,
                          evaluation.causal, evaluation.generation};
  ReportFailures(graph, FindFailures(graph, domains, output, inputs), diag);
  return Emit(*blocks, schedule, layout, WithoutWeights(specification),
              optimizations.Has(Optimization::kSharedNeurons));
}

}  // namespace

std::optional<Model> Compile(const DataflowGraph& traced, NodeId traced_output,
                             const Specification& specification, Diagnostics& diag,
                             StageDumps* stages, const Optimizations& optimizations) {
  std::optional<Model> model;
  RunOnLargeStack([&](std::size_t) {
    model = CompileHere(traced, traced_output, specification, diag, stages, optimizations);
  });
  return model;
}

std::optional<Model> Compile(const LoadedProgram& program, Diagnostics& diag, StageDumps* stages,
                             const Optimizations& optimizations) {
  const auto specification = Specify(program.settings, program.output_name, diag);
  if (!specification) return std::nullopt;
  return Compile(program.traced.graph, program.output, *specification, diag, stages, optimizations);
}

}  // namespace raspc
