#include "lab/suite/suite_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lab/suite/suite_cell.h"
#include "base/json_text.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

constexpr const char* kNotReached = "not reached";

bool IsOneOf(const Json& text, const std::vector<std::string_view>& all) {
  return std::find(all.begin(), all.end(), text.get_ref<const std::string&>()) != all.end();
}

// The first difference of an object's fields from an example: a missing or extra field, or one of
// another type. A null in the example matches any type. Empty if there is none.
std::string FirstDifference(const Json& value, const Json& example, const std::string& where) {
  if (!value.is_object()) return where + " is not an object";
  for (const auto& [name, field] : example.items()) {
    if (!value.contains(name)) return fmt::format("{} has no field \"{}\"", where, name);
    const Json& found = value[name];
    const bool fits =
        field.is_null() || (field.is_number() && found.is_number()) || field.type() == found.type();
    if (!fits) return fmt::format("\"{}\" of {} is {}", name, where, found.type_name());
  }
  for (const auto& [name, field] : value.items()) {
    if (!example.contains(name)) return fmt::format("{} has a field \"{}\"", where, name);
  }
  return "";
}

// Whether a field is null or a number, and so on.
bool IsNullOr(const Json& object, const char* name, bool (Json::*is)() const noexcept) {
  return object[name].is_null() || (object[name].*is)();
}

// Entries of a cell's arrays.
Json LengthExample() {
  Json example = {{"exhaustive", true},
                  {"accuracy", nullptr},
                  {"accuracy_members", nullptr},
                  {"accuracy_others", nullptr},
                  {"steps", nullptr}};
  for (const char* name : {"length", "words", "members", "right", "right_members", "pads"}) {
    example[name] = 0;
  }
  return example;
}

Json ResourceExample() {
  Json example = {{"steps", nullptr}};
  for (const char* name : {"max_length", "layers", "heads", "head_dim", "d_model", "d_mlp",
                           "parameters", "nonzeros", "pads", "words", "right"}) {
    example[name] = 0;
  }
  return example;
}

Json RoundsExample() {
  return {{"rounds", 0},
          {"expected_first_failure", nullptr},
          {"first_failing_length", nullptr},
          {"max_length", 0},
          {"words", 0},
          {"match", true}};
}

// Types that the example leaves open, where they matter.
std::string FirstFault(const Json& cell, const std::string& where) {
  const Json example = CellNotRun(Problem(), Mechanism::kDirect, std::nullopt);
  if (std::string fault = FirstDifference(cell, example, where); !fault.empty()) return fault;
  if (std::string fault = FirstDifference(cell["theory"], example["theory"], where + ".theory");
      !fault.empty()) {
    return fault;
  }
  for (const char* name : {"message", "beyond", "construction", "promise", "program", "cut"}) {
    if (!IsNullOr(cell, name, &Json::is_string)) {
      return fmt::format("\"{}\" of {} is not text", name, where);
    }
  }
  for (const char* name : {"max_length", "program_depth", "exhaustive_to", "samples_per_length",
                           "accuracy", "first_failing_length"}) {
    if (!IsNullOr(cell, name, &Json::is_number)) {
      return fmt::format("\"{}\" of {} is not a number", name, where);
    }
  }
  if (!IsOneOf(cell["observed"], {"solved", "failed", "refused", "beyond_limit", "not_run"})) {
    return fmt::format("\"observed\" of {} is none of its values", where);
  }
  if (!IsOneOf(cell["theory"]["expectation"], {"yes", "no", "conditional_no", "no_claim"})) {
    return fmt::format("\"expectation\" of {} is none of its values", where);
  }
  const std::pair<const char*, Json> rows[] = {
      {"lengths", LengthExample()}, {"resources", ResourceExample()}, {"rounds", RoundsExample()}};
  for (const auto& [name, row] : rows) {
    for (const Json& found : cell[name]) {
      std::string fault =
          FirstDifference(found, row, fmt::format("an entry of {}.{}", where, name));
      if (!fault.empty()) return fault;
    }
  }
  return "";
}

std::string FirstFaultOfRecord(const Json& record) {
  if (!record.is_object() || !record.contains("name") || !record["name"].is_string()) {
    return "a problem has no name";
  }
  const std::string name = record["name"].get<std::string>();
  const Json example = UndescribedProblem(name);
  if (std::string fault = FirstDifference(record, example, name); !fault.empty()) return fault;
  for (const Json& pair : record["failing_pairs"]) {
    if (!pair.is_object() || !pair.contains("holds") || !pair["holds"].is_boolean() ||
        !pair.contains("violates") || !pair["violates"].is_string()) {
      return "a failing pair of " + name + " is malformed";
    }
  }
  for (const Json& model : record["models"]) {
    if (!model.is_object() || !model.contains("key") || !model["key"].is_string() ||
        !model.contains("recognises")) {
      return "a model of " + name + " is malformed";
    }
  }
  for (const Mechanism mechanism : kAllMechanisms) {
    const std::string by(MechanismName(mechanism));
    if (std::string fault = FirstFault(record[by], fmt::format("{}.{}", name, by));
        !fault.empty()) {
      return fault;
    }
  }
  return "";
}

