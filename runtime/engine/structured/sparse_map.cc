// See sparse_map.h.
#include "runtime/engine/structured/sparse_map.h"

#include "runtime/engine/kernels/kernels.h"

namespace raspc {
namespace {

// One output at all positions.
struct OutputRowArguments {
  const SparseMap::Entry* first;
  const SparseMap::Entry* last;
  double bias;
  Features x;
  std::ptrdiff_t num_positions;
  double* y;
  SparseMap::Use use;
};
static_assert(kPositionLanes % kKeyLanes<double> == 0);

}  // namespace
}  // namespace raspc

#define RASPC_BODY "runtime/engine/structured/sparse_map_body.h"
#include "base/for_each_instruction_set.h"

namespace raspc {

void ApplyEntries(const std::vector<SparseMap::Entry>& entries, Features x,
                  std::ptrdiff_t num_positions, double* y) {
  const OutputRowArguments arguments = {
      entries.data(),        entries.data() + entries.size(), 0, x, num_positions, y,
      SparseMap::Use::kStore};
  RASPC_CALL(OutputRow, arguments);
}

SparseMap::SparseMap(const Matrix& weights, const Vector& bias) {
  for (Eigen::Index j = 0; j < weights.cols(); ++j) {
    for (Eigen::Index i = 0; i < weights.rows(); ++i) {
      if (weights(i, j) == 0) continue;
      entries_.push_back({static_cast<std::int32_t>(i), weights(i, j)});
    }
    EndOutput(bias.size() > 0 ? bias(j) : 0);
  }
}

void SparseMap::EndOutput(double bias) {
  const auto output = static_cast<std::int32_t>(bias_.size());
  const bool varies = starts_.back() != num_nonzeros();
  if (varies) varying_.push_back(output);
  if (varies || bias != 0) added_.push_back(output);
  bias_.push_back(bias);
  starts_.push_back(num_nonzeros());
}

void SparseMap::Append(const SparseMap& more) {
  for (std::size_t j = 0; j < more.bias_.size(); ++j) {
    entries_.insert(entries_.end(), more.entries_.begin() + more.starts_[j],
                    more.entries_.begin() + more.starts_[j + 1]);
    EndOutput(more.bias_[j]);
  }
}

void SparseMap::AppendZeros(int num_outputs) {
  for (int j = 0; j < num_outputs; ++j) EndOutput(0);
}

void SparseMap::Apply(Features x, std::ptrdiff_t num_positions, Features y, Use use) const {
  for (std::size_t j = 0; j < bias_.size(); ++j) {
    const bool is_zero = starts_[j] == starts_[j + 1] && bias_[j] == 0;
    if (is_zero && use == Use::kAdd) continue;
    const OutputRowArguments arguments = {entries_.data() + starts_[j],
                                          entries_.data() + starts_[j + 1],
                                          bias_[j],
                                          x,
                                          num_positions,
                                          y.Row(static_cast<int>(j)),
                                          use};
    RASPC_CALL(OutputRow, arguments);
  }
}

inline double SparseMap::SumAt(std::size_t output, const double* x, std::ptrdiff_t stride) const {
  double sum = bias_[output];
  for (std::int64_t e = starts_[output]; e < starts_[output + 1]; ++e) {
    const Entry& entry = entries_[static_cast<std::size_t>(e)];
    sum += x[entry.input * stride] * entry.weight;
  }
  return sum;
}

void SparseMap::ApplyAt(Features x, Features y) const {
  for (std::size_t j = 0; j < bias_.size(); ++j) {
    *y.Row(static_cast<int>(j)) = SumAt(j, x.data, x.stride);
  }
}

void SparseMap::ApplyOne(const double* x, double* y) const {
  for (std::size_t j = 0; j < bias_.size(); ++j) y[j] = SumAt(j, x, 1);
}

void SparseMap::AddOne(const double* x, double* y) const {
  for (const std::int32_t j : added_) y[j] += SumAt(static_cast<std::size_t>(j), x, 1);
}

void SparseMap::ApplyVarying(const double* x, double* y) const {
  for (const std::int32_t j : varying_) y[j] = SumAt(static_cast<std::size_t>(j), x, 1);
}

}  // namespace raspc
