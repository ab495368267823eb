// Finds the points of a growing set in the plane that are farthest in a given direction.
//
// For a query (a, b) with b > 0 the points with the largest a x + b y lie on the upper hull of the
// set; those that come close to it, on the hull and a few layers below: each layer is the upper
// hull of what the layers above leave, as when peeling an onion (Chazelle 1985). A two-dimensional
// attention head needs only these points, its keys, if its scores are so far apart that exp is 0
// for all others.
//
// Layers are made as queries need them; points below the last one lie in a heap that is not
// searched. A point costs a bisection in each layer it passes through and, where a layer has many
// points that arrive in no order, moving those after it. A query costs a bisection, or nothing if
// it is close to the previous one, plus the points it returns.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace raspc {

struct PlanePoint {
  double x, y;
};

// Whether the number can be a coordinate: 0, or of a size with which products of differences
// neither overflow nor lose digits. An overflow would put the points in the middle below those at
// the ends.
inline bool IsCoordinate(double x) {
  return x == 0 || (std::abs(x) >= 1e-120 && std::abs(x) <= 1e120);
}

// Whether q lies above the line from p to r, to some 100 bits. Requires coordinates, and p.x < q.x
// < r.x.
bool IsAbove(const PlanePoint& p, const PlanePoint& q, const PlanePoint& r);

// The maximum of a sequence of numbers that first rises and then falls: the first index i < size
// for which rises_after(i), "number i + 1 is larger", does not hold. rises_after(size - 1) is not
// called. Takes time logarithmic in the distance from `hint`. Requires size > 0.
template <typename RisesAfter>
std::size_t FindPeak(std::size_t size, std::size_t hint, RisesAfter&& rises_after) {
  const auto rises = [&](std::size_t i) { return i + 1 < size && rises_after(i); };
  // From the hint in growing steps to a range [low, high] with a rise at low - 1 and none at high.
  std::size_t low = std::min(hint, size - 1), high = low;
  if (rises(low)) {
    for (std::size_t step = 1; rises(high); step *= 2) {
      low = high + 1;
      high = std::min(low + step - 1, size - 1);
    }
  } else {
    for (std::size_t step = 1; low > 0 && !rises(low - 1); step *= 2) {
      high = low - 1;
      low = high >= step - 1 ? high - (step - 1) : 0;
    }
  }
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (rises(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

class ConvexLayers {
 public:
  struct Point : PlanePoint {
    std::int32_t id;
  };

  // Adds a point. If an equal one lies on a layer that the point reaches, returns that one's id and
  // // leaves the set unchanged; otherwise -1. Requires coordinates.
  std::int32_t Insert(double x, double y, std::int32_t id);

  // Calls visit(id, a x + b y) for every point for which this is at least `most` - reach, where
  // `most` is the largest of these numbers or `floor`, if that is larger, and perhaps for some
  // points below; returns `most`. Which points, and in which order, depends only on the // sequence
  // of calls. Requires b >= 0 and reach >= 0. Before that, calls merge(kept, dropped) for equal //
  // points that it finds; only `kept` is visited.
  template <typename Visit, typename Merge>
  double Query(double a, double b, double floor, double reach, Visit&& visit, Merge&& merge);

  // The largest a x + b y, up to a few units of rounding; minus infinity if there are no points. //
  // Requires b >= 0.
  double Largest(double a, double b);

  std::size_t num_layers() const { return layers_.size(); }

 private:
  // A strictly concave chain, x ascending.
  struct Layer {
    std::vector<Point> chain;
    std::size_t hint = 0;  // where the last query was answered
  };

  // Beyond this many layers the heap is searched point by point.
  static constexpr std::size_t kMaxLayers = 24;

  std::int32_t InsertInto(std::vector<Point>& chain, const Point& point, std::int32_t id);
  void SortHeap();
  void AddLayer();
  static std::size_t FarthestOn(Layer& layer, double a, double b);

  std::vector<Layer> layers_;
  std::vector<Point> heap_;                 // below the last layer
  std::vector<Point> waiting_, displaced_;  // scratch of Insert
};

template <typename Visit, typename Merge>
double ConvexLayers::Query(double a, double b, double floor, double reach, Visit&& visit,
                           Merge&& merge) {
  double most = floor;
  for (std::size_t l = 0;; ++l) {
    if (l == layers_.size()) {
      if (heap_.empty()) return most;
      if (l == kMaxLayers) break;
      SortHeap();
      const auto same = [&](const Point& kept, const Point& point) {
        if (kept.x != point.x || kept.y != point.y) return false;
        merge(kept.id, point.id);
        return true;
      };
      heap_.erase(std::unique(heap_.begin(), heap_.end(), same), heap_.end());
      AddLayer();
    }
    Layer& layer = layers_[l];
    const std::vector<Point>& chain = layer.chain;
    const std::size_t farthest = FarthestOn(layer, a, b);
    const auto value = [&](std::size_t i) { return a * chain[i].x + b * chain[i].y; };
    const double top = value(farthest);
    most = top > most ? top : most;
    if (!(top >= most - reach)) return most;  // and no point below is farther
    visit(chain[farthest].id, top);
    for (std::size_t i = farthest; i-- > 0;) {
      const double here = value(i);
      if (!(here >= most - reach)) break;
      visit(chain[i].id, here);
    }
    for (std::size_t i = farthest + 1; i < chain.size(); ++i) {
      const double here = value(i);
      if (!(here >= most - reach)) break;
      visit(chain[i].id, here);
    }
  }
  for (const Point& point : heap_) {
    const double here = a * point.x + b * point.y;
    most = here > most ? here : most;
    if (here >= most - reach) visit(point.id, here);
  }
  return most;
}

}  // namespace raspc
