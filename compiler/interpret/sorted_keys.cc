// A range is the difference of two ranges from the first rank on, and each of these is the nearest
// checkpoint and a few more keys.
#include "compiler/interpret/sorted_keys.h"

#include <algorithm>
#include <numeric>

namespace raspc {

void SortedKeys::Build(std::span<const std::int64_t> codes) {
  constexpr std::size_t kNumCheckpoints = 128;
  Clear();
  positions_.resize(codes.size());
  std::iota(positions_.begin(), positions_.end(), 0);
  std::sort(positions_.begin(), positions_.end(), [&](int a, int b) {
    const std::int64_t x = codes[static_cast<std::size_t>(a)];
    const std::int64_t y = codes[static_cast<std::size_t>(b)];
    return x < y || (x == y && a < b);
  });
  codes_.reserve(codes.size());
  for (const int k : positions_) codes_.push_back(codes[static_cast<std::size_t>(k)]);
  spacing_ = std::max<std::size_t>(64, codes.size() / kNumCheckpoints);
}

void SortedKeys::Clear() {
  codes_.clear();
  positions_.clear();
  checkpoints_.clear();
}

void SortedKeys::WriteCheckpoints() {
  const std::size_t num_words = NumWords(size()), num_rows = codes_.size() / spacing_ + 1;
  checkpoints_.assign(num_rows * num_words, 0);
  for (std::size_t i = 1; i < num_rows; ++i) {
    std::uint64_t* row = checkpoints_.data() + i * num_words;
    std::copy_n(row - num_words, num_words, row);
    for (std::size_t rank = (i - 1) * spacing_; rank < i * spacing_; ++rank) {
      const auto k = static_cast<std::size_t>(positions_[rank]);
      row[k / 64] |= std::uint64_t{1} << (k % 64);
    }
  }
}

void SortedKeys::Flip(std::size_t low, std::size_t high, std::size_t first_word, int end,
                      BitWords row) const {
  const int from = static_cast<int>(first_word * 64);
  for (std::size_t rank = low; rank < high; ++rank) {
    const int k = positions_[rank];
    if (k < from || k >= end) continue;
    row[static_cast<std::size_t>(k) / 64 - first_word] ^= std::uint64_t{1} << (k % 64);
  }
}

void SortedKeys::FlipUpTo(std::size_t high, std::size_t first_word, int end, BitWords row) const {
  const std::size_t i = high / spacing_, num_words = NumWords(size());
  const std::uint64_t* checkpoint = checkpoints_.data() + i * num_words + first_word;
  const std::size_t reach = NumWords(end) - first_word;
  for (std::size_t w = 0; w < reach; ++w) row[w] ^= checkpoint[w];
  Flip(i * spacing_, high, first_word, end, row);
}

void SortedKeys::Set(Comparison op, std::int64_t query, std::size_t first_word, int end,
                     BitWords row) {
  end = std::min(end, size());
  if (end <= static_cast<int>(first_word * 64)) return;
  const auto rank_of = [&](auto it) { return static_cast<std::size_t>(it - codes_.begin()); };
  const std::size_t first = rank_of(std::lower_bound(codes_.begin(), codes_.end(), query));
  const std::size_t last = rank_of(std::upper_bound(codes_.begin(), codes_.end(), query));
  // The range [low, high) of the keys that are equal to the query, less, or not greater; for the //
  // opposite comparisons, all keys outside it.
  const bool equality = op == Comparison::kEqual || op == Comparison::kNotEqual;
  const bool up_to_last = equality || op == Comparison::kLessEqual || op == Comparison::kGreater;
  const std::size_t low = equality ? first : 0, high = up_to_last ? last : first;
  if (high - low <= 2 * spacing_) {
    Flip(low, high, first_word, end, row);
  } else {
    if (checkpoints_.empty()) WriteCheckpoints();
    FlipUpTo(high, first_word, end, row);
    if (low > 0) FlipUpTo(low, first_word, end, row);
  }
  const bool opposite =
      op == Comparison::kNotEqual || op == Comparison::kGreater || op == Comparison::kGreaterEqual;
  if (!opposite) return;
  const std::size_t reach = NumWords(end) - first_word;
  for (std::size_t w = 0; w < reach; ++w) row[w] = ~row[w];
  if (end % 64 != 0) row[reach - 1] &= LowBits(end % 64);
}

}  // namespace raspc
