// Attention in two passes over the keys, with every sum in the order that kernels.h documents.
//
// The first pass computes the scores of up to kMaxQueries queries at once, so that a vector of keys
// is loaded once for all of them, and the largest score of each. In a hard maximum, which is what
// compiled models have, every weight exp(score - max) is 1 or underflows to 0. So the second pass
// assumes this, adds up weights and values, and counts the scores for which it does not hold. Only
// if there are any is the pass repeated with exp.
#include <algorithm>
#include <limits>

#include "runtime/engine/kernels/kernel_exp.h"
#include "runtime/engine/kernels/kernels.h"

namespace raspc {
namespace {

template <typename T>
struct AttendArguments {
  const Queries<T>& queries;
  const KeysAndValues<T>& head;
  Attention<T>& out;
};

}  // namespace
}  // namespace raspc

#define RASPC_BODY "runtime/engine/kernels/kernel_attend_body.h"
#include "base/for_each_instruction_set.h"

namespace raspc {

template <typename T>
void Attend(const Queries<T>& queries, const KeysAndValues<T>& head, Attention<T>& out) {
  RASPC_CALL(AttendQueries<T>, (AttendArguments<T>{queries, head, out}));
}

template <typename T>
T Attend(const T* query, const KeysAndValues<T>& head, const T* bias, int num_visible, T* weights,
         T* out, std::ptrdiff_t out_stride, bool keep_weights) {
  const Queries<T> queries = {query, 1, 1, {num_visible}, {bias}};
  Attention<T> attention = {.mixed = out,
                            .stride = out_stride,
                            .weights = weights,
                            .weights_stride = 0,
                            .keep_weights = keep_weights};
  Attend(queries, head, attention);
  return attention.sums[0];
}

template void Attend<float>(const Queries<float>&, const KeysAndValues<float>&, Attention<float>&);
template void Attend<double>(const Queries<double>&, const KeysAndValues<double>&,
                             Attention<double>&);
template float Attend<float>(const float*, const KeysAndValues<float>&, const float*, int, float*,
                             float*, std::ptrdiff_t, bool);
template double Attend<double>(const double*, const KeysAndValues<double>&, const double*, int,
                               double*, double*, std::ptrdiff_t, bool);

}  // namespace raspc
