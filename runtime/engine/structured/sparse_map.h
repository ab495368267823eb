// x W + b on positions that are contiguous in memory, skipping zero weights.
//
// Numbers are doubles whatever the model's type. Feature f of position p is at f * stride + p; the
// lanes after the last position, up to the next multiple of kPositionLanes, are read and written
// too, so they must exist.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/model/model.h"

namespace raspc {

// Positions per step of the loops.
inline constexpr int kPositionLanes = 16;

// Features of some positions.
struct Features {
  double* data = nullptr;
  std::ptrdiff_t stride = 0;

  double* Row(int feature) const { return data + feature * stride; }
  double At(int feature, std::ptrdiff_t position) const { return Row(feature)[position]; }
  Features From(int feature, std::ptrdiff_t position) const {
    return {Row(feature) + position, stride};
  }
};

// Every result is summed in one order, bias first, then inputs from 0 up, however many positions
// there are.
class SparseMap {
 public:
  SparseMap() = default;
  // W is [num_inputs, num_outputs], b is [num_outputs] or empty for none.
  explicit SparseMap(const Matrix& weights, const Vector& bias = {});

  // Outputs of the same inputs after those of this one.
  void Append(const SparseMap& more);
  // Outputs that are 0.
  void AppendZeros(int num_outputs);

  int num_outputs() const { return static_cast<int>(starts_.size()) - 1; }
  std::int64_t num_nonzeros() const { return static_cast<std::int64_t>(entries_.size()); }

  // What is done with x W + b: stored; stored with negative values replaced by 0; or added to y,
  // which leaves an output without a weight or a bias unchanged.
  enum class Use { kStore, kStoreRelu, kAdd };
  // x and y do not overlap.
  void Apply(Features x, std::ptrdiff_t num_positions, Features y, Use use = Use::kStore) const;
  // y = x W + b at the first position of x and y.
  void ApplyAt(Features x, Features y) const;
  // One position, with contiguous features: y = x W + b, y += x W + b.
  void ApplyOne(const double* x, double* y) const;
  void AddOne(const double* x, double* y) const;
  // As ApplyOne, for the outputs that have weights; leaves the others as they are. For y that
  // ApplyOne has filled once: in a compiled model most outputs are constant.
  void ApplyVarying(const double* x, double* y) const;

  struct Entry {
    std::int32_t input;
    double weight;
  };

 private:
  // Ends the output whose entries are the last ones.
  void EndOutput(double bias);
  // Puts an output, whose entries and bias are known, on the lists of those that do something.
  void NoteOutput(std::int32_t output);
  // An output for inputs that are a stride apart; a template, as it is mostly 1.
  template <typename Stride>
  double SumAt(std::size_t output, const double* x, Stride stride) const;

  std::vector<Entry> entries_;
  std::vector<std::int64_t> starts_ = {0};  // [num_outputs + 1]
  std::vector<double> bias_;                // [num_outputs]
  std::vector<std::int32_t> varying_;       // the outputs that have weights
  std::vector<std::int32_t> added_;         // and those that have weights or a bias
};

// y = the sum of x times the entries' weights, at every position, in their order.
void ApplyEntries(const std::vector<SparseMap::Entry>& entries, Features x,
                  std::ptrdiff_t num_positions, double* y);

}  // namespace raspc
