// Ints of one row are added bit by bit where the row is long, else one by one.
#include "compiler/interpret/summed_column.h"

#include <algorithm>
#include <bit>

namespace raspc {

void SummedColumn::Extend(const SOpValues& values, bool sums_are_exact) {
  for (; num_taken_ < values.size() && kind_ != Kind::kMixed; ++num_taken_) {
    const Atom& value = values[num_taken_];
    const auto* number = std::get_if<Float>(&value);
    if (num_taken_ == 0) kind_ = number ? Kind::kFloats : Kind::kInts;
    if ((number != nullptr) != (kind_ == Kind::kFloats) || (number != nullptr && sums_are_exact)) {
      kind_ = Kind::kMixed;
    } else if (number) {
      floats_.push_back(number->nearest());
    } else {
      const auto* whole = std::get_if<std::int64_t>(&value);
      const std::int64_t taken = whole ? *whole : std::int64_t{*std::get_if<bool>(&value)};
      ints_.push_back(taken);
      num_bits_ = std::max(
          num_bits_,
          static_cast<int>(std::bit_width(static_cast<std::uint64_t>(taken < 0 ? ~taken : taken))));
      has_negative_ |= taken < 0;
    }
  }
}

void SummedColumn::Clear() {
  kind_ = Kind::kInts;
  num_taken_ = num_in_planes_ = 0;
  num_bits_ = 0;
  has_negative_ = false;
  ints_.clear();
  floats_.clear();
  planes_.clear();
}

void SummedColumn::AddSelected(const SOpValues& values, ConstBitWords row, std::size_t first_word,
                               int count, RunningSum& sum) {
  Extend(values, sum.IsRational());
  switch (kind_) {
    case Kind::kInts:
      return AddInts(row, first_word, count, sum);
    case Kind::kFloats:
      return ForEachBit(row, first_word,
                        [&](int k) { sum.AddFloat(floats_[static_cast<std::size_t>(k)]); });
    case Kind::kMixed:
      return ForEachBit(row, first_word,
                        [&](int k) { sum.Add(values[static_cast<std::size_t>(k)]); });
  }
}

void SummedColumn::AddInts(ConstBitWords row, std::size_t first_word, int count, RunningSum& sum) {
  constexpr int kFewInts = 64;
  const int num_planes = num_bits_ + (has_negative_ ? 1 : 0);
  if (count <= kFewInts ||
      static_cast<std::size_t>(count) <= static_cast<std::size_t>(num_planes) * row.size()) {
    return ForEachBit(row, first_word,
                      [&](int k) { sum.AddInt(ints_[static_cast<std::size_t>(k)]); });
  }
  ExtendPlanes();
  RunningSum::Int128 total = 0;
  for (int b = 0; b < num_planes; ++b) {
    const ConstBitWords plane(planes_[static_cast<std::size_t>(b)]);
    const int with_bit = CountCommonBits(row, plane.subspan(first_word, row.size()));
    const RunningSum::Int128 part = RunningSum::Int128{with_bit} << b;
    total += b == num_bits_ ? -part : part;
  }
  sum.AddInts(total);
}

void SummedColumn::ExtendPlanes() {
  const auto num_planes = static_cast<std::size_t>(num_bits_ + (has_negative_ ? 1 : 0));
  if (planes_.size() != num_planes) {
    planes_.assign(num_planes, {});
    num_in_planes_ = 0;
  }
  for (auto& plane : planes_) plane.resize((ints_.size() + 63) / 64);
  for (std::size_t k = num_in_planes_; k < ints_.size(); ++k) {
    for (std::size_t b = 0; b < num_planes; ++b) {
      // The shift keeps the sign, so that bit 63 and the sign's plane come out right.
      const auto bit = static_cast<std::uint64_t>(ints_[k] >> std::min<std::size_t>(b, 63)) & 1;
      planes_[b][k / 64] |= bit << (k % 64);
    }
  }
  num_in_planes_ = ints_.size();
}

}  // namespace raspc
