// The index of keys against a scan of all keys.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <random>

#include "runtime/engine/structured/key_index.h"

namespace raspc {
namespace {

// Keys by position, and an index of them.
class Twin {
 public:
  Twin(int num_dims, int capacity)
      : index(num_dims, 2), num_dims_(num_dims), stride_(capacity + 1) {
    keys_.resize(static_cast<std::size_t>(num_dims * stride_));
    values_.resize(static_cast<std::size_t>(2 * stride_));
  }

  bool Add(const std::vector<double>& key) {
    ++num_keys_;
    for (int d = 0; d < num_dims_; ++d) {
      keys_[static_cast<std::size_t>(d * stride_ + num_keys_)] = key[static_cast<std::size_t>(d)];
    }
    values_[static_cast<std::size_t>(num_keys_)] = num_keys_;
    values_[static_cast<std::size_t>(stride_ + num_keys_)] = 1.0 / num_keys_;
    return index.Add(keys(), values(), num_keys_);
  }

  // Softmax attention by the index against all scores; returns the number of hits.
  std::size_t Check(const std::vector<double>& query, double floor) {
    std::vector<KeyIndex::Hit> hits;
    const double most = index.Find(query, floor, keys(), values(), hits);
    std::vector<double> scores;
    double want_most = floor;
    for (std::int32_t k = 1; k <= num_keys_; ++k) {
      double score = 0;
      for (int d = 0; d < num_dims_; ++d) {
        score += query[static_cast<std::size_t>(d)] * keys().At(static_cast<std::size_t>(d), k);
      }
      scores.push_back(score);
      want_most = std::max(want_most, score);
    }
    const double size = 1e-13 * (1 + std::abs(want_most));
    REQUIRE(std::abs(most - want_most) <= size);
    double want[3] = {0, 0, 0}, got[3] = {0, 0, 0};
    for (std::int32_t k = 1; k <= num_keys_; ++k) {
      const double weight = std::exp(scores[static_cast<std::size_t>(k - 1)] - want_most);
      want[0] += weight;
      for (std::size_t d = 0; d < 2; ++d) want[d + 1] += weight * values().At(d, k);
      if (weight == 0) continue;
      REQUIRE(std::any_of(hits.begin(), hits.end(),
                          [&](const auto& hit) { return index.Holds(hit, keys(), k); }));
    }
    for (const KeyIndex::Hit& hit : hits) {
      const double weight = std::exp(hit.score - most);
      got[0] += weight * index.CountOf(hit);
      for (std::size_t d = 0; d < 2; ++d) got[d + 1] += weight * index.SumOf(hit, values(), d);
    }
    const double slack = 4 * size + 1e-12;
    for (int i = 0; i < 3; ++i) {
      INFO(i << " want " << want[i] << " got " << got[i]);
      REQUIRE(std::abs(want[i] - got[i]) <= slack * (1 + std::abs(want[i])));
    }
    return hits.size();
  }

  Rows keys() const { return {keys_.data(), stride_, 1}; }
  Rows values() const { return {values_.data(), stride_, 1}; }

  KeyIndex index;

