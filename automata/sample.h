// Random words: uniform among the words of a language of one length, and near misses.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "automata/dfa.h"

namespace raspc {

// Samples words of a language, all words of one length equally likely. Counts, for each state and
// number of symbols left, how many words are accepted; O(max_length * num_states * num_symbols).
// A count is a double with a separate exponent, so nothing overflows or underflows, and
// probabilities are correct to one part in 2^53 / (max_length * num_symbols).
class DfaSampler {
 public:
  // Reports kLimit past max_steps.
  static std::optional<DfaSampler> Make(const Dfa& dfa, int max_length,
                                         const LanguageLimits& limits, Diagnostics& diag);

  int max_length() const { return max_length_; }
  // Whether the language has a word of this length, from 0 to max_length.
  bool HasWords(int length) const { return CountAt(length, dfa_.start).mantissa > 0; }
  // The base-2 logarithm of the number of words of this length; minus infinity if none.
  double Log2Count(int length) const;
  // Requires HasWords(length).
  Word Sample(int length, std::mt19937_64& random) const;

 private:
  struct Count {
    double mantissa = 0;  // 0, or from 0.5 to below 1
    std::int64_t exponent = 0;
  };
  static Count Sum(const Count& a, const Count& b);
  // a / b, which is at most 1; b is not 0.
  static double Ratio(const Count& a, const Count& b);
  const Count& CountAt(int length, StateId q) const {
    return counts_[static_cast<std::size_t>(length) * static_cast<std::size_t>(dfa_.num_states()) +
                   static_cast<std::size_t>(q)];
  }

  Dfa dfa_;
  int max_length_ = 0;
  std::vector<Count> counts_;  // [max_length + 1, num_states]
};

// A uniform number in [0, 1), the same on every machine.
double UniformReal(std::mt19937_64& random);
// A uniform number in 0..count-1, the same on every machine.
int UniformBelow(std::mt19937_64& random, int count);

// A word outside the language that is one change away from a word in it: a symbol replaced, two
// neighbours swapped, and, unless `keep_length`, a symbol inserted or deleted, at a random place.
// Nothing if none of 100 random changes leaves the language.
std::optional<Word> NearMiss(const Dfa& dfa, const Word& member, bool keep_length,
                             std::mt19937_64& random);

}  // namespace raspc
