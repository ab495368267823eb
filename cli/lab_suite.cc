// raspc lab suite: every problem by every mechanism, theory beside observation.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "cli/commands.h"
#include "cli/graphviz.h"
#include "cli/lab.h"
#include "cli/output.h"
#include "cli/progress_bar.h"
#include "languages/laboratory/suite.h"
#include "languages/laboratory/suite_report.h"
#include "languages/laboratory/suite_table.h"
#include "languages/report/published.h"
#include "languages/report/suite_html.h"
#include "runtime/base/files.h"
#include "runtime/base/memory_reserve.h"

namespace raspc {
namespace {

constexpr std::int64_t kMostLength = 4096;
constexpr std::int64_t kMostExhaustive = 30;
constexpr std::int64_t kMostSamples = 1'000'000;
constexpr std::int64_t kMostThreads = 1024;

std::atomic<bool> stop = false;
std::atomic<int> stopped_by = 0;

// The first signal ends the run with a report; a second one ends the process.
void Stop(int signal) {
  stopped_by = signal;
  stop = true;
}

void CatchSignals() {
  struct sigaction action {};
  action.sa_handler = Stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction before {};
    // A shell has background jobs ignore SIGINT.
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    sigaction(signal, &action, nullptr);
  }
}

struct Arguments {
  std::vector<std::string> only;
  std::optional<std::string> by;
  std::optional<std::int64_t> max_length, exhaustive, samples, seed, threads;
  std::optional<std::string> json, csv, html, published, resume;
  bool quick = false, is_long = false, quiet = false;

  // The files to write.
  std::vector<std::string> Outputs() const {
    std::vector<std::string> paths;
    for (const auto& path : {json, csv, html, published}) {
      if (path) paths.push_back(*path);
    }
    return paths;
  }
};

// The options of the level with those that were given in place of its own.
std::optional<int> ReadOptions(const CommandLine& line, const Arguments& arguments,
                               SuiteOptions& options) {
  if (arguments.quick && arguments.is_long) return line.Misused("either --quick or --long");
  options = SuiteOptionsFor(arguments.quick     ? SuiteLevel::kQuick
                            : arguments.is_long ? SuiteLevel::kLong
                                                : SuiteLevel::kDefault);
  options.only = arguments.only;
  if (arguments.by) {
    Diagnostics diag;
    const auto by = ReadMechanisms(*arguments.by, diag);
    if (!by) return line.Misused(diag.all().front().message);
    options.by = *by;
  }
  options.max_length = static_cast<int>(arguments.max_length.value_or(options.max_length));
  // Whoever asks for so many words gets them.
  if (arguments.exhaustive) {
    options.exhaustive = static_cast<int>(*arguments.exhaustive);
    options.max_exhaustive_words = SuiteOptions().max_exhaustive_words;
  }
  if (arguments.samples) options.samples = static_cast<int>(*arguments.samples);
  if (arguments.exhaustive || arguments.samples) {
    options.max_work = 0;
    options.max_seconds = 0;
  }
  if (arguments.seed) options.seed = static_cast<std::uint64_t>(*arguments.seed);
  options.num_threads = static_cast<int>(arguments.threads.value_or(0));
  return std::nullopt;
}

// Whether the file can be written again and again: a pipe, a device or standard output gets the
// report once, at the end.
bool IsRenewable(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) != 0 ||
         ((S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)) && !IsStandardOutput(path));
}

bool WriteOutputs(const Arguments& arguments, const nlohmann::json& report, bool is_final,
                  Diagnostics& diag) {
  const auto write = [&](const std::optional<std::string>& path, const auto& text) {
    return !path || (!is_final && !IsRenewable(*path)) || WriteFile(*path, text(), diag);
  };
  const auto json_text = [&] {
    return report.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  };
  return write(arguments.json, json_text) &&
         write(arguments.csv, [&] { return SuiteCsv(report); }) &&
         write(arguments.html, [&] { return SuiteHtml(report); }) &&
         write(arguments.published, [&] { return PublishedMarkdown(report); });
}

void PrintTable(const Arguments& arguments, const nlohmann::json& report) {
  const std::string table = SuiteTable(report);
  const std::vector<std::string> paths = arguments.Outputs();
  if (std::any_of(paths.begin(), paths.end(), IsStandardOutput)) {
    ReportLine(table);
  } else {
    Print(table);
  }
}

