// An s-op's values, unpacked so that those at the set bits of a row can be added up fast.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/operations/atom_ops.h"
#include "compiler/interpret/bit_rows.h"
#include "compiler/interpret/interpret.h"

namespace raspc {

// The sum is exactly that of adding the values one by one, in order: ints are added exactly, so
// that their order does not matter; if there is a float, they are added one by one, in rational
// arithmetic as fractions.
class SummedColumn {
 public:
  // Adds the values at the `count` set bits of a row, which are below values.size(), to `sum`.
  // `values` is numbers, and begins with the values of earlier calls. Time O(count), or
  // O(row.size() * bits of the largest int) where that is less.
  void AddSelected(const SOpValues& values, ConstBitWords row, std::size_t first_word, int count,
                   RunningSum& sum);
  void Clear();

 private:
  enum class Kind { kInts, kFloats, kMixed };

  void Extend(const SOpValues& values, bool sums_are_exact);
  void AddInts(ConstBitWords row, std::size_t first_word, int count, RunningSum& sum);
  void ExtendPlanes();

  Kind kind_ = Kind::kInts;
  std::size_t num_taken_ = 0;
  std::vector<std::int64_t> ints_;  // all values if they are ints or bools
  std::vector<double> floats_;      // all values if they are floats

  // Bit b of every int, as a row, so that many are added at once: the sum of the ints selected is
  // the sum over b of 2^b times how many of them have bit b. The last plane is the sign's.
  int num_bits_ = 0;  // without the sign, of the largest
  bool has_negative_ = false;
  std::size_t num_in_planes_ = 0;
  std::vector<std::vector<std::uint64_t>> planes_;  // num_bits_, and one if any is negative
};

}  // namespace raspc
