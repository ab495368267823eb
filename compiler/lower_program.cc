#include "compiler/lower_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "compiler/domains/all_inputs.h"
#include "compiler/domains/infer_domains.h"
#include "compiler/facts/looks_left.h"
#include "compiler/lower/lower.h"
#include "compiler/simplify/compare_at_query.h"
#include "compiler/simplify/compare_in_order.h"
#include "compiler/simplify/count_to_focus.h"
#include "compiler/simplify/cross_multiply.h"
#include "compiler/simplify/gather_from_parts.h"
#include "compiler/simplify/place_compared.h"
#include "compiler/simplify/reduce_early.h"
#include "compiler/simplify/split_modulo.h"
#include "compiler/simplify/thresholds.h"

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
  if (result.imprecise && may_widen && !result.is_over_limit) {
    diag.Warning(ErrorKind::kLimit, result.imprecise->location,
                 result.imprecise->message + "; compiling for float64");
    options.dtype = DType::kFloat64;
    result = Lower(graph, domains, output, options, diag);
  }
  if (result.imprecise && !result.is_over_limit) diag.Add(*result.imprecise);
  return result;
}

InferredProgram Infer(SimplifiedGraph simplified, const CompileScope& scope, Diagnostics& diag) {
  Domains domains = InferDomains(simplified.graph, scope, diag);
  return {std::move(simplified), std::move(domains)};
}

// Blocks, once comparisons divide by no number without a list, those that rounding decides have
// thresholds, and selectors compare places or digits. Where domains are too large
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
    return result.imprecise.has_value() || result.is_over_limit;
  };
  const DataflowGraph& graph = program.simplified.graph;
  LoweredProgram lowered;
  lowered.program = program;
  const auto rewrite = [&](bool is_needed, const auto& rewritten) {
    if (!is_needed || lowered.diag.HasErrors()) return;
    const auto& [simplified, domains] = lowered.program;
    lowered.program = Infer(rewritten(simplified, domains), scope, lowered.diag);
    lowered.written = program;
  };
  rewrite(ComparesQuotients(graph, program.domains), CrossMultiply);
  rewrite(HasTiesOfRounding(lowered.program.simplified.graph, lowered.program.domains),
          CompareWithThresholds);
  rewrite(ComparesUnlisted(lowered.program.simplified.graph, lowered.program.domains),
          PlaceCompared);
  if (lower(lowered) || lowered.blocks) return lowered;

  scope.known_values = ValuesOnAllInputs(graph, UnlistedAggregates(graph, program.domains), scope);
  if (scope.known_values.empty()) return lowered;
  LoweredProgram again;
  again.program = Infer(program.simplified, scope, again.diag);
  lower(again);
  return again.blocks ? again : lowered;
}

// Other ways to compute the same, in the order in which they are tried: each gives a graph, or
// nothing where it does not apply.
using Rewrite =
    std::function<std::optional<SimplifiedGraph>(const SimplifiedGraph&, const Domains&)>;

const std::vector<Rewrite>& Rewrites() {
  static const std::vector<Rewrite> rewrites = {
      ReduceEarly,
      CompareInOrder,
      SplitModulo,
      [](const SimplifiedGraph& simplified, const Domains&) { return CountToFocus(simplified); },
      [](const SimplifiedGraph& simplified,
         const Domains& domains) -> std::optional<SimplifiedGraph> {
        if (!HasPartsToGatherFrom(simplified.graph, domains)) return std::nullopt;
        return GatherFromParts(simplified, domains);
      },
      [](const SimplifiedGraph& simplified,
         const Domains& domains) -> std::optional<SimplifiedGraph> {
        if (!HasComparisonsAtQuery(simplified.graph)) return std::nullopt;
        return CompareAtQuery(simplified, domains);
      },
  };
  return rewrites;
}

// Tries the ways to lower one program, and keeps the best.
class WaysToLower {
 public:
  // Keeps references.
  WaysToLower(const Specification& specification, const Optimizations& optimizations)
      : specification_(specification),
        optimizations_(optimizations),
        scope_(ScopeFor(specification, optimizations)) {}

