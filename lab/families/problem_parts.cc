#include "lab/families/problem_parts.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "frontends/program_header.h"

namespace raspc {
namespace {

// All classes except C, L and T contain only regular languages (Li, Cotterell 2025 and 2026; Yang,
// Chiang, Angluin 2024).
std::vector<ModelVerdict> VerdictsOf(const ProblemParts& parts) {
  Classification no_regular_class;
  no_regular_class.r_trivial = no_regular_class.r_trivial_at_last = false;
  no_regular_class.non_strict = no_regular_class.non_strict_at_last = false;
  no_regular_class.locally_r_trivial = false;
  no_regular_class.aperiodic = no_regular_class.quasi_aperiodic = false;
  no_regular_class.c_rasp = no_regular_class.c_rasp_at_last = parts.c_rasp;
  no_regular_class.solvable = parts.constant_depth;
  std::vector<ModelVerdict> verdicts = ModelVerdicts(no_regular_class);
  for (ModelVerdict& verdict : verdicts) {
    if (verdict.key == "C" || verdict.key == "T") verdict.reference = parts.models_reference;
  }
  return verdicts;
}

std::array<MechanismTheory, 4> TheoryOf(const ProblemParts& parts) {
  MechanismTheory direct = parts.theory_direct, depth = parts.theory_log_depth,
                  pad = parts.theory_pad;
  // Its depth does not depend on the maximum length.
  if (parts.direct) direct.cost = DepthPromise(parts.direct(1).depth, direct.cost);
  if (parts.direct && !parts.depth) {
    depth = direct;
    depth.reason = "the direct program, since rounds would gain nothing: " + depth.reason;
    depth.cost = "0 rounds; " + depth.cost;
  }
  if (parts.direct && !parts.pad) {
    pad = direct;
    pad.reason = "the direct program, which needs no padding: " + pad.reason;
    pad.cost = "0 padding tokens; " + pad.cost;
  }
  return {direct, depth, parts.theory_cot, pad};
}

std::string ReadWhere(ResultAt at, const std::string& end_marker) {
  return at == ResultAt::kFirst
             ? "The answer is read at the positions of the word."
             : fmt::format("The verdict is the value at the end marker {} after the word.",
                           Literal(end_marker));
}

// Completes a program that does not generate.
std::optional<GeneratedProgram> Frame(const Problem& problem, GeneratedProgram program,
                                      std::string reason, ResultAt result_at,
                                      const GeneratedProgramOptions& options, Diagnostics& diag) {
  if (program.NumRows() > options.max_rows) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("{} takes {} table rows; the limit is {}", program.construction,
                           program.NumRows(), options.max_rows));
    return std::nullopt;
  }
  program.reason = std::move(reason);
  program.result_at = result_at;
  ProgramHeader& header = program.header;
  header.alphabet = problem.alphabet.symbols();
  header.end_marker = EndMarkerOf(problem.alphabet);
  header.max_length = options.max_length;
  if (problem.kind == ProblemKind::kTask) header.output = "answer";
  header.comments = {
      fmt::format("{} {}, by {}.", problem.kind == ProblemKind::kLanguage ? "Recognises" : "Solves",
                  problem.name, program.construction),
      program.explanation,
      fmt::format("Guaranteed: {}. {}", program.Promise(),
                  ReadWhere(result_at, header.end_marker))};
  return program;
}

std::optional<GeneratedProgram> Program(const Problem& problem, const ProblemParts& parts,
                                        const GeneratedProgramOptions& options, Diagnostics& diag) {
  const Mechanism mechanism = options.mechanism;
  if (mechanism == Mechanism::kCot && parts.cot) return parts.cot(problem.name, options, diag);
  if (mechanism == Mechanism::kPad && parts.pad) return parts.pad(problem.name, options, diag);
  if (mechanism == Mechanism::kLogDepth && parts.depth) {
    return Frame(problem, parts.depth(options.max_length, options.num_rounds),
                 "it takes logarithmically many rounds", ResultAt::kVerdict, options, diag);
  }
  if (mechanism == Mechanism::kCot || !parts.direct) {
    ReportRefusal(problem, mechanism, diag);
    return std::nullopt;
  }
  GeneratedProgram body = parts.direct(options.max_length);
  if (mechanism == Mechanism::kLogDepth) body.construction += ", 0 rounds";
  if (mechanism == Mechanism::kPad) body.construction += ", 0 padding tokens";
  return Frame(problem, std::move(body), "it takes constant depth and no padding", parts.result_at,
               options, diag);
}

