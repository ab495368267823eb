// A run's result as JSON, and back: the one place that knows how the report's fields are written.
// docs/suite.md lists them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "lab/suite/suite_result.h"

namespace raspc {

inline constexpr int kSuiteReportVersion = 1;

enum class JsonText {
  kUtf8,  // bytes that are not UTF-8 are replaced
  kAscii  // the same, and other characters escaped
};

// The report, on one line.
std::string SuiteJson(const SuiteResult& result, JsonText text = JsonText::kUtf8);

// The result in a report. Nothing if the text is not one, with the first fault: a field that is
// missing, unknown, or of another type. What is derived from the rest (`complete`, `matches`,
// `mismatches`, `counts`) is not compared with it.
std::optional<SuiteResult> ReadSuiteJson(const std::string& text, std::string& fault);

// The options that results depend on, by name, each as JSON.
std::map<std::string, std::string> OptionTexts(const SuiteOptions& options);

}  // namespace raspc
