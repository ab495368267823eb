// Products of a tile of tokens with a weight matrix; see kernels.h for the order of every sum.
//
// A matrix is held in one of two forms: as columns of nonzero entries, each of which takes one
// multiplication and a load of its index; or, where most entries are nonzero, in panels of kPanel
// columns, row by row, so that the inputs loaded for a row serve all columns of the panel and the
// sums of a panel are independent of each other.
#include <algorithm>
#include <cmath>

#include "runtime/engine/kernels/kernels.h"

namespace raspc {
namespace {

// What is done with the sum of a column.
enum class Destination { kStore, kStoreRelu, kAdd };

template <typename T>
struct ProductArguments {
  const PackedLinear<T>& matrix;
  const T* x;
  T* y;
  std::ptrdiff_t y_stride;
  Destination destination;
};

}  // namespace
}  // namespace raspc

#define RASPC_BODY "runtime/engine/kernels/kernel_product_body.h"
#include "base/for_each_instruction_set.h"

namespace raspc {

template <typename T>
PackedLinear<T>::PackedLinear(const Matrix& weights, const Vector& bias)
    : num_inputs_(static_cast<int>(weights.rows())) {
  columns_.resize(static_cast<std::size_t>(weights.cols()));
  for (Eigen::Index j = 0; j < weights.cols(); ++j) {
    Column& column = columns_[static_cast<std::size_t>(j)];
    column.output = static_cast<std::int32_t>(j);
    column.bias = static_cast<T>(bias(j));
    column.begin = static_cast<std::int64_t>(entries_.size());
    for (Eigen::Index i = 0; i < weights.rows(); ++i) {
      if (weights(i, j) == 0) continue;
      entries_.push_back({static_cast<std::int32_t>(i), static_cast<T>(weights(i, j))});
    }
    column.end = static_cast<std::int64_t>(entries_.size());
  }
  if (static_cast<double>(entries_.size()) > kPanelDensity * static_cast<double>(weights.size())) {
    FillPanels(weights);
  }
}

template <typename T>
PackedLinear<T>::PackedLinear(const Matrix& weights)
    : PackedLinear(weights, Vector::Zero(weights.cols())) {}

template <typename T>
void PackedLinear<T>::FillPanels(const Matrix& weights) {
  const Eigen::Index num_panels = (weights.cols() + kPanel - 1) / kPanel;
  panels_.assign(static_cast<std::size_t>(num_panels * weights.rows() * kPanel), T{0});
  for (Eigen::Index j = 0; j < weights.cols(); ++j) {
    T* panel = panels_.data() + j / kPanel * weights.rows() * kPanel + j % kPanel;
    for (Eigen::Index i = 0; i < weights.rows(); ++i) {
      panel[i * kPanel] = static_cast<T>(weights(i, j));
    }
  }
}

template <typename T>
void PackedLinear<T>::ApplyTile(const T* x, T* y, std::ptrdiff_t y_stride,
                                Activation activation) const {
  const Destination destination =
      activation == Activation::kRelu ? Destination::kStoreRelu : Destination::kStore;
  RASPC_CALL(Product<T>, (ProductArguments<T>{*this, x, y, y_stride, destination}));
}

template <typename T>
void PackedLinear<T>::AddTile(const T* x, T* y, std::ptrdiff_t y_stride) const {
  RASPC_CALL(Product<T>, (ProductArguments<T>{*this, x, y, y_stride, Destination::kAdd}));
}

template <typename T>
T PackedLinear<T>::SumAt(const Column& column, const T* x) const {
  T sum = column.bias;
  for (std::int64_t e = column.begin; e < column.end; ++e) {
    const Entry& entry = entries_[static_cast<std::size_t>(e)];
    sum += x[entry.input] * entry.weight;
  }
  return sum;
}

template <typename T>
void PackedLinear<T>::ApplyOne(const T* x, T* y, std::ptrdiff_t y_stride,
                               Activation activation) const {
  for (const Column& column : columns_) {
    T sum = SumAt(column, x);
    if (activation == Activation::kRelu) sum = sum < 0 ? T{0} : sum;
    y[column.output * y_stride] = sum;
  }
}

template <typename T>
void PackedLinear<T>::AddOne(const T* x, T* y) const {
  for (const Column& column : columns_) {
    if (column.begin == column.end && column.bias == 0) continue;
    y[column.output] += SumAt(column, x);
  }
}

template class PackedLinear<float>;
template class PackedLinear<double>;

}  // namespace raspc
