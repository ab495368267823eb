// Makes the programs for each length, compiles them, runs the largest on all short words and on
// random longer ones, and compares with the problem's definition.
#include "lab/suite/suite_cell.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <memory>

#include "base/input_frame.h"
#include "lab/run/compile_generated_program.h"
#include "lab/run/example_run.h"
#include "lab/run/run_problem.h"
#include "lab/suite/first_error.h"
#include "lab/suite/suite_growth.h"
#include "lab/suite/suite_rounds.h"
#include "lab/suite/suite_tally.h"
#include "lab/suite/suite_words.h"
#include "runtime/run/make_engine.h"

namespace raspc {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 1024;      // words of an exhaustive run at once
constexpr int kDrawnAtOnce = 8;           // per length; members, near misses and others in turn
constexpr std::size_t kMaxRepeated = 8;  // per length
// The interpreter is for reference, not for speed.
constexpr std::size_t kInterpretedOfBatch = 4;
constexpr int kMaxInterpreted = 60, kLongestInterpreted = 16;

constexpr int kLongestExample = 8;

// The work of a token is the number of multiply-accumulates plus a layer's other steps.
constexpr std::int64_t kWorkPerLayer = 100;

// The processor time of this thread, whatever else the machine is doing.
double ThreadSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// A program and its model for one maximum length.
struct Built {
  int max_length = 0;
  GeneratedProgram recogniser;
  CompiledProgram compiled;
  std::int64_t work_per_token = 0;
};

class Cell {
 public:
  Cell(const Problem& problem, Mechanism mechanism, const SuiteOptions& options,
       const std::atomic<bool>& stop)
      : problem_(problem), mechanism_(mechanism), options_(options), stop_(stop) {}

  std::optional<CellResult> Run() {
    Build();
    if (!stop_ && built_) Try();
    if (!stop_ && built_ && mechanism_ == Mechanism::kLogDepth) {
      rounds_ = TryFewRounds(problem_, options_, stop_);
    }
    if (stop_) return std::nullopt;
    if (built_ && source_ != nullptr) TryExample();
    return Result();
  }

 private:
  // Makes and compiles a program for each of the lengths; keeps the one for the largest possible.
  void Build();
  bool BuildFor(int max_length);
  void BuildSmaller();
  // Tries the last program on words of its own maximum length.
  void TryLongest();
  // The reason why a program was not made.
  void Refuse(int max_length, const Diagnostic& error, bool by_compiler);

  void Try();
  void TryAllShort();
  void TryDrawn();
  void TryExample();
  void RunWords(std::span<const Word> words, bool exhaustive);
  void Interpret(std::span<const Word> words);
  void Note(const Word& word, const Outcome& outcome, bool exhaustive);
  bool IsSpent(double share);

  CellResult Result() const;
  void DescribeProgram(CellResult& cell) const;
  std::vector<ResourceResult> Resources() const;

  const Problem& problem_;
  const Mechanism mechanism_;
  const SuiteOptions& options_;
  const std::atomic<bool>& stop_;
  const Clock::time_point start_ = Clock::now();
  const double thread_start_ = ThreadSeconds();

  std::unique_ptr<WordSampler> source_;  // null if no words can be sampled
  std::optional<Built> built_;
  std::unique_ptr<Engine> engine_;
  std::vector<ResourceResult> resources_;
  std::vector<RoundResult> rounds_;
  std::optional<ExampleRun> example_;
  std::optional<std::string> message_, beyond_;
  std::optional<Observed> observed_;  // where there is no program