  LoweredProgram Run(const DataflowGraph& traced, NodeId output) {
    const SimplifiedGraph simplified =
        Simplify(traced, output, optimizations_.Has(Optimization::kCounts));
    written_ = Infer(simplified, scope_, best_.diag);
    best_.program = written_;
    if (best_.diag.HasErrors() ||
        !RequireSameIfCausal(simplified.graph, specification_, optimizations_, best_.diag)) {
      return std::move(best_);
    }
    // Large tables take long to lower, and with a limit less: then the other ways come first.
    const bool is_written_last = HasLargeTable(written_.domains);
    if (!is_written_last) best_ = Lowered(written_, kNoLimit);
    TryOthers();
    if (is_written_last) TryWritten();
    return std::move(best_);
  }

 private:
  static constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t kLarge = 20'000;    // parameters
  static constexpr std::int64_t kMostPercent = 70;  // of the parameters: others take more layers
  // How many times the parameters of the best there may be before dead blocks are dropped.
  static constexpr std::int64_t kMostTimes = 4;
  static constexpr std::int64_t kFewMeans = 64;
  static constexpr std::int64_t kFewRows = 256;
  static constexpr std::size_t kManyRows = 4096;

  static bool HasLargeTable(const Domains& domains) {
    return std::any_of(domains.table.begin(), domains.table.end(), [](const FunctionTable& table) {
      return table.features.size() > 1 && table.rows.size() > kManyRows;
    });
  }

  LoweredProgram Lowered(const InferredProgram& program, std::int64_t limit) const {
    LowerOptions options = OptionsFor(specification_, optimizations_);
    options.max_parameters = limit;
    return LowerInferred(program, scope_, specification_.may_widen, options);
  }

  // The most parameters where it failed.
  std::int64_t SizeOf(const LoweredProgram& lowered) const {
    return lowered.blocks ? NumParameters(*lowered.blocks, specification_) : kNoLimit;
  }
  static std::int64_t LimitFor(std::int64_t size) {
    return size > kNoLimit / kMostTimes ? kNoLimit : kMostTimes * size;
  }
  bool IsLarge() const { return SizeOf(best_) > kLarge; }

  // Replaces the best where the other is worth a while; says how large the other is.
  std::int64_t Consider(const InferredProgram& way) {
    LoweredProgram other = Lowered(way, LimitFor(SizeOf(best_)));
    const std::int64_t size = SizeOf(other);
    if (size < SizeOf(best_) / 100 * kMostPercent) {
      best_ = std::move(other);
      best_.written = written_;
    }
    return size;
  }

  void TryOthers() {
    // One on top of the other, as long as none makes the model larger: some help only together.
    std::vector<InferredProgram> ways{written_};
    std::int64_t size = SizeOf(best_);
    for (const Rewrite& rewrite : Rewrites()) {
      if (!IsLarge()) return;
      const auto rewritten = rewrite(ways.back().simplified, ways.back().domains);
      if (!rewritten) continue;
      InferredProgram way = Infer(*rewritten, scope_, unused_);
      const std::int64_t own_size = Consider(way);
      if (own_size > size) continue;
      size = own_size;
      ways.push_back(std::move(way));
    }
    if (!IsLarge()) return;
    scope_.max_arithmetic_rows = kFewRows;
    Consider(Infer(ways.back().simplified, scope_, unused_));
    scope_.max_arithmetic_rows = kNoLimit;
    if (!IsLarge() || !HasListedMeans(written_.simplified.graph, written_.domains, kFewMeans)) {
      return;
    }
    scope_.max_means = kFewMeans;
    for (const InferredProgram& way : ways) Consider(Infer(way.simplified, scope_, unused_));
    scope_.max_means = kNoLimit;
  }

  // After the others: it is the best unless one of them is worth a while.
  void TryWritten() {
    LoweredProgram lowered = Lowered(written_, LimitFor(SizeOf(best_)));
    const std::int64_t size = SizeOf(lowered);
    if (!best_.blocks || (lowered.blocks && SizeOf(best_) >= size / 100 * kMostPercent)) {
      best_ = std::move(lowered);
    }
  }

  const Specification& specification_;
  const Optimizations& optimizations_;
  CompileScope scope_;
  InferredProgram written_;
  LoweredProgram best_;
  Diagnostics unused_;
};

}  // namespace

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
  return WaysToLower(specification, optimizations).Run(traced, output);
}

}  // namespace raspc
