// The results of a run of the suite: of problems, of their cells, and of the whole run.
//
// docs/suite.md says what each field means; suite_json.h writes them and reads them back.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "automata/algebra/classify.h"
#include "lab/problem/problem.h"
#include "lab/published/published.h"
#include "lab/run/example_run.h"
#include "lab/suite/suite_growth.h"
#include "lab/suite/suite_options.h"
#include "lab/suite/suite_verdict.h"
#include "runtime/model/model.h"

namespace raspc {

// The words of one length. An accuracy is from 0 to 1, and has no value if there are no such words.
struct LengthResult {
  int length = 0;
  bool exhaustive = false;  // whether all words were tried
  std::int64_t words = 0, members = 0, right = 0, right_members = 0;
  std::optional<double> accuracy, accuracy_members, accuracy_others;
  std::optional<int> steps;  // maximum number of tokens generated, if the program generates
  std::int64_t pads = 0;
};

// The model for one maximum length.
struct ResourceResult {
  int max_length = 0;
  ModelSizes sizes;
  std::optional<int> steps;  // maximum number of tokens generated, for words of up to max_length
  std::int64_t pads = 0;
  std::int64_t words = 0, right = 0;  // of exactly max_length symbols
};

// A figure of a model whose growth is determined, by its name.
struct ResourceFigure {
  std::string_view name;
  std::optional<std::int64_t> (*of)(const ResourceResult& resources);
};
inline constexpr int kNumResourceFigures = 8;
const std::array<ResourceFigure, kNumResourceFigures>& ResourceFigures();

// A composition cut to fewer rounds than needed.
struct RoundResult {
  int rounds = 0;
  std::optional<std::int64_t> expected_first_failure, first_failing_length;
  int max_length = 0;
  std::int64_t words = 0;
  bool match = true;  // whether it fails where the automaton says that it must
};

struct InterpretedResult {
  std::int64_t words = 0, right = 0;
};

struct WrongWord {
  std::string word, expected, got;
};

// Why a cell ended with fewer words than asked for.
enum class Cut { kWork, kTime };
std::string_view CutName(Cut cut);

// A problem by one mechanism. Before it is run it has a theory and perhaps a message.
struct CellResult {
  MechanismTheory theory;
  Observed observed = Observed::kNotRun;
  bool match = true;
  std::optional<std::string> message, beyond;

  // The program for max_length.
  std::optional<int> max_length;
  std::optional<std::string> construction, promise;
  std::optional<int> program_depth;
  std::optional<std::string> program;

  std::vector<LengthResult> lengths;
  std::optional<int> exhaustive_to;
  std::optional<std::int64_t> samples_per_length;
  std::optional<Cut> cut;
  std::int64_t words = 0;
  std::optional<double> accuracy;
  std::optional<InterpretedResult> interpreted;
  std::optional<int> first_failing_length;
  std::optional<WrongWord> first_wrong;

  std::vector<ResourceResult> resources;       // by ascending max_length
  std::map<std::string, GrowthResult> growth;  // by the name of the figure
  std::vector<RoundResult> rounds;
  std::optional<ExampleRun> example;
  std::int64_t work = 0;
  double seconds = 0;

  bool IsDone() const { return observed != Observed::kNotRun; }
};

CellResult CellNotRun(MechanismTheory theory, std::optional<std::string> message);

// A pair of words that no network of some classes distinguishes (automata/algebra/failing_pairs.h),
// as text, checked on the automaton.
struct PairResult {
  std::string violates;
  std::vector<std::string> defeats;  // keys of classes of transformers
  std::string before, repeated, extra, after;
  bool is_member_without_extra = false;
  int checked_to = 0;  // repetitions
  bool holds = true;
};

// A problem. Without a definition nothing but its name is known: the run did not reach it.
struct ProblemResult {
  std::string name;
  std::optional<ProblemKind> kind;
  std::optional<std::string> level;
  std::vector<std::string> alphabet;
  std::optional<std::string> definition;
  std::vector<ModelVerdict> models;
  // What algebra says about a regular language, as automata/algebra/classify.h writes it; nothing here
  // reads it.
  std::optional<std::string> classification;
  std::optional<std::string> automaton_svg;
  std::vector<PairResult> failing_pairs;
  std::vector<PublishedResult> published;
  std::array<CellResult, std::size(kAllMechanisms)> cells;  // in the order of kAllMechanisms

  CellResult& By(Mechanism mechanism) { return cells[static_cast<std::size_t>(mechanism)]; }
  const CellResult& By(Mechanism mechanism) const {
    return cells[static_cast<std::size_t>(mechanism)];
  }
  bool IsDescribed() const { return definition.has_value(); }
};

// The message of a cell that a run did not reach.
inline constexpr const char* kNotReached = "not reached";

// The result of a problem before anything is known about it.
ProblemResult UndescribedProblem(const std::string& name);

// Adds a description. The problem keeps the name by which it was requested, which may be an alias,
// and the cells that have been run, or tried in vain.
void Describe(ProblemResult& problem, ProblemResult description);

// Whether some mechanism solved the problem on every word tried, and publications say that trained
// transformers do not learn it, and none that they do.
bool IsExpressibleNotLearned(const ProblemResult& problem);

// A run, whether it is finished or not.
struct SuiteResult {
  std::string version;  // of raspc
  SuiteOptions options;
  double seconds = 0;  // of this run and those that it resumes
  std::vector<ProblemResult> problems;
};

// Whether every problem is described and every cell of options.by has been run.
bool IsComplete(const SuiteResult& result);

// The number of cells by what was observed; of those that contradict theory, were cut short, and
// were solved for shorter words than asked for.
struct SuiteCounts {
  int solved = 0, failed = 0, refused = 0, beyond_limit = 0, not_run = 0;
  int mismatches = 0, cut = 0, smaller = 0;
};
SuiteCounts CountsOf(const SuiteResult& result);

// Contradictions of theory, one line for each cell or witness.
std::vector<std::string> MismatchesOf(const SuiteResult& result);

// The problems and cells of the run that were not done, with the reason, one per line.
std::vector<std::string> NotTried(const SuiteResult& result);

}  // namespace raspc
