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
    bias_.push_back(bias.size() > 0 ? bias(j) : 0);
    starts_.push_back(static_cast<std::int64_t>(entries_.size()));
  }
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

double SparseMap::SumAt(std::size_t output, const double* x) const {
  double sum = bias_[output];
  for (std::int64_t e = starts_[output]; e < starts_[output + 1]; ++e) {
    const Entry& entry = entries_[static_cast<std::size_t>(e)];
    sum += x[entry.input] * entry.weight;
  }
  return sum;
}

void SparseMap::ApplyOne(const double* x, double* y) const {
  for (std::size_t j = 0; j < bias_.size(); ++j) y[j] = SumAt(j, x);
}

void SparseMap::AddOne(const double* x, double* y) const {
  for (std::size_t j = 0; j < bias_.size(); ++j) {
    if (starts_[j] == starts_[j + 1] && bias_[j] == 0) continue;
    y[j] += SumAt(j, x);
  }
}

}  // namespace raspc
