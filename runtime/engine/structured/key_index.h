// An index of the keys of one head in one sequence: finds those that a query attends to.
//
// softmax gives a key the weight exp(score - largest score), which is exactly 0 in a double below
// -kUnderflow. So it is enough to find the keys whose score comes that close to the largest; in a
// hard attention head these are the selected ones, however many keys there are.
//
// The varying dimensions of the keys are of two kinds, determined from the keys themselves: in
// *class* dimensions few values occur, in *number* dimensions many. Keys with equal numbers in all
// class dimensions are a group; within a group at most two number dimensions are left, which
// ConvexLayers search. Examples: equality of tokens has only class dimensions; equality of
// positions, (k, k^2), two number dimensions; equality of both has both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "runtime/engine/structured/convex_layers.h"

namespace raspc {

// Numbers stored by feature and position.
struct Rows {
  const double* data = nullptr;
  std::ptrdiff_t feature_stride = 0;
  std::ptrdiff_t position_stride = 0;  // 0 for a single position

  double At(std::size_t feature, std::ptrdiff_t position) const {
    return data[static_cast<std::ptrdiff_t>(feature) * feature_stride + position * position_stride];
  }
};

// exp(-kUnderflow) is 0 in float64, and so in float32.
inline constexpr double kUnderflow = 746;

class KeyIndex {
 public:
  // A key, or several equal ones, found by a query.
  struct Hit {
    double score;
    std::int32_t position;  // the first one's, or -1: the whole group
    std::int32_t group;
  };
  // Of equal keys, or a group.
  struct Sum {
    double count = 0;
    std::vector<double> values;  // [value_dim]
  };

  KeyIndex(int num_dims, int value_dim);

  // Adds the key at `position`, one larger than the last; the first is 1. `keys` and `values` hold
  // all positions up to it. False if the keys have no structure: too many groups, more than two
  // number dimensions, or a number that is no coordinate. Then the index cannot be used any more.
  bool Add(const Rows& keys, const Rows& values, std::int32_t position);

  // The keys whose score is at least the largest minus kUnderflow, and perhaps some more, in an
  // order that depends only on the sequence of calls. `floor` is the score of BOS, which counts as
  // one of the scores; the result is the largest, or NaN if scores overflow, and then there are no
  // hits. `query` is [num_dims]; `keys` as in Add.
  double Find(std::span<const double> query, double floor, const Rows& keys, const Rows& values,
              std::vector<Hit>& hits);

  // How many keys a hit stands for and the sum of their values; `values` as in Add.
  double CountOf(const Hit& hit) const;
  double SumOf(const Hit& hit, const Rows& values, std::size_t d) const;
  // Whether the key at `position` is one of the hit's. Slower than the rest; for tests and reports.
  bool Holds(const Hit& hit, const Rows& keys, std::int32_t position) const;

  int num_groups() const { return static_cast<int>(groups_.size()); }
  int num_number_dims() const { return static_cast<int>(numbers_.size()); }
  std::int32_t num_keys() const { return static_cast<std::int32_t>(group_of_.size()) - 1; }

 private:
  // The points of a group for queries (a, b) with b >= 0, or mirrored for those with b < 0.
  struct Side {
    ConvexLayers layers;
    std::unordered_map<std::int32_t, Sum> merged;  // for points that were added more than once
  };
  struct Group {
    std::vector<double> key;  // [class dimensions]
    Side sides[2];
    Sum total;
  };

  bool Sort(const Rows& keys, std::int32_t last);
  bool AddSorted(const Rows& keys, const Rows& values, std::int32_t position);
  std::int32_t GroupOf(const Rows& keys, std::int32_t position);
  void AddTo(int side, const Rows& keys, const Rows& values, std::int32_t position);
  void Merge(Side& side, const Rows& values, std::int32_t kept, std::int32_t position);
  double Coordinate(std::size_t i, const Rows& keys, std::int32_t position) const {
    return i < numbers_.size() ? keys.At(numbers_[i], position) : 0;
  }
  double LargestOfAll(double a, double b, const Rows& keys);
  void FindOffsets(std::span<const double> query);
  const Sum* MergedAt(const Hit& hit) const;

  std::size_t num_dims_;
  int value_dim_;
  std::vector<std::size_t> classes_, numbers_;  // dimensions
  std::vector<Group> groups_;
  std::int32_t last_group_ = 0;
  int num_sorts_ = 0;
  bool has_side_[2] = {false, false};
  ConvexLayers all_[2];                  // the points of all groups together, as in Side
  std::int32_t num_in_all_[2] = {0, 0};  // added only when needed
  std::vector<double> offsets_;          // [groups]: of the last query
  int side_ = 0;                         // the one used by the last Find
  double largest_x_ = 0, largest_y_ = 0;
  std::vector<std::int32_t> group_of_ = {-1};  // [positions]; BOS has none
};

}  // namespace raspc