// Renames the mechanisms of a report to their current names; anything that is not a report is
// unchanged.
void RenameMechanisms(Json& report) {
  if (!report.is_object()) return;
  const std::string former(kFormerLogDepthName), now(MechanismName(Mechanism::kDepth));
  if (Json& options = report["options"]; options.is_object() && options["by"].is_array()) {
    std::replace(options["by"].begin(), options["by"].end(), Json(former), Json(now));
  }
  for (Json& record : report["problems"]) {
    if (!record.is_object() || !record.contains(former) || record.contains(now)) continue;
    record[now] = std::move(record[former]);
    record.erase(former);
  }
}

// The first error in the form of the report; empty if there is none.
std::string FirstFaultOfReport(const Json& report) {
  if (!report.is_object() || !report.contains("format") || report["format"] != "raspc-suite") {
    return "it is not a report of the suite";
  }
  if (!report.contains("version") || report["version"] != kSuiteReportVersion) {
    return "its version is another";
  }
  const Json example = AssembleReport(SuiteOptions(), "", Json::array(), 0);
  if (std::string fault = FirstDifference(report, example, "the report"); !fault.empty()) {
    return fault;
  }
  for (const Json& record : report["problems"]) {
    if (std::string fault = FirstFaultOfRecord(record); !fault.empty()) return fault;
  }
  return "";
}

// The first difference between the report's run and this one; empty if there is none.
std::string FirstOtherOption(const Json& report, const std::vector<SuiteProblem>& problems,
                             const SuiteOptions& options, const std::string& version) {
  if (report["raspc"] != version) {
    return fmt::format("it is by raspc {}, this is {}", report["raspc"].get<std::string>(),
                       version);
  }
  const Json ours = ToJson(options);
  for (const auto& [name, value] : ours.items()) {
    const Json theirs = report["options"].contains(name) ? report["options"][name] : Json();
    if (theirs == value) continue;
    return fmt::format("its option {} is {}, here it is {}", name, theirs.dump(), value.dump());
  }
  const Json& records = report["problems"];
  if (records.size() != problems.size()) return "it is of other problems";
  for (std::size_t i = 0; i < problems.size(); ++i) {
    if (records[i]["name"] == problems[i].name) continue;
    return fmt::format("it has the problem {} where this run has {}", records[i]["name"].dump(),
                       problems[i].name);
  }
  return "";
}

std::string WhatIsOff(const Json& cell) {
  const std::string observed = cell["observed"].get<std::string>();
  const std::string expected = cell["theory"]["expectation"].get<std::string>();
  const std::string message =
      cell["message"].is_null() ? "" : ": " + cell["message"].get<std::string>();
  if (observed == "failed" && cell["first_wrong"].is_object()) {
    const Json& wrong = cell["first_wrong"];
    return fmt::format("wrong on '{}': {} where {} is right", wrong.value("word", "?"),
                       wrong.value("got", "?"), wrong.value("expected", "?"));
  }
  for (const Json& cut : cell["rounds"]) {
    if (cut["match"].get<bool>()) continue;
    return fmt::format("{} rounds first fail at length {}, expected {}", cut["rounds"].dump(),
                       cut["first_failing_length"].dump(), cut["expected_first_failure"].dump());
  }
  return fmt::format("theory says {}, observed is {}{}", expected, observed, message);
}

// The number of cells of each kind of observation, and how many of them were cut short.
Json CountsOf(const Json& records) {
  Json counts = {{"solved", 0},  {"failed", 0},     {"refused", 0}, {"beyond_limit", 0},
                 {"not_run", 0}, {"mismatches", 0}, {"cut", 0},     {"smaller", 0}};
  const auto add = [&](const std::string& name, bool holds) {
    counts[name] = counts[name].get<int>() + (holds ? 1 : 0);
  };
  for (const Json& record : records) {
    for (const Mechanism mechanism : kAllMechanisms) {
      const Json& cell = record[std::string(MechanismName(mechanism))];
      add(cell["observed"].get<std::string>(), true);
      add("mismatches", !cell["match"].get<bool>());
      add("cut", !cell["cut"].is_null());
      add("smaller", !cell["beyond"].is_null());
    }
  }
  return counts;
}

}  // namespace

