#include "compiler/compile.h"

#include <fmt/format.h>

#include <cassert>

#include "base/large_stack.h"
#include "compiler/allocate/allocate.h"
#include "compiler/emit/emit.h"
#include "compiler/failures/failures.h"
#include "compiler/lower_program.h"
#include "compiler/schedule/schedule.h"
#include "compiler/simplify/resolve_host_functions.h"

namespace raspc {
namespace {

constexpr std::int64_t kMaxParameters = std::int64_t{1} << 27;  // 1 GiB while they are doubles

// What the model says besides its weights.
Model WithoutWeights(const Specification& specification, ArithmeticKind arithmetic) {
  Model model;
  model.name = specification.name;
  model.vocabulary = specification.vocabulary;
  model.alphabet = specification.alphabet;
  model.max_length = specification.max_length;
  model.context_length = specification.context_length;
  model.target = specification.target;
  model.causal = specification.HasCausalMask();
  model.arithmetic = arithmetic;
  model.frame = specification.evaluation.frame;
  model.generation = specification.evaluation.generation;
  model.certificate.exact_to_length = specification.max_length;
  return model;
}

// Whether the model is small enough to be written; reports kLimit if not.
bool RequireFewParameters(const Blocks& blocks, const Specification& specification,
                          const SourceLocation& location, Diagnostics& diag) {
  const std::int64_t num_parameters = NumParameters(blocks, specification);
  if (num_parameters <= kMaxParameters) return true;
  diag.Error(ErrorKind::kLimit, location,
             fmt::format("the model would have about {} parameters, with a residual stream of {} "
                         "directions for {} positions; the limit is {}",
                         num_parameters, blocks.variables.size() + 2, specification.context_length,
                         kMaxParameters))
      .Note({}, "a smaller vocabulary or maximum length helps");
  return false;
}

// The graph without predicates of the host, if the output depends on host functions.
std::optional<ResolvedGraph> ResolveIfNeeded(const DataflowGraph& traced, NodeId output,
                                             const Specification& specification,
                                             const Optimizations& optimizations,
                                             Diagnostics& diag) {
  if (!HasHostFunctions(traced, output)) return std::nullopt;
  return ResolveHostFunctions(traced, output, ScopeFor(specification, optimizations), diag);
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

  const std::optional<ResolvedGraph> resolved =
      ResolveIfNeeded(traced, traced_output, specification, optimizations, diag);
  if (diag.HasErrors()) return std::nullopt;
  const auto [program, written, blocks, lowering_diag] =
      resolved ? LowerProgram(resolved->simplified.graph, resolved->simplified.output,
                              specification, optimizations)
               : LowerProgram(traced, traced_output, specification, optimizations);
  for (const Diagnostic& diagnostic : lowering_diag.all()) diag.Add(diagnostic);
  const DataflowGraph& graph = program.simplified.graph;
  describe(texts.graph, graph);
  describe(texts.domains, graph, program.domains);
  if (!blocks || diag.HasErrors()) return std::nullopt;
  describe(texts.lowered, *blocks);
  // Every value has an encoding and a margin. A failure below is our bug.
  const Schedule schedule = ScheduleLayers(*blocks);
  assert(CheckSchedule(*blocks, schedule).empty());
  describe(texts.layers, *blocks, schedule);
  const ResidualLayout layout = Allocate(*blocks, schedule);
  describe(texts.layout, layout);
  if (!RequireFewParameters(*blocks, specification, PlaceInMessage(traced, traced_output), diag)) {
    return std::nullopt;
  }
  const EvaluationSpecification& evaluation = specification.evaluation;
  const InputSpace inputs{specification.vocabulary, specification.alphabet,
                          specification.max_length, evaluation.frame,
                          specification.IsCausal(), evaluation.generation};
  const auto& [as_written, domains] = written ? *written : program;
  ReportFailures(as_written.graph,
                 FindFailures(as_written.graph, domains, as_written.output, inputs), diag);
  if (resolved && !resolved->partial.empty()) {
    ReportFailures(traced, FindFailures(traced, traced_output, resolved->partial, inputs), diag);
  }
  return Emit(*blocks, schedule, layout, WithoutWeights(specification, graph.arithmetic()),
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
