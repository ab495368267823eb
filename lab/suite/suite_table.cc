#include "lab/suite/suite_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "frontends/generated_program.h"
#include "lab/report/published.h"
#include "base/escape.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

// The sign of a cell: its result, with an exclamation mark if it contradicts theory.
std::string Sign(const Json& cell) {
  const std::string observed = cell["observed"].get<std::string>();
  const std::string expected = cell["theory"]["expectation"].get<std::string>();
  std::string sign;
  if (observed == "solved") {
    sign = "yes " + cell["max_length"].dump();
  } else if (observed == "failed") {
    const Json& length = cell["first_failing_length"];
    sign = "WRONG" + (length.is_null() ? "" : " " + length.dump());
  } else if (observed == "refused") {
    sign = expected == "no"               ? "no"
           : expected == "conditional_no" ? "(no)"
           : expected == "yes"            ? "known"
                                          : "?";
  } else {
    sign = observed == "beyond_limit" ? "large" : ".";
  }
  if (!cell["cut"].is_null()) sign += "~";
  return cell["match"].get<bool>() ? sign : sign + " !";
}

// F, C and H of a regular language: yes, no, unknown.
std::string ModelSigns(const Json& record) {
  std::string signs;
  for (const char* key : {"F", "C", "H"}) {
    std::string sign = " ";
    for (const Json& model : record["models"]) {
      if (model["key"] != key) continue;
      sign = model["recognises"].is_null() ? "?" : model["recognises"] == true ? "y" : "-";
    }
    signs += (signs.empty() ? "" : " ") + sign;
  }
  return signs;
}

constexpr std::size_t kMaxNameColumns = 32;  // of the 80 of a line

constexpr const char* kLegend =
    "  yes N    right on all words tried, of up to N symbols\n"
    "  known    possible, but no program is built here\n"
    "  no       impossible, by a theorem\n"
    "  (no)     impossible unless complexity classes collapse\n"
    "  ?        no program known, and no proof that there is none\n"
    "  WRONG n  wrong first at length n\n"
    "  large    beyond the limits of this run\n"
    "  .        not run\n"
    "  !        at odds with theory\n"
    "  ~        fewer words tried than asked for\n"
    "  F C H    recognised by fixed precision, counting, hard attention, by algebra:\n"
    "           y yes, - no\n";

std::string Quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

// A CSV field: text unchanged, nothing for null.
std::string Field(const Json& value) {
  if (value.is_null()) return "";
  return Quoted(value.is_string() ? value.get<std::string>() : value.dump());
}

std::string CsvRow(const Json& record, const std::string& by) {
  const Json& cell = record[by];
  const Json largest = cell["resources"].empty() ? Json::object() : cell["resources"].back();
  const auto resource = [&](const char* name) {
    return largest.contains(name) ? Field(largest[name]) : "";
  };
  std::vector<std::string> fields = {Field(record["name"]),
                                     Field(record["kind"]),
                                     Field(record["level"]),
                                     by,
                                     Field(cell["theory"]["expectation"]),
                                     Field(cell["observed"]),
                                     Field(cell["match"]),
                                     Field(cell["max_length"]),
                                     Field(cell["exhaustive_to"]),
                                     Field(cell["words"]),
                                     Field(cell["accuracy"]),
                                     Field(cell["first_failing_length"])};
  for (const char* name :
       {"layers", "heads", "d_model", "d_mlp", "parameters", "nonzeros", "steps", "pads"}) {
    fields.push_back(resource(name));
  }
  for (const char* name : {"construction", "cut", "message", "seconds"}) {
    fields.push_back(Field(cell[name]));
  }
  fields.push_back(Field(cell["theory"]["reference"]));
  return fmt::format("{}\n", fmt::join(fields, ","));
}

}  // namespace

std::string SuiteTable(const Json& report) {
  std::size_t width = 7;
  for (const Json& record : report["problems"]) {
    width = std::max(width, record["name"].get_ref<const std::string&>().size());
  }
  width = std::min(width, kMaxNameColumns);
  std::string table = fmt::format("{:<{}}  F C H ", "problem", width);
  for (const Mechanism mechanism : kAllMechanisms) {
    table += fmt::format(" {:<9}", MechanismName(mechanism));
  }
  table.erase(table.find_last_not_of(' ') + 1);
  table += '\n';
  std::string level;
  for (const Json& record : report["problems"]) {
    if (record["level"].is_string() && record["level"] != level) {
      level = record["level"].get<std::string>();
      table += fmt::format("[{}]\n", EscapeText(level));
    }
    const std::string name = EscapeText(record["name"].get<std::string>());
    if (name.size() > width) table += name + "\n";
    table += fmt::format("{:<{}}  {} ", name.size() > width ? "" : name, width, ModelSigns(record));
    for (const Mechanism mechanism : kAllMechanisms) {
      table += fmt::format(" {:<9}", Sign(record[std::string(MechanismName(mechanism))]));
    }
    table.erase(table.find_last_not_of(' ') + 1);
    table += '\n';
  }
  const Json& counts = report["counts"];
  table += fmt::format(
      "\n{}\n{} cells solved, {} refused, {} failed, {} beyond the limits, {} not run; {} solved "
      "for shorter words than asked for, {} with fewer words\n{}\n",
      kLegend, counts["solved"].dump(), counts["refused"].dump(), counts["failed"].dump(),
      counts["beyond_limit"].dump(), counts["not_run"].dump(), counts["smaller"].dump(),
      counts["cut"].dump(),
      report["mismatches"].empty()
          ? "theory and observation match"
          : fmt::format("{} at odds with theory", report["mismatches"].size()));
  std::vector<std::string> not_learned;
  for (const Json& record : report["problems"]) {
    if (IsExpressibleNotLearned(record))
      not_learned.push_back(EscapeText(record["name"].get<std::string>()));
  }
  if (!not_learned.empty()) {
    table += fmt::format("solved here, but not learned in published experiments: {}\n",
                         fmt::join(not_learned, ", "));
  }
  return table;
}

std::string SuiteCsv(const Json& report) {
  std::string csv =
      "problem,kind,level,by,theory,observed,match,max_length,exhaustive_to,words,accuracy,"
      "first_failing_length,layers,heads,d_model,d_mlp,parameters,nonzeros,steps,pads,"
      "construction,cut,message,seconds,reference\n";
  for (const Json& record : report["problems"]) {
    for (const Mechanism mechanism : kAllMechanisms) {
      csv += CsvRow(record, std::string(MechanismName(mechanism)));
    }
  }
  return csv;
}

}  // namespace raspc
