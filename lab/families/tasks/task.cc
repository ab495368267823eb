#include "lab/families/tasks/task.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace raspc {
namespace {

std::string TextOf(const Alphabet& alphabet, const Word& word) {
  std::string text;
  for (const SymbolId a : word) text += alphabet.Symbol(a);
  return text;
}

class TaskSampler final : public WordSampler {
 public:
  TaskSampler(Alphabet alphabet, int max_length, TaskInputs inputs)
      : alphabet_(std::move(alphabet)), max_length_(max_length), inputs_(std::move(inputs)) {}

  std::optional<Word> Member(int length, std::mt19937_64& random) const override {
    return Draw(inputs_.any, length, random);
  }
  std::optional<Word> Hard(int length, std::mt19937_64& random) const override {
    return Draw(inputs_.hard, length, random);
  }
  std::optional<Word> NonMember(int, std::mt19937_64&) const override { return std::nullopt; }
  std::optional<Word> NearMiss(int, std::mt19937_64&) const override { return std::nullopt; }

 private:
  std::optional<Word> Draw(const DrawInput& draw, int length, std::mt19937_64& random) const {
    if (length > max_length_) return std::nullopt;
    const std::optional<std::string> input = draw(length, random);
    if (!input) return std::nullopt;
    Word word;
    for (const char c : *input) word.push_back(*alphabet_.Find(std::string_view(&c, 1)));
    return word;
  }

  Alphabet alphabet_;
  int max_length_;
  TaskInputs inputs_;
};

std::optional<GeneratedProgram> Framed(const Task& task, const GeneratedProgramOptions& options,
                                       GeneratedProgram program, Diagnostics& diag) {
  if (!CheckRows(program.NumRows(), options, diag)) return std::nullopt;
  program.reason = task.theory[static_cast<std::size_t>(options.mechanism)].reason;
  ProgramHeader& header = program.header;
  header.comments = {fmt::format("{}: {}.", task.name, task.definition),
                     fmt::format("Solved by {}. {}", program.construction, program.explanation)};
  header.alphabet = Characters(task.symbols);
  header.end_marker = kEndMarker;
  header.max_length = options.max_length;
  if (header.pad) header.more_tokens.push_back(header.pad->token);
  if (!program.answer_mark.empty()) header.more_tokens.push_back(program.answer_mark);
  if (header.generate) header.more_tokens.emplace_back(kStopToken);
  return program;
}

Problem ProblemFrom(const std::shared_ptr<const Task>& task) {
  Problem problem;
  problem.name = task->name;
  problem.kind = ProblemKind::kTask;
  problem.level = task->level;
  problem.definition = task->definition;
  problem.alphabet = Alphabet(Characters(task->symbols));
  problem.theory = ProblemTheory{task->theory, {}, std::nullopt};
  problem.answer = [task, alphabet = problem.alphabet](const Word& word) -> std::optional<Answer> {
    const std::optional<std::string> answer = task->answer(TextOf(alphabet, word));
    if (!answer) return std::nullopt;
    return Characters(*answer);
  };
  problem.make_sampler = [task, alphabet = problem.alphabet](
                            int max_length, const LanguageLimits& limits,
                            Diagnostics& diag) -> std::unique_ptr<WordSampler> {
    std::optional<TaskInputs> inputs = task->make_sampler(max_length, limits, diag);
    if (!inputs) return nullptr;
    return std::make_unique<TaskSampler>(alphabet, max_length, *std::move(inputs));
  };
  // What a refusal says about the problem.
  Problem refused;
  refused.name = problem.name;
  refused.theory = problem.theory;
  problem.make_program = [task, refused](const GeneratedProgramOptions& options,
                                         Diagnostics& diag) -> std::optional<GeneratedProgram> {
    const std::size_t num_before = diag.all().size();
    std::optional<GeneratedProgram> program = task->program(options, diag);
    if (program) return Framed(*task, options, *std::move(program), diag);
    if (diag.all().size() == num_before) ReportRefusal(refused, options.mechanism, diag);
    return std::nullopt;
  };
  return problem;
}

}  // namespace

GeneratedProgram NewTaskProgram() {
  GeneratedProgram program;
  program.header.output = "answer";
  program.header.max_domain = 4096;
  program.result_at = ResultAt::kFirst;
  return program;
}

void Generates(std::int64_t max_steps, GeneratedProgram& program) {
  program.header.output = "next";
  program.header.generate = {{std::string(kStopToken)}, max_steps};
  program.result_at = ResultAt::kGenerated;
}

bool CheckRows(std::int64_t num_rows, const GeneratedProgramOptions& options, Diagnostics& diag) {
  if (num_rows <= options.max_rows) return true;
  diag.Error(ErrorKind::kLimit, {},
             fmt::format("the tables of the program for inputs of up to {} tokens would have {} "
                         "rows; the limit is {}",
                         options.max_length, num_rows, options.max_rows));
  return false;
}

std::vector<std::string> Characters(std::string_view text) {
  std::vector<std::string> characters;
  for (const char c : text) characters.emplace_back(1, c);
  return characters;
}

ProblemEntry EntryOf(Task task) {
  const auto shared = std::make_shared<const Task>(std::move(task));
  ProblemEntry entry;
  entry.name = shared->name;
  entry.kind = ProblemKind::kTask;
  entry.level = shared->level;
  entry.symbols = fmt::format("{}", fmt::join(Characters(shared->symbols), " "));
  entry.definition = shared->definition;
  entry.build = [shared](const std::vector<int>&, const std::optional<Alphabet>& alphabet,
                         const LanguageLimits&, Diagnostics& diag) -> std::optional<Problem> {
    Problem problem = ProblemFrom(shared);
    if (!CheckAlphabetIs(problem.alphabet, alphabet, "the task " + shared->name, diag)) {
      return std::nullopt;
    }
    return problem;
  };
  return entry;
}

}  // namespace raspc
