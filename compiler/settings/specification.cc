// The defaults of the settings, the rules between them, and the checks of both.
#include "compiler/settings/specification.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/option_value.h"

namespace raspc {
namespace {

// Generation is causal unless the target is an encoder, whose positions all see each other.
bool IsCausal(const ProgramSettings& given) {
  return given.causal.value_or(given.generate.has_value() && given.target != Target::kEncoder);
}

void RequireInVocabulary(const std::vector<Atom>& tokens, const std::vector<Atom>& vocabulary,
                         std::string_view what, const SourceLocation& place, Diagnostics& diag) {
  for (const Atom& token : tokens) {
    const bool is_known = std::any_of(vocabulary.begin(), vocabulary.end(),
                                      [&](const Atom& other) { return Identical(other, token); });
    if (is_known) continue;
    diag.Error(ErrorKind::kInput, place,
               fmt::format("{} token {} is not in the vocabulary", what, ToJson(token)));
  }
}

void RequireDistinct(const std::vector<Atom>& tokens, std::string_view what,
                     const SourceLocation& place, Diagnostics& diag) {
  std::unordered_set<Atom, IdentityHash, IdentityEqual> seen;
  for (const Atom& token : tokens) {
    if (seen.insert(token).second) continue;
    diag.Error(ErrorKind::kInput, place,
               fmt::format("the {} has the token {} twice", what, ToJson(token)));
    return;
  }
}

// What a model cannot do without.
void RequireNeeded(const ProgramSettings& given, Diagnostics& diag) {
  if (!given.vocab || given.vocab->empty()) {
    diag.Error(ErrorKind::kInput, {},
               "no vocabulary: give --vocab, or a directive such as #@ vocab: \"abc\"");
  }
  if (!given.max_length) {
    diag.Error(ErrorKind::kInput, {},
               "no maximum length: give --max-length, or a directive such as #@ max_length: 16");
  } else if (*given.max_length < 1 || *given.max_length > kMaxInputLength) {
    diag.Error(
        ErrorKind::kInput, {},
        IntegerRequired("max_length", 1, kMaxInputLength, fmt::format("{}", *given.max_length)));
  }
}

void RequireFittingTokens(const ProgramSettings& given, const Specification& specification,
                          Diagnostics& diag) {
  const std::vector<Atom>& vocabulary = specification.vocabulary;
  const EvaluationSpecification& evaluation = specification.evaluation;
  RequireDistinct(vocabulary, "vocabulary", given.PlaceOf("vocab"), diag);
  if (given.alphabet) {
    RequireDistinct(specification.alphabet, "alphabet", given.PlaceOf("alphabet"), diag);
  }
  if (specification.alphabet.empty()) {
    diag.Error(ErrorKind::kInput, {}, "the alphabet is empty");
  }
  RequireInVocabulary(specification.alphabet, vocabulary, "alphabet", given.PlaceOf("alphabet"),
                      diag);
  RequireInVocabulary(evaluation.frame.append, vocabulary, "appended", given.PlaceOf("append"),
                      diag);
  if (const auto& padding = evaluation.frame.padding) {
    RequireInVocabulary({padding->token}, vocabulary, "padding", given.PlaceOf("pad"), diag);
  }
  if (evaluation.generation) {
    RequireInVocabulary(evaluation.generation->stop, vocabulary, "stop", given.PlaceOf("stop"),
                        diag);
  }
}

// The maximum length of a framed input, generation included; 0 after reporting that it is too long.
std::int64_t ContextLength(const Specification& specification,
                           const SourceLocation& place_of_padding, Diagnostics& diag) {
  const InputFrame& frame = specification.evaluation.frame;
  std::int64_t longest = 0;
  for (std::int64_t n = frame.ShortestInput(); n <= specification.max_length; ++n) {
    const auto length = frame.LengthFor(n);
    if (!length) {
      diag.Error(ErrorKind::kInput, place_of_padding,
                 fmt::format("the padding count, {}, is negative or too large for {} input tokens",
                             frame.padding->count.Text(), n));
      return 0;
    }
    longest = std::max(longest, *length);
  }
  if (const auto& generation = specification.evaluation.generation) {
    longest += generation->max_steps;
  }
  if (longest <= kMaxFramedLength) return longest;
  diag.Error(ErrorKind::kLimit, {},
             fmt::format("a context of {} positions is more than {}", longest, kMaxFramedLength));
  return 0;
}

// All but the evaluation and the length of the context.
Specification WithDefaults(const ProgramSettings& given, std::string name) {
  Specification result;
  result.name = std::move(name);
  result.vocabulary = *given.vocab;
  result.alphabet = given.alphabet.value_or(result.vocabulary);
  result.max_length = *given.max_length;
  result.target = given.target.value_or(IsCausal(given) ? Target::kDecoder : Target::kEncoder);
  result.dtype = given.dtype.value_or(result.dtype);
  result.may_widen = !given.dtype;
  result.max_domain = given.max_domain.value_or(result.max_domain);
  result.reduce_counts_first = given.reduce_counts_first.value_or(result.reduce_counts_first);
  return result;
}

std::optional<Specification> SpecifyInto(const ProgramSettings& given, std::string name,
                                         Diagnostics& diag) {
  RequireNeeded(given, diag);
  if (diag.HasErrors()) return std::nullopt;
  Specification result = WithDefaults(given, std::move(name));
  result.evaluation = SpecifyEvaluation(given);
  RequireFittingTokens(given, result, diag);
  result.context_length = ContextLength(result, given.PlaceOf("pad"), diag);
  if (diag.HasErrors()) return std::nullopt;
  return result;
}

}  // namespace

ProgramSettings CombineSettings(const ProgramSettings& directives, const ProgramSettings& options,
                                Diagnostics& diag) {
  const auto error = [&](std::string message) {
    diag.Error(ErrorKind::kInput, {}, std::move(message));
  };
  ProgramSettings combined = directives.OverriddenBy(options);
  // Generation by directive may be causal, and is so too when another s-op of the program is looked
  // at.
  if (directives.generate) combined.causal = IsCausal(combined);
  if (options.output && !options.generate && options.output != directives.generate) {
    combined.generate.reset();
  }
  if (options.generate && options.output && *options.generate != *options.output) {
    error(fmt::format(
        "--sop {} and --generate {} differ, but the s-op that generates is the output; give only "
        "one of them",
        *options.output, *options.generate));
  }
  if (!combined.generate && (options.stop || options.max_steps)) {
    error(
        fmt::format("{} requires a program that generates; name the s-op that generates with "
                    "--generate",
                    options.stop ? "--stop" : "--max-steps"));
  }
  return combined;
}

EvaluationSpecification SpecifyEvaluation(const ProgramSettings& given) {
  EvaluationSpecification result;
  result.arithmetic = given.arithmetic.value_or(result.arithmetic);
  result.causal = IsCausal(given);
  result.frame = InputFrame{given.append.value_or(std::vector<Atom>{}), given.pad};
  if (given.generate) {
    GenerationRule& rule = result.generation.emplace();
    rule.stop = given.stop.value_or(std::vector<Atom>{});
    rule.max_steps = given.max_steps.value_or(rule.max_steps);
  }
  return result;
}

std::optional<Specification> Specify(const ProgramSettings& given, std::string name,
                                     Diagnostics& diag) {
  Diagnostics found;
  std::optional<Specification> result = SpecifyInto(given, std::move(name), found);
  for (const Diagnostic& diagnostic : found.all()) diag.Add(diagnostic);
  return result;
}

}  // namespace raspc
