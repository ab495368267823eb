// See sparse_map.h.
#include "runtime/engine/structured/sparse_map.h"

#include <numeric>
#include <type_traits>

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

// Rows are contiguous, so they are read one after another, twice: to count the entries of each
// output, and to put them in their places.
SparseMap::SparseMap(const Matrix& weights, const Vector& bias) {
  const auto num_outputs = static_cast<std::size_t>(weights.cols());
  std::vector<std::int64_t> next(num_outputs + 1);
  for (Eigen::Index i = 0; i < weights.rows(); ++i) {
    for (Eigen::Index j = 0; j < weights.cols(); ++j) {
      if (weights(i, j) != 0) ++next[static_cast<std::size_t>(j) + 1];
    }
  }
  std::partial_sum(next.begin(), next.end(), next.begin());
  starts_ = next;
  entries_.resize(static_cast<std::size_t>(next.back()));
  for (Eigen::Index i = 0; i < weights.rows(); ++i) {
    for (Eigen::Index j = 0; j < weights.cols(); ++j) {
      if (weights(i, j) == 0) continue;
      entries_[static_cast<std::size_t>(next[static_cast<std::size_t>(j)]++)] = {
          static_cast<std::int32_t>(i), weights(i, j)};
    }
  }
  for (std::size_t j = 0; j < num_outputs; ++j) {
    bias_.push_back(bias.size() > 0 ? bias(static_cast<Eigen::Index>(j)) : 0);
    NoteOutput(static_cast<std::int32_t>(j));
  }
}

void SparseMap::NoteOutput(std::int32_t output) {
  const auto j = static_cast<std::size_t>(output);
  const bool varies = starts_[j] != starts_[j + 1];
  if (varies) varying_.push_back(output);
  if (varies || bias_[j] != 0) added_.push_back(output);
}

void SparseMap::EndOutput(double bias) {
  bias_.push_back(bias);
  starts_.push_back(num_nonzeros());
  NoteOutput(num_outputs() - 1);
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

// A stride of 1, known to the compiler.
constexpr std::integral_constant<std::ptrdiff_t, 1> kContiguous;

template <typename Stride>
inline double SparseMap::SumAt(std::size_t output, const double* x, Stride stride) const {
  double sum = bias_[output];
  const Entry* entry = entries_.data() + starts_[output];
  const Entry* last = entries_.data() + starts_[output + 1];
  for (; last - entry >= 4; entry += 4) {
    sum += x[entry[0].input * stride] * entry[0].weight;
    sum += x[entry[1].input * stride] * entry[1].weight;
    sum += x[entry[2].input * stride] * entry[2].weight;
    sum += x[entry[3].input * stride] * entry[3].weight;
  }
  for (; entry < last; ++entry) sum += x[entry->input * stride] * entry->weight;
  return sum;
}

void SparseMap::ApplyAt(Features x, Features y) const {
  for (std::size_t j = 0; j < bias_.size(); ++j) {
    *y.Row(static_cast<int>(j)) = SumAt(j, x.data, x.stride);
  }
}

void SparseMap::ApplyOne(const double* x, double* y) const {
  for (std::size_t j = 0; j < bias_.size(); ++j) y[j] = SumAt(j, x, kContiguous);
}

void SparseMap::AddOne(const double* x, double* y) const {
  for (const std::int32_t j : added_) y[j] += SumAt(static_cast<std::size_t>(j), x, kContiguous);
}

void SparseMap::ApplyVarying(const double* x, double* y) const {
  for (const std::int32_t j : varying_) y[j] = SumAt(static_cast<std::size_t>(j), x, kContiguous);
}

}  // namespace raspc
