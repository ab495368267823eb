// The words on which a cell of the suite is tried.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "lab/problem/problem.h"

namespace raspc {

// Whether the word is in the language, or an input of the task; other words of a task are not
// tried.
bool IsMember(const Problem& problem, const Word& word);

// All words of one length in lexicographic order, several at a time. For a task those that are not
// inputs are skipped.
class AllWords {
 public:
  AllWords(const Problem& problem, int length);
  // Up to `count` further words; none at the end.
  std::vector<Word> Next(std::size_t count);

 private:
  const Problem& problem_;
  std::optional<Word> next_;
};

// The number of words up to a length, or `most` + 1 if there are more than `most`.
std::int64_t NumWordsUpTo(int num_symbols, int length, std::int64_t most);

// Random words, the same for equal arguments on every machine.
class DrawnWords {
 public:
  // `source` must outlive this. `purpose` makes samples differ from others with the same seed.
  DrawnWords(const Problem& problem, const WordSampler& source, int length, std::uint64_t seed,
             const std::string& purpose);

  // Members, near misses, members and other non-members in turn, `count` of them or as many as
  // there are; a task's inputs.
  std::vector<Word> Next(int count);

 private:
  std::optional<Word> Draw();

  const Problem& problem_;
  const WordSampler& source_;
  int length_ = 0;
  std::mt19937_64 random_;
  std::uint64_t num_drawn_ = 0;
};

// Words that repeat one or two symbols, whole and with the last symbol replaced: constructions that
// hold for random words fail there. At most `count`.
std::vector<Word> RepeatedWords(const Problem& problem, int length, std::size_t count);

// Lengths, from `first` to the last of `compiled`, of which to sample words: all of them, or those
// of `compiled`, for which programs are made, plus some 3 per doubling. If a language has no member
// of a chosen length, the next shorter one that has members is added. `compiled` is ascending and
// not empty.
std::vector<int> LengthsToDraw(const Problem& problem, const WordSampler& source, int first,
                               const std::vector<int>& compiled, bool all_lengths);

// A generator's seed from a seed and a text (FNV-1a, 64 bits).
std::uint64_t SeedFor(std::uint64_t seed, const std::string& text);

}  // namespace raspc
