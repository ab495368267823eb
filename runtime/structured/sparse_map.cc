// See sparse_map.h.
#include "runtime/structured/sparse_map.h"

#include <cstring>

#include "runtime/base/target_clones.h"

namespace raspc {
namespace {

typedef double Lanes __attribute__((vector_size(64)));
static_assert(kPositionLanes * sizeof(double) == 2 * sizeof(Lanes));

// One output at all positions; `add` says whether what is there stays.
RASPC_CLONES void OneOutput(const SparseMap::Entry* first, const SparseMap::Entry* last,
                            double bias, bool add, const double* x, std::ptrdiff_t stride,
                            std::ptrdiff_t num_positions, double* y) {
  for (std::ptrdiff_t p = 0; p < num_positions; p += kPositionLanes) {
    Lanes sum0 = bias - Lanes{}, sum1 = sum0;
    for (const SparseMap::Entry* entry = first; entry < last; ++entry) {
      Lanes x0, x1;
      std::memcpy(&x0, x + entry->input * stride + p, sizeof x0);
      std::memcpy(&x1, x + entry->input * stride + p + 8, sizeof x1);
      sum0 += x0 * entry->weight;
      sum1 += x1 * entry->weight;
    }
    if (add) {
      Lanes y0, y1;
      std::memcpy(&y0, y + p, sizeof y0);
      std::memcpy(&y1, y + p + 8, sizeof y1);
      sum0 = y0 + sum0;
      sum1 = y1 + sum1;
    }
    std::memcpy(y + p, &sum0, sizeof sum0);
    std::memcpy(y + p + 8, &sum1, sizeof sum1);
  }
}

}  // namespace

SparseMap::SparseMap(const Matrix& weights, const Vector& bias) {
  for (Eigen::Index j = 0; j < weights.cols(); ++j) {
    for (Eigen::Index i = 0; i < weights.rows(); ++i) {
      if (weights(i, j) == 0) continue;
      entries_.push_back({static_cast<std::int32_t>(i), weights(i, j)});
    }
    bias_.push_back(bias.size() > 0 ? bias(j) : 0);
    if (static_cast<std::int64_t>(entries_.size()) > starts_.back() || bias_.back() != 0) {
      used_.push_back(static_cast<int>(j));
    }
    starts_.push_back(static_cast<std::int64_t>(entries_.size()));
  }
}

void SparseMap::Apply(Features x, std::ptrdiff_t num_positions, Features y) const {
  for (int j = 0; j < num_outputs(); ++j) {
    const auto at = static_cast<std::size_t>(j);
    OneOutput(entries_.data() + starts_[at], entries_.data() + starts_[at + 1], bias_[at], false,
              x.data, x.stride, num_positions, y.Row(j));
  }
}

void SparseMap::Add(Features x, std::ptrdiff_t num_positions, Features y) const {
  for (const int j : used_) {
    const auto at = static_cast<std::size_t>(j);
    OneOutput(entries_.data() + starts_[at], entries_.data() + starts_[at + 1], bias_[at], true,
              x.data, x.stride, num_positions, y.Row(j));
  }
}

void SparseMap::ApplyOne(const double* x, double* y) const {
  for (std::size_t j = 0; j < bias_.size(); ++j) {
    double sum = bias_[j];
    for (std::int64_t e = starts_[j]; e < starts_[j + 1]; ++e) {
      const Entry& entry = entries_[static_cast<std::size_t>(e)];
      sum += x[entry.input] * entry.weight;
    }
    y[j] = sum;
  }
}

void SparseMap::AddOne(const double* x, double* y) const {
  for (const int j : used_) {
    const auto at = static_cast<std::size_t>(j);
    double sum = bias_[at];
    for (std::int64_t e = starts_[at]; e < starts_[at + 1]; ++e) {
      const Entry& entry = entries_[static_cast<std::size_t>(e)];
      sum += x[entry.input] * entry.weight;
    }
    y[j] += sum;
  }
}

}  // namespace raspc
