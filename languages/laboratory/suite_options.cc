#include "languages/laboratory/suite_options.h"

#include <algorithm>

namespace raspc {

std::string_view SuiteLevelName(SuiteLevel level) {
  switch (level) {
    case SuiteLevel::kQuick:
      return "quick";
    case SuiteLevel::kDefault:
      return "default";
    case SuiteLevel::kLong:
      return "long";
  }
  return "";
}

SuiteOptions SuiteOptionsFor(SuiteLevel level) {
  SuiteOptions options;
  options.level = level;
  switch (level) {
    case SuiteLevel::kQuick:
      options.max_length = 12;
      options.exhaustive = 4;
      options.max_exhaustive_words = 200;
      options.samples = 16;
      options.max_pads = 216;
      options.max_rounds = 2;
      options.max_work = 30'000'000;
      options.max_seconds = 15;
      break;
    case SuiteLevel::kDefault:
      options.max_work = 1'500'000'000;
      options.max_seconds = 120;
      break;
    case SuiteLevel::kLong:
      options.samples = 500;
      options.all_lengths = true;
      options.max_pads = 4096;
      options.max_rounds = 5;
      options.num_repetitions = 100;
      break;
  }
  return options;
}

nlohmann::json ToJson(const SuiteOptions& options) {
  std::vector<std::string> by;
  for (const Mechanism mechanism : options.by) by.emplace_back(MechanismName(mechanism));
  return {{"level", SuiteLevelName(options.level)},
          {"only", options.only},
          {"by", by},
          {"max_length", options.max_length},
          {"exhaustive", options.exhaustive},
          {"max_exhaustive_words", options.max_exhaustive_words},
          {"samples", options.samples},
          {"seed", options.seed},
          {"max_pads", options.max_pads},
          {"max_rounds", options.max_rounds},
          {"num_repetitions", options.num_repetitions},
          {"all_lengths", options.all_lengths},
          {"max_work", options.max_work}};
}

std::vector<int> CompiledLengths(const SuiteOptions& options) {
  std::vector<int> lengths;
  for (const int part : {4, 2, 1}) {
    const int length = std::max(1, options.max_length / part);
    if (lengths.empty() || lengths.back() != length) lengths.push_back(length);
  }
  return lengths;
}

}  // namespace raspc
