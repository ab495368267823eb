#include "lab/problem/language_sampler.h"

#include <algorithm>
#include <utility>

#include "automata/sample.h"

namespace raspc {
namespace {

constexpr int kMaxRejected = 1'000;
constexpr int kMaxChanges = 100;

// A few long runs, or a repeated short pattern: in any alphabet.
Word RunsOrPattern(int length, int num_symbols, std::mt19937_64& random) {
  if (UniformBelow(random, 2) == 0) {
    return Repeated(AnyWord(1 + UniformBelow(random, 3), num_symbols, random), length);
  }
  const Word letters = AnyWord(2 + UniformBelow(random, 3), num_symbols, random);
  Word word(static_cast<std::size_t>(length));
  std::vector<int> ends;
  for (std::size_t i = 1; i < letters.size(); ++i) {
    ends.push_back(UniformBelow(random, length + 1));
  }
  std::sort(ends.begin(), ends.end());
  for (int i = 0; i < length; ++i) {
    const auto run = std::upper_bound(ends.begin(), ends.end(), i) - ends.begin();
    word[static_cast<std::size_t>(i)] = letters[static_cast<std::size_t>(run)];
  }
  return word;
}

void Move(Word& word, std::size_t from, std::size_t to) {
  const auto first = word.begin();
  const auto at = [&](std::size_t i) { return first + static_cast<std::ptrdiff_t>(i); };
  if (from < to) {
    std::rotate(at(from), at(from) + 1, at(to) + 1);
  } else {
    std::rotate(at(to), at(from), at(from) + 1);
  }
}

class LanguageSampler final : public WordSampler {
 public:
  explicit LanguageSampler(SamplerParts parts) : parts_(std::move(parts)) {}

  std::optional<Word> Member(int length, std::mt19937_64& random) const override {
    return length > parts_.max_length ? std::nullopt : parts_.member(length, random);
  }

  std::optional<Word> NonMember(int length, std::mt19937_64& random) const override {
    if (!parts_.decide || length > parts_.max_length) return std::nullopt;
    if (parts_.non_member) return parts_.non_member(length, random);
    for (int i = 0; i < kMaxRejected; ++i) {
      Word word = AnyWord(length, parts_.num_symbols, random);
      if (!parts_.decide(word)) return word;
    }
    return std::nullopt;
  }

  std::optional<Word> NearMiss(int length, std::mt19937_64& random) const override {
    if (!parts_.decide || length > parts_.max_length) return std::nullopt;
    for (int i = 0; i < kMaxChanges; ++i) {
      auto changed = Changed(length, random);
      if (changed && !parts_.decide(*changed)) return changed;
    }
    return std::nullopt;
  }

  std::optional<Word> Hard(int length, std::mt19937_64& random) const override {
    if (length > parts_.max_length) return std::nullopt;
    if (parts_.hard && UniformBelow(random, 4) > 0) {
      if (auto word = parts_.hard(length, random)) return word;
    }
    return RunsOrPattern(length, parts_.num_symbols, random);
  }

 private:
  // A member, sometimes one of the hard words.
  std::optional<Word> AnyMember(int length, std::mt19937_64& random) const {
    if (parts_.hard && UniformBelow(random, 2) == 0) {
      const auto word = parts_.hard(length, random);
      if (word && parts_.decide(*word)) return word;
    }
    return Member(length, random);
  }

  // A member changed to have this length.
  std::optional<Word> Changed(int length, std::mt19937_64& random) const {
    const int other = UniformBelow(random, 4);  // 0, 1: from a member of another length
    const int from = other == 0 ? length + 1 : other == 1 ? length - 1 : length;
    if (from < 0) return std::nullopt;
    std::optional<Word> word = AnyMember(from, random);
    if (!word) return std::nullopt;
    const auto place = [&](int count) {
      return static_cast<std::size_t>(UniformBelow(random, count));
    };
    const SymbolId symbol = UniformBelow(random, parts_.num_symbols);
    if (from > length) {
      word->erase(word->begin() + static_cast<std::ptrdiff_t>(place(from)));
    } else if (from < length) {
      word->insert(word->begin() + static_cast<std::ptrdiff_t>(place(length)), symbol);
    } else if (length == 0) {
      return std::nullopt;
    } else {
      const int change = UniformBelow(random, 4);
      if (change == 0) (*word)[place(length)] = symbol;
      if (change == 1) std::swap((*word)[place(length)], (*word)[place(length)]);
      if (change == 2) Move(*word, place(length), place(length));
      if (change == 3) word->back() = symbol;  // as late as possible
    }
    return word;
  }

  SamplerParts parts_;
};

}  // namespace

std::unique_ptr<WordSampler> MakeSampler(SamplerParts parts) {
  return std::make_unique<LanguageSampler>(std::move(parts));
}

bool DrawByAutomaton(const Dfa& dfa, const LanguageLimits& limits, SamplerParts& parts,
                     Diagnostics& diag) {
  const auto draw_from = [&](const Dfa& language) -> DrawWord {
    auto sampler = DfaSampler::Make(language, parts.max_length, limits, diag);
    if (!sampler) return nullptr;
    const auto shared = std::make_shared<const DfaSampler>(*std::move(sampler));
    return [shared](int length, std::mt19937_64& random) {
      return shared->HasWords(length) ? std::optional<Word>(shared->Sample(length, random))
                                      : std::nullopt;
    };
  };
  parts.member = draw_from(dfa);
  if (parts.member) parts.non_member = draw_from(Complement(dfa));
  return parts.member && parts.non_member;
}

Dfa CounterAutomaton(const Alphabet& alphabet, int low, int high, int start,
                     const std::function<std::optional<int>(int value, SymbolId symbol)>& next,
                     const std::function<bool(int value)>& accepts) {
  const StateId sink = high - low + 1;
  return MakeDfa(
      alphabet, sink + 1, start - low,
      [&](StateId q, SymbolId a) {
        if (q == sink) return sink;
        const std::optional<int> value = next(q + low, a);
        return value && *value >= low && *value <= high ? *value - low : sink;
      },
      [&](StateId q) { return q != sink && accepts(q + low); });
}

Word AnyWord(int length, int num_symbols, std::mt19937_64& random) {
  Word word(static_cast<std::size_t>(length));
  for (SymbolId& symbol : word) symbol = UniformBelow(random, num_symbols);
  return word;
}

Word Repeated(const Word& pattern, int length) {
  Word word(static_cast<std::size_t>(length));
  for (std::size_t i = 0; i < word.size(); ++i) word[i] = pattern[i % pattern.size()];
  return word;
}

}  // namespace raspc