  WordTally tally_{problem_};
  int exhaustive_to_ = -1;
  std::int64_t samples_per_length_ = 0;
  std::optional<Cut> cut_;
  std::int64_t work_ = 0;
};

void Cell::Refuse(int max_length, const Diagnostic& error, bool by_compiler) {
  const std::string where =
      fmt::format("for words of up to {} symbols: {}", max_length, error.message);
  if (built_ && error.kind == ErrorKind::kLimit) {
    beyond_ = where;
    return;
  }
  built_.reset();
  message_ = by_compiler || error.kind == ErrorKind::kLimit ? where : error.message;
  observed_ = error.kind == ErrorKind::kLimit                     ? Observed::kBeyondLimit
              : by_compiler || error.kind == ErrorKind::kInternal ? Observed::kFailed
              : error.kind == ErrorKind::kValue                   ? Observed::kRefused
                                                                  : Observed::kNotRun;
  if (observed_ == Observed::kNotRun) message_ = "not tried: " + *message_;
}

bool Cell::BuildFor(int max_length) {
  GeneratedProgramOptions recogniser_options;
  recogniser_options.mechanism = mechanism_;
  recogniser_options.max_length = max_length;
  recogniser_options.limits = options_.limits;
  Diagnostics diag;
  std::optional<GeneratedProgram> recogniser = problem_.make_program(recogniser_options, diag);
  if (!recogniser) {
    Refuse(max_length, FirstError(diag), false);
    return false;
  }
  const std::optional<std::int64_t> num_pads = recogniser->NumPadding().At(max_length);
  if (!num_pads || *num_pads > options_.max_pads) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("{} padding tokens exceed {}, the limit of this run",
                           recogniser->NumPadding().Text(), options_.max_pads));
    Refuse(max_length, FirstError(diag), false);
    return false;
  }
  std::optional<CompiledProgram> compiled = CompileGeneratedProgram(*recogniser, diag);
  if (!compiled) {
    Refuse(max_length, FirstError(diag), true);
    return false;
  }
  const ModelSizes sizes = SizesOf(compiled->model);
  resources_.push_back({.max_length = max_length, .sizes = sizes, .pads = *num_pads});
  built_ = Built{max_length, *std::move(recogniser), *std::move(compiled),
                 sizes.nonzeros + kWorkPerLayer * sizes.layers};
  return true;
}

void Cell::Build() {
  const std::vector<int> lengths = CompiledLengths(options_);
  Diagnostics diag;
  source_ = problem_.make_sampler(options_.max_length, options_.limits, diag);
  if (source_ == nullptr) message_ = "no words can be sampled: " + FirstError(diag).message;
  for (const int length : lengths) {
    if (stop_) return;
    if (!BuildFor(length)) break;
    if (length < lengths.back()) TryLongest();
  }
  // If not even the shortest of them is possible, shorter ones may be.
  for (int length = lengths.front() / 2;
       !built_ && observed_ == Observed::kBeyondLimit && length >= 2 && !stop_; length /= 2) {
    const std::string beyond = *message_;
    if (!BuildFor(length)) continue;
    observed_.reset();
    message_.reset();
    beyond_ = beyond;
  }
  if (built_) BuildSmaller();
}

// Figures at one or two lengths show no growth, so programs are made for shorter words too.
void Cell::BuildSmaller() {
  std::optional<Built> largest;
  std::swap(largest, built_);
  for (int length = resources_.front().max_length / 2;
       length >= 1 && resources_.size() < CompiledLengths(options_).size() && !stop_; length /= 2) {
    if (!BuildFor(length)) break;
    TryLongest();
    std::rotate(resources_.begin(), resources_.end() - 1, resources_.end());
  }
  // It does not matter what is too large only for a short word.
  if (observed_ == Observed::kBeyondLimit) {
    observed_.reset();
    message_.reset();
  }
  built_ = std::move(largest);
}

void Cell::Try() {
  engine_ = MakeFastestEngine(built_->compiled.model, 1);
  TryAllShort();
  TryDrawn();
}

void Cell::TryLongest() {
  if (source_ == nullptr) return;
  const int length = built_->max_length;
  const auto engine = MakeFastestEngine(built_->compiled.model, 1);
  std::vector<Word> words = RepeatedWords(problem_, length, kMaxRepeated);
  const std::string purpose = fmt::format("{} at its longest", MechanismName(mechanism_));
  for (Word& word :
       DrawnWords(problem_, *source_, length, options_.seed, purpose).Next(kDrawnAtOnce)) {
    words.push_back(std::move(word));
  }
  const std::vector<Outcome> outcomes =
      RunProblem(problem_, built_->recogniser, built_->compiled.model, *engine, words);
  std::int64_t right = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    right += outcomes[i].is_right;
    tally_.NoteWrong(words[i], outcomes[i], fmt::format(" (model for {} symbols)", length));
  }
  resources_.back().words = static_cast<std::int64_t>(words.size());
  resources_.back().right = right;
}

