#include "compiler/compile.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <unordered_set>

#include "compiler/allocate/allocate.h"
#include "compiler/domains/all_inputs.h"
#include "compiler/domains/infer_domains.h"
#include "compiler/emit/emit.h"
#include "compiler/lower/lower.h"
#include "compiler/failures/failures.h"
#include "compiler/schedule/schedule.h"
#include "compiler/simplify/simplify.h"
#include "base/large_stack.h"
#include "base/option_value.h"

namespace raspc {
namespace {

constexpr std::int64_t kDefaultMaxDomain = 65536;
constexpr std::int64_t kDefaultMaxSteps = 64;
constexpr std::int64_t kMaxParameters = std::int64_t{1} << 27;  // 1 GiB while they are doubles

bool Contains(const std::vector<Atom>& atoms, const Atom& atom) {
  return std::any_of(atoms.begin(), atoms.end(),
                     [&](const Atom& other) { return Identical(other, atom); });
}

void RequireInVocabulary(const std::vector<Atom>& tokens, const std::vector<Atom>& vocabulary,
                         std::string_view what, Diagnostics& diag) {
  for (const Atom& token : tokens) {
    if (!Contains(vocabulary, token)) {
      diag.Error(ErrorKind::kInput, {},
                 fmt::format("{} token {} is not in the vocabulary", what, ToJson(token)));
    }
  }
}

void RequireDistinct(const std::vector<Atom>& tokens, std::string_view what, Diagnostics& diag) {
  std::unordered_set<Atom, IdentityHash, IdentityEqual> seen;
  for (const Atom& token : tokens) {
    if (seen.insert(token).second) continue;
    diag.Error(ErrorKind::kInput, {},
               fmt::format("the {} has the token {} twice", what, ToJson(token)));
    return;
  }
}

// The maximum number of positions of a framed input, including generation.
std::optional<std::int64_t> ContextLength(const Model& model, Diagnostics& diag) {
  std::int64_t longest = 0;
  for (std::int64_t n = model.frame.ShortestInput(); n <= model.max_length; ++n) {
    const auto length = model.frame.LengthFor(n);
    if (!length) {
      diag.Error(ErrorKind::kInput, {},
                 fmt::format("the number of padding tokens, {}, is impossible for {} input tokens",
                             model.frame.padding->count.text(), n));
      return std::nullopt;
    }
    longest = std::max(longest, *length);
  }
  if (model.generation) longest += model.generation->max_steps;
  if (longest > kMaxFramedLength) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("a context of {} positions is more than {}", longest, kMaxFramedLength));
    return std::nullopt;
  }
  return longest;
}

bool IsCausal(const ProgramSettings& settings) {
  return settings.causal.value_or(false) || settings.generate.has_value();
}

// Everything in the model except its weights; nothing after reporting what is missing or does not
// fit.
std::optional<Model> ModelSettings(const ProgramSettings& settings, const std::string& name,
                                   Diagnostics& diag) {
  Model model;
  model.name = name;
  if (!settings.vocab || settings.vocab->empty()) {
    diag.Error(ErrorKind::kInput, {},
               "no vocabulary: give --vocab, or a directive such as #@ vocab: \"abc\"");
  }
  if (!settings.max_length) {
    diag.Error(ErrorKind::kInput, {},
               "no maximum length: give --max-length, or a directive such as #@ max_length: 16");
  } else if (*settings.max_length < 1 || *settings.max_length > kMaxInputLength) {
    diag.Error(
        ErrorKind::kInput, {},
        IntegerRequired("max_length", 1, kMaxInputLength, fmt::format("{}", *settings.max_length)));
  }
  if (diag.HasErrors()) return std::nullopt;
  model.vocabulary = *settings.vocab;
  model.alphabet = settings.alphabet.value_or(model.vocabulary);
  model.max_length = *settings.max_length;
  const bool is_causal = IsCausal(settings);
  model.target = settings.target.value_or(is_causal ? Target::kDecoder : Target::kEncoder);
  // An encoder has no masks; its scores hide later keys.
  model.causal = is_causal && model.target != Target::kEncoder;
  model.frame.append = settings.append.value_or(std::vector<Atom>{});
  model.frame.padding = settings.pad;
  RequireDistinct(model.vocabulary, "vocabulary", diag);
  if (settings.alphabet) RequireDistinct(model.alphabet, "alphabet", diag);
  if (model.alphabet.empty()) {
    diag.Error(ErrorKind::kInput, {}, "the alphabet is empty");
  }
  RequireInVocabulary(model.alphabet, model.vocabulary, "alphabet", diag);
  RequireInVocabulary(model.frame.append, model.vocabulary, "appended", diag);
  if (settings.pad) RequireInVocabulary({settings.pad->token}, model.vocabulary, "padding", diag);
  if (settings.generate) {
    model.generation = GenerationRule{settings.stop.value_or(std::vector<Atom>{}),
                                      settings.max_steps.value_or(kDefaultMaxSteps)};
    RequireInVocabulary(model.generation->stop, model.vocabulary, "stop", diag);
  }
  if (model.target == Target::kDecoder && !is_causal) {
    diag.Error(ErrorKind::kInput, {},
               "a program that is not evaluated causally has no decoder form; add --causal or use "
               "--target encoder");
  }
  if (model.target == Target::kEncoder && model.generation) {
    diag.Error(ErrorKind::kInput, {},
               "an encoder cannot generate; use --target decoder or --target masked");
  }
  const auto context = ContextLength(model, diag);
  if (!context || diag.HasErrors()) return std::nullopt;
  model.context_length = *context;
  return model;
}

