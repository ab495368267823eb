// See key_index.h.
#include "runtime/engine/structured/key_index.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace raspc {
namespace {

constexpr std::size_t kMaxGroups = 64;
constexpr std::size_t kGroupsWorthBound = 4;
// How often dimensions are reclassified, and how many of those with the most values are candidates
// for number dimensions.
constexpr int kMaxSorts = 8;
constexpr std::size_t kMaxCandidates = 6;

void AddValues(KeyIndex::Sum& sum, const Rows& values, std::int32_t position) {
  sum.count += 1;
  for (std::size_t d = 0; d < sum.values.size(); ++d) sum.values[d] += values.At(d, position);
}

}  // namespace

KeyIndex::KeyIndex(int num_dims, int value_dim)
    : num_dims_(static_cast<std::size_t>(num_dims)), value_dim_(value_dim) {
  for (std::size_t d = 0; d < num_dims_; ++d) classes_.push_back(d);
}

bool KeyIndex::Add(const Rows& keys, const Rows& values, std::int32_t position) {
  for (std::size_t d = 0; d < num_dims_; ++d) {
    if (!IsCoordinate(keys.At(d, position))) return false;
  }
  if (AddSorted(keys, values, position)) return true;
  if (++num_sorts_ > kMaxSorts || !Sort(keys, position)) return false;
  groups_.clear();
  group_of_.resize(1);
  last_group_ = 0;
  has_side_[0] = has_side_[1] = false;
  all_[0] = all_[1] = ConvexLayers();
  num_in_all_[0] = num_in_all_[1] = 0;
  for (std::int32_t p = 1; p <= position; ++p) {
    if (!AddSorted(keys, values, p)) return false;
  }
  return true;
}

namespace {

// The number of different keys up to position `last`, considering only some dimensions; counts no
// further than `most` + 1.
std::size_t CountKeys(const Rows& keys, const std::vector<std::size_t>& dims, std::int32_t last,
                      std::size_t most) {
  std::set<std::vector<double>> seen;
  std::vector<double> key(dims.size());
  for (std::int32_t p = 1; p <= last && seen.size() <= most; ++p) {
    for (std::size_t i = 0; i < dims.size(); ++i) key[i] = keys.At(dims[i], p);
    seen.insert(key);
  }
  return seen.size();
}

}  // namespace

// Chooses the number dimensions again from the keys so far: one or two of those with the most
// values, so that the others leave few groups, with room for more. False if no choice works.
bool KeyIndex::Sort(const Rows& keys, std::int32_t last) {
  std::vector<std::pair<std::size_t, std::size_t>> by_values;  // with the dimension
  for (std::size_t d = 0; d < num_dims_; ++d) {
    by_values.emplace_back(CountKeys(keys, {d}, last, static_cast<std::size_t>(last)), d);
  }
  std::stable_sort(by_values.begin(), by_values.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  const std::size_t num_candidates = std::min(kMaxCandidates, by_values.size());
  const auto leaves_few_groups = [&](std::vector<std::size_t> numbers) {
    std::sort(numbers.begin(), numbers.end());
    std::vector<std::size_t> classes;
    for (std::size_t d = 0; d < num_dims_; ++d) {
      if (std::find(numbers.begin(), numbers.end(), d) == numbers.end()) classes.push_back(d);
    }
    if (CountKeys(keys, classes, last, kMaxGroups / 2) > kMaxGroups / 2) return false;
    classes_ = std::move(classes);
    numbers_ = std::move(numbers);
    return true;
  };
  for (std::size_t i = 0; i < num_candidates; ++i) {
    if (leaves_few_groups({by_values[i].second})) return true;
  }
  for (std::size_t i = 0; i < num_candidates; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (leaves_few_groups({by_values[j].second, by_values[i].second})) return true;
    }
  }
  return false;
}

bool KeyIndex::AddSorted(const Rows& keys, const Rows& values, std::int32_t position) {
  const std::int32_t g = GroupOf(keys, position);
  if (g < 0) return false;
  group_of_.push_back(g);
  AddValues(groups_[static_cast<std::size_t>(g)].total, values, position);
  largest_x_ = std::max(largest_x_, std::abs(Coordinate(0, keys, position)));
  largest_y_ = std::max(largest_y_, std::abs(Coordinate(1, keys, position)));
  for (const int side : {0, 1}) {
    if (has_side_[side]) AddTo(side, keys, values, position);
  }
  return true;
}

// The key's group, created if it is new; -1 if there would be too many.
std::int32_t KeyIndex::GroupOf(const Rows& keys, std::int32_t position) {
  const auto fits = [&](const Group& group) {
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      if (group.key[i] != keys.At(classes_[i], position)) return false;
    }
    return true;
  };
  if (!groups_.empty() && fits(groups_[static_cast<std::size_t>(last_group_)])) return last_group_;
  const auto found = std::find_if(groups_.begin(), groups_.end(), fits);
  last_group_ = static_cast<std::int32_t>(found - groups_.begin());
  if (found != groups_.end()) return last_group_;
  if (groups_.size() == kMaxGroups) return -1;
  Group& group = groups_.emplace_back();
  for (const std::size_t d : classes_) group.key.push_back(keys.At(d, position));
  group.total.values.resize(static_cast<std::size_t>(value_dim_));
  return last_group_;
}

