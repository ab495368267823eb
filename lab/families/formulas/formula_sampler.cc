#include "lab/families/formulas/formula_sampler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <utility>

#include "automata/sample.h"
#include "frontends/formulas/evaluate_formula.h"
#include "lab/problem/language_sampler.h"

namespace raspc {
namespace {

constexpr double kMaxListed = 4096;  // words of one length
constexpr double kMaxTries = 2000;

// Samples words on which a formula holds, and others.
class FormulaWords {
 public:
  FormulaWords(std::shared_ptr<const Sentence> formula, const Alphabet& alphabet,
               const LanguageLimits& limits)
      : formula_(std::move(formula)), alphabet_(alphabet), limits_(limits) {}

  bool IsMember(const Word& word) const { return Holds(*formula_, alphabet_, word); }

  std::optional<Word> Draw(int length, bool member, std::mt19937_64& random) const {
    const Length& words = At(length);
    if (!words.listed.has_value()) {
      return words.is_found[member] ? Tried(length, member, random) : std::nullopt;
    }
    const std::vector<Word>& list = (*words.listed)[member];
    if (list.empty()) return std::nullopt;
    return list[static_cast<std::size_t>(UniformBelow(random, static_cast<int>(list.size())))];
  }

 private:
  // By whether they are members.
  struct Length {
    std::optional<std::array<std::vector<Word>, 2>> listed;
    std::array<bool, 2> is_found = {false, false};  // whether sampling finds any
  };

  const Length& At(int length) const {
    const std::lock_guard lock(mutex_);
    const auto [at, is_new] = lengths_.try_emplace(length);
    if (!is_new) return at->second;
    const double num_words = std::pow(alphabet_.size(), length);
    if (num_words <= kMaxListed && num_words <= MostEvaluations(length)) {
      at->second.listed = List(length);
    } else {
      std::mt19937_64 random(static_cast<std::uint64_t>(length));
      for (const bool member : {false, true}) {
        at->second.is_found[member] = Tried(length, member, random).has_value();
      }
    }
    return at->second;
  }

  double MostEvaluations(int length) const {
    return static_cast<double>(limits_.max_steps) / EvaluationSteps(*formula_, length);
  }

  std::array<std::vector<Word>, 2> List(int length) const {
    std::array<std::vector<Word>, 2> lists;
    Word word(static_cast<std::size_t>(length), 0);
    for (;;) {
      lists[IsMember(word)].push_back(word);
      std::size_t at = 0;
      while (at < word.size() && ++word[at] == alphabet_.size()) word[at++] = 0;
      if (at == word.size()) return lists;
    }
  }

  std::optional<Word> Tried(int length, bool member, std::mt19937_64& random) const {
    for (double i = std::min(kMaxTries, MostEvaluations(length)); i >= 1; --i) {
      Word word = AnyWord(length, alphabet_.size(), random);
      if (IsMember(word) == member) return word;
    }
    return std::nullopt;
  }

  std::shared_ptr<const Sentence> formula_;
  Alphabet alphabet_;
  LanguageLimits limits_;
  mutable std::mutex mutex_;
  mutable std::map<int, Length> lengths_;  // those requested so far
};

}  // namespace

std::unique_ptr<WordSampler> MakeFormulaSampler(std::shared_ptr<const Sentence> formula,
                                              const Alphabet& alphabet, int max_length,
                                              const LanguageLimits& limits) {
  const auto words = std::make_shared<const FormulaWords>(std::move(formula), alphabet, limits);
  SamplerParts parts;
  parts.num_symbols = alphabet.size();
  parts.max_length = max_length;
  parts.decide = [words](const Word& word) { return words->IsMember(word); };
  parts.member = [words](int length, std::mt19937_64& random) {
    return words->Draw(length, /*member=*/true, random);
  };
  parts.non_member = [words](int length, std::mt19937_64& random) {
    return words->Draw(length, /*member=*/false, random);
  };
  return MakeSampler(std::move(parts));
}

}  // namespace raspc
