// The report of a suite: how it is put together, read again and judged. docs/suite.md has its form.
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
// A problem's record before anything is known of it.
nlohmann::json UndescribedProblem(const std::string& name);
bool IsDescribed(const nlohmann::json& record);
// Whether the cell has been run.
bool IsDone(const nlohmann::json& record, Mechanism mechanism);
// Adds a description; cells that have been run stay.
void Describe(nlohmann::json& record, nlohmann::json description);
// The message of a cell that has not been run.
std::string WhyNotRun(const SuiteOptions& options, Mechanism mechanism);

// The report with these records, in the order of the problems.
nlohmann::json AssembleReport(const SuiteOptions& options, const std::string& version,
                              const nlohmann::json& records, double seconds);

// The largest file that is read as a report.
inline constexpr std::uint64_t kMaxReportBytes = std::uint64_t{1} << 30;

// The report of an earlier run with the same problems and options, to go on from; `path` is for
// messages. Reports kFile for a text that is no such report, and names the first thing that is
// wrong; kInput where it is of other options, problems or another version.
std::optional<nlohmann::json> ReadReport(const std::string& text, const std::string& path,
                                         const std::vector<SuiteProblem>& problems,
                                         const SuiteOptions& options, const std::string& version,
                                         Diagnostics& diag);

// What of the run's problems and cells was not done, with the reason, a line each.
std::vector<std::string> NotTried(const nlohmann::json& report, const std::vector<Mechanism>& by);

// What is at odds with theory, a line for each cell.
std::vector<std::string> MismatchesOf(const nlohmann::json& report);

}  // namespace raspc