LowerOptions OptionsFor(const ProgramSettings& settings, const Model& model, const Optimizations& optimizations) {
  LowerOptions options;
  options.dtype = settings.dtype.value_or(DType::kFloat32);
  options.causal = IsCausal(settings);
  options.mask = model.causal ? HeadMask::kCausal : HeadMask::kNone;
  options.relative_positions = model.target == Target::kMasked;
  options.optimizations = optimizations;
  return options;
}

CompileScope ScopeFor(const ProgramSettings& settings, const Model& model, const Optimizations& optimizations) {
  CompileScope scope;
  scope.vocabulary = model.vocabulary;
  scope.context_length = model.context_length;
  scope.causal = IsCausal(settings);
  scope.max_domain = settings.max_domain.value_or(kDefaultMaxDomain);
  scope.reduce_counts_first = settings.reduce_counts_first.value_or(false);
  scope.look_at_positions = optimizations.Has(Optimization::kPositions);
  return scope;
}

// Lowers in float32 if the certificate allows it, else in float64, unless one of them was
// requested.
LowerResult LowerInSomeType(const DataflowGraph& graph, const Domains& domains, NodeId output,
                            const ProgramSettings& settings, LowerOptions options,
                            Diagnostics& diag) {
  LowerResult result = Lower(graph, domains, output, options, diag);
  if (result.imprecise && !settings.dtype) {
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
                                    const ProgramSettings& settings, const LowerOptions& options,
                                    CompileScope scope, Domains& domains, Diagnostics& diag) {
  domains = InferDomains(graph, scope, diag);
  if (diag.HasErrors()) return std::nullopt;
  Diagnostics first;
  LowerResult lowered = LowerInSomeType(graph, domains, output, settings, options, first);
  if (!lowered.blocks && !lowered.imprecise) {
    scope.known_values = ValuesOnAllInputs(graph, UnlistedAggregates(graph, domains), scope);
  }
  if (!scope.known_values.empty()) {
    Diagnostics second;
    Domains of_all_inputs = InferDomains(graph, scope, second);
    if (!second.HasErrors()) {
      lowered = LowerInSomeType(graph, of_all_inputs, output, settings, options, second);
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
bool RequireFewParameters(const Blocks& blocks, const ResidualLayout& layout, const Model& model,
                          const SourceLocation& location, Diagnostics& diag) {
  std::size_t rows = model.vocabulary.size() + static_cast<std::size_t>(model.context_length) + 2;
  for (const HeadBlock& head : blocks.heads) {
    rows += 2 * (head.terms.size() + 1) + 2 * head.channels.size();
  }
  for (const MlpBlock& mlp : blocks.mlps) rows += 2 * mlp.neurons.size();
  const std::int64_t num_parameters =
      static_cast<std::int64_t>(rows) * static_cast<std::int64_t>(layout.d_model);
  if (num_parameters <= kMaxParameters) return true;
  diag.Error(ErrorKind::kLimit, location,
             fmt::format("the model would have about {} parameters, with a residual stream of {} "
                         "directions for {} positions; the limit is {}",
                         num_parameters, layout.d_model, model.context_length, kMaxParameters))
      .Note({}, "a smaller vocabulary or maximum length helps");
  return false;
}

std::optional<Model> CompileHere(const DataflowGraph& traced, NodeId traced_output,
                                 const ProgramSettings& settings, Diagnostics& diag,
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
  auto model = ModelSettings(settings, traced.Describe(traced_output), diag);
  if (!model) return std::nullopt;

  const auto [graph, output] = Simplify(traced, traced_output, optimizations.Has(Optimization::kCounts));
  describe(texts.graph, graph);
  Domains domains;
  const auto blocks = InferAndLower(graph, output, settings, OptionsFor(settings, *model, optimizations),
                                    ScopeFor(settings, *model, optimizations), domains, diag);
  describe(texts.domains, graph, domains);
  if (!blocks || diag.HasErrors()) return std::nullopt;
  describe(texts.lowered, *blocks);
  // Every value has an encoding and a margin. A failure below is our bug.
  const Schedule schedule = ScheduleLayers(*blocks);
  assert(CheckSchedule(*blocks, schedule).empty());
  describe(texts.layers, *blocks, schedule);
  const ResidualLayout layout = Allocate(*blocks, schedule);
  describe(texts.layout, layout);
  if (!RequireFewParameters(*blocks, layout, *model, traced[traced_output].location, diag)) {
    return std::nullopt;
  }
  const InputSpace inputs{model->alphabet, model->max_length, model->frame, IsCausal(settings),
                          model->generation};
  ReportFailures(graph, FindFailures(graph, domains, output, inputs), diag);
  model->certificate.exact_to_length = model->max_length;
  // An encoder has no masks: where it evaluates causally, its scores hide later keys.
  if (model->target == Target::kEncoder) model->causal = false;
  return Emit(*blocks, schedule, layout, std::move(*model), optimizations.Has(Optimization::kSharedNeurons));
}

}  // namespace

std::optional<Model> Compile(const DataflowGraph& traced, NodeId traced_output,
                             const ProgramSettings& settings, Diagnostics& diag, StageDumps* stages,
                             const Optimizations& optimizations) {
  std::optional<Model> model;
  RunOnLargeStack([&](std::size_t) {
    model = CompileHere(traced, traced_output, settings, diag, stages, optimizations);
  });
  return model;
}

}  // namespace raspc
