// See convex_layers.h.
//
// Whether a point lies above a chain is decided with twice the digits of a double where one double
// is not enough. Errors would add up: a point goes to the layer below because of its current
// neighbours, which may follow it there, and so on along a curve that is straight except for
// rounding. At some 2^-100 they may add up a million times. Points that are above by less go to the
// next layer, which keeps chains strictly concave.
#include "runtime/engine/structured/convex_layers.h"

#include <cmath>
#include <limits>

namespace raspc {
namespace {

// A number as the sum of two doubles, the second much smaller: some 106 bits.
struct TwoDoubles {
  double high, low;
};

// a - b without rounding (Knuth's TwoSum).
TwoDoubles Difference(double a, double b) {
  const double high = a - b, part = a - high;
  return {high, (a - (high + part)) + (part - b)};
}

TwoDoubles Product(const TwoDoubles& a, const TwoDoubles& b) {
  const double high = a.high * b.high;
  return {high, std::fma(a.high, b.high, -high) + (a.high * b.low + a.low * b.high)};
}

bool IsAboveByABit(const PlanePoint& p, const PlanePoint& q, const PlanePoint& r) {
  const TwoDoubles left = Product(Difference(r.x, p.x), Difference(q.y, p.y));
  const TwoDoubles right = Product(Difference(q.x, p.x), Difference(r.y, p.y));
  const double difference = (left.high - right.high) + (left.low - right.low);
  return difference > 0x1p-98 * (std::abs(left.high) + std::abs(right.high));
}

}  // namespace

bool IsAbove(const PlanePoint& p, const PlanePoint& q, const PlanePoint& r) {
  const double left = (r.x - p.x) * (q.y - p.y);
  const double right = (q.x - p.x) * (r.y - p.y);
  constexpr double kRounding = 8 * 0x1p-53;  // three roundings on each side, and the difference
  const double difference = left - right, doubt = kRounding * (std::abs(left) + std::abs(right));
  if (difference > doubt) return true;
  if (difference < -doubt || doubt == 0) return false;
  return IsAboveByABit(p, q, r);
}

// An inserted point may push others off its chain, which are then inserted one layer below, and so
// on down to the heap.
std::int32_t ConvexLayers::Insert(double x, double y, std::int32_t id) {
  std::int32_t equal = -1;
  waiting_.assign(1, Point{{x, y}, id});
  for (Layer& layer : layers_) {
    displaced_.clear();
    for (const Point& point : waiting_) equal = std::max(equal, InsertInto(layer.chain, point, id));
    waiting_.swap(displaced_);
    if (waiting_.empty()) return equal;
  }
  heap_.insert(heap_.end(), waiting_.begin(), waiting_.end());
  return equal;
}

// Puts the point on the chain if it lies above it; displaced_ gets the points that have to go
// below, which may include the point itself. If the point is the new one, `id`, and an equal one
// exists, returns that one's id.
std::int32_t ConvexLayers::InsertInto(std::vector<Point>& chain, const Point& point,
                                      std::int32_t id) {
  auto at = chain.end();
  if (!chain.empty() && !(point.x > chain.back().x)) {
    at = std::lower_bound(chain.begin(), chain.end(), point.x,
                          [](const Point& p, double x) { return p.x < x; });
  }
  if (at != chain.end() && at->x == point.x) {
    if (at->y == point.y && point.id == id) return at->id;
    if (at->y >= point.y) {
      displaced_.push_back(point);
      return -1;
    }
    displaced_.push_back(*at);
    *at = point;
  } else if (at != chain.begin() && at != chain.end() && !IsAbove(*(at - 1), point, *at)) {
    displaced_.push_back(point);
    return -1;
  } else {
    at = chain.insert(at, point);
  }
  // Neighbours that are no longer above the line between theirs.
  auto last = at + 1;
  while (chain.end() - last >= 2 && !IsAbove(*at, *last, *(last + 1))) ++last;
  displaced_.insert(displaced_.end(), at + 1, last);
  chain.erase(at + 1, last);
  auto first = at;
  while (first - chain.begin() >= 2 && !IsAbove(*(first - 2), *(first - 1), *at)) --first;
  displaced_.insert(displaced_.end(), first, at);
  chain.erase(first, at);
  return -1;
}

// By x, from the top; equal points in order of arrival.
void ConvexLayers::SortHeap() {
  std::stable_sort(heap_.begin(), heap_.end(), [](const Point& p, const Point& q) {
    return p.x < q.x || (p.x == q.x && p.y > q.y);
  });
}

// The upper hull of the sorted heap becomes a layer (Andrew's monotone chain).
void ConvexLayers::AddLayer() {
  std::vector<Point> chain, rest;
  for (const Point& p : heap_) {
    if (!chain.empty() && chain.back().x == p.x) {  // not above the one before
      rest.push_back(p);
      continue;
    }
    while (chain.size() >= 2 && !IsAbove(chain[chain.size() - 2], chain.back(), p)) {
      rest.push_back(chain.back());
      chain.pop_back();
    }
    chain.push_back(p);
  }
  layers_.push_back({std::move(chain), 0});
  heap_ = std::move(rest);
}

double ConvexLayers::Largest(double a, double b) {
  if (layers_.empty()) {
    if (heap_.empty()) return -std::numeric_limits<double>::infinity();
    SortHeap();
    AddLayer();
  }
  const std::vector<Point>& chain = layers_[0].chain;
  const Point& farthest = chain[FarthestOn(layers_[0], a, b)];
  return a * farthest.x + b * farthest.y;
}

// The index of a farthest point. a x + b y rises along the chain up to it, and falls from there on.
std::size_t ConvexLayers::FarthestOn(Layer& layer, double a, double b) {
  const std::vector<Point>& chain = layer.chain;
  layer.hint = FindPeak(chain.size(), layer.hint, [&](std::size_t i) {
    return a * (chain[i + 1].x - chain[i].x) + b * (chain[i + 1].y - chain[i].y) > 0;
  });
  return layer.hint;
}

}  // namespace raspc
