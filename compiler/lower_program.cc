#include "compiler/lower_program.h"

#include <fmt/format.h>

#include <limits>
#include <utility>
#include <vector>

#include "compiler/domains/all_inputs.h"
#include "compiler/domains/infer_domains.h"
#include "compiler/facts/looks_left.h"
#include "compiler/lower/lower.h"
#include "compiler/simplify/compare_at_query.h"
#include "compiler/simplify/gather_from_parts.h"
#include "compiler/simplify/place_compared.h"

namespace raspc {
namespace {

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
  diag.Error(
      ErrorKind::kInput, PlaceInMessage(graph, *culprit),
      fmt::format("a decoder is causal, but {} may select a later position; add --causal, or "
                  "choose --target encoder",
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

InferredProgram Infer(SimplifiedGraph simplified, const CompileScope& scope, Diagnostics& diag) {
  Domains domains = InferDomains(simplified.graph, scope, diag);
  return {std::move(simplified), std::move(domains)};
}

// Blocks, once selectors compare places where a number is not listed. Where domains are too large
// to lower from, and inputs are few, tries again with the values that occur on all inputs. Requires
// domains without errors.
LoweredProgram LowerInferred(const InferredProgram& program, CompileScope scope, bool may_widen,
                             const LowerOptions& options) {
  const auto lower = [&](LoweredProgram& lowered) {
    if (lowered.diag.HasErrors()) return false;
    const auto& [simplified, domains] = lowered.program;
    LowerResult result = LowerInSomeType(simplified.graph, domains, simplified.output, may_widen,
                                         options, lowered.diag);
    lowered.blocks = std::move(result.blocks);
    return result.imprecise.has_value();
  };
  const DataflowGraph& graph = program.simplified.graph;
  LoweredProgram lowered;
  const bool is_placed = ComparesUnlisted(graph, program.domains);
  lowered.program =
      is_placed ? Infer(PlaceCompared(program.simplified, program.domains), scope, lowered.diag)
                : program;
  if (is_placed) lowered.written = program;
  if (lower(lowered) || lowered.blocks) return lowered;

  scope.known_values = ValuesOnAllInputs(graph, UnlistedAggregates(graph, program.domains), scope);
  if (scope.known_values.empty()) return lowered;
  LoweredProgram again;
  again.program = Infer(program.simplified, scope, again.diag);
  lower(again);
  return again.blocks ? again : lowered;
}

// The most parameters where it failed.
std::int64_t SizeOf(const LoweredProgram& lowered, const Specification& specification) {
  return lowered.blocks ? NumParameters(*lowered.blocks, specification)
                        : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

std::int64_t NumParameters(const Blocks& blocks, const Specification& specification) {
  std::size_t rows =
      specification.vocabulary.size() + static_cast<std::size_t>(specification.context_length) + 2;
  for (const HeadBlock& head : blocks.heads) {
    rows += 2 * (head.terms.size() + 1) + 2 * head.channels.size();
  }
  for (const MlpBlock& mlp : blocks.mlps) rows += 2 * mlp.neurons.size();
  return static_cast<std::int64_t>(rows) * static_cast<std::int64_t>(blocks.variables.size() + 2);
}

LoweredProgram LowerProgram(const DataflowGraph& traced, NodeId output,
                            const Specification& specification,
                            const Optimizations& optimizations) {
  constexpr std::int64_t kLarge = 20'000;   // parameters
  constexpr std::int64_t kWorthAWhile = 2;  // times fewer parameters: other ways take more layers
  constexpr std::int64_t kFewMeans = 64;
  const SimplifiedGraph simplified =
      Simplify(traced, output, optimizations.Has(Optimization::kCounts));
  const LowerOptions options = OptionsFor(specification, optimizations);
  CompileScope scope = ScopeFor(specification, optimizations);
  LoweredProgram best;
  const InferredProgram written = Infer(simplified, scope, best.diag);
  best.program = written;
  if (best.diag.HasErrors() ||
      !RequireSameIfCausal(simplified.graph, specification, optimizations, best.diag)) {
    return best;
  }
  const auto lower = [&](const InferredProgram& program) {
    return LowerInferred(program, scope, specification.may_widen, options);
  };
  best = lower(written);
  const auto is_large = [&] { return SizeOf(best, specification) > kLarge; };
  Diagnostics unused;
  const auto consider = [&](const SimplifiedGraph& way) {
    LoweredProgram other = lower(Infer(way, scope, unused));
    if (SizeOf(other, specification) >= SizeOf(best, specification) / kWorthAWhile) return;
    best = std::move(other);
    best.written = written;
  };
  std::vector<SimplifiedGraph> ways{simplified};
  if (is_large() && HasPartsToGatherFrom(simplified.graph, written.domains)) {
    ways.push_back(GatherFromParts(simplified, written.domains));
    consider(ways.back());
  }
  if (is_large() && HasComparisonsAtQuery(ways.back().graph)) {
    ways.push_back(CompareAtQuery(ways.back(), Infer(ways.back(), scope, unused).domains));
    consider(ways.back());
  }
  if (!is_large() || !HasListedMeans(simplified.graph, written.domains, kFewMeans)) return best;
  scope.max_means = kFewMeans;
  for (const SimplifiedGraph& way : ways) consider(way);
  return best;
}

}  // namespace raspc
