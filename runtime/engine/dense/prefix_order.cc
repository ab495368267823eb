#include "runtime/engine/dense/prefix_order.h"

#include "base/size.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <numeric>

namespace raspc {
namespace {

// The length of the common prefix of two sequences.
std::size_t CountShared(const std::vector<int>& a, const std::vector<int>& b) {
  constexpr std::size_t kAtOnce = 4;
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t at = 0;
  while (at + kAtOnce <= most &&
         std::memcmp(a.data() + at, b.data() + at, kAtOnce * sizeof(int)) == 0) {
    at += kAtOnce;
  }
  while (at < most && a[at] == b[at]) ++at;
  return at;
}

// The tokens of many sequences are scattered in memory; this prefetches them.
void PrefetchTokens(const std::vector<int>& sequence) {
  constexpr std::size_t kLineTokens = 64 / sizeof(int);
  __builtin_prefetch(sequence.data());
  if (sequence.size() > kLineTokens / 2) __builtin_prefetch(sequence.data() + kLineTokens - 1);
}

// Fills `shared`. If the sequences must be in order and are not, gives up and returns false.
bool CompareNeighbours(std::span<const std::vector<int>> sequences, bool must_be_sorted,
                       PrefixOrder& prefixes) {
  constexpr std::size_t kAhead = 64;
  const std::vector<int>& order = prefixes.order;
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (i + kAhead < order.size()) PrefetchTokens(sequences[Size(order[i + kAhead])]);
    const std::vector<int>& last = sequences[Size(order[i - 1])];
    const std::vector<int>& next = sequences[Size(order[i])];
    const std::size_t shared = CountShared(last, next);
    prefixes.shared[i] = static_cast<int>(shared);
    const bool is_sorted =
        last.size() < next.size() ||
        (last.size() == next.size() && (shared == last.size() || last[shared] < next[shared]));
    if (!is_sorted && must_be_sorted) return false;
  }
  return true;
}

struct Keyed {
  std::uint64_t key;
  int sequence;
  std::uint32_t length;

  // By length and key, the smallest first.
  std::size_t Byte(int number) const {
    return number < 8 ? key >> (8 * number) & 255 : length >> (8 * (number - 8)) & 255;
  }
  static constexpr int kNumBytes = 12;
};

// Stable, byte by byte.
void SortByKey(std::vector<Keyed>& entries) {
  std::vector<Keyed> sorted(entries.size());
  for (int number = 0; number < Keyed::kNumBytes; ++number) {
    std::array<std::size_t, 257> starts = {};
    for (const Keyed& entry : entries) ++starts[entry.Byte(number) + 1];
    if (starts[entries.front().Byte(number) + 1] == entries.size()) continue;
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    for (const Keyed& entry : entries) sorted[starts[entry.Byte(number)]++] = entry;
    entries.swap(sorted);
  }
}

void SortByFirstTokens(std::span<const std::vector<int>> sequences, int num_tokens,
                       std::vector<int>& order) {
  const int bits = std::bit_width(static_cast<unsigned>(std::max(1, num_tokens - 1)));
  const auto most = Size(64 / bits);
  std::vector<Keyed> entries;
  entries.reserve(order.size());
  for (const int s : order) {
    const std::vector<int>& tokens = sequences[Size(s)];
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < std::min(most, tokens.size()); ++i) {
      key = key << bits | static_cast<std::uint64_t>(tokens[i]);
    }
    entries.push_back({key, s, static_cast<std::uint32_t>(tokens.size())});
  }
  SortByKey(entries);
  std::transform(entries.begin(), entries.end(), order.begin(),
                 [](const Keyed& entry) { return entry.sequence; });
}

}  // namespace

PrefixOrder OrderByPrefix(std::span<const std::vector<int>> sequences, int num_tokens) {
  PrefixOrder prefixes;
  prefixes.order.resize(sequences.size());
  prefixes.shared.resize(sequences.size());
  std::iota(prefixes.order.begin(), prefixes.order.end(), 0);
  if (!CompareNeighbours(sequences, /*must_be_sorted=*/true, prefixes)) {
    SortByFirstTokens(sequences, num_tokens, prefixes.order);
    CompareNeighbours(sequences, /*must_be_sorted=*/false, prefixes);
  }
  return prefixes;
}

}  // namespace raspc
