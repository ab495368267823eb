// How far a run of the suite goes.
//
// Results are a function of these options alone, the number of threads and the limit on time apart:
// a cell's work is measured in what it computes, not in seconds.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "frontends/generated_program.h"

namespace raspc {

enum class SuiteLevel { kQuick, kDefault, kLong };
// `quick`, `default`, `long`.
std::string_view SuiteLevelName(SuiteLevel level);

struct SuiteOptions {
  SuiteLevel level = SuiteLevel::kDefault;
  std::vector<std::string> only;  // globs and names of problems; none: all examples
  std::vector<Mechanism> by = {std::begin(kAllMechanisms), std::end(kAllMechanisms)};
  int max_length = 64;  // programs are made for words of up to so many symbols
  int exhaustive = 8;   // all words up to this length are tried ...
  std::int64_t max_exhaustive_words = 100'000;  // ... as long as they are not more together
  int samples = 100;                            // words drawn for each further length
  std::uint64_t seed = 1;
  std::int64_t max_pads = 512;  // programs that pad more are made for shorter words
  int max_rounds = 3;           // compositions cut to 1, ..., max_rounds rounds
  int num_repetitions = 20;     // of failing pairs
  bool all_lengths = false;     // samples of every length, not of a selection
  // What a cell may compute, in units of Work (suite_cell.h); 0 is no bound. A cell that reaches
  // it ends with fewer words and says so.
  std::int64_t max_work = 0;

  // The rest does not change results; a cell that runs into the limit on time says so.
  double max_seconds = 0;  // of processor time, for one cell's runs; 0 is no limit
  int num_threads = 0;     // 0: as many as the machine runs at once
  LanguageLimits limits;
};

// Every entry by every mechanism in well under a minute; in a few minutes; all that issue and
// theory ask for.
SuiteOptions SuiteOptionsFor(SuiteLevel level);

// The options that results depend on.
nlohmann::json ToJson(const SuiteOptions& options);

// The lengths that programs are made for, ascending: six of them, so that a growth can be told
// (suite_growth.h), each about half of the next, or more where the maximum is so small that six
// would not fit; fewer where it is below six.
std::vector<int> CompiledLengths(const SuiteOptions& options);

}  // namespace raspc
