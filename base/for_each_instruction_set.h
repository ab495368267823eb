// Includes RASPC_BODY once for each instruction set, compiled for that set and in its own
// namespace: raspc::baseline, raspc::avx2, raspc::avx512. Its declarations, templates included, may
// use vectors.h and everything included before.
//
// The body is included repeatedly, instead of being cloned by an attribute, so that each set gets
// vectors of its own width: the compiler splits vectors that are too wide for a function's
// instruction set before it inlines the function into one that has wider ones.
#include <cstring>

#include "base/instruction_set.h"

#define RASPC_INLINE inline __attribute__((always_inline))

#define RASPC_VECTOR_BYTES 16
namespace raspc::baseline {
#include "base/vectors.h"
#include RASPC_BODY
}  // namespace raspc::baseline
#undef RASPC_VECTOR_BYTES

#if RASPC_HAS_X86_SETS

#pragma GCC push_options
#pragma GCC target("avx2")
#define RASPC_VECTOR_BYTES 32
namespace raspc::avx2 {
#include "base/vectors.h"
#include RASPC_BODY
}  // namespace raspc::avx2
#undef RASPC_VECTOR_BYTES
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl")
#define RASPC_VECTOR_BYTES 64
namespace raspc::avx512 {
#include "base/vectors.h"
#include RASPC_BODY
}  // namespace raspc::avx512
#undef RASPC_VECTOR_BYTES
#pragma GCC pop_options

#else

namespace raspc {
namespace avx2 = baseline;
namespace avx512 = baseline;
}  // namespace raspc

#endif

// Calls the version of KERNEL(ARGUMENT) for the active instruction set.
#define RASPC_CALL(KERNEL, ARGUMENT)                                                               \
  do {                                                                                             \
    using Function = decltype(&baseline::KERNEL);                                                  \
    static constexpr Function kFunctions[kNumInstructionSets] = {&baseline::KERNEL, &avx2::KERNEL, \
                                                                 &avx512::KERNEL};                 \
    kFunctions[static_cast<int>(ActiveInstructionSet())](ARGUMENT);                                \
  } while (false)
