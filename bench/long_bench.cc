// Long inputs: the time of an engine for n tokens and for n / 16, and its memory.
//
// Each program is compiled for inputs of up to n tokens and written to a file; a second process
// reads the file, makes the engine and runs it, so that only the memory of running is measured.
// Analysing the model when the engine is made counts as loading. --scale 16 divides the lengths by
// 16, and so on.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <random>

#include "runtime/run/make_engine.h"
#include "bench/measure.h"
#include "bench/table.h"
#include "compiler/compile.h"
#include "compiler/load/load_program.h"
#include "base/files.h"
#include "runtime/engine/engine.h"
#include "runtime/model/model_file.h"

namespace raspc {
namespace {

constexpr std::int64_t kShorter = 16;  // the growth is from n / 16 to n
constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyz";

struct LongProgram {
  std::string program;
  std::int64_t length;
  Target target;
  std::string vocab = {};  // if it is not the program's own
};

// Each in the architecture that suits it best.
const std::vector<LongProgram>& LongPrograms() {
  static const std::vector<LongProgram> programs = {
      {"histogram", 65536, Target::kEncoder},     {"reverse", 65536, Target::kEncoder},
      {"shift", 65536, Target::kMasked},          {"balance", 65536, Target::kDecoder},
      {"dyck1", 65536, Target::kDecoder},         {"parity", 65536, Target::kEncoder},
      {"sort", 16384, Target::kMasked, kLetters}, {"induction", 4096, Target::kMasked, kLetters},
  };
  return programs;
}

struct Options {
  std::int64_t scale = 1;
  std::vector<std::string> programs;  // empty: all
  std::string folder = RASPC_SOURCE_DIR "/programs";
  std::string engine = "structured";
  int num_threads = 1;
  int repeats = 3;
  int limit_seconds = 300;
  std::string json;
  ShowOptions show;
};

struct Record {
  const LongProgram* program;
  std::int64_t length;
  std::string failure;
  double compile_seconds = 0, load_seconds = 0, short_seconds = 0, long_seconds = 0;
  double peak_bytes = 0, file_bytes = 0;
};

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string Failure(const Diagnostics& diag) {
  for (const Diagnostic& diagnostic : diag.all()) {
    if (diagnostic.severity == Severity::kError) return diagnostic.message;
  }
  return "failed without a message";
}

// In a separate process: compiles and writes the model.
std::string CompileTo(const std::string& path, const LongProgram& row, std::int64_t length,
                      const Options& options) {
  Diagnostics diag;
  LoadOptions load;
  load.overrides.max_length = length;
  load.overrides.target = row.target;
  if (!row.vocab.empty()) load.overrides.vocab = CodePoints(row.vocab);
  if (row.target == Target::kDecoder) load.overrides.causal = true;
  const auto start = std::chrono::steady_clock::now();
  const auto program = LoadProgram(options.folder + "/" + row.program + ".rasp", load, diag);
  std::optional<Model> model;
  if (program) model = Compile(*program, diag);
  if (!model || !WriteModelFile(*model, path, diag)) {
    return nlohmann::json{{"failure", Failure(diag)}}.dump();
  }
  return nlohmann::json{{"seconds", SecondsSince(start)}}.dump();
}

std::vector<int> RandomIds(const Model& model, std::int64_t length) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> token(0, model.bos_id() - 1);
  std::vector<int> ids;
  for (std::int64_t i = 0; i < length; ++i) ids.push_back(token(random));
  return ids;
}

// Of this process, so that a busy machine does not count.
double ProcessorSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Processor time, which for one thread is the elapsed time: of at least this many runs, more if
// they are short.
double MedianSeconds(const Engine& engine, const std::vector<int>& ids, int repeats) {
  constexpr double kAtLeast = 0.05;
  std::vector<double> seconds;
  const auto begin = std::chrono::steady_clock::now();
  while (static_cast<int>(seconds.size()) < repeats || SecondsSince(begin) < kAtLeast) {
    const double start = ProcessorSeconds();
    const auto results = engine.Run(std::span(&ids, 1));
    seconds.push_back(ProcessorSeconds() - start);
  }
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  return *middle;
}

// In a separate process: reads the model and runs it.
std::string RunFrom(const std::string& path, std::int64_t length, const Options& options) {
  Diagnostics diag;
  const auto start = std::chrono::steady_clock::now();
  const std::optional<Model> model = ReadModelFile(path, ModelFileLimits{}, diag);
  if (!model) return nlohmann::json{{"failure", Failure(diag)}}.dump();
  const auto engine = MakeEngine(*EngineNamed(options.engine), *model, options.num_threads);
  const double load = SecondsSince(start);
  const double shorter =
      MedianSeconds(*engine, RandomIds(*model, length / kShorter), options.repeats);
  const double longer = MedianSeconds(*engine, RandomIds(*model, length), options.repeats);
  return nlohmann::json{{"load", load}, {"short", shorter}, {"long", longer}}.dump();
}

Record Measure(const LongProgram& row, const std::string& path, const Options& options) {
  Record record = {.program = &row, .length = std::max(kShorter, row.length / options.scale)};
  const auto parsed = [&](const ChildRun& run) {
    auto json = nlohmann::json::parse(run.report, nullptr, /*allow_exceptions=*/false);
    record.failure = !run.failure.empty()       ? run.failure
                     : !json.is_object()        ? "ended without a report"
                     : json.contains("failure") ? json["failure"].get<std::string>()
                                                : "";
    return json;
  };
  const auto compiled = parsed(RunInChild(
      [&] { return CompileTo(path, row, record.length, options); }, options.limit_seconds));
  if (!record.failure.empty()) return record;
  record.compile_seconds = compiled["seconds"];
  const ChildRun run =
      RunInChild([&] { return RunFrom(path, record.length, options); }, options.limit_seconds);
  const auto ran = parsed(run);
  if (!record.failure.empty()) return record;
  record.load_seconds = ran["load"];
  record.short_seconds = ran["short"];
  record.long_seconds = ran["long"];
  record.peak_bytes = run.peak_bytes;
  return record;
}

Table ToTable(const std::vector<Record>& records, const Options& options) {
  Table table;
  table.title = fmt::format("One input of n tokens through {}, processor time of {} thread(s)",
                            options.engine, options.num_threads);
  table.header = {"program",      "target",         "n", "ms at n / 16", "ms at n", "growth", "MiB",
                  "load seconds", "compile seconds"};
  for (const Record& record : records) {
    std::vector<std::string> row = {record.program->program,
                                    std::string(NameOf(record.program->target)),
                                    fmt::format("{}", record.length)};
    if (!record.failure.empty()) {
      row.resize(table.header.size(), "-");
      table.rows.push_back(row);
      table.notes.push_back(fmt::format("{}: {}", record.program->program, record.failure));
      continue;
    }
    for (const double seconds : {record.short_seconds, record.long_seconds}) {
      row.push_back(fmt::format("{:.3f}", 1e3 * seconds));
    }
    row.push_back(fmt::format("{:.1f}x", record.long_seconds / record.short_seconds));
    row.push_back(fmt::format("{:.0f}", record.peak_bytes / (1 << 20)));
    row.push_back(fmt::format("{:.2f}", record.load_seconds));
    row.push_back(fmt::format("{:.2f}", record.compile_seconds));
    table.rows.push_back(row);
  }
  return table;
}

std::string AllJson(const std::vector<Record>& records, const Options& options) {
  nlohmann::ordered_json json = {{"engine", options.engine}, {"threads", options.num_threads}};
  for (const Record& record : records) {
    nlohmann::ordered_json entry = {{"program", record.program->program},
                                    {"target", NameOf(record.program->target)},
                                    {"length", record.length}};
    if (!record.failure.empty()) {
      entry["failure"] = record.failure;
    } else {
      entry.update({{"short_seconds", record.short_seconds},
                    {"long_seconds", record.long_seconds},
                    {"growth", record.long_seconds / record.short_seconds},
                    {"peak_bytes", record.peak_bytes},
                    {"load_seconds", record.load_seconds},
                    {"compile_seconds", record.compile_seconds}});
    }
    json["runs"].push_back(entry);
  }
  return json.dump(1) + "\n";
}

void Declare(CLI::App& app, Options& options) {
  app.add_option("--scale", options.scale, "Divide all lengths by this")
      ->check(CLI::Range(1, 1 << 16))
      ->capture_default_str();
  app.add_option("--programs", options.programs, "Which programs (by default all)")->delimiter(',');
  app.add_option("--folder", options.folder, "Folder of the programs")->capture_default_str();
  app.add_option("--engine", options.engine, "Which engine")
      ->check([](const std::string& name) {
        return EngineNamed(name) ? std::string() : "there is no engine '" + name + "'";
      })
      ->capture_default_str();
  app.add_option("--threads", options.num_threads, "Threads of the engine")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--repeats", options.repeats, "Fewest runs of each; the time is the median")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--limit", options.limit_seconds, "Seconds after which a step is given up")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  app.add_option("--json", options.json, "Write everything to this file as JSON");
  app.add_flag("--markdown", options.show.markdown, "Print Markdown");
  app.add_option("--page", options.show.page, "Renew the section 'long' of this Markdown file");
}

int Run(int argc, char** argv) {
  CLI::App app("Seconds and memory for long inputs");
  Options options;
  Declare(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  std::string path = (std::getenv("TMPDIR") ? std::getenv("TMPDIR") : "/tmp");
  path += fmt::format("/raspc_long_bench_{}.safetensors", getpid());
  std::vector<Record> records;
  for (const LongProgram& row : LongPrograms()) {
    const auto& asked = options.programs;
    if (!asked.empty() && std::find(asked.begin(), asked.end(), row.program) == asked.end()) {
      continue;
    }
    records.push_back(Measure(row, path, options));
    unlink(path.c_str());
    const Record& record = records.back();
    fmt::print(
        stderr, "{}: {}\n", row.program,
        record.failure.empty() ? fmt::format("{:.3f} s", record.long_seconds) : record.failure);
  }
  if (records.empty()) {
    fmt::print(stderr, "error: none of these programs is measured\n");
    return 2;
  }
  Diagnostics diag;
  if (!options.json.empty()) WriteFile(options.json, AllJson(records, options), diag);
  return Show({ToTable(records, options)}, options.show, "long", diag);
}

}  // namespace
}  // namespace raspc

int main(int argc, char** argv) { return raspc::Run(argc, argv); }
