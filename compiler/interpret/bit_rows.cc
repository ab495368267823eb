// The loops over words and keys, compiled for several instruction sets.
#include "compiler/interpret/bit_rows.h"

#include <algorithm>
#include <array>

#include "runtime/base/target_clones.h"

namespace raspc {
namespace {

// The bytes 0 or 1 as bits, the first the lowest.
RASPC_INLINE std::uint64_t PackBytes(const std::uint8_t* bytes) {
  std::uint64_t packed = 0;
  for (int i = 0; i < 8; ++i) {
    std::uint64_t eight = 0;
    for (int b = 0; b < 8; ++b) eight |= std::uint64_t{bytes[i * 8 + b]} << (8 * b);
    // Moves byte b to bit 56 + b; no two products meet in one bit.
    packed |= (eight * 0x0102040810204080u) >> 56 << (8 * i);
  }
  return packed;
}

template <class Compare>
RASPC_INLINE void SetWhere(const std::int64_t* keys, int from, int end, std::uint64_t* row,
                           Compare compare) {
  const int first_word = from / 64;
  for (int start = from; start < end;) {
    const int word = start / 64;
    const int stop = std::min(end, (word + 1) * 64);
    if (stop - start == 64) {
      std::array<std::uint8_t, 64> bytes;
      for (int i = 0; i < 64; ++i) bytes[static_cast<std::size_t>(i)] = compare(keys[start + i]);
      row[word - first_word] |= PackBytes(bytes.data());
    } else {
      std::uint64_t bits = 0;
      for (int k = start; k < stop; ++k) {
        bits |= static_cast<std::uint64_t>(compare(keys[k])) << (k % 64);
      }
      row[word - first_word] |= bits;
    }
    start = stop;
  }
}

RASPC_CLONES void SetWhereComparedImpl(Comparison op, const std::int64_t* keys, std::int64_t query,
                                       int from, int end, std::uint64_t* row) {
  switch (op) {
    case Comparison::kEqual:
      return SetWhere(keys, from, end, row, [=](std::int64_t key) { return key == query; });
    case Comparison::kNotEqual:
      return SetWhere(keys, from, end, row, [=](std::int64_t key) { return key != query; });
    case Comparison::kLess:
      return SetWhere(keys, from, end, row, [=](std::int64_t key) { return key < query; });
    case Comparison::kLessEqual:
      return SetWhere(keys, from, end, row, [=](std::int64_t key) { return key <= query; });
    case Comparison::kGreater:
      return SetWhere(keys, from, end, row, [=](std::int64_t key) { return key > query; });
    case Comparison::kGreaterEqual:
      return SetWhere(keys, from, end, row, [=](std::int64_t key) { return key >= query; });
  }
}

RASPC_CLONES int CountBitsImpl(const std::uint64_t* words, std::size_t size) {
  int count = 0;
  for (std::size_t w = 0; w < size; ++w) count += std::popcount(words[w]);
  return count;
}

RASPC_CLONES int CountCommonBitsImpl(const std::uint64_t* a, const std::uint64_t* b,
                                     std::size_t size) {
  int count = 0;
  for (std::size_t w = 0; w < size; ++w) count += std::popcount(a[w] & b[w]);
  return count;
}

}  // namespace

int CountBits(ConstBitWords row) { return CountBitsImpl(row.data(), row.size()); }

int CountCommonBits(ConstBitWords a, ConstBitWords b) {
  return CountCommonBitsImpl(a.data(), b.data(), a.size());
}

void SetWhereCompared(Comparison op, std::span<const std::int64_t> keys, std::int64_t query,
                      int from, int end, BitWords row) {
  SetWhereComparedImpl(op, keys.data(), query, from, end, row.data());
}

}  // namespace raspc