Json RecordsBefore(const std::vector<SuiteProblem>& problems, const Json& resumed) {
  if (!resumed.is_null()) return resumed["problems"];
  Json records = Json::array();
  for (const SuiteProblem& problem : problems) records.push_back(UndescribedProblem(problem.name));
  return records;
}

Json UndescribedProblem(const std::string& name) {
  Json record = {{"name", name},
                 {"kind", nullptr},
                 {"level", nullptr},
                 {"alphabet", Json::array()},
                 {"definition", nullptr},
                 {"models", Json::array()},
                 {"classification", nullptr},
                 {"automaton_svg", nullptr},
                 {"failing_pairs", Json::array()},
                 {"published", Json::array()}};
  for (const Mechanism mechanism : kAllMechanisms) {
    record[std::string(MechanismName(mechanism))] = CellNotRun(Problem(), mechanism, kNotReached);
  }
  return record;
}

bool IsDescribed(const Json& record) { return !record["definition"].is_null(); }

bool IsDone(const Json& record, Mechanism mechanism) {
  return record[std::string(MechanismName(mechanism))]["observed"] != "not_run";
}

void Describe(Json& record, Json description) {
  for (const auto& [name, value] : description.items()) {
    // It keeps the name by which it was requested, which may be an alias.
    if (name == "name") continue;
    // A cell that another thread has run keeps its result, and the reason why it could not be run.
    if (ReadMechanism(name) && record[name]["message"] != kNotReached) continue;
    record[name] = value;
  }
}

std::string WhyNotRun(const SuiteOptions& options, Mechanism mechanism) {
  const bool is_asked = std::count(options.by.begin(), options.by.end(), mechanism) > 0;
  return is_asked ? kNotReached : "left out by --by";
}

Json AssembleReport(const SuiteOptions& options, const std::string& version, const Json& records,
                    double seconds) {
  bool complete = true;
  for (const Json& record : records) {
    complete = complete && IsDescribed(record);
    for (const Mechanism mechanism : options.by) complete = complete && IsDone(record, mechanism);
  }
  Json report = {{"format", "raspc-suite"}, {"version", kSuiteReportVersion},
                 {"raspc", version},        {"options", ToJson(options)},
                 {"complete", complete},    {"counts", CountsOf(records)},
                 {"seconds", seconds},      {"problems", records}};
  report["mismatches"] = MismatchesOf(report);
  report["matches"] = report["mismatches"].empty();
  return report;
}

std::optional<Json> ReadReport(const std::string& text, const std::string& path,
                               const std::vector<SuiteProblem>& problems,
                               const SuiteOptions& options, const std::string& version,
                               Diagnostics& diag) {
  std::string fault;
  std::optional<Json> report = ParseJson(text, fault);
  if (report) RenameMechanisms(*report);
  if (report) fault = FirstFaultOfReport(*report);
  if (!fault.empty()) {
    diag.Error(ErrorKind::kFile, {}, fmt::format("cannot go on from '{}': {}", path, fault));
    return std::nullopt;
  }
  const std::string other = FirstOtherOption(*report, problems, options, version);
  if (!other.empty()) {
    diag.Error(ErrorKind::kInput, {},
               fmt::format("cannot go on from '{}' with these options: {}", path, other));
    return std::nullopt;
  }
  return report;
}

std::vector<std::string> NotTried(const Json& report, const std::vector<Mechanism>& by) {
  std::vector<std::string> lines;
  for (const Json& record : report["problems"]) {
    const std::string name = record["name"].get<std::string>();
    if (!IsDescribed(record)) lines.push_back(name + ": not described: out of memory");
    for (const Mechanism mechanism : by) {
      if (IsDone(record, mechanism)) continue;
      const Json& message = record[std::string(MechanismName(mechanism))]["message"];
      lines.push_back(fmt::format("{} by {}: {}", name, MechanismName(mechanism),
                                  message.is_string() ? message.get<std::string>() : "not tried"));
    }
  }
  return lines;
}

std::vector<std::string> MismatchesOf(const Json& report) {
  std::vector<std::string> mismatches;
  for (const Json& record : report["problems"]) {
    const std::string name = record["name"].get<std::string>();
    for (const std::string& mismatch : MismatchesOfProblem(record)) {
      mismatches.push_back(fmt::format("{}: {}", name, mismatch));
    }
    for (const Mechanism mechanism : kAllMechanisms) {
      const Json& cell = record[std::string(MechanismName(mechanism))];
      if (cell["match"].get<bool>()) continue;
      mismatches.push_back(
          fmt::format("{} by {}: {}", name, MechanismName(mechanism), WhatIsOff(cell)));
    }
  }
  return mismatches;
}

}  // namespace raspc
