#include "lab/suite/suite_options.h"

#include <algorithm>
#include <cmath>

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

SuiteOptions SuiteOptionsFor(const SuiteRequest& request) {
  SuiteOptions options = SuiteOptionsFor(request.level);
  options.only = request.only;
  if (request.by) options.by = *request.by;
  options.max_length = static_cast<int>(request.max_length.value_or(options.max_length));
  if (request.exhaustive) {
    options.exhaustive = static_cast<int>(*request.exhaustive);
    options.max_exhaustive_words = SuiteOptions().max_exhaustive_words;
  }
  if (request.samples) options.samples = static_cast<int>(*request.samples);
  if (request.exhaustive || request.samples) {
    options.max_work = 0;
    options.max_seconds = 0;
  }
  if (request.seed) options.seed = static_cast<std::uint64_t>(*request.seed);
  options.num_threads = static_cast<int>(request.threads.value_or(0));
  return options;
}

std::vector<int> CompiledLengths(const SuiteOptions& options) {
  constexpr int kCount = 6;
  const double ratio = std::min(2.0, std::pow(options.max_length / 2.0, 1.0 / (kCount - 1)));
  std::vector<int> lengths = {options.max_length};
  for (int i = 1; i < kCount && lengths.back() > 1; ++i) {
    const auto length = static_cast<int>(std::lround(options.max_length / std::pow(ratio, i)));
    lengths.push_back(std::clamp(length, 1, lengths.back() - 1));
  }
  std::reverse(lengths.begin(), lengths.end());
  return lengths;
}

}  // namespace raspc
