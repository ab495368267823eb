// Counting, then walking down with the counts as weights.
#include "automata/sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace raspc {

DfaSampler::Count DfaSampler::Sum(const Count& a, const Count& b) {
  if (a.mantissa == 0) return b;
  if (b.mantissa == 0) return a;
  if (a.exponent < b.exponent) return Sum(b, a);
  const std::int64_t shift = a.exponent - b.exponent;
  if (shift > 60) return a;  // too little to change a bit
  int carry = 0;
  const double sum =
      std::frexp(a.mantissa + std::ldexp(b.mantissa, -static_cast<int>(shift)), &carry);
  return {sum, a.exponent + carry};
}

double DfaSampler::Ratio(const Count& a, const Count& b) {
  const std::int64_t exponent = std::max<std::int64_t>(a.exponent - b.exponent, -2000);
  return std::ldexp(a.mantissa / b.mantissa, static_cast<int>(exponent));
}

std::optional<DfaSampler> DfaSampler::Make(const Dfa& dfa, int max_length,
                                             const LanguageLimits& limits, Diagnostics& diag) {
  const double num_steps = static_cast<double>(max_length) * dfa.num_states() *
                           static_cast<double>(dfa.num_symbols() + kStepsToKeep);
  if (num_steps > static_cast<double>(limits.max_steps)) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("counting words of up to {} symbols on {} states takes more than {} "
                           "steps, the limit",
                           max_length, dfa.num_states(), limits.max_steps));
    return std::nullopt;
  }
  DfaSampler sampler;
  sampler.dfa_ = dfa;
  sampler.max_length_ = max_length;
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    sampler.counts_.push_back(dfa.accepting[q] ? Count{0.5, 1} : Count{});
  }
  for (int length = 1; length <= max_length; ++length) {
    for (StateId q = 0; q < dfa.num_states(); ++q) {
      Count count;
      for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
        count = Sum(count, sampler.CountAt(length - 1, dfa.Next(q, a)));
      }
      sampler.counts_.push_back(count);
    }
  }
  return sampler;
}

double DfaSampler::Log2Count(int length) const {
  const Count& count = CountAt(length, dfa_.start);
  if (count.mantissa == 0) return -std::numeric_limits<double>::infinity();
  return std::log2(count.mantissa) + static_cast<double>(count.exponent);
}

Word DfaSampler::Sample(int length, std::mt19937_64& random) const {
  Word word;
  StateId q = dfa_.start;
  for (int left = length; left > 0; --left) {
    double rest = UniformReal(random);
    SymbolId chosen = -1;
    for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
      const Count& count = CountAt(left - 1, dfa_.Next(q, a));
      if (count.mantissa == 0) continue;
      chosen = a;  // the last one possible, if rounding leaves a remainder
      rest -= Ratio(count, CountAt(left, q));
      if (rest < 0) break;
    }
    word.push_back(chosen);
    q = dfa_.Next(q, chosen);
  }
  return word;
}

double UniformReal(std::mt19937_64& random) {
  return std::ldexp(static_cast<double>(random() >> 11), -53);
}

int UniformBelow(std::mt19937_64& random, int count) {
  // The highest values that would not fill an equal share are rejected, so that none is more
  // likely.
  const std::uint64_t n = static_cast<std::uint64_t>(count);
  const std::uint64_t share = std::numeric_limits<std::uint64_t>::max() / n;
  for (;;) {
    const std::uint64_t drawn = random() / share;
    if (drawn < n) return static_cast<int>(drawn);
  }
}

std::optional<Word> NearMiss(const Dfa& dfa, const Word& member, bool keep_length,
                             std::mt19937_64& random) {
  enum Change { kReplace, kSwap, kInsert, kDelete };
  const int length = static_cast<int>(member.size());
  for (int attempt = 0; attempt < 100; ++attempt) {
    const int change = UniformBelow(random, keep_length ? 2 : 4);
    const int num_places = change == kInsert ? length + 1 : change == kSwap ? length - 1 : length;
    if (num_places <= 0) continue;
    const int at = UniformBelow(random, num_places);
    const SymbolId symbol = UniformBelow(random, dfa.num_symbols());
    Word word = member;
    if (change == kReplace) word[at] = symbol;
    if (change == kSwap) std::swap(word[at], word[at + 1]);
    if (change == kInsert) word.insert(word.begin() + at, symbol);
    if (change == kDelete) word.erase(word.begin() + at);
    if (!dfa.Accepts(word)) return word;
  }
  return std::nullopt;
}

}  // namespace raspc
