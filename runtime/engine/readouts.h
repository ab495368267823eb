// The result of an engine for a batch: the readout at every program position of every sequence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runtime/model/model.h"

namespace raspc {

// Matrices of [length, readout_dim], one per sequence, in one block of memory: a batch may have a
// hundred thousand short sequences.
class Readouts {
 public:
  Readouts() = default;
  // Room for the sequences' readouts, not filled yet.
  Readouts(std::span<const std::vector<int>> sequences, int readout_dim);

  std::size_t size() const { return starts_.empty() ? 0 : starts_.size() - 1; }
  bool empty() const { return size() == 0; }
  Eigen::Map<const Matrix> operator[](std::size_t sequence) const;
  // The start of a sequence's readouts, row after row. Threads may fill different sequences at the
  // // same time.
  double* Data(std::size_t sequence) { return numbers_.get() + starts_[sequence]; }

  // Whether all numbers are equal; a NaN is equal to nothing.
  bool operator==(const Readouts& other) const;

 private:
  int readout_dim_ = 0;
  std::vector<std::int64_t> starts_;  // [sequences + 1], or empty if there are no sequences
  std::unique_ptr<double[]> numbers_;
};

}  // namespace raspc
