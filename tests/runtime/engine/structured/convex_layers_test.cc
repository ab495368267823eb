// Convex layers against a scan of all points.
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "runtime/engine/structured/convex_layers.h"

namespace raspc {
namespace {

// Layers and, beside them, all points that were added.
class Twin {
 public:
  void Insert(double x, double y) {
    const auto id = static_cast<std::int32_t>(points_.size());
    points_.push_back({{x, y}, id});
    kept_.push_back(id);
    const std::int32_t equal = layers_.Insert(x, y, id);
    if (equal >= 0) Merge(equal, id);
  }

  // Checks a query; returns how many points it visited.
  int Query(double a, double b, double floor, double reach) {
    std::map<std::int32_t, double> visited;
    int num_visits = 0;
    const double most = layers_.Query(
        a, b, floor, reach,
        [&](std::int32_t id, double value) {
          visited[id] = value;
          ++num_visits;
        },
        [&](std::int32_t kept, std::int32_t dropped) { Merge(kept, dropped); });
    REQUIRE(visited.size() == static_cast<std::size_t>(num_visits));  // none twice
    double want = floor;
    for (const auto& p : points_) want = std::max(want, a * p.x + b * p.y);
    REQUIRE(most == want);
    for (const auto& p : points_) {
      const double value = a * p.x + b * p.y;
      const std::int32_t id = KeptFor(p.id);
      if (value >= want - reach) REQUIRE(visited.count(id) == 1);
      if (visited.count(id) == 1) REQUIRE(visited[id] == value);
    }
    return num_visits;
  }

  const ConvexLayers& layers() const { return layers_; }

 private:
  void Merge(std::int32_t kept, std::int32_t dropped) {
    const auto& k = points_[static_cast<std::size_t>(kept)];
    const auto& d = points_[static_cast<std::size_t>(dropped)];
    REQUIRE((k.x == d.x && k.y == d.y));
    kept_[static_cast<std::size_t>(dropped)] = kept;
  }
  std::int32_t KeptFor(std::int32_t id) const {
    while (kept_[static_cast<std::size_t>(id)] != id) id = kept_[static_cast<std::size_t>(id)];
    return id;
  }

  ConvexLayers layers_;
  std::vector<ConvexLayers::Point> points_;
  std::vector<std::int32_t> kept_;
};

double Draw(std::mt19937& random, int kind) {
  if (kind == 0) return std::normal_distribution<double>()(random);
  return std::uniform_int_distribution<int>(-kind, kind)(random);
}

}  // namespace

TEST_CASE("convex layers give the farthest points of random sets, between insertions") {
  std::mt19937 random(1);
  int num_queries = 0;
  // Gaussian points, and points of small grids, where many are equal or on a line.
  for (const int kind : {0, 1, 3, 20}) {
    for (const double reach : {0.0, 0.5, 3.0, 1e9}) {
      for (int round = 0; round < 10; ++round) {
        Twin twin;
        for (int i = 0; i < 120; ++i) {
          twin.Insert(Draw(random, kind), Draw(random, kind));
          if (random() % 4 != 0) continue;
          const double a = Draw(random, kind), b = std::abs(Draw(random, kind));
          if (b == 0) continue;
          twin.Query(a, b, random() % 3 == 0 ? 0.0 : -1e9, reach);
          ++num_queries;
        }
      }
    }
  }
  CHECK(num_queries > 3000);
}

TEST_CASE("a query across the plane visits the points at its end") {
  std::mt19937 random(2);
  Twin twin;
  for (int i = 0; i < 200; ++i) {
    twin.Insert(Draw(random, 3), Draw(random, 3));
    twin.Query(1, 0, -1e9, 0);
    twin.Query(-2, 0, -1e9, 1);
  }
}

TEST_CASE("points of a parabola are all on the first layer, and a query finds one or two") {
  for (const bool shuffled : {false, true}) {
    std::vector<int> order(2000);
    for (int k = 0; k < 2000; ++k) order[static_cast<std::size_t>(k)] = k;
    std::mt19937 random(3);
    if (shuffled) std::shuffle(order.begin(), order.end(), random);
    Twin twin;
    twin.Insert(-1, -1);
    twin.Query(0, 1, -1e9, 0);  // makes the first layer, so that the others go to it one by one
    for (const int k : order) twin.Insert(k, -1.0 * k * k);
    for (int q = 0; q < 2000; q += 37) {
      const int visits = twin.Query(2.0 * 4096 * q, 4096, -1e18, 746);
      CHECK(visits == 1);
    }
    CHECK(twin.Query(2.0 * 4096 * 10.5, 4096, -1e18, 746) == 2);
    CHECK(twin.layers().num_layers() <= 2);
  }
}

TEST_CASE("equal points are merged, whether they come before or after the first query") {
  Twin twin;
  for (int i = 0; i < 50; ++i) twin.Insert(i % 5, 7);
  CHECK(twin.Query(1, 1, -1e9, 0.5) == 1);
  for (int i = 0; i < 50; ++i) twin.Insert(i % 5, 7);
  CHECK(twin.Query(1, 1, -1e9, 0.5) == 1);
  CHECK(twin.Query(0, 1, -1e9, 0) == 5);
}

TEST_CASE("many layers end in a heap that is searched in full") {
  std::mt19937 random(4);
  Twin twin;
  for (int i = 0; i < 3000; ++i) twin.Insert(Draw(random, 0), Draw(random, 0));
  CHECK(twin.Query(1, 1, -1e9, 100) == 3000);
  for (int i = 0; i < 500; ++i) twin.Insert(Draw(random, 0), Draw(random, 0));
  CHECK(twin.Query(-1, 2, -1e9, 100) == 3500);
}

// Any three neighbours are on a line except for rounding, while the middle of the curve is far
// above the line between its ends. The points hide nothing from a query across the curve, for which
// all numbers are exact.
TEST_CASE("points of a curve that is straight but for rounding hide no others") {
  constexpr int kNumPoints = 4096;
  constexpr double kStep = 0x1p40;
  for (const auto& [backwards, asked_last] :
       {std::pair(false, true), {true, true}, {false, false}}) {
    Twin twin;
    for (int i = 0; i <= kNumPoints; ++i) {
      const double k = backwards ? kNumPoints - i : i;
      const double bend = std::floor(k * (kNumPoints - k) * 0x1p-12 * 8) / 8;  // up to 1024
      twin.Insert(k * kStep, bend - k * kStep);
      if (!asked_last && i % 512 == 511) twin.Query(1, 1, -1e9, 10);
    }
    // Farther than the middle, and on the layer above.
    twin.Insert((kNumPoints / 2 + 0.5) * kStep, 1100 - (kNumPoints / 2 + 0.5) * kStep);
    twin.Query(1, 1, -1e9, 150);
  }
}

}  // namespace raspc