 private:
  std::ptrdiff_t num_dims_, stride_;
  std::int32_t num_keys_ = 0;
  std::vector<double> keys_, values_;
};

int Draw(std::mt19937& random, int low, int high) {
  return std::uniform_int_distribution<int>(low, high)(random);
}

}  // namespace

TEST_CASE("keys of few classes are groups") {
  std::mt19937 random(1);
  Twin twin(3, 1000);
  for (int k = 0; k < 1000; ++k) {
    const double c = Draw(random, 0, 3);
    REQUIRE(twin.Add({c, c * c, static_cast<double>(Draw(random, 0, 1))}));
    if (k % 50 != 49) continue;
    const double q = Draw(random, 0, 3);
    CHECK(twin.Check({2 * 4096 * q, -4096, 0}, -1e6) <= 8);
    twin.Check({0, 0, 0}, 0);
    twin.Check({0.5, -0.25, 1}, 0);  // soft
  }
  CHECK(twin.index.num_groups() <= 8);
  CHECK(twin.index.num_number_dims() == 0);
}

TEST_CASE("the nearest of many numbers is one hit, in order or not, forwards and mirrored") {
  std::mt19937 random(2);
  for (const bool in_order : {true, false}) {
    Twin twin(2, 3000);
    for (int k = 0; k < 3000; ++k) {
      const double c = in_order ? k : Draw(random, 0, 3000);
      REQUIRE(twin.Add({c, c * c}));
      if (k < 100 || k % 97 != 0) continue;
      const double q = Draw(random, 0, k);
      CHECK(twin.Check({2 * 4096 * q, -4096}, -1e12) <= 2);
      // The farthest: the other side of the parabola.
      CHECK(twin.Check({-2 * 4096 * q, 4096}, -1e12) <= 3);
      CHECK(twin.Check({4096, 0}, -1e12) <= 3);
      CHECK(twin.Check({0, 0}, -1) == 1);
    }
    CHECK(twin.index.num_groups() == 1);
    CHECK(twin.index.num_number_dims() == 2);
  }
}

TEST_CASE("a class and the nearest number: a search in each group") {
  std::mt19937 random(3);
  Twin twin(4, 2000);
  std::vector<int> count(5, 0);
  for (int k = 0; k < 2000; ++k) {
    const int c = Draw(random, 0, 4);
    const double n = count[static_cast<std::size_t>(c)]++;
    REQUIRE(twin.Add({1.0 * c, 1.0 * c * c, n, n * n}));
    if (k % 41 != 40) continue;
    const double qc = Draw(random, 0, 4), qn = Draw(random, 0, 300);
    twin.Check({2 * 4096 * qc, -4096, 2 * 4096 * qn, -4096}, -2048 + 4096 * (qc * qc + qn * qn));
  }
  CHECK(twin.index.num_groups() == 5);
  CHECK(twin.index.num_number_dims() == 2);
}

TEST_CASE("equal keys in the thousands are found as one") {
  std::mt19937 random(4);
  Twin twin(2, 4000);
  for (int k = 0; k < 4000; ++k) {
    const double c = Draw(random, 0, 100);
    REQUIRE(twin.Add({c, c * c}));
    if (k == 2000) twin.Check({4096, -4096}, -1e9);
  }
  CHECK(twin.index.num_number_dims() == 2);
  for (int q = 0; q <= 100; q += 7) {
    CHECK(twin.Check({2 * 4096.0 * q, -4096}, -1e9) == 1);
    CHECK(twin.Check({2 * 4096.0 * q, 4096}, -1e9) <= 2);
  }
}

TEST_CASE("soft attention finds every key") {
  std::mt19937 random(5);
  std::normal_distribution<double> normal;
  Twin twin(2, 400);
  for (int k = 0; k < 400; ++k) {
    REQUIRE(twin.Add({normal(random), normal(random)}));
    if (k % 20 == 0) twin.Check({normal(random), normal(random)}, normal(random));
  }
  CHECK(twin.Check({1, -1}, 0) == 400);
  // And between soft and hard.
  for (int i = 0; i < 200; ++i) {
    twin.Check({300 * normal(random), 300 * normal(random)}, 100 * normal(random));
  }
}

TEST_CASE("keys without structure are refused") {
  std::mt19937 random(6);
  std::normal_distribution<double> normal;
  Twin three(3, 100);
  bool fits = true;
  for (int k = 0; k < 100 && fits; ++k) {
    fits = three.Add({normal(random), normal(random), normal(random)});
  }
  CHECK_FALSE(fits);
  Twin infinite(2, 3);
  CHECK(infinite.Add({1, 2}));
  CHECK_FALSE(infinite.Add({1, std::numeric_limits<double>::infinity()}));
  Twin nan(2, 3);
  CHECK_FALSE(nan.Add({std::nan(""), 0}));
}

TEST_CASE("a dimension becomes a number when it has many values, and nothing is lost") {
  Twin twin(3, 600);
  for (int k = 0; k < 600; ++k) {
    // The first dimension stays below 3, the others grow in the second half only.
    const double n = k < 300 ? 0 : k - 300;
    REQUIRE(twin.Add({static_cast<double>(k % 3), n, n * n}));
    if (k % 13 == 0) twin.Check({8192.0 * (k % 3), 2 * 4096 * n, -4096}, -1e7);
  }
  CHECK(twin.index.num_groups() == 3);
  CHECK(twin.index.num_number_dims() == 2);
}

}  // namespace raspc
