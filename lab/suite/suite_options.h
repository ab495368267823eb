// The options of a run of the suite.
//
// Results depend only on these options, except for the number of threads and the time limit: a
// cell's work is measured in operations, not in seconds.
#pragma once

#include <cstdint>
#include <optional>
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
  int max_length = 64;  // programs are made for words of up to this many symbols
  int exhaustive = 8;   // all words up to this length are tried ...
  std::int64_t max_exhaustive_words = 100'000;  // ... as long as their total is at most this
  int samples = 100;                            // random words for each further length
  std::uint64_t seed = 1;
  std::int64_t max_pads = 512;  // programs with more padding are made for shorter words
  int max_rounds = 3;           // compositions cut to 1, ..., max_rounds rounds
  int num_repetitions = 20;     // of failing pairs
  bool all_lengths = false;     // samples of every length, not of a selection
  // A cell's work budget, in units of Work (suite_cell.h); 0: unlimited. A cell that reaches it
  // ends with fewer words and says so.
  std::int64_t max_work = 0;

  // The rest does not change results; a cell that reaches the time limit says so.
  double max_seconds = 0;  // of processor time, for one cell's runs; 0: unlimited
  int num_threads = 0;     // 0: as many as the machine runs at once
  LanguageLimits limits;
};

// What a user may ask for; whatever is not given is up to the level.
struct SuiteRequest {
  SuiteLevel level = SuiteLevel::kDefault;
  std::vector<std::string> only;
  std::optional<std::vector<Mechanism>> by;
  std::optional<std::int64_t> max_length, exhaustive, samples, seed, threads;
};

// The largest numbers of a request; those of words are lengths and counts.
inline constexpr std::int64_t kMaxSuiteExhaustive = 30;
inline constexpr std::int64_t kMaxSuiteSamples = 1'000'000;
inline constexpr std::int64_t kMaxSuiteThreads = 1024;

// The options of the level with what is asked for. A number of words that is asked for is honoured,
// whatever work it takes. Requires numbers in their range.
SuiteOptions SuiteOptionsFor(const SuiteRequest& request);

// Every entry by every mechanism in well under a minute; in a few minutes; everything that theory
// predicts.
SuiteOptions SuiteOptionsFor(SuiteLevel level);

// The maximum lengths for which programs are made, ascending: six of them, so that a growth can be
// determined (suite_growth.h), each about half of the next, or more if the maximum is too small for
// that; fewer if it is below six.
std::vector<int> CompiledLengths(const SuiteOptions& options);

}  // namespace raspc