Problem ProblemFrom(const PartsEntry& entry, const std::vector<int>& arguments,
                    const Alphabet& alphabet) {
  Problem problem;
  problem.name = FamilyMember(entry.name, arguments);
  problem.kind = entry.kind;
  problem.level = entry.level;
  problem.alphabet = alphabet;
  problem.definition = entry.definition;
  const auto parts = std::make_shared<const ProblemParts>(entry.parts(arguments, alphabet));
  problem.decide = parts->decide;
  problem.answer = parts->answer;
  ProblemTheory theory;
  theory.mechanisms = TheoryOf(*parts);
  if (entry.kind == ProblemKind::kLanguage) theory.models = VerdictsOf(*parts);
  problem.theory = std::move(theory);
  problem.make_sampler = [parts, num_symbols = alphabet.size()](
                             int max_length, const LanguageLimits& limits,
                             Diagnostics& diag) -> std::unique_ptr<WordSampler> {
    SamplerParts source;
    source.num_symbols = num_symbols;
    source.max_length = max_length;
    source.decide = parts->decide;
    return parts->draw(source, limits, diag) ? MakeSampler(std::move(source)) : nullptr;
  };
  problem.make_program = [parts, known = problem](const GeneratedProgramOptions& options,
                                                  Diagnostics& diag) {
    return Program(known, *parts, options, diag);
  };
  return problem;
}

}  // namespace

ProblemEntry MakeEntry(PartsEntry entry) {
  ProblemEntry made{ProblemDescription(entry), "", {}};
  made.build = [entry = std::move(entry)](
                   const std::vector<int>& arguments, const std::optional<Alphabet>& given,
                   const LanguageLimits&, Diagnostics& diag) -> std::optional<Problem> {
    const Alphabet own = entry.alphabet(arguments);
    if (!entry.takes_alphabet &&
        !CheckAlphabetIs(own, given, FamilyMember(entry.name, arguments), diag)) {
      return std::nullopt;
    }
    return ProblemFrom(entry, arguments, given.value_or(own));
  };
  return made;
}

PartsEntry OneLanguage(std::string name, std::string level, const std::string& letters,
                       std::string definition,
                       std::function<ProblemParts(const Alphabet& alphabet)> parts) {
  PartsEntry entry;
  entry.name = std::move(name);
  entry.level = std::move(level);
  for (const char c : letters)
    entry.symbols += fmt::format("{}{}", entry.symbols.empty() ? "" : " ", c);
  entry.definition = std::move(definition);
  entry.alphabet = [letters](const std::vector<int>&) { return LettersOf(letters); };
  entry.parts = [parts = std::move(parts)](const std::vector<int>&, const Alphabet& alphabet) {
    return parts(alphabet);
  };
  return entry;
}

Alphabet LettersOf(const std::string& text) {
  std::vector<std::string> symbols;
  for (const char c : text) symbols.emplace_back(1, c);
  return Alphabet(std::move(symbols));
}

std::string EndMarkerOf(const Alphabet& alphabet) { return FreshToken(alphabet.symbols(), "$"); }

Expr SumOver(const Expr& chosen, const Expr& number) {
  return Round(SelectorWidth(chosen) * Aggregate(chosen, number));
}

Expr AssignSteps(RaspWriter& w, const std::string& name, const Alphabet& alphabet,
                 const std::vector<int>& steps) {
  std::vector<std::pair<Expr, Expr>> rows;
  for (SymbolId a = 0; a < alphabet.size(); ++a) {
    rows.emplace_back(alphabet.Symbol(a), steps[static_cast<std::size_t>(a)]);
  }
  rows.emplace_back(EndMarkerOf(alphabet), 0);
  return w.Assign(name, DictOf(rows)[Tokens()]);
}

Expr ComesTooLate(const Expr& before, const Expr& rank, const Alphabet& alphabet) {
  return And(HasFocus(And(before, Select(rank, rank, Comparison::kGreater))),
             Not(Tokens() == EndMarkerOf(alphabet)));
}

}  // namespace raspc
