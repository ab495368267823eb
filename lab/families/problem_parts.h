// Builds a problem of this folder from its parts, and its entry in the registry.
//
// Where a program of constant depth is known, `direct`, it also serves `log-depth` (with no rounds)
// and `pad` (with no padding), unless these have their own programs.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lab/problem/language_sampler.h"
#include "lab/problem/problem_entry.h"
#include "frontends/regular/construction.h"

namespace raspc {

using MakeProgram = std::function<std::optional<GeneratedProgram>(
    const std::string& name, const GeneratedProgramOptions& options, Diagnostics& diag)>;

struct ProblemParts {
  std::function<bool(const Word& word)> decide;                   // of a language
  std::function<std::optional<Answer>(const Word& word)> answer;  // of a task
  // Fills in the samplers; `num_symbols`, `max_length` and `decide` are set. On failure reports
  // kLimit and returns false.
  std::function<bool(SamplerParts& parts, const LanguageLimits& limits, Diagnostics& diag)> draw;

  // The program of constant depth for words of up to max_length symbols; empty if there is none.
  std::function<GeneratedProgram(std::int64_t max_length)> direct;
  ResultAt result_at = ResultAt::kVerdict;  // of the direct program
  // A program of rounds for words of up to max_length symbols: as many as needed, or num_rounds.
  std::function<GeneratedProgram(std::int64_t max_length, std::optional<int> num_rounds)> depth;
  MakeProgram cot, pad;

  // Theory of depth and pad only if it does not follow from the direct program. The cost of the
  // direct program omits its depth, which the program states.
  MechanismTheory theory_direct, theory_log_depth, theory_cot, theory_pad;
  // Whether the language is in C-RASP; nothing if unknown.
  std::optional<bool> c_rasp;
  // Whether compiled transformers of constant depth recognise it, with a reference.
  std::optional<bool> constant_depth;
  std::string models_reference;
};

struct PartsEntry : ProblemDescription {
  std::function<Alphabet(const std::vector<int>& arguments)> alphabet;
  bool takes_alphabet = false;  // defined over any alphabet
  std::function<ProblemParts(const std::vector<int>& arguments, const Alphabet& alphabet)> parts;
};

ProblemEntry MakeEntry(PartsEntry entry);
// An entry without parameters, over the letters of a text.
PartsEntry OneLanguage(std::string name, std::string level, const std::string& letters,
                       std::string definition,
                       std::function<ProblemParts(const Alphabet& alphabet)> parts);

// The letters of a text, one symbol each.
Alphabet LettersOf(const std::string& text);

// The token after every word: `$`, or a variant that is not a symbol.
std::string EndMarkerOf(const Alphabet& alphabet);

// The sum of `number` over the positions that `chosen` selects: a mean times a count.
Expr SumOver(const Expr& chosen, const Expr& number);
// `name = {"(": 1, ")": -1, ..., "$": 0}[tokens];`: a step for each symbol, and 0 for the end
// marker.
Expr AssignSteps(RaspWriter& w, const std::string& name, const Alphabet& alphabet,
                 const std::vector<int>& steps);
// Whether a symbol has one of a higher rank before it; the end marker has not.
Expr ComesTooLate(const Expr& before, const Expr& rank, const Alphabet& alphabet);

// The entries of the files of this folder, in the order of tables.
void AddCountingLanguages(std::vector<ProblemEntry>& entries);
void AddBracketLanguages(std::vector<ProblemEntry>& entries);
void AddRepeatLanguages(std::vector<ProblemEntry>& entries);
void AddMatchTasks(std::vector<ProblemEntry>& entries);
void AddFormulaValue(std::vector<ProblemEntry>& entries);

}  // namespace raspc
