// How long compiling takes as the maximum length grows, for every program of a folder.
//
// Each compilation runs in a separate process; the time is the processor time from the program's
// text to the weights, the least of all runs. A cliff is a length at which a program takes longer
// than at twice that length: where a way of scoring or of laying out a function is built and then
// not taken. Times below --floor are noise and never a cliff. Exits with 1 if there is one.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ctime>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "bench/table.h"
#include "compiler/compile.h"
#include "compiler/load/load_program.h"

namespace raspc {
namespace {

struct Options {
  std::vector<std::int64_t> lengths = {16, 24, 32, 40, 48, 64, 80, 96, 112, 128, 192, 256};
  std::vector<std::string> programs;  // empty: all
  std::string folder = RASPC_SOURCE_DIR "/programs";
  int repeats = 3;
  int limit_seconds = 60;
  double floor = 0.02;  // seconds
  ShowOptions show;
};

// Seconds by length; negative where there is no model.
using Times = std::map<std::int64_t, double>;

// Text, since it is the report of another process: the seconds, or "none" if it does not compile.
std::string SecondsToCompile(const std::string& path, std::int64_t max_length) {
  LoadOptions load;
  load.overrides.max_length = max_length;
  Diagnostics diag;
  std::optional<LoadedProgram> program = LoadProgram(path, load, diag);
  if (program && program->settings.generate) load.overrides.max_steps = max_length + 1;
  diag = {};
  const std::clock_t start = std::clock();
  program = LoadProgram(path, load, diag);
  const bool has_model = program && Compile(*program, diag);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  return has_model ? fmt::format("{}", seconds) : "none";
}

double LeastSeconds(const std::string& path, std::int64_t max_length, const Options& options) {
  double least = -1;
  for (int run = 0; run < options.repeats; ++run) {
    const ChildRun child =
        RunInChild([&] { return SecondsToCompile(path, max_length); }, options.limit_seconds);
    if (!child.failure.empty() || child.report == "none") return -1;
    const double seconds = std::stod(child.report);
    if (least < 0 || seconds < least) least = seconds;
  }
  return least;
}

std::vector<std::string> ProgramsOf(const Options& options) {
  if (!options.programs.empty()) return options.programs;
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(options.folder)) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() == ".rasp" && path.stem() != "rasplib") names.push_back(path.stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// "112 (5.1x)" for each length that takes so many times as long as twice it.
std::vector<std::string> CliffsOf(const Times& times, double floor) {
  std::vector<std::string> cliffs;
  for (const auto& [length, seconds] : times) {
    const auto twice = times.find(2 * length);
    if (twice == times.end() || twice->second < 0 || seconds < floor) continue;
    if (seconds <= twice->second) continue;
    cliffs.push_back(fmt::format("{} ({:.1f}x)", length, seconds / twice->second));
  }
  return cliffs;
}

int Run(int argc, char** argv) {
  CLI::App app("Processor time of compiling, by maximum length, and where it falls as that grows");
  Options options;
  app.add_option("--lengths", options.lengths, "Maximum lengths to compile for")
      ->delimiter(',')
      ->check(CLI::Range(1, 1 << 16))
      ->capture_default_str();
  app.add_option("--programs", options.programs, "Which programs (by default all)")->delimiter(',');
  app.add_option("--folder", options.folder, "Folder of the programs")->capture_default_str();
  app.add_option("--repeats", options.repeats, "Runs of each; the least time counts")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--limit", options.limit_seconds, "Seconds after which a run is given up")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  app.add_option("--floor", options.floor, "Seconds below which a time is no cliff")
      ->capture_default_str();
  app.add_flag("--markdown", options.show.markdown, "Print Markdown");
  app.add_option("--page", options.show.page, "Renew the section 'compile' of this Markdown file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  Table table;
  table.title = "Seconds to compile for up to N tokens (- has no model)";
  table.header = {"program"};
  for (const std::int64_t length : options.lengths) table.header.push_back(std::to_string(length));
  table.header.emplace_back("slower than at 2N");
  bool has_cliff = false;
  for (const std::string& program : ProgramsOf(options)) {
    Times times;
    table.rows.push_back({program});
    for (const std::int64_t length : options.lengths) {
      const std::string path = options.folder + "/" + program + ".rasp";
      const double seconds = LeastSeconds(path, length, options);
      times[length] = seconds;
      table.rows.back().push_back(seconds < 0 ? "-" : fmt::format("{:.3f}", seconds));
    }
    const std::vector<std::string> cliffs = CliffsOf(times, options.floor);
    has_cliff = has_cliff || !cliffs.empty();
    table.rows.back().push_back(cliffs.empty() ? "no" : fmt::format("{}", fmt::join(cliffs, ", ")));
  }
  Diagnostics diag;
  const int status = Show({table}, options.show, "compile", diag);
  return status != 0 ? status : has_cliff ? 1 : 0;
}

}  // namespace
}  // namespace raspc

int main(int argc, char** argv) { return raspc::Run(argc, argv); }
