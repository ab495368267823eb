// Sizes and compile times of natural programs (natural_programs.h) by length.
//
// Each compilation runs in a separate process, as an encoder unless --target says otherwise; the
// time is from the program's text to the weights.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "bench/natural_programs.h"
#include "bench/table.h"

namespace raspc {
namespace {

struct Options {
  std::vector<std::int64_t> lengths = {16, 64};
  std::vector<std::string> programs;  // empty: all
  std::string target = "encoder";
  int repeats = 1;
  int limit_seconds = 60;
  ShowOptions show;
};

std::vector<std::string> CellsOf(const Measurement& measured) {
  if (!measured.HasModel()) return {"none", "-", "-", "-"};  // a note says why
  const ModelSizes& sizes = measured.sizes;
  return {fmt::format("{}", sizes.parameters), fmt::format("{}", sizes.d_model),
          fmt::format("{}", sizes.layers), fmt::format("{:.2f}", measured.seconds)};
}

Table MeasureAll(const Options& options) {
  Table table;
  table.title = "Natural programs: parameters, d_model, layers and seconds by maximum length";
  table.header = {"program"};
  for (const std::int64_t max_length : options.lengths) {
    for (const char* what : {"parameters", "d_model", "layers", "seconds"}) {
      table.header.push_back(fmt::format("{} at {}", what, max_length));
    }
  }
  for (const NaturalProgram& program : NaturalPrograms()) {
    const auto& asked = options.programs;
    if (!asked.empty() && std::find(asked.begin(), asked.end(), program.name) == asked.end()) {
      continue;
    }
    table.rows.push_back({program.name});
    for (const std::int64_t max_length : options.lengths) {
      const Compilation compile = [&](Diagnostics& diag) {
        return CompileNatural(program, *TargetNamed(options.target), max_length, diag);
      };
      const Measurement measured =
          MeasureCompilation(compile, options.repeats, options.limit_seconds);
      const std::vector<std::string> cells = CellsOf(measured);
      table.rows.back().insert(table.rows.back().end(), cells.begin(), cells.end());
      if (measured.HasModel()) continue;
      table.notes.push_back(
          fmt::format("{} at {}: {}", program.name, max_length, measured.failure));
    }
  }
  return table;
}

int Run(int argc, char** argv) {
  CLI::App app("Sizes and compile times of natural programs");
  Options options;
  app.add_option("--lengths", options.lengths, "Maximum lengths to compile for")
      ->delimiter(',')
      ->check(CLI::Range(1, 1 << 16))
      ->capture_default_str();
  app.add_option("--programs", options.programs, "Which programs (by default all)")->delimiter(',');
  app.add_option("--target", options.target, "Architecture")
      ->check(CLI::IsMember({"encoder", "decoder", "masked"}))
      ->capture_default_str();
  app.add_option("--repeats", options.repeats, "Runs of each; the time is the median")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--limit", options.limit_seconds, "Seconds after which a run is given up")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  app.add_flag("--markdown", options.show.markdown, "Print Markdown");
  app.add_option("--page", options.show.page, "Renew the section 'natural' of this Markdown file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  Diagnostics diag;
  return Show({MeasureAll(options)}, options.show, "natural", diag);
}

}  // namespace
}  // namespace raspc

int main(int argc, char** argv) { return raspc::Run(argc, argv); }
