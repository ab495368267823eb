#include "languages/formulas/formula_source.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <utility>

#include "languages/formulas/evaluate_formula.h"

namespace raspc {
namespace {

constexpr double kMostListed = 4096;  // words of one length
constexpr std::int64_t kMostTries = 2000;

class FormulaSource final : public WordSource {
 public:
  FormulaSource(std::shared_ptr<const Sentence> formula, const Alphabet& alphabet, int max_length,
                const LanguageLimits& limits)
      : formula_(std::move(formula)),
        alphabet_(alphabet),
        max_length_(max_length),
        limits_(limits) {}

  std::optional<Word> Member(int length, std::mt19937_64& random) const override {
    return Draw(length, /*member=*/true, random);
  }

  std::optional<Word> NonMember(int length, std::mt19937_64& random) const override {
    return Draw(length, /*member=*/false, random);
  }

  // A member with one symbol replaced.
  std::optional<Word> NearMiss(int length, std::mt19937_64& random) const override {
    std::optional<Word> word = Member(length, random);
    if (!word || word->empty()) return std::nullopt;
    for (std::int64_t i = 0; i < std::min<std::int64_t>(Tries(length), 4 * length); ++i) {
      Word changed = *word;
      changed[random() % changed.size()] = AnySymbol(random);
      if (!Holds(*formula_, alphabet_, changed)) return changed;
    }
    return std::nullopt;
  }

 private:
  SymbolId AnySymbol(std::mt19937_64& random) const {
    return std::uniform_int_distribution<SymbolId>(0, alphabet_.size() - 1)(random);
  }

  // How many words of the length may be evaluated.
  std::int64_t Tries(int length) const {
    const double most =
        static_cast<double>(limits_.max_steps) / (10 * EvaluationSteps(*formula_, length));
    return static_cast<std::int64_t>(std::min(most, static_cast<double>(kMostTries)));
  }

  std::optional<Word> Draw(int length, bool member, std::mt19937_64& random) const {
    if (length > max_length_) return std::nullopt;
    const double num_words = std::pow(alphabet_.size(), length);
    if (num_words <= kMostListed &&
        num_words * EvaluationSteps(*formula_, length) <= static_cast<double>(limits_.max_steps)) {
      const std::vector<Word>& words = Listed(length)[member ? 1 : 0];
      if (words.empty()) return std::nullopt;
      return words[std::uniform_int_distribution<std::size_t>(0, words.size() - 1)(random)];
    }
    Word word(static_cast<std::size_t>(length));
    for (std::int64_t i = Tries(length); i > 0; --i) {
      for (SymbolId& symbol : word) symbol = AnySymbol(random);
      if (Holds(*formula_, alphabet_, word) == member) return word;
    }
    return std::nullopt;
  }

  using Lists = std::array<std::vector<Word>, 2>;  // of non-members, of members

  const Lists& Listed(int length) const {
    const std::lock_guard lock(mutex_);
    const auto [lists, is_new] = lists_.try_emplace(length);
    if (!is_new) return lists->second;
    Word word(static_cast<std::size_t>(length), 0);
    for (;;) {
      lists->second[Holds(*formula_, alphabet_, word) ? 1 : 0].push_back(word);
      std::size_t at = 0;
      while (at < word.size() && ++word[at] == alphabet_.size()) word[at++] = 0;
      if (at == word.size()) return lists->second;
    }
  }

  std::shared_ptr<const Sentence> formula_;
  Alphabet alphabet_;
  int max_length_;
  LanguageLimits limits_;
  mutable std::mutex mutex_;
  mutable std::map<int, Lists> lists_;  // by length, those that have been asked for
};

}  // namespace

std::unique_ptr<WordSource> MakeFormulaSource(std::shared_ptr<const Sentence> formula,
                                              const Alphabet& alphabet, int max_length,
                                              const LanguageLimits& limits) {
  return std::make_unique<FormulaSource>(std::move(formula), alphabet, max_length, limits);
}

}  // namespace raspc
