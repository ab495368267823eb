#include "lab/suite/suite_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace raspc {

bool IsMember(const Problem& problem, const Word& word) {
  return problem.kind == ProblemKind::kTask ? problem.answer(word).has_value()
                                            : problem.decide(word);
}

AllWords::AllWords(const Problem& problem, int length)
    : problem_(problem), next_(Word(static_cast<std::size_t>(length), 0)) {}

std::vector<Word> AllWords::Next(std::size_t count) {
  std::vector<Word> words;
  while (next_ && words.size() < count) {
    if (problem_.kind == ProblemKind::kLanguage || IsMember(problem_, *next_)) {
      words.push_back(*next_);
    }
    // Counts up, last symbol first.
    auto symbol = next_->rbegin();
    while (symbol != next_->rend() && *symbol + 1 == problem_.alphabet.size()) *symbol++ = 0;
    if (symbol == next_->rend()) {
      next_.reset();
    } else {
      ++*symbol;
    }
  }
  return words;
}

std::int64_t NumWordsUpTo(int num_symbols, int length, std::int64_t most) {
  std::int64_t of_length = 1, total = 1;
  for (int i = 1; i <= length && total <= most; ++i) {
    of_length = std::min(of_length * num_symbols, most + 1);
    total += of_length;
  }
  return std::min(total, most + 1);
}

DrawnWords::DrawnWords(const Problem& problem, const WordSampler& source, int length,
                       std::uint64_t seed, const std::string& purpose)
    : problem_(problem),
      source_(source),
      length_(length),
      random_(SeedFor(seed, fmt::format("{} {} {}", problem.name, purpose, length))) {}

std::optional<Word> DrawnWords::Draw() {
  const std::uint64_t turn = num_drawn_++;
  if (problem_.kind == ProblemKind::kTask || turn % 2 == 0) return source_.Member(length_, random_);
  std::optional<Word> other;
  if (turn % 4 == 1) other = source_.NearMiss(length_, random_);
  return other ? other : source_.NonMember(length_, random_);
}

std::vector<Word> DrawnWords::Next(int count) {
  std::vector<Word> words;
  for (int i = 0; i < count; ++i) {
    if (std::optional<Word> word = Draw()) words.push_back(*std::move(word));
  }
  return words;
}

std::vector<Word> RepeatedWords(const Problem& problem, int length, std::size_t count) {
  std::set<Word> words;
  const int num_symbols = problem.alphabet.size();
  for (SymbolId a = 0; a < num_symbols && words.size() < count; ++a) {
    for (SymbolId b = 0; b < num_symbols && words.size() < count; ++b) {
      Word word;
      for (int i = 0; i < length; ++i) word.push_back(i % 2 == 0 ? a : b);
      words.insert(word);
      if (length == 0 || words.size() == count) continue;
      word.back() = (word.back() + 1) % num_symbols;
      words.insert(std::move(word));
    }
  }
  std::vector<Word> kept;
  for (const Word& word : words) {
    if (problem.kind == ProblemKind::kLanguage || IsMember(problem, word)) kept.push_back(word);
  }
  return kept;
}

std::vector<int> LengthsToDraw(const Problem& problem, const WordSampler& source, int first,
                               const std::vector<int>& compiled, bool all_lengths) {
  const int last = compiled.back();
  std::set<int> picked(compiled.begin(), compiled.end());
  for (int n = last; n >= first; n = all_lengths ? n - 1 : std::min(n - 1, n * 3 / 4)) {
    picked.insert(n);
  }
  std::set<int> lengths;
  std::mt19937_64 random(SeedFor(0, problem.name));
  int shorter = first - 1;  // the length picked previously
  for (const int n : picked) {
    if (n < first) continue;
    lengths.insert(n);
    int with_member = n;
    while (with_member > shorter && !source.Member(with_member, random)) --with_member;
    if (with_member > shorter) lengths.insert(with_member);
    shorter = n;
  }
  return {lengths.begin(), lengths.end()};
}

std::uint64_t SeedFor(std::uint64_t seed, const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : fmt::format("{} {}", seed, text)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

}  // namespace raspc
