// The report of a suite: assembling, reading and judging it. docs/suite.md documents its form.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lab/suite/suite_options.h"
#include "lab/suite/suite_problem.h"

namespace raspc {

inline constexpr int kSuiteReportVersion = 1;

// The records of a run that has not begun: those of `resumed`, unless it is null.
nlohmann::json RecordsBefore(const std::vector<SuiteProblem>& problems,
                             const nlohmann::json& resumed);
// A problem's record before anything is known about it.
nlohmann::json UndescribedProblem(const std::string& name);
bool IsDescribed(const nlohmann::json& record);
// Whether the cell has been run.
bool IsDone(const nlohmann::json& record, Mechanism mechanism);
// Adds a description; cells that have been run, or tried in vain, are kept.
void Describe(nlohmann::json& record, nlohmann::json description);
// The message of a cell that has not been run.
std::string WhyNotRun(const SuiteOptions& options, Mechanism mechanism);

// The report with these records, in the order of the problems.
nlohmann::json AssembleReport(const SuiteOptions& options, const std::string& version,
                              const nlohmann::json& records, double seconds);

// The maximum size of a report file.
inline constexpr std::uint64_t kMaxReportBytes = std::uint64_t{1} << 30;

// The report of an earlier run with the same problems and options, to resume; `path` is for
// messages. Reports kFile for a text that is not such a report, with the first error; kInput if it
// has other options, problems or another version.
std::optional<nlohmann::json> ReadReport(const std::string& text, const std::string& path,
                                         const std::vector<SuiteProblem>& problems,
                                         const SuiteOptions& options, const std::string& version,
                                         Diagnostics& diag);

// The problems and cells of the run that were not done, with the reason, one per line.
std::vector<std::string> NotTried(const nlohmann::json& report, const std::vector<Mechanism>& by);

// Contradictions of theory, one line per cell.
std::vector<std::string> MismatchesOf(const nlohmann::json& report);

}  // namespace raspc
