// The report of an earlier run, from which a run with the same problems and options is resumed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "lab/suite/suite_problem.h"
#include "lab/suite/suite_result.h"

namespace raspc {

// The maximum size of a report file.
inline constexpr std::uint64_t kMaxReportBytes = std::uint64_t{1} << 30;

// The result in the report of an earlier run with the same problems and options; `path` is for
// messages. Reports kFile for a text that is not such a report, with the first error; kInput if it
// has other options, problems or another version.
std::optional<SuiteResult> ReadReport(const std::string& text, const std::string& path,
                                      const std::vector<SuiteProblem>& problems,
                                      const SuiteOptions& options, const std::string& version,
                                      Diagnostics& diag);

}  // namespace raspc