// Whether the cell has used up `share` of its work budget.
bool Cell::IsSpent(double share) {
  if (options_.max_seconds > 0 && ThreadSeconds() - thread_start_ > options_.max_seconds) {
    cut_ = Cut::kTime;
    return true;
  }
  if (options_.max_work > 0 &&
      static_cast<double>(work_) > share * static_cast<double>(options_.max_work)) {
    cut_ = Cut::kWork;
    return true;
  }
  return false;
}

// All words of each length, as long as a length is likely to take at most half of the budget.
void Cell::TryAllShort() {
  const int longest = std::min(options_.exhaustive, built_->max_length);
  const auto num_symbols = static_cast<std::int64_t>(problem_.alphabet.size());
  std::int64_t work_of_last = 0;
  for (int length = 0; length <= longest; ++length) {
    if (NumWordsUpTo(problem_.alphabet.size(), length, options_.max_exhaustive_words) >
        options_.max_exhaustive_words) {
      return;
    }
    const std::int64_t before = work_;
    if (options_.max_work > 0 && work_ + work_of_last * num_symbols > options_.max_work / 2) {
      cut_ = Cut::kWork;
      return;
    }
    AllWords all(problem_, length);
    tally_.SetExhaustive(length, true);
    while (true) {
      const std::vector<Word> words = all.Next(kBatch);
      if (words.empty()) break;
      RunWords(words, true);
      if (stop_) return;
      if (IsSpent(1)) {
        tally_.SetExhaustive(length, false);
        return;
      }
    }
    exhaustive_to_ = length;
    work_of_last = work_ - before;
  }
}

// Words of further lengths, a few of each in turn, so that a cell that is cut short has equally
// many of each.
void Cell::TryDrawn() {
  if (source_ == nullptr) return;
  const std::string purpose(MechanismName(mechanism_));
  std::vector<DrawnWords> drawn;
  std::vector<int> compiled;
  for (const ResourceResult& model : resources_) compiled.push_back(model.max_length);
  for (const int length :
       LengthsToDraw(problem_, *source_, exhaustive_to_ + 1, compiled, options_.all_lengths)) {
    drawn.emplace_back(problem_, *source_, length, options_.seed, purpose);
    RunWords(RepeatedWords(problem_, length, kMaxRepeated), false);
    if (stop_) return;
  }
  // The first round always runs.
  while (samples_per_length_ < options_.samples && !drawn.empty()) {
    const int count = static_cast<int>(
        std::min<std::int64_t>(kDrawnAtOnce, options_.samples - samples_per_length_));
    for (DrawnWords& words : drawn) {
      RunWords(words.Next(count), false);
      if (stop_) return;
    }
    samples_per_length_ += count;
    if (samples_per_length_ < options_.samples && IsSpent(1)) return;
  }
}

// A trace of one word, for a reader.
void Cell::TryExample() {
  std::mt19937_64 random(SeedFor(options_.seed, problem_.name + " example"));
  const int longest = std::min(kLongestExample, built_->max_length);
  const auto word = ExampleWord(problem_, built_->compiled, *source_, longest, random);
  if (word) example_ = RunExample(problem_, built_->recogniser, built_->compiled, *word);
}

void Cell::RunWords(std::span<const Word> words, bool exhaustive) {
  for (; !words.empty() && !stop_; words = words.subspan(std::min(kBatch, words.size()))) {
    const std::span<const Word> batch = words.first(std::min(kBatch, words.size()));
    const std::vector<Outcome> outcomes =
        RunProblem(problem_, built_->recogniser, built_->compiled.model, *engine_, batch);
    for (std::size_t i = 0; i < batch.size(); ++i) Note(batch[i], outcomes[i], exhaustive);
    Interpret(batch.first(std::min(batch.size(), kInterpretedOfBatch)));
  }
}

