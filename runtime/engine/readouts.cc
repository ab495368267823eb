// See readouts.h.
#include "runtime/engine/readouts.h"

#include <algorithm>

namespace raspc {

Readouts::Readouts(std::span<const std::vector<int>> sequences, int readout_dim)
    : readout_dim_(readout_dim) {
  starts_.resize(sequences.size() + 1);
  for (std::size_t s = 0; s < sequences.size(); ++s) {
    starts_[s + 1] = starts_[s] + static_cast<std::int64_t>(sequences[s].size()) * readout_dim;
  }
  numbers_ = std::make_unique_for_overwrite<double[]>(static_cast<std::size_t>(starts_.back()));
}

Eigen::Map<const Matrix> Readouts::operator[](std::size_t sequence) const {
  const std::int64_t size = starts_[sequence + 1] - starts_[sequence];
  return {numbers_.get() + starts_[sequence], readout_dim_ == 0 ? 0 : size / readout_dim_,
          readout_dim_};
}

bool Readouts::operator==(const Readouts& other) const {
  return readout_dim_ == other.readout_dim_ && starts_ == other.starts_ &&
         (empty() ||
          std::equal(numbers_.get(), numbers_.get() + starts_.back(), other.numbers_.get()));
}

}  // namespace raspc
