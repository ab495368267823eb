#include "runtime/engine/kernels/kernel_bundle.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/engine/kernels/kernel_exp.h"

namespace raspc {
namespace {

template <typename T>
struct BundleArguments {
  const BundleHead<T>& head;
  T* scratch;
  T* mixed;
  std::ptrdiff_t mixed_stride;
};

template <typename T>
struct EmbedArguments {
  const PackedEmbedding<T>& embedding;
  const std::int32_t* ids;
  const T* position;
  T* out;
};

}  // namespace
}  // namespace raspc

#define RASPC_BODY "runtime/engine/kernels/kernel_bundle_body.h"
#include "base/for_each_instruction_set.h"

namespace raspc {

template <typename T>
void AttendBundle(const BundleHead<T>& head, T* scratch, T* mixed, std::ptrdiff_t mixed_stride) {
  RASPC_CALL(AttendInLanes<T>, (BundleArguments<T>{head, scratch, mixed, mixed_stride}));
}

template <typename T>
PackedEmbedding<T>::PackedEmbedding(const Matrix& tokens)
    : num_tokens_(static_cast<int>(tokens.rows())), d_model_(static_cast<int>(tokens.cols())) {
  for (Eigen::Index d = 0; d < tokens.cols(); ++d) {
    for (Eigen::Index t = 0; t < tokens.rows(); ++t) {
      directions_.push_back(static_cast<T>(tokens(t, d)));
    }
    varies_.push_back((tokens.col(d).array() != tokens(0, d)).any() ? 1 : 0);
  }
}

template <typename T>
void PackedEmbedding<T>::Apply(const std::int32_t* ids, const T* position, T* out) const {
  RASPC_CALL(EmbedInLanes<T>, (EmbedArguments<T>{*this, ids, position, out}));
}

template class PackedEmbedding<float>;
template class PackedEmbedding<double>;
template void AttendBundle<float>(const BundleHead<float>&, float*, float*, std::ptrdiff_t);
template void AttendBundle<double>(const BundleHead<double>&, double*, double*, std::ptrdiff_t);

}  // namespace raspc
