#include "compiler/compile.h"

#include <fmt/format.h>

#include <cassert>

#include "base/large_stack.h"
#include "compiler/allocate/allocate.h"
#include "compiler/domains/all_inputs.h"
#include "compiler/domains/infer_domains.h"
#include "compiler/emit/emit.h"
#include "compiler/facts/looks_left.h"
#include "compiler/failures/failures.h"
#include "compiler/lower/lower.h"
#include "compiler/schedule/schedule.h"
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
  options.causal = specification.IsCausal();
  options.mask = specification.HasCausalMask() ? HeadMask::kCausal : HeadMask::kNone;
  options.relative_positions = specification.target == Target::kMasked;
  options.optimizations = optimizations;
  return options;
}

CompileScope ScopeFor(const Specification& specification, const Optimizations& optimizations) {
  CompileScope scope;
  scope.vocabulary = specification.vocabulary;
  scope.context_length = specification.context_length;
  scope.causal = specification.IsCausal();
  scope.max_domain = specification.max_domain;
  scope.reduce_counts_first = specification.reduce_counts_first;
  scope.look_at_positions = optimizations.Has(Optimization::kPositions);
  return scope;
}

// Whether a causal model computes what the program, evaluated as specified, does; reports kInput if
// that is not known.
bool RequireSameIfCausal(const DataflowGraph& graph, const Specification& specification,
                         const Optimizations& optimizations, Diagnostics& diag) {
  if (specification.evaluation.causal == specification.IsCausal()) return true;
  CompileScope scope = ScopeFor(specification, optimizations);
  scope.causal = false;
  const Domains domains = InferDomains(graph, scope, diag);
  if (diag.HasErrors()) return false;
  const auto culprit = WhatMayLookRight(graph, domains);
  if (!culprit) return true;
  diag.Error(ErrorKind::kInput, PlaceInMessage(graph, *culprit),
             fmt::format("a program that is not evaluated causally has no decoder form, unless its "
                         "selectors look left only, and {} may select a later position; add "
                         "--causal, or choose --target encoder",
                         NameInMessage(graph, *culprit)));
  return false;
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

// Domains and blocks. Where domains are too large to lower from, and inputs are few, tries again
// with the values that occur on all inputs.
std::optional<Blocks> InferAndLower(const DataflowGraph& graph, NodeId output,
                                    const Specification& specification,
                                    const Optimizations& optimizations, Domains& domains,
                                    Diagnostics& diag) {
  const LowerOptions options = OptionsFor(specification, optimizations);
  CompileScope scope = ScopeFor(specification, optimizations);
  domains = InferDomains(graph, scope, diag);
  if (diag.HasErrors()) return std::nullopt;
  Diagnostics first;
  LowerResult lowered =
      LowerInSomeType(graph, domains, output, specification.may_widen, options, first);
  if (!lowered.blocks && !lowered.imprecise) {
    scope.known_values = ValuesOnAllInputs(graph, UnlistedAggregates(graph, domains), scope);
  }
  if (!scope.known_values.empty()) {
    Diagnostics second;
    Domains of_all_inputs = InferDomains(graph, scope, second);
    if (!second.HasErrors()) {
      lowered =
          LowerInSomeType(graph, of_all_inputs, output, specification.may_widen, options, second);
    }
    if (lowered.blocks) {
      domains = std::move(of_all_inputs);
      first = std::move(second);
    }
  }
  for (const Diagnostic& diagnostic : first.all()) diag.Add(diagnostic);
  return lowered.blocks;
}

// Whether the model is small enough to be written; reports kLimit if not.
bool RequireFewParameters(const Blocks& blocks, const ResidualLayout& layout,
                          const Specification& specification, const SourceLocation& location,
                          Diagnostics& diag) {
  std::size_t rows =
      specification.vocabulary.size() + static_cast<std::size_t>(specification.context_length) + 2;
  for (const HeadBlock& head : blocks.heads) {
    rows += 2 * (head.terms.size() + 1) + 2 * head.channels.size();
  }
  for (const MlpBlock& mlp : blocks.mlps) rows += 2 * mlp.neurons.size();
  const std::int64_t num_parameters =
      static_cast<std::int64_t>(rows) * static_cast<std::int64_t>(layout.d_model);
  if (num_parameters <= kMaxParameters) return true;
  diag.Error(
          ErrorKind::kLimit, location,
          fmt::format("the model would have about {} parameters, with a residual stream of {} "
                      "directions for {} positions; the limit is {}",
                      num_parameters, layout.d_model, specification.context_length, kMaxParameters))
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
    diag.Error(ErrorKind::kInput, PlaceInMessage(traced, traced_output),
               fmt::format("{} is a selector; only an s-op can be compiled",
                           NameInMessage(traced, traced_output)));
    return std::nullopt;
  }

  const auto [graph, output] =
      Simplify(traced, traced_output, optimizations.Has(Optimization::kCounts));
  describe(texts.graph, graph);
  if (!RequireSameIfCausal(graph, specification, optimizations, diag)) return std::nullopt;
  Domains domains;
  const auto blocks = InferAndLower(graph, output, specification, optimizations, domains, diag);
  describe(texts.domains, graph, domains);
  if (!blocks || diag.HasErrors()) return std::nullopt;
  describe(texts.lowered, *blocks);
  // Every value has an encoding and a margin. A failure below is our bug.
  const Schedule schedule = ScheduleLayers(*blocks);
  assert(CheckSchedule(*blocks, schedule).empty());
  describe(texts.layers, *blocks, schedule);
  const ResidualLayout layout = Allocate(*blocks, schedule);
  describe(texts.layout, layout);
  if (!RequireFewParameters(*blocks, layout, specification, PlaceInMessage(traced, traced_output),
                            diag)) {
    return std::nullopt;
  }
  const EvaluationSpecification& evaluation = specification.evaluation;
  const InputSpace inputs{specification.alphabet, specification.max_length, evaluation.frame,
                          specification.IsCausal(), evaluation.generation};
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
