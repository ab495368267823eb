// raspc lab suite: every problem by every mechanism, theory compared with observation.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "base/escape.h"
#include "base/files.h"
#include "base/memory_reserve.h"
#include "base/option_value.h"
#include "base/stop.h"
#include "cli/commands.h"
#include "cli/graphviz.h"
#include "cli/lab.h"
#include "cli/output.h"
#include "cli/progress_bar.h"
#include "compiler/settings/settings.h"
#include "lab/report/published_table.h"
#include "lab/report/suite_html.h"
#include "lab/suite/suite.h"
#include "lab/suite/suite_json.h"
#include "lab/suite/suite_report.h"
#include "lab/suite/suite_table.h"

namespace raspc {
namespace {

std::atomic<int> stopped_by = 0;

// The first signal ends the run with a report; a second one ends the process.
void Stop(int signal) {
  stopped_by = signal;
  stop_requested = true;
}

void CatchSignals() {
  struct sigaction action {};
  action.sa_handler = Stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction before {};
    // A shell makes background jobs ignore SIGINT.
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    sigaction(signal, &action, nullptr);
  }
}

struct Arguments {
  SuiteRequest request;
  std::optional<std::string> by;
  std::optional<std::string> json, csv, html, published, resume;
  bool quick = false, is_long = false, quiet = false;
};

// The options of the level, overridden by those given.
std::optional<int> ReadOptions(const CommandLine& line, const Arguments& arguments,
                               SuiteOptions& options) {
  if (arguments.quick && arguments.is_long)
    return line.Misused("--quick and --long cannot be combined");
  SuiteRequest request = arguments.request;
  request.level = arguments.quick     ? SuiteLevel::kQuick
                  : arguments.is_long ? SuiteLevel::kLong
                                      : SuiteLevel::kDefault;
  if (arguments.by) {
    Diagnostics diag;
    request.by = ReadMechanisms(*arguments.by, diag);
    if (!request.by) return line.Misused(diag.all().front().message);
  }
  options = SuiteOptionsFor(request);
  return std::nullopt;
}

// Whether the file can be rewritten: a pipe, a device or standard output gets the report once, at
// the end.
bool IsRenewable(const std::string& path) {
  const FileIdentity file = IdentityOf(path, FileUse::kWrite);
  return !file.is_standard_stream && (!file.exists || file.is_regular || file.is_folder);
}

bool WriteOutputs(const Arguments& arguments, const SuiteResult& result, bool is_final,
                  Diagnostics& diag) {
  const auto write = [&](const std::optional<std::string>& path, const auto& text) {
    return !path || (!is_final && !IsRenewable(*path)) || WriteTextOutput(*path, text(), diag);
  };
  return write(arguments.json, [&] { return SuiteJson(result) + "\n"; }) &&
         write(arguments.csv, [&] { return SuiteCsv(result); }) &&
         write(arguments.html, [&] { return SuiteHtml(result); }) &&
         write(arguments.published, [&] { return PublishedMarkdown(result); });
}

// Runs, writes the requested files, and returns the exit status.
int RunAndReport(const Arguments& arguments, SuiteRun& run) {
  ProgressBar bar(arguments.quiet);
  run.on_progress = [&](const SuiteProgress& progress) {
    bar.Show(progress.done, progress.total, progress.seconds, progress.last);
  };
  run.on_checkpoint = [&](const SuiteResult& result) {
    Diagnostics diag;
    if (WriteOutputs(arguments, result, false, diag)) return;
    // The disk may have space again by the end.
    bar.Clear();
    ReportBeside(diag);
  };
  CatchSignals();
  // Unwritable outputs are reported before anything is computed.
  Diagnostics diag;
  if (!WriteOutputs(arguments, ResultBefore(run), false, diag)) return Report(diag), kFault;

  const SuiteResult result = RunSuite(run, stop_requested);
  bar.Clear();
  const MemoryReserve reserve;
  const bool is_written = WriteOutputs(arguments, result, true, diag);
  Report(diag);
  Print(FitColumns(SuiteTable(result)));
  int status = FinishOutput(is_written ? kSuccess : kFault);
  for (const std::string& mismatch : MismatchesOf(result)) {
    ReportLine("mismatch: " + EscapeText(mismatch));
    if (status == kSuccess) status = kDifference;
  }
  for (const std::string& line : stop_requested ? std::vector<std::string>() : NotTried(result)) {
    ReportLine(line);
    if (status == kSuccess) status = kFault;
  }
  if (stop_requested && status != kFault) {
    const std::string how = arguments.json
                                ? fmt::format("; resume with --resume {} and another --json",
                                              ShellQuote(*arguments.json))
                                : "";
    ReportLine("interrupted: the report is incomplete" + how);
    status = 128 + stopped_by;
  }
  return status;
}

}  // namespace

