#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <random>

#include "runtime/engine/dense/prefix_order.h"

namespace raspc {
namespace {

using Word = std::vector<int>;

std::size_t Index(std::int64_t value) { return static_cast<std::size_t>(value); }

std::vector<Word> RandomWords(std::mt19937& random, int count, int num_tokens, int longest) {
  std::vector<Word> words;
  for (int i = 0; i < count; ++i) {
    Word& word = words.emplace_back(random() % Index(longest + 1));
    for (int& token : word) token = static_cast<int>(random() % Index(num_tokens));
    // Some begin as an earlier one, or are one.
    if (random() % 2 == 0 && i > 0) {
      const Word& other = words[random() % Index(i)];
      std::copy_n(other.begin(), std::min(word.size(), other.size()), word.begin());
    }
  }
  return words;
}

// The order by length and all tokens, stable for equals.
std::vector<int> OrderOf(const std::vector<Word>& words) {
  std::vector<int> order(words.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    const Word& left = words[Index(a)];
    const Word& right = words[Index(b)];
    return left.size() != right.size() ? left.size() < right.size() : left < right;
  });
  return order;
}

std::vector<int> SharedIn(const std::vector<Word>& words, const std::vector<int>& order) {
  std::vector<int> shared(order.size(), 0);
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Word& last = words[Index(order[i - 1])];
    const Word& next = words[Index(order[i])];
    const auto differ = std::mismatch(last.begin(), last.end(), next.begin(), next.end()).first;
    shared[i] = static_cast<int>(differ - last.begin());
  }
  return shared;
}

}  // namespace

TEST_CASE("sequences are ordered by length and then by their tokens, equal ones as they were") {
  std::mt19937 random(1);
  // 200 tokens take 8 bits each, so that 8 of them fit into a key.
  for (const int num_tokens : {1, 2, 3, 4, 200}) {
    for (const int count : {1, 2, 40, 300}) {
      std::vector<Word> words = RandomWords(random, count, num_tokens, num_tokens == 200 ? 8 : 20);
      for (const bool is_sorted : {false, true}) {
        const PrefixOrder prefixes = OrderByPrefix(words, num_tokens);
        REQUIRE(prefixes.order == OrderOf(words));
        REQUIRE(prefixes.shared == SharedIn(words, prefixes.order));
        if (is_sorted) CHECK(std::is_sorted(prefixes.order.begin(), prefixes.order.end()));
        std::vector<Word> sorted;
        for (const int s : prefixes.order) sorted.push_back(words[Index(s)]);
        words = sorted;
      }
    }
  }
}

TEST_CASE("tokens after those that fit into a key do not count, unless all are in order") {
  // 17 bits for each token, so three of them.
  std::mt19937 random(2);
  std::vector<Word> words = RandomWords(random, 200, 70000, 6);
  const PrefixOrder prefixes = OrderByPrefix(words, 70000);
  CHECK(prefixes.shared == SharedIn(words, prefixes.order));
  std::vector<int> sorted = prefixes.order;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) REQUIRE(sorted[i] == static_cast<int>(i));
  const auto first_tokens = [&](std::size_t place) {
    Word word = words[Index(prefixes.order[place])];
    const int length = static_cast<int>(word.size());
    word.resize(std::min<std::size_t>(word.size(), 3));
    word.insert(word.begin(), length);
    return word;
  };
  for (std::size_t i = 1; i < words.size(); ++i) CHECK(first_tokens(i - 1) <= first_tokens(i));
}

TEST_CASE("no sequences and empty ones have an order") {
  CHECK(OrderByPrefix({}, 2).order.empty());
  const std::vector<Word> words = {{}, {0}, {}, {0}};
  const PrefixOrder prefixes = OrderByPrefix(words, 1);
  CHECK(prefixes.order == std::vector<int>{0, 2, 1, 3});
  CHECK(prefixes.shared == std::vector<int>{0, 0, 0, 1});
}

}  // namespace raspc
