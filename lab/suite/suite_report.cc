#include "lab/suite/suite_report.h"

#include <fmt/format.h>

#include <map>

#include "base/escape.h"
#include "lab/suite/suite_json.h"

namespace raspc {
namespace {

// The first difference between an earlier run and this one; empty if there is none.
std::string FirstOtherOption(const SuiteResult& earlier, const std::vector<SuiteProblem>& problems,
                             const SuiteOptions& options, const std::string& version) {
  if (earlier.version != version) {
    return fmt::format("it was written by raspc {}, this is {}", earlier.version, version);
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
    diag.Error(ErrorKind::kFile, {}, fmt::format("cannot resume from '{}': {}", path, fault));
    return std::nullopt;
  }
  const std::string other = FirstOtherOption(*result, problems, options, version);
  if (!other.empty()) {
    diag.Error(ErrorKind::kInput, {},
               fmt::format("cannot resume from '{}' with these options: {}", path, other));
    return std::nullopt;
  }
  return result;
}

}  // namespace raspc