// Runs, writes what is asked for, and gives the exit status.
int RunAndReport(const Arguments& arguments, SuiteRun& run) {
  ProgressBar bar(arguments.quiet);
  run.on_progress = [&](const SuiteProgress& progress) {
    bar.Show(progress.done, progress.total, progress.seconds, progress.last);
  };
  run.on_checkpoint = [&](const nlohmann::json& report) {
    Diagnostics diag;
    if (WriteOutputs(arguments, report, false, diag)) return;
    // The disk may have room again by the end.
    bar.Clear();
    Report(diag);
  };
  CatchSignals();
  // What cannot be written is known before anything is computed.
  Diagnostics diag;
  const nlohmann::json before =
      AssembleReport(run.options, run.version, RecordsBefore(run.problems, run.resumed), 0);
  if (!WriteOutputs(arguments, before, false, diag)) return Report(diag), kFault;

  const nlohmann::json report = RunSuite(run, stop);
  bar.Clear();
  const MemoryReserve reserve;
  const bool is_written = WriteOutputs(arguments, report, true, diag);
  Report(diag);
  PrintTable(arguments, report);
  int status = FinishOutput(is_written ? kSuccess : kFault);
  for (const auto& mismatch : report["mismatches"]) {
    ReportLine("mismatch: " + mismatch.get<std::string>());
    if (status == kSuccess) status = kDifference;
  }
  for (const std::string& line :
       stop ? std::vector<std::string>() : NotTried(report, run.options.by)) {
    ReportLine(line);
    if (status == kSuccess) status = kFault;
  }
  if (stop && status != kFault) {
    const std::string how =
        arguments.json ? fmt::format("; go on with --resume {}", ShellQuote(*arguments.json)) : "";
    ReportLine("interrupted: the report is of what was done" + how);
    status = 128 + stopped_by;
  }
  return status;
}

}  // namespace

int LabSuiteCommand(const std::vector<std::string>& args) {
  CommandLine line(
      "lab suite", "",
      "Runs the suite: makes the program of every language and task by every mechanism, compiles "
      "it, tries it on all short words and on drawn longer ones, and sets what theory says beside "
      "what is observed. Exit status 1 if they differ anywhere, 2 if a cell could not be tried, 130 "
      "after Ctrl-C.",
      "raspc lab suite --quick --json report.json");
  Arguments arguments;
  line.TextList(
      "--only", arguments.only, "GLOB",
      "Only problems whose name matches, such as 'dyck*'; or any one by its name. Several "
      "are added up");
  line.Text("--by", arguments.by, "MECHANISM,...", "Only these of direct, depth, cot, pad");
  line.Integer("--max-length", arguments.max_length, 1, kMostLength, "N",
               "Programs for words of up to N symbols (64; quick: 12)");
  line.Integer("--exhaustive", arguments.exhaustive, 0, kMostExhaustive, "L",
               "All words of up to L symbols, as far as there are at most 100,000 (8; quick: 4)");
  line.Integer("--samples", arguments.samples, 0, kMostSamples, "K",
               "Words drawn for each further length (100; quick: 16; long: 500)");
  line.Integer("--seed", arguments.seed, 0, INT64_MAX, "S", "Draw other words (1)");
  line.Text("--json", arguments.json, "FILE", "Write the report as JSON");
  line.Text("--csv", arguments.csv, "FILE", "Write a row for each problem and mechanism");
  line.Text("--html", arguments.html, "FILE", "Write the report as a page for a browser");
  line.Text("--published", arguments.published, "FILE",
            "Write what trained transformers learn, as published, beside what was measured, as a "
            "Markdown table");
  line.Text("--resume", arguments.resume, "FILE",
            "Go on from the JSON report of a run that was interrupted; with the same options");
  line.Flag("--quick", arguments.quick, "Everything with small bounds, in less than a minute");
  line.Flag("--long", arguments.is_long, "Every length and no bound on work; may take hours");
  line.Integer("--threads", arguments.threads, 1, kMostThreads, "N",
               "Cells at once (as many as the machine has cores); results do not depend on it");
  line.Flag("--quiet", arguments.quiet, "Do not tell of progress");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  if (!line.positionals().empty()) {
    return line.Misused(fmt::format("lab suite takes no argument '{}'; did you mean --only {}?",
                                    line.positionals()[0], ShellQuote(line.positionals()[0])));
  }
  SuiteRun run;
  run.version = RASPC_VERSION;
  if (const auto status = ReadOptions(line, arguments, run.options)) return *status;
  std::set<std::string> paths;
  for (const std::string& path : arguments.Outputs()) {
    if (!paths.insert(path).second) {
      return line.Misused(fmt::format("'{}' is to hold two things", path));
    }
  }
  Diagnostics diag;
  auto problems = SelectProblems(run.options.only, diag);
  if (problems) {
    run.problems = *std::move(problems);
    if (arguments.resume) {
      const auto text = ReadFile(*arguments.resume, kMostReportBytes, diag);
      auto resumed =
          text ? ReadReport(*text, *arguments.resume, run.problems, run.options, run.version, diag)
               : std::nullopt;
      if (resumed) run.resumed = *std::move(resumed);
    }
  }
  if (diag.HasErrors()) return Report(diag), kFault;
  // Pictures are for reports.
  if (arguments.html || arguments.json) {
    run.draw = [](const std::string& dot) {
      Diagnostics ignored;
      return RenderSvg(dot, ignored);
    };
  }
  return RunAndReport(arguments, run);
}

}  // namespace raspc
