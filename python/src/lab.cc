// The laboratory: languages, recognisers and the suite.
//
// What the command prints as JSON crosses to Python as that text: a classification, a report of the
// suite.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "python/src/bind.h"
#include "python/src/failures.h"
#include "python/src/values.h"
#include "python/src/work.h"

namespace raspc::python {
namespace {

using Integer = std::optional<std::int64_t>;

// A regular language.
struct LanguageHandle {
  Language language;
  LanguageLimits limits;
};

struct ProblemHandle {
  Problem problem;
  LanguageLimits limits;
};

struct SuiteHandle {
  SuiteResult result;
};

// Throws Failure for a number out of range.
Integer InRange(std::string_view name, const Integer& value, std::int64_t min, std::int64_t max) {
  if (value && (*value < min || *value > max)) {
    throw Failure(ErrorKind::kInput, IntegerRequired(name, min, max, std::to_string(*value)));
  }
  return value;
}

Mechanism MechanismOf(const std::string& name) {
  if (const auto mechanism = ReadMechanism(name)) return *mechanism;
  std::vector<std::string> names;
  for (const Mechanism known : kAllMechanisms) names.emplace_back(MechanismName(known));
  throw Failure(ErrorKind::kInput, UnknownName("mechanism", name, names));
}

std::vector<std::string> SymbolsOf(nb::handle symbols, std::string_view what) {
  std::vector<std::string> texts;
  for (const Atom& symbol : AtomsOf(symbols, what)) texts.push_back(PythonStr(symbol));
  return texts;
}

std::optional<Alphabet> AlphabetOf(const nb::object& symbols) {
  if (symbols.is_none()) return std::nullopt;
  Diagnostics diag;
  std::optional<Alphabet> alphabet = MakeAlphabet(SymbolsOf(symbols, "the alphabet"), {}, diag);
  Check(diag);
  return alphabet;
}

LanguageLimits LimitsOf(const Integer& max_states, const Integer& max_monoid) {
  LanguageLimits limits;
  limits.max_states = InRange("max_states", max_states, 1, kMostStates).value_or(limits.max_states);
  limits.max_monoid =
      InRange("max_monoid", max_monoid, 1, kMostElements).value_or(limits.max_monoid);
  return limits;
}

// A word as a str, with spaces between symbols if they are longer than a character, or as a list of
// symbols.
Word WordOf(const Alphabet& alphabet, nb::handle word) {
  Diagnostics diag;
  const std::optional<Word> read = PyUnicode_Check(word.ptr())
                                       ? ReadWord(alphabet, TextOf(word, "the word"), diag)
                                       : ReadWord(alphabet, SymbolsOf(word, "the word"), diag);
  Check(diag);
  return *read;
}

nb::list ListOf(const std::vector<std::string>& texts) {
  nb::list list;
  for (const std::string& text : texts) list.append(StrOf(text));
  return list;
}

std::unique_ptr<LanguageHandle> MakeLanguage(const std::string& text, const nb::object& alphabet,
                                             const Integer& max_states, const Integer& max_monoid) {
  const LanguageLimits limits = LimitsOf(max_states, max_monoid);
  const std::optional<Alphabet> symbols = AlphabetOf(alphabet);
  Diagnostics diag;
  auto language = RunLong([&] { return ReadLanguage(text, symbols, limits, diag); });
  Check(diag);
  return std::make_unique<LanguageHandle>(*std::move(language), limits);
}

// [state][symbol]: the next state.
nb::list TransitionsOf(const LanguageHandle& self) {
  const Dfa& dfa = self.language.minimal;
  nb::list rows;
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    nb::list row;
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) row.append(dfa.Next(q, a));
    rows.append(row);
  }
  return rows;
}

nb::list AcceptingOf(const LanguageHandle& self) {
  nb::list states;
  for (const bool accepts : self.language.minimal.accepting) states.append(accepts);
  return states;
}

nb::str ClassificationOf(const LanguageHandle& self) {
  const Dfa& dfa = self.language.minimal;
  return StrOf(RunLong([&] { return ToJson(Classify(dfa, self.limits), dfa.alphabet); }));
}

std::unique_ptr<ProblemHandle> MakeProblem(const std::string& text, const nb::object& alphabet,
                                           const Integer& max_states, const Integer& max_monoid) {
  const LanguageLimits limits = LimitsOf(max_states, max_monoid);
  const std::optional<Alphabet> symbols = AlphabetOf(alphabet);
  Diagnostics diag;
  auto problem = RunLong([&] { return ReadProblem(text, symbols, limits, diag); });
  Check(diag);
  return std::make_unique<ProblemHandle>(*std::move(problem), limits);
}

