// What compiled programs were measured to express, beside what publications say that trained
// transformers learn.
#pragma once

#include <string>

#include "lab/suite/suite_result.h"

namespace raspc {

// The published results of a run's problems next to the measurements, as a Markdown table; first
// those that are expressible but not learned, then the others. Empty if there are none.
std::string PublishedMarkdown(const SuiteResult& result);

}  // namespace raspc
