// Sizes, compile times and memory of the programs that Tracr's library also has, compared with
// Tracr's.
//
// Each compilation runs in a separate process; the time is from the program's text to the weights.
// The tables show, for every length, each program in each architecture in which it has a form, and
// finally which of the goals it meets in the architecture it is judged in.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/measure.h"
#include "bench/size_goals.h"
#include "bench/table.h"
#include "bench/tracr_twins.h"
#include "base/files.h"

namespace raspc {
namespace {

constexpr Target kTargets[] = {Target::kEncoder, Target::kDecoder, Target::kMasked};

struct Options {
  std::vector<std::int64_t> lengths = {32, 64, 128, 1024};
  std::vector<std::string> programs;  // empty: all
  std::string folder = RASPC_SOURCE_DIR "/programs";
  int repeats = 3;
  int limit_seconds = 60;
  std::string json;
  ShowOptions show;
};

// One compilation. Programs without a form in an architecture have no record of it.
struct Record {
  const TracrTwin* twin;
  Target target;
  std::int64_t max_length;
  Measurement measured;
};

MeasuredAt OfTwin(const std::vector<Record>& records, const TracrTwin& twin, Target target) {
  return [&records, &twin, target](std::int64_t max_length) -> const Measurement* {
    for (const Record& record : records) {
      if (record.twin == &twin && record.target == target && record.max_length == max_length) {
        return &record.measured;
      }
    }
    return nullptr;
  };
}

// Measuring: -----------------------------------------------------------------------------------

std::vector<Record> MeasureAll(const std::vector<const TracrTwin*>& twins, const Options& options) {
  std::vector<Record> records;
  for (const std::int64_t max_length : options.lengths) {
    for (const TracrTwin* twin : twins) {
      for (const Target target : kTargets) {
        if (!HasForm(*twin, target)) continue;
        const Compilation compile = [&](Diagnostics& diag) {
          return CompileTwin(*twin, options.folder, target, max_length, diag);
        };
        records.push_back({twin, target, max_length,
                           MeasureCompilation(compile, options.repeats, options.limit_seconds)});
        const Measurement& measured = records.back().measured;
        fmt::print(
            stderr, "{} {} {}: {}\n", twin->program, NameOf(target), max_length,
            measured.HasModel() ? fmt::format("{:.3f} s", measured.seconds) : measured.failure);
      }
    }
  }
  return records;
}

// The architecture that a twin's goals are for: the encoder, or the one that meets most of them.
Target JudgedTarget(const TracrTwin& twin, const std::vector<Record>& records) {
  if (twin.is_for_encoder) return Target::kEncoder;
  Target best = Target::kEncoder;
  int most_met = -1;
  for (const Target target : kTargets) {
    if (!HasForm(twin, target)) continue;
    int num_met = 0;
    for (const SizeGoal& wanted : SizeGoals()) {
      num_met += wanted.is_met(twin, OfTwin(records, twin, target)).value_or(false) ? 1 : 0;
    }
    if (num_met <= most_met) continue;
    most_met = num_met;
    best = target;
  }
  return best;
}

// Tables: --------------------------------------------------------------------------------------

// "7 / 44 (6.3x)": ours, Tracr's, and how many times as large Tracr's is.
template <typename Number>
std::string Beside(const std::string& ours, double number, std::optional<Number> tracr,
                   const char* format) {
  if (!tracr) return ours + " / -";
  return fmt::format("{} / {} ({:.1f}x)", ours, fmt::format(fmt::runtime(format), *tracr),
                     static_cast<double>(*tracr) / number);
}

std::string Beside(int ours, std::optional<int> tracr) {
  return Beside(fmt::format("{}", ours), ours, tracr, "{}");
}

std::vector<std::string> SizesRow(const Record& record) {
  const TracrTwin& twin = *record.twin;
  const Measurement& measured = record.measured;
  std::vector<std::string> row = {twin.program, std::string(NameOf(record.target))};
  if (!measured.HasModel()) {
    row.push_back("none");  // a note below the table says why
    row.resize(10, "-");
    return row;
  }
  const ModelSizes& sizes = measured.sizes;
  const auto tracr = TracrSizesAt(twin, record.max_length);
  std::optional<int> d_model, d_mlp;
  std::optional<double> seconds, millions;
  if (tracr) {
    d_model = tracr->d_model;
    d_mlp = tracr->d_mlp;
    seconds = tracr->seconds;
  }
  if (twin.tracr_parameters && twin.tracr_parameters->first == record.max_length) {
    millions = twin.tracr_parameters->second;
  }
  row.push_back(Beside(sizes.d_model, d_model));
  row.push_back(Beside(sizes.d_mlp, d_mlp));
  row.push_back(fmt::format("{} / {}", sizes.layers, twin.tracr_layers));
  row.push_back(fmt::format("{}", sizes.heads));
  row.push_back(Beside(fmt::format("{}", sizes.parameters),
                       static_cast<double>(sizes.parameters) / 1e6, millions, "{}M"));
  row.push_back(std::string(NameOf(measured.dtype)));
  row.push_back(Beside(fmt::format("{:.3f}", measured.seconds), measured.seconds, seconds, "{}"));
  row.push_back(fmt::format("{:.0f}", measured.peak_bytes / (1 << 20)));
  return row;
}

Table SizesTable(const std::vector<Record>& records, std::int64_t max_length) {
  Table table;
  table.title = fmt::format("Up to {} tokens: ours / Tracr's", max_length);
  table.header = {"program", "target",     "d_model", "largest MLP", "layers",
                  "heads",   "parameters", "type",    "seconds",     "MiB"};
  for (const TracrTwin& twin : TracrTwins()) {
    for (const Target target : kTargets) {
      const bool has_form = HasForm(twin, target);
      bool is_measured = false;
      for (const Record& record : records) {
        if (record.twin != &twin || record.max_length != max_length) continue;
        is_measured = true;
        if (record.target != target) continue;
        table.rows.push_back(SizesRow(record));
        if (record.measured.HasModel()) continue;
        table.notes.push_back(
            fmt::format("{}, {}: {}", twin.program, NameOf(target), record.measured.failure));
      }
      if (has_form || !is_measured) continue;
      table.rows.push_back({twin.program, std::string(NameOf(target))});
      table.rows.back().resize(table.header.size(), "-");
    }
  }
  return table;
}

std::string Mark(std::optional<bool> is_met) { return !is_met ? "-" : *is_met ? "yes" : "NO"; }

// A row for each goal, a column for each program, and how many are met.
Table GoalsTable(const std::vector<const TracrTwin*>& twins, const std::vector<Record>& records) {
  Table table;
  table.header = {"goal"};
  int num_met = 0, num_judged = 0;
  std::vector<Target> judged;
  for (const TracrTwin* twin : twins) {
    judged.push_back(JudgedTarget(*twin, records));
    table.header.push_back(fmt::format("{} ({})", twin->program, NameOf(judged.back())));
  }
  for (const SizeGoal& wanted : SizeGoals()) {
    table.rows.push_back({wanted.name});
    for (std::size_t i = 0; i < twins.size(); ++i) {
      const auto is_met = wanted.is_met(*twins[i], OfTwin(records, *twins[i], judged[i]));
      table.rows.back().push_back(Mark(is_met));
      num_judged += is_met ? 1 : 0;
      num_met += is_met.value_or(false) ? 1 : 0;
    }
  }
  table.title = fmt::format("Goals met: {} of {}", num_met, num_judged);
  return table;
}

nlohmann::ordered_json ToJson(const Record& record) {
  nlohmann::ordered_json json = {{"program", record.twin->program},
                                 {"tracr_name", record.twin->tracr_name},
                                 {"target", NameOf(record.target)},
                                 {"max_length", record.max_length}};
  const Measurement& measured = record.measured;
  if (!measured.HasModel()) {
    json["failure"] = measured.failure;
    return json;
  }
  const ModelSizes& sizes = measured.sizes;
  json.update({{"d_model", sizes.d_model},
               {"d_mlp", sizes.d_mlp},
               {"layers", sizes.layers},
               {"heads", sizes.heads},
               {"head_dim", sizes.head_dim},
               {"parameters", sizes.parameters},
               {"nonzeros", sizes.nonzeros},
               {"dtype", NameOf(measured.dtype)},
               {"seconds", measured.seconds},
               {"peak_bytes", measured.peak_bytes}});
  nlohmann::ordered_json tracr = {{"layers", record.twin->tracr_layers}};
  if (const auto sizes_of_tracr = TracrSizesAt(*record.twin, record.max_length)) {
    tracr["d_model"] = sizes_of_tracr->d_model;
    tracr["d_mlp"] = sizes_of_tracr->d_mlp;
    tracr["seconds"] = sizes_of_tracr->seconds;
  }
  const auto& parameters = record.twin->tracr_parameters;
  if (parameters && parameters->first == record.max_length) {
    tracr["parameters"] = parameters->second * 1e6;
  }
  json["tracr"] = tracr;
  return json;
}

// {"models": [...], "goals": [{"program": …, "target": …, "met": {name: true, …}}]}
std::string AllJson(const std::vector<const TracrTwin*>& twins,
                    const std::vector<Record>& records) {
  nlohmann::ordered_json json = {{"models", nlohmann::ordered_json::array()},
                                 {"goals", nlohmann::ordered_json::array()}};
  for (const Record& record : records) json["models"].push_back(ToJson(record));
  for (const TracrTwin* twin : twins) {
    const Target target = JudgedTarget(*twin, records);
    nlohmann::ordered_json met = nlohmann::ordered_json::object();
    for (const SizeGoal& wanted : SizeGoals()) {
      const auto is_met = wanted.is_met(*twin, OfTwin(records, *twin, target));
      if (is_met) met[wanted.name] = *is_met;
    }
    json["goals"].push_back({{"program", twin->program}, {"target", NameOf(target)}, {"met", met}});
  }
  return json.dump(1) + "\n";
}

std::vector<Table> AllTables(const std::vector<const TracrTwin*>& twins,
                             const std::vector<Record>& records, const Options& options) {
  std::vector<Table> tables = {GoalsTable(twins, records)};
  for (const std::int64_t max_length : options.lengths) {
    tables.push_back(SizesTable(records, max_length));
  }
  return tables;
}

// The command: ---------------------------------------------------------------------------------

void Declare(CLI::App& app, Options& options) {
  app.add_option("--lengths", options.lengths, "Maximum lengths to compile for")
      ->delimiter(',')
      ->check(CLI::Range(1, 1 << 16))
      ->capture_default_str();
  app.add_option("--programs", options.programs, "Which programs (by default all)")->delimiter(',');
  app.add_option("--folder", options.folder, "Folder of the programs")->capture_default_str();
  app.add_option("--repeats", options.repeats, "Runs of each; the time is the median")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--limit", options.limit_seconds, "Seconds after which a run is given up")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  app.add_option("--json", options.json, "Write everything to this file as JSON");
  app.add_flag("--markdown", options.show.markdown, "Print Markdown");
  app.add_option("--page", options.show.page, "Renew the section 'sizes' of this Markdown file");
}

// The requested twins; nothing after reporting an unknown one.
std::optional<std::vector<const TracrTwin*>> ChosenTwins(const Options& options) {
  std::vector<const TracrTwin*> chosen;
  std::vector<std::string> names;
  for (const TracrTwin& twin : TracrTwins()) {
    names.push_back(twin.program);
    const auto& asked = options.programs;
    const bool is_asked = std::find(asked.begin(), asked.end(), twin.program) != asked.end();
    if (asked.empty() || is_asked) chosen.push_back(&twin);
  }
  for (const std::string& name : options.programs) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    fmt::print(stderr, "error: '{}' is not compared with Tracr; choose from {}\n", name,
               fmt::join(names, ", "));
    return std::nullopt;
  }
  return chosen;
}

int Run(int argc, char** argv) {
  CLI::App app(
      "Sizes, times and memory of compiled programs, compared with those of Tracr's models");
  Options options;
  Declare(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto twins = ChosenTwins(options);
  if (!twins) return 2;
  const std::vector<Record> records = MeasureAll(*twins, options);

  Diagnostics diag;
  if (!options.json.empty()) WriteFile(options.json, AllJson(*twins, records), diag);
  return Show(AllTables(*twins, records, options), options.show, "sizes", diag);
}

}  // namespace
}  // namespace raspc

int main(int argc, char** argv) { return raspc::Run(argc, argv); }