int LabSuiteCommand(const std::vector<std::string>& args) {
  CommandLine line(
      "lab suite", "",
      "Runs the suite: builds every language and task by every mechanism, runs the models on all "
      "short words and on random longer ones, and compares the results with theory. Exit status 1 "
      "if they differ anywhere, 2 if a cell could not be tried, 130 after Ctrl-C.",
      "raspc lab suite --quick --json report.json");
  Arguments arguments;
  line.TextList("--only", arguments.request.only, "GLOB",
                "Only problems whose name matches, as in 'dyck*', or a LANGUAGE; may be given "
                "several times");
  line.Text("--by", arguments.by, "MECHANISM,...",
            "Only these mechanisms: " + Alternatives(MechanismNames()));
  line.Integer("--max-length", arguments.request.max_length, 1, kMaxInputLength, "N",
               "Maximum word length of the programs", "default 64, quick 12");
  line.Integer("--exhaustive", arguments.request.exhaustive, 0, kMaxSuiteExhaustive, "L",
               "Try all words of up to L symbols, at most 100,000 words", "default 8, quick 4");
  line.Integer("--samples", arguments.request.samples, 0, kMaxSuiteSamples, "K",
               "Random words of each greater length", "default 100, quick 16, long 500");
  line.Integer("--seed", arguments.request.seed, 0, INT64_MAX, "S", "Seed of the random words",
               "default 1");
  line.JsonFile(arguments.json,
                "Write the report as JSON (- is standard output, and the table goes to standard "
                "error)");
  line.OutputFile("--csv", arguments.csv, "FILE", "Write a row per problem and mechanism as CSV");
  line.OutputFile("--html", arguments.html, "FILE", "Write the report as an HTML page");
  line.OutputFile("--published", arguments.published, "FILE",
                  "Write a Markdown table that compares published results for trained transformers "
                  "with ours");
  line.InputFile("--resume", arguments.resume, "FILE",
                 "Resume an interrupted run from its JSON report, with the same options");
  line.Flag("--quick", arguments.quick, "Small bounds: everything in about a minute");
  line.Flag("--long", arguments.is_long, "Every length, no bound on work: may take hours");
  line.Integer("--threads", arguments.request.threads, 1, kMaxSuiteThreads, "N",
               "Number of threads; results do not depend on it", "default: the machine's cores");
  line.Flag("--quiet", arguments.quiet, "Do not show progress");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  if (!line.positionals().empty()) {
    return line.Misused(fmt::format("unexpected argument '{}'; did you mean --only {}?",
                                    line.positionals()[0], ShellQuote(line.positionals()[0])));
  }
  SuiteRun run;
  run.version = RASPC_VERSION;
  if (const auto status = ReadOptions(line, arguments, run.options)) return *status;
  for (const std::string& name : arguments.request.only) {
    if (!IsFileOfLanguage(name)) continue;
    if (name == "-") return line.Misused("--only takes names; it cannot read standard input");
    if (const auto read = line.Reads(name, "the file")) return *read;
  }
  Diagnostics diag;
  auto problems = SelectProblems(run.options.only, diag);
  if (problems) {
    run.problems = *std::move(problems);
    if (arguments.resume) {
      const auto text = ReadFile(*arguments.resume, kMaxReportBytes, diag);
      auto resumed =
          text ? ReadReport(*text, *arguments.resume, run.problems, run.options, run.version, diag)
               : std::nullopt;
      run.resumed = std::move(resumed);
    }
  }
  if (diag.HasErrors()) return Report(diag), kFault;
  // Pictures are only for reports.
  if (arguments.html || arguments.json) {
    run.draw = [](const std::string& dot) {
      Diagnostics ignored;
      return RenderSvg(dot, ignored);
    };
  }
  return RunAndReport(arguments, run);
}

}  // namespace raspc
