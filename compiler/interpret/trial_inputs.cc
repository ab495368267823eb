#include "compiler/interpret/trial_inputs.h"

#include <algorithm>
#include <utility>

namespace raspc {
namespace {

using Tokens = std::vector<Atom>;

}  // namespace

bool ForEachInput(const Tokens& alphabet, std::int64_t shortest, std::int64_t longest,
                  const std::function<bool(Tokens)>& use) {
  for (std::int64_t n = shortest; n <= longest; ++n) {
    std::vector<std::size_t> digits(static_cast<std::size_t>(n), 0);
    while (true) {
      Tokens word;
      word.reserve(digits.size());
      for (const std::size_t digit : digits) word.push_back(alphabet[digit]);
      if (!use(std::move(word))) return false;
      std::size_t at = digits.size();
      while (at > 0 && ++digits[at - 1] == alphabet.size()) digits[--at] = 0;
      if (at == 0) break;
    }
  }
  return true;
}

RandomInputs::RandomInputs(Tokens alphabet, std::int64_t max_length, std::uint64_t seed)
    : alphabet_(std::move(alphabet)), max_length_(max_length), state_(seed) {}

// SplitMix64 (Steele, Lea and Flood 2014), because the standard distributions differ across
// libraries. The bias of the remainder is below 2^-32 for every bound used here.
std::uint64_t RandomInputs::Below(std::uint64_t bound) {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return (mixed ^ (mixed >> 31)) % bound;
}

Tokens RandomInputs::Uniform(std::int64_t length, std::uint64_t num_tokens) {
  Tokens pool;
  for (std::uint64_t i = 0; i < num_tokens; ++i) pool.push_back(alphabet_[Below(alphabet_.size())]);
  Tokens word;
  for (std::int64_t i = 0; i < length; ++i) {
    word.push_back(num_tokens == 0 ? alphabet_[Below(alphabet_.size())] : pool[Below(num_tokens)]);
  }
  return word;
}

Tokens RandomInputs::Next() {
  const std::int64_t length = 1 + static_cast<std::int64_t>(Below(max_length_));
  switch (Below(6)) {
    case 0:
    case 1:
      return Uniform(length, 0);
    case 2:
      return Uniform(length, 1 + Below(3));
    case 3: {  // periodic
      const Tokens period = Uniform(1 + static_cast<std::int64_t>(Below(length)), 0);
      Tokens word;
      for (std::int64_t i = 0; i < length; ++i) word.push_back(period[i % period.size()]);
      return word;
    }
    case 4: {  // sorted: runs of equal tokens
      Tokens word = Uniform(length, 0);
      std::sort(word.begin(), word.end(), IdentityLess);
      return word;
    }
    default: {  // a palindrome
      Tokens word = Uniform(length, 0);
      for (std::size_t i = 0; i < word.size() / 2; ++i) word[word.size() - 1 - i] = word[i];
      return word;
    }
  }
}

}  // namespace raspc
