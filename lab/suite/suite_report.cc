#include "lab/suite/suite_report.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "base/escape.h"
#include "lab/suite/suite_json.h"

namespace raspc {
namespace {

// An option of the command as it is written, `--seed 1`, and without its value where it is left out
// by default; `text` is empty where it is not given.
struct WrittenOption {
  std::string name, text;
};

// The options that a user chooses, which determine the others. The level is first, since others
// depend on it.
std::vector<WrittenOption> AsWritten(const SuiteOptions& options) {
  std::vector<WrittenOption> written;
  for (const SuiteLevel level : {SuiteLevel::kQuick, SuiteLevel::kLong}) {
    const std::string flag = fmt::format("--{}", SuiteLevelName(level));
    written.push_back({flag, options.level == level ? flag : ""});
  }
  std::string only, by;
  for (const std::string& name : options.only) {
    only += fmt::format("{}--only '{}'", only.empty() ? "" : " ", name);
  }
  for (const Mechanism mechanism : options.by) {
    by += fmt::format("{}{}", by.empty() ? "--by " : ",", MechanismName(mechanism));
  }
  written.push_back({"--only", only});
  written.push_back({"--by", options.by.size() == std::size(kAllMechanisms) ? "" : by});
  const auto add = [&](const std::string& name, auto value) {
    written.push_back({name, fmt::format("{} {}", name, value)});
  };
  add("--max-length", options.max_length);
  add("--exhaustive", options.exhaustive);
  add("--samples", options.samples);
  add("--seed", options.seed);
  return written;
}

// The first difference between an earlier run and this one; empty if there is none.
std::string FirstOtherOption(const SuiteResult& earlier, const std::vector<SuiteProblem>& problems,
                             const SuiteOptions& options, const std::string& version) {
  if (earlier.version != version) {
    return fmt::format("it was written by raspc {}, this is {}", earlier.version, version);
  }
  const std::vector<WrittenOption> was = AsWritten(earlier.options), is = AsWritten(options);
  for (std::size_t i = 0; i < is.size(); ++i) {
    if (was[i].text == is[i].text) continue;
    if (was[i].text.empty()) return fmt::format("it was run without {}", is[i].name);
    return fmt::format("it was run with {}{}", was[i].text,
                       is[i].text.empty() ? "" : fmt::format(", not {}", is[i].text));
  }
  const std::map<std::string, std::string> theirs = OptionTexts(earlier.options);
  for (const auto& [name, ours] : OptionTexts(options)) {
    if (theirs.at(name) == ours) continue;
    return fmt::format("its option {} is {}, but {} here", name, theirs.at(name), ours);
  }
  if (earlier.problems.size() != problems.size()) return "it has other problems";
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const std::string& name = earlier.problems[i].name;
    if (name == problems[i].name) continue;
    return fmt::format("it has the problem {} where this run has {}", QuoteJson(name),
                       problems[i].name);
  }
  return "";
}

}  // namespace

std::optional<SuiteResult> ReadReport(const std::string& text, const std::string& path,
                                      const std::vector<SuiteProblem>& problems,
                                      const SuiteOptions& options, const std::string& version,
                                      Diagnostics& diag) {
  std::string fault;
  std::optional<SuiteResult> result = ReadSuiteJson(text, fault);
  if (!result) {
    diag.Error(ErrorKind::kFile, {}, fmt::format("cannot resume '{}': {}", path, fault));
    return std::nullopt;
  }
  const std::string other = FirstOtherOption(*result, problems, options, version);
  if (!other.empty()) {
    diag.Error(ErrorKind::kInput, {}, fmt::format("cannot resume '{}': {}", path, other));
    return std::nullopt;
  }
  return result;
}

}  // namespace raspc
