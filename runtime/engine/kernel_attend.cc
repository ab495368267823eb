// Attention in two passes over the keys, with the order of every sum that kernels.h documents.
//
// The first pass computes the scores of up to kMaxQueries queries at once, so that a vector of keys
// is loaded once for all of them, and the largest score of each. In a hard maximum, which is what
// compiled models have, every weight exp(score - max) is 1 or underflows to 0. So the second pass
// takes the weights to be that, adds up weights and values, and counts on the way the scores for
// which it is not so. Only if there are any is the pass done again with exp.
#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/engine/kernels.h"

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

#define RASPC_BODY "runtime/engine/kernel_attend_body.h"
#include "runtime/engine/for_each_instruction_set.h"

namespace raspc {

template <typename T>
void Attend(const Queries<T>& queries, const KeysAndValues<T>& head, Attention<T>& out) {
  RASPC_CALL(AttendQueries<T>, (AttendArguments<T>{queries, head, out}));
}

template void Attend<float>(const Queries<float>&, const KeysAndValues<float>&, Attention<float>&);
template void Attend<double>(const Queries<double>&, const KeysAndValues<double>&,
                             Attention<double>&);

}  // namespace raspc