// What a word's definition says: a bool for a language; for a task the answer's symbols, or None if
// the word is not an input of it.
nb::object AnswerOf(const ProblemHandle& self, nb::handle word) {
  const Word read = WordOf(self.problem.alphabet, word);
  if (self.problem.kind == ProblemKind::kLanguage) return nb::bool_(self.problem.decide(read));
  const std::optional<Answer> answer = self.problem.answer(read);
  return answer ? nb::object(ListOf(*answer)) : nb::none();
}

const char* NameOfExpectation(Expectation expectation) {
  switch (expectation) {
    case Expectation::kYes:
      return "yes";
    case Expectation::kNo:
      return "no";
    case Expectation::kConditionalNo:
      return "conditional no";
    case Expectation::kNoClaim:
      break;
  }
  return "open";
}

// (mechanism, expectation, reason, cost, reference, whether a program is made)
nb::list TheoryOf(const ProblemHandle& self) {
  const Problem& problem = self.problem;
  RunLong([&] { return problem.theory->models.size(); });  // computed on first use
  nb::list list;
  for (const Mechanism mechanism : kAllMechanisms) {
    const MechanismTheory& theory = problem.TheoryOf(mechanism);
    list.append(nb::make_tuple(StrOf(MechanismName(mechanism)),
                               NameOfExpectation(theory.expectation), StrOf(theory.reason),
                               StrOf(theory.cost), StrOf(theory.reference), theory.IsBuilt()));
  }
  return list;
}

struct Built {
  GeneratedProgram program;
  std::optional<CompiledProgram> compiled;
};

std::optional<Built> Build(const ProblemHandle& self, const GeneratedProgramOptions& options,
                           Diagnostics& diag) {
  auto program = self.problem.make_program(options, diag);
  if (!program) return std::nullopt;
  auto compiled = CompileGeneratedProgram(*program, diag);
  return Built{*std::move(program), std::move(compiled)};
}

// (model, program's source, figures by name)
nb::tuple Recognise(const ProblemHandle& self, const std::string& by, std::int64_t max_length,
                    const Integer& rounds, const Integer& max_rows) {
  GeneratedProgramOptions options;
  options.mechanism = MechanismOf(by);
  options.limits = self.limits;
  options.max_length = *InRange("max_length", max_length, 1, kMaxInputLength);
  if (rounds && options.mechanism != Mechanism::kLogDepth) {
    throw Failure(ErrorKind::kInput, "rounds requires the mechanism log-depth");
  }
  if (rounds) options.num_rounds = static_cast<int>(*InRange("rounds", rounds, 1, kMaxRounds));
  options.max_rows = InRange("max_rows", max_rows, 1, kMaxTableRows).value_or(options.max_rows);
  Diagnostics diag;
  std::optional<Built> built = RunLong([&] { return Build(self, options, diag); });
  Check(diag);
  const GeneratedProgram& program = built->program;
  nb::dict figures;
  figures["by"] = StrOf(MechanismName(options.mechanism));
  figures["construction"] = StrOf(program.construction);
  figures["reason"] = StrOf(program.reason);
  figures["promise"] = StrOf(program.Promise());
  figures["depth"] = program.depth;
  figures["table_rows"] = program.NumRows();
  figures["padding"] = StrOf(program.NumPadding().Text());
  return nb::make_tuple(std::make_unique<ModelHandle>(std::move(built->compiled->model)),
                        StrOf(program.Source()), figures);
}

// (name, kind, level, definition, [names of examples]) of every entry of the catalogue.
nb::list Catalogue() {
  nb::list list;
  for (const ProblemEntry& entry : ProblemEntries()) {
    nb::list examples;
    for (const std::vector<int>& arguments : entry.examples) {
      examples.append(StrOf(ProblemName(entry, arguments)));
    }
    list.append(nb::make_tuple(StrOf(ProblemSignature(entry)), StrOf(ProblemKindName(entry.kind)),
                               StrOf(entry.level), StrOf(entry.definition), examples));
  }
  return list;
}

SuiteLevel LevelOf(const std::string& name) {
  std::vector<std::string> names;
  for (const SuiteLevel level : {SuiteLevel::kQuick, SuiteLevel::kDefault, SuiteLevel::kLong}) {
    if (name == SuiteLevelName(level)) return level;
    names.emplace_back(SuiteLevelName(level));
  }
  throw Failure(ErrorKind::kInput, UnknownName("level", name, names));
}

// The run is abandoned if it is interrupted.
SuiteResult RunWholeSuite(SuiteRun& run, Progress& progress) {
  run.on_progress = [&](const SuiteProgress& now) {
    progress.done = now.done;
    progress.total = now.total;
  };
  return RunSuite(run, *stop_flag);
}