void Cell::Note(const Word& word, const Outcome& outcome, bool exhaustive) {
  const bool generates = built_->compiled.program.evaluation.generation.has_value();
  tally_.Note(word, outcome, exhaustive, generates);
  const std::int64_t tokens =
      built_->compiled.program.evaluation.frame.LengthFor(static_cast<std::int64_t>(word.size()))
          .value_or(0) +
      outcome.num_generated;
  work_ += tokens * built_->work_per_token;
}

void Cell::Interpret(std::span<const Word> words) {
  for (const Word& word : words) {
    if (static_cast<int>(word.size()) > kLongestInterpreted) continue;
    if (tally_.num_interpreted() == kMaxInterpreted) return;
    const ModelOutput output =
        raspc::Interpret(built_->compiled.program, TokensOf(problem_.alphabet, word));
    const Outcome outcome =
        Compare(problem_, built_->recogniser, built_->compiled.model, word, output);
    tally_.NoteInterpreted(word, outcome);
  }
}

// With the maximum number of tokens generated for words of up to each length, and the number of
// words of its own maximum length that the largest got right.
std::vector<ResourceResult> Cell::Resources() const {
  std::vector<ResourceResult> resources = resources_;
  for (ResourceResult& model : resources) {
    for (const auto& [length, result] : tally_.lengths()) {
      if (length > model.max_length || !result.steps) continue;
      model.steps = std::max(model.steps.value_or(0), *result.steps);
    }
  }
  const auto longest = tally_.lengths().find(built_->max_length);
  if (longest != tally_.lengths().end()) {
    resources.back().words = longest->second.words;
    resources.back().right = longest->second.right;
  }
  return resources;
}

std::map<std::string, GrowthResult> GrowthOfFigures(const std::vector<ResourceResult>& resources) {
  std::map<std::string, GrowthResult> growth;
  for (const ResourceFigure& figure : ResourceFigures()) {
    std::vector<GrowthPoint> points;
    for (const ResourceResult& model : resources) {
      const std::optional<std::int64_t> value = figure.of(model);
      if (value)
        points.push_back({static_cast<double>(model.max_length), static_cast<double>(*value)});
    }
    if (!points.empty()) growth.emplace(figure.name, GrowthOf(std::move(points)));
  }
  return growth;
}

void Cell::DescribeProgram(CellResult& cell) const {
  cell.max_length = built_->max_length;
  cell.construction = built_->recogniser.construction;
  cell.promise = built_->recogniser.Promise();
  cell.program_depth = built_->recogniser.depth;
  cell.program = built_->recogniser.Source();
  tally_.WriteTo(cell, built_->recogniser.NumPadding());
  cell.exhaustive_to = exhaustive_to_;
  cell.samples_per_length = samples_per_length_;
  cell.cut = cut_;
  cell.resources = Resources();
  cell.growth = GrowthOfFigures(cell.resources);
  cell.work = work_;
}

CellResult Cell::Result() const {
  CellResult cell = CellNotRun(problem_.TheoryOf(mechanism_), message_);
  const bool has_words = tally_.num_words() > 0;
  cell.observed = observed_.value_or(!has_words            ? Observed::kBeyondLimit
                                     : tally_.IsAllRight() ? Observed::kSolved
                                                           : Observed::kFailed);
  cell.rounds = rounds_;
  cell.example = example_;
  cell.match =
      Matches(cell.theory, cell.observed) &&
      std::all_of(rounds_.begin(), rounds_.end(), [](const RoundResult& cut) { return cut.match; });
  cell.beyond = beyond_;
  cell.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  if (built_) DescribeProgram(cell);
  return cell;
}

}  // namespace

std::optional<CellResult> RunCell(const Problem& problem, Mechanism mechanism,
                                  const SuiteOptions& options, const std::atomic<bool>& stop) {
  return Cell(problem, mechanism, options, stop).Run();
}

}  // namespace raspc
