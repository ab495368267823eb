// Compares the bounds of the certificate with errors that can be provoked.
//
// A bound holds for every input and every order of summation, and adds up errors that mostly cancel
// in a run, so it is larger than observed errors; the question is by how much. See
// tests/compiler/rounding_edge.h for how errors are provoked; the tests assert that none exceeds
// its bound, here the ratios are printed.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "bench/table.h"
#include "tests/compiler/rounding_edge.h"

namespace raspc {
namespace {

struct Options {
  std::int64_t longest = 1024;
  std::int64_t program_length = 32;
  int num_random = 10;
  int num_steps = 30;
  ShowOptions show;
};

std::string Figure(double number) { return number == 0 ? "0" : fmt::format("{:.2g}", number); }

// Bound / error; "-" if there is no error.
std::string Ratio(double bound, double error) {
  if (bound == 0) return "exact";
  return error == 0 ? "no error" : fmt::format("{:.0f}", bound / error);
}

std::vector<std::string> ErrorCells(const EdgeReport& report) {
  return {Figure(report.bound), Figure(report.error), Ratio(report.bound, report.error),
          report.share_of_bound == 0 ? "-" : fmt::format("{:.0f}", 1 / report.share_of_bound),
          report.problem.empty() && report.num_wrong == 0 ? "no" : "YES"};
}

void Append(std::vector<std::string>& row, const std::vector<std::string>& cells) {
  row.insert(row.end(), cells.begin(), cells.end());
}

std::vector<std::string> EdgeRow(const EdgeProgram& program, std::int64_t max_length, DType dtype,
                                 const Options& options) {
  std::vector<std::string> row = {program.name, fmt::format("{}", max_length),
                                  std::string(NameOf(dtype))};
  const Case edge = EdgeCase(program, max_length, dtype);
  Diagnostics diag;
  const auto stages = RunStages(edge, diag);
  if (!stages) {
    row.resize(9, "-");  // too large to list
    return row;
  }
  auto inputs = HardInputs(stages->model.vocabulary, max_length, options.num_random);
  inputs.push_back(WorseInput(*stages, inputs.back(), options.num_steps));
  const EdgeReport report = ProbeEdge(edge, *stages, stages->model, inputs, true);
  row.push_back(Figure(report.margin));
  Append(row, ErrorCells(report));
  return row;
}

Table EdgeTable(const Options& options) {
  Table table;
  table.title = "At the longest inputs that float32 is accepted for, and in float64";
  table.header = {"program",    "length",      "type",         "margin", "bound",
                  "error seen", "bound/error", "any variable", "beyond"};
  for (const EdgeProgram& program : EdgePrograms()) {
    const std::int64_t longest = LongestInFloat32(program, options.longest);
    table.rows.push_back(EdgeRow(program, longest, DType::kFloat32, options));
    table.rows.push_back(EdgeRow(program, longest, DType::kFloat64, options));
    fmt::print(stderr, "{}: float32 up to {}\n", program.name, longest);
  }
  return table;
}

Table ProgramsTable(const Options& options) {
  Table table;
  table.title = fmt::format("programs/, for inputs of up to {}", options.program_length);
  table.header = {"program", "type",       "decisions",   "closest",      "of margin",
                  "bound",   "error seen", "bound/error", "any variable", "beyond"};
  for (const Case& program : ProgramCases(options.program_length)) {
    std::vector<std::string> row = {program.name};
    Diagnostics diag;
    const auto stages = RunStages(program, diag);
    if (!stages) {
      row.resize(table.header.size(), "-");
      table.rows.push_back(row);
      continue;
    }
    const auto decisions = DecisionsOf(stages->model.certificate);
    Append(row, {std::string(NameOf(stages->model.dtype)), fmt::format("{}", decisions.count)});
    Append(row, {decisions.closest == nullptr ? "-" : Figure(decisions.closest->error_bound),
                 decisions.closest == nullptr ? "-" : Figure(decisions.closest->margin)});
    std::vector<std::vector<Atom>> inputs;
    for (const auto& input :
         HardInputs(stages->model.alphabet, options.program_length, options.num_random)) {
      inputs.push_back(Framed(program, input));
    }
    Append(row, ErrorCells(ProbeEdge(program, *stages, stages->model, inputs, true)));
    table.rows.push_back(row);
  }
  return table;
}

std::vector<std::string> ForcedCells(const EdgeReport& report) {
  return {Figure(report.margin), Figure(report.error),
          fmt::format("{} of {}", report.num_wrong, report.num_values)};
}

// A model refused in float32 need not fail: the bounds are for every input and every order.
Table ForcedTable(const Options& options) {
  Table table;
  table.title = "Refused in float32, and forced into it";
  table.header = {"program", "length", "float32", "margin", "error seen", "wrong"};
  for (const EdgeProgram& program : EdgePrograms()) {
    const std::int64_t longest = LongestInFloat32(program, options.longest);
    for (const std::int64_t factor : {2, 4, 8}) {
      const Case edge = EdgeCase(program, factor * longest, DType::kFloat64);
      Diagnostics diag;
      if (factor * longest > 2 * options.longest) continue;
      const auto stages = RunStages(edge, diag);
      if (!stages) continue;  // too large to list
      const auto inputs = HardInputs(stages->model.vocabulary, factor * longest, 2);
      table.rows.push_back({program.name, fmt::format("{}", factor * longest), "refused"});
      Append(table.rows.back(),
             ForcedCells(ProbeEdge(edge, *stages, ForcedIntoFloat32(*stages), inputs, false)));
    }
  }
  for (const SumProbe& probe : ProbeSums()) {
    if (probe.factor < 100000) continue;
    table.rows.push_back({fmt::format("a sum, y * {} + w", probe.factor), "16",
                          probe.accepted ? "accepted" : "refused"});
    Append(table.rows.back(), ForcedCells(probe.forced));
  }
  return table;
}

int Run(int argc, char** argv) {
  CLI::App app("Bounds of the certificate, compared with errors that can be provoked");
  Options options;
  app.add_option("--longest", options.longest, "Maximum input length at the limit of float32")
      ->check(CLI::Range(16, 4096))
      ->capture_default_str();
  app.add_option("--program-length", options.program_length, "The length for programs/")
      ->check(CLI::Range(4, 1024))
      ->capture_default_str();
  app.add_option("--random", options.num_random, "Random inputs for each model")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  app.add_option("--steps", options.num_steps, "Steps of the search for a worse input")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  app.add_flag("--markdown", options.show.markdown, "Print Markdown");
  app.add_option("--page", options.show.page,
                 "Renew the section 'certificate' of this Markdown file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  Diagnostics diag;
  return Show({EdgeTable(options), ForcedTable(options), ProgramsTable(options)}, options.show,
              "certificate", diag);
}

}  // namespace
}  // namespace raspc

int main(int argc, char** argv) { return raspc::Run(argc, argv); }