std::unique_ptr<SuiteHandle> Suite(const std::string& level, std::vector<std::string> only,
                                   const std::optional<std::vector<std::string>>& by,
                                   const Integer& max_length, const Integer& exhaustive,
                                   const Integer& samples, const Integer& seed,
                                   const Integer& threads, const nb::object& on_progress) {
  SuiteRequest request;
  request.level = LevelOf(level);
  request.only = std::move(only);
  if (by) {
    request.by.emplace();
    for (const std::string& name : *by) request.by->push_back(MechanismOf(name));
  }
  request.max_length = InRange("max_length", max_length, 1, kMaxInputLength);
  request.exhaustive = InRange("exhaustive", exhaustive, 0, kMaxSuiteExhaustive);
  request.samples = InRange("samples", samples, 0, kMaxSuiteSamples);
  request.seed = InRange("seed", seed, 0, INT64_MAX);
  request.threads = InRange("threads", threads, 1, kMaxSuiteThreads);
  SuiteRun run;
  run.version = RASPC_VERSION;
  run.options = SuiteOptionsFor(request);
  Diagnostics diag;
  auto problems = SelectProblems(request.only, diag);
  Check(diag);
  run.problems = *std::move(problems);
  Progress progress;
  return std::make_unique<SuiteHandle>(
      RunLong([&] { return RunWholeSuite(run, progress); }, &progress, on_progress));
}

void BindLanguage(nb::module_& module) {
  using namespace nb::literals;  // NOLINT(google-build-using-namespace)
  nb::class_<LanguageHandle>(module, "Language")
      .def_prop_ro("name", [](const LanguageHandle& self) { return StrOf(self.language.name); })
      .def_prop_ro("alphabet",
                   [](const LanguageHandle& self) {
                     return ListOf(self.language.minimal.alphabet.symbols());
                   })
      .def_prop_ro("start", [](const LanguageHandle& self) { return self.language.minimal.start; })
      .def_prop_ro("accepting", AcceptingOf)
      .def_prop_ro("transitions", TransitionsOf)
      .def(
          "accepts",
          [](const LanguageHandle& self, nb::handle word) {
            const Dfa& dfa = self.language.minimal;
            return dfa.Accepts(WordOf(dfa.alphabet, word));
          },
          "word"_a)
      .def("classification", ClassificationOf)
      .def("dot", [](const LanguageHandle& self) {
        return StrOf(AutomatonDot(self.language.minimal, self.language.name));
      });
  module.def("language", MakeLanguage, "text"_a, "alphabet"_a.none(), "max_states"_a.none(),
             "max_monoid"_a.none());
}

void BindProblem(nb::module_& module) {
  using namespace nb::literals;  // NOLINT(google-build-using-namespace)
  nb::class_<ProblemHandle>(module, "Problem")
      .def_prop_ro("name", [](const ProblemHandle& self) { return StrOf(self.problem.name); })
      .def_prop_ro(
          "kind",
          [](const ProblemHandle& self) { return StrOf(ProblemKindName(self.problem.kind)); })
      .def_prop_ro("level", [](const ProblemHandle& self) { return StrOf(self.problem.level); })
      .def_prop_ro("definition",
                   [](const ProblemHandle& self) { return StrOf(self.problem.definition); })
      .def_prop_ro(
          "alphabet",
          [](const ProblemHandle& self) { return ListOf(self.problem.alphabet.symbols()); })
      .def("theory", TheoryOf)
      .def("answer", AnswerOf, "word"_a)
      .def("recognise", Recognise, "by"_a, "max_length"_a, "rounds"_a.none(), "max_rows"_a.none());
  module.def("problem", MakeProblem, "text"_a, "alphabet"_a.none(), "max_states"_a.none(),
             "max_monoid"_a.none());
  module.def("catalogue", Catalogue);
}

}  // namespace

void BindLab(nb::module_& module) {
  using namespace nb::literals;  // NOLINT(google-build-using-namespace)
  BindLanguage(module);
  BindProblem(module);
  nb::class_<SuiteHandle>(module, "Suite")
      .def("json", [](const SuiteHandle& self) { return StrOf(SuiteJson(self.result)); })
      .def("table", [](const SuiteHandle& self) { return StrOf(SuiteTable(self.result)); })
      .def("html", [](const SuiteHandle& self) { return StrOf(SuiteHtml(self.result)); })
      .def("mismatches", [](const SuiteHandle& self) { return ListOf(MismatchesOf(self.result)); });
  module.def("suite", Suite, "level"_a, "only"_a, "by"_a.none(), "max_length"_a.none(),
             "exhaustive"_a.none(), "samples"_a.none(), "seed"_a.none(), "threads"_a.none(),
             "on_progress"_a.none());
}

}  // namespace raspc::python
