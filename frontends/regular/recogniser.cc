// Chooses a construction.
#include "frontends/regular/recogniser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "automata/algebra/image_groups.h"
#include "frontends/regular/construction.h"
#include "frontends/program_header.h"

namespace raspc {
namespace {

// The verdict does not depend on the word.
GeneratedProgram OneState(const Dfa& dfa) {
  GeneratedProgram body;
  body.construction = dfa.accepting[0] ? "every word" : "no word";
  body.explanation =
      dfa.accepting[0] ? "Every word is in the language." : "No word is in the language.";
  body.statements.Assign("accept", dfa.accepting[0] ? Indices() >= 0 : Indices() < 0);
  return body;
}

// Rejects a language with a non-solvable group.
bool CheckSolvable(const Dfa& dfa, const LanguageLimits& limits, Diagnostics& diag) {
  const auto groups = ImageGroups(dfa, limits, diag);
  if (!groups) return false;
  const GroupSummary summary = Summarise(*groups, limits);
  if (summary.is_solvable == true || summary.is_aperiodic) return true;
  if (!summary.is_solvable) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("deciding whether its groups are solvable takes more than {} steps, the "
                           "limit",
                           limits.max_steps));
    return false;
  }
  diag.Error(
          ErrorKind::kValue, {},
          fmt::format("no transformer of constant depth is known to recognise it, and none does "
                      "unless TC0 = NC1: its monoid contains the group {}, which is perfect, so it "
                      "is not solvable and the language is complete for NC1 (Barrington 1989)",
                      summary.perfect))
      .Note({}, "--by log-depth and --by cot recognise every regular language");
  return false;
}

std::optional<GeneratedProgram> Direct(const Dfa& dfa, const TokenNames& names,
                                       const GeneratedProgramOptions& options, Diagnostics& diag,
                                       std::string& reason) {
  if (auto body = ByWindows(dfa, names, options.max_rows)) {
    reason = "a bounded prefix and suffix decide, so that one layer is enough";
    return body;
  }
  if (auto body = BySymbolCounts(dfa, names, options.max_rows)) {
    reason = "it is commutative, so that one layer is enough";
    return body;
  }
  if (!CheckSolvable(dfa, options.limits, diag)) return std::nullopt;
  auto ordered = ByOrderOfStates(dfa, names);
  Diagnostics of_cascade;
  auto cascade = ByCascade(dfa, names, options, of_cascade);
  if (ordered && (!cascade || ordered->depth <= cascade->depth)) {
    reason = "it is R-trivial, and its automaton's order takes the fewest layers";
    return ordered;
  }
  if (!cascade) {
    for (const Diagnostic& problem : of_cascade.all()) diag.Add(problem);
    return std::nullopt;
  }
  reason = ordered ? "it takes fewer layers than the order of states"
                   : "it is solvable, and no cheaper construction applies";
  return cascade;
}

// Adds to the header what does not depend on the construction.
void CompleteHeader(const Dfa& dfa, const std::string& name, const TokenNames& names,
                    std::int64_t max_length, GeneratedProgram& program) {
  ProgramHeader& header = program.header;
  header.comments = {
      fmt::format("Recognises {}, by {}.", name, program.construction), program.explanation,
      fmt::format("Guaranteed: {}.", program.Promise()) + " " +
          (header.generate ? fmt::format("The verdict is the last token written, {} or {}.",
                                         Literal(names.accept), Literal(names.reject))
                           : fmt::format("The verdict is the value at the end marker {} after the "
                                         "word.",
                                         Literal(names.end)))};
  header.alphabet = dfa.alphabet.symbols();
  header.end_marker = names.end;
  header.max_length = max_length;
}

}  // namespace

TokenNames::TokenNames(const Dfa& dfa)
    : end(FreshToken(dfa.alphabet.symbols(), "$")),
      accept(FreshToken(dfa.alphabet.symbols(), "accept")),
      reject(FreshToken(dfa.alphabet.symbols(), "reject")) {
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    states.push_back(FreshToken(dfa.alphabet.symbols(), fmt::format("q{}", q)));
  }
}

RaspWriter::Rows StepRows(const Dfa& dfa, const TokenNames& names,
                          const std::function<std::string(StateId q)>& at_end) {
  RaspWriter::Rows rows;
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    const std::string& state = names.states[static_cast<std::size_t>(q)];
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      rows.emplace_back(dfa.alphabet.Symbol(a) + " " + state,
                        names.states[static_cast<std::size_t>(dfa.Next(q, a))]);
    }
    rows.emplace_back(names.end + " " + state, at_end(q));
  }
  return rows;
}

std::optional<GeneratedProgram> MakeRecogniser(const Dfa& minimal, const std::string& name,
                                               const GeneratedProgramOptions& options,
                                               Diagnostics& diag) {
  const std::int64_t edges =
      static_cast<std::int64_t>(minimal.num_states()) * (minimal.num_symbols() + 1);
  if (edges > options.max_rows) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("the automaton has {} states and {} symbols, which takes more than {} "
                           "table rows, the limit",
                           minimal.num_states(), minimal.num_symbols(), options.max_rows));
    return std::nullopt;
  }
  const TokenNames names(minimal);
  std::optional<GeneratedProgram> recogniser;
  std::string reason;
  if (options.mechanism == Mechanism::kCot) {
    recogniser = ChainOfThought(minimal, names, options.max_length);
    reason = "it works for every automaton";
  } else if (minimal.num_states() == 1) {
    recogniser = OneState(minimal);
    reason = "the verdict does not depend on the word";
  } else if (options.mechanism == Mechanism::kLogDepth) {
    recogniser = Composition(minimal, names, options, diag);
    reason = "it has the fewest table rows";
  } else {
    recogniser = Direct(minimal, names, options, diag, reason);
  }
  if (!recogniser) return std::nullopt;
  if (recogniser->NumRows() > options.max_rows) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("{} takes {} table rows; the limit is {}", recogniser->construction,
                           recogniser->NumRows(), options.max_rows));
    return std::nullopt;
  }
  recogniser->reason = std::move(reason);
  CompleteHeader(minimal, name, names, options.max_length, *recogniser);
  return recogniser;
}

}  // namespace raspc
