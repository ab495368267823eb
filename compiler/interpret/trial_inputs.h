// Inputs to try a program on: all short ones, or random ones.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/atom.h"

namespace raspc {

// Calls `use` with every input over the alphabet from length `shortest` to `longest`, shorter ones
// first, until it returns false. False if it did.
bool ForEachInput(const std::vector<Atom>& alphabet, std::int64_t shortest, std::int64_t longest,
                  const std::function<bool(std::vector<Atom>)>& use);

// Random inputs over an alphabet: a third uniform, the others with few distinct tokens, periodic,
// or a word and its mirror image, because programs tend to fail where tokens repeat.
class RandomInputs {
 public:
  RandomInputs(std::vector<Atom> alphabet, std::int64_t max_length, std::uint64_t seed);
  std::vector<Atom> Next();

 private:
  std::uint64_t Below(std::uint64_t bound);
  std::vector<Atom> Uniform(std::int64_t length, std::uint64_t num_tokens);

  std::vector<Atom> alphabet_;
  std::int64_t max_length_;
  std::uint64_t state_;
};

}  // namespace raspc