void KeyIndex::AddTo(int side, const Rows& keys, const Rows& values, std::int32_t position) {
  Group& group = groups_[static_cast<std::size_t>(group_of_[static_cast<std::size_t>(position)])];
  const double x = Coordinate(0, keys, position), y = Coordinate(1, keys, position);
  Side& s = group.sides[side];
  const std::int32_t equal = s.layers.Insert(x, side == 0 ? y : -y, position);
  if (equal >= 0) Merge(s, values, equal, position);
}

// Adds the sum of the point at `position` to that of the one at `kept`.
void KeyIndex::Merge(Side& side, const Rows& values, std::int32_t kept, std::int32_t position) {
  Sum& sum = side.merged[kept];
  if (sum.count == 0) {
    sum.values.resize(static_cast<std::size_t>(value_dim_));
    AddValues(sum, values, kept);
  }
  const auto dropped = side.merged.find(position);
  if (dropped == side.merged.end()) {
    AddValues(sum, values, position);
    return;
  }
  sum.count += dropped->second.count;
  for (std::size_t d = 0; d < sum.values.size(); ++d) sum.values[d] += dropped->second.values[d];
  side.merged.erase(dropped);
}

// An upper bound on a x + b y for every group: the maximum over the points of all groups. It is
// worth its cost where there are several groups.
double KeyIndex::LargestOfAll(double a, double b, const Rows& keys) {
  if (groups_.size() < kGroupsWorthBound) return std::numeric_limits<double>::infinity();
  for (std::int32_t& p = num_in_all_[side_]; p < num_keys();) {
    ++p;
    const double y = Coordinate(1, keys, p);
    all_[side_].Insert(Coordinate(0, keys, p), side_ == 0 ? y : -y, p);
  }
  return all_[side_].Largest(a, std::abs(b));
}

// The class dimensions' share of the score, for every key of a group.
void KeyIndex::FindOffsets(std::span<const double> query) {
  offsets_.resize(groups_.size());
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    double offset = 0;
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      offset += query[classes_[i]] * groups_[g].key[i];
    }
    offsets_[g] = offset;
  }
}

double KeyIndex::Find(std::span<const double> query, double floor, const Rows& keys,
                      const Rows& values, std::vector<Hit>& hits) {
  hits.clear();
  const double a = numbers_.empty() ? 0 : query[numbers_[0]];
  const double b = numbers_.size() < 2 ? 0 : query[numbers_[1]];
  // Scores are computed with a few roundings each, and so are the slopes that the layers use.
  const double reach = kUnderflow + 0x1p-48 * (std::abs(a) * largest_x_ + std::abs(b) * largest_y_);
  // Where products overflow there may be no farthest key.
  if (!std::isfinite(reach)) return std::nan("");
  side_ = b < 0 ? 1 : 0;
  if (!has_side_[side_] && (a != 0 || b != 0)) {
    has_side_[side_] = true;
    for (std::int32_t p = 1; p <= num_keys(); ++p) AddTo(side_, keys, values, p);
  }
  FindOffsets(query);
  const bool is_uniform = a == 0 && b == 0;
  const double farthest = is_uniform ? 0 : LargestOfAll(a, b, keys);
  double most = floor;
  const auto visit = [&](std::size_t g) {
    const double offset = offsets_[g];
    if (offset + farthest < most - reach) return;
    const auto group = static_cast<std::int32_t>(g);
    if (is_uniform) {
      most = offset > most ? offset : most;
      hits.push_back({offset, -1, group});
      return;
    }
    Side& side = groups_[g].sides[side_];
    const double found = side.layers.Query(
        a, std::abs(b), most - offset, reach,
        [&](std::int32_t position, double score) {
          hits.push_back({score + offset, position, group});
        },
        [&](std::int32_t kept, std::int32_t dropped) { Merge(side, values, kept, dropped); });
    most = std::max(most, found + offset);
  };
  // The group with the largest offset first: it mostly rules out the others.
  const auto first = static_cast<std::size_t>(std::max_element(offsets_.begin(), offsets_.end()) -
                                              offsets_.begin());
  if (!groups_.empty()) visit(first);
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (g != first) visit(g);
  }
  // Hits of the first groups may be far below those of a later one.
  std::erase_if(hits, [&](const Hit& hit) { return hit.score < most - reach; });
  return most;
}

const KeyIndex::Sum* KeyIndex::MergedAt(const Hit& hit) const {
  const Group& group = groups_[static_cast<std::size_t>(hit.group)];
  if (hit.position < 0) return &group.total;
  const Side& side = group.sides[side_];
  if (side.merged.empty()) return nullptr;
  const auto found = side.merged.find(hit.position);
  return found == side.merged.end() ? nullptr : &found->second;
}

double KeyIndex::CountOf(const Hit& hit) const {
  const Sum* sum = MergedAt(hit);
  return sum == nullptr ? 1 : sum->count;
}

double KeyIndex::SumOf(const Hit& hit, const Rows& values, std::size_t d) const {
  const Sum* sum = MergedAt(hit);
  return sum == nullptr ? values.At(d, hit.position) : sum->values[d];
}

bool KeyIndex::Holds(const Hit& hit, const Rows& keys, std::int32_t position) const {
  if (group_of_[static_cast<std::size_t>(position)] != hit.group) return false;
  if (hit.position < 0 || hit.position == position) return true;
  for (const std::size_t d : numbers_) {
    if (keys.At(d, position) != keys.At(d, hit.position)) return false;
  }
  return true;
}

}  // namespace raspc
