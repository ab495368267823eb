// Which vector instructions the kernels use: by default the best that the machine has.
//
// The choice affects only the speed of an engine: results are the same to the last bit.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

// Which of them are compiled: all, if the compiler can target a better machine for single
// functions.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define RASPC_HAS_X86_SETS 1
#else
#define RASPC_HAS_X86_SETS 0
#endif

namespace raspc {

// kBaseline is what every machine of the architecture has (x86-64: SSE2). The others exist only on
// x86-64; kAvx512 means its F, BW, DQ and VL parts together.
enum class InstructionSet { kBaseline, kAvx2, kAvx512 };
inline constexpr int kNumInstructionSets = 3;

std::string_view NameOf(InstructionSet set);  // "baseline", "avx2", "avx512"
std::optional<InstructionSet> InstructionSetNamed(std::string_view name);

// The sets that this machine can run, the best last.
std::vector<InstructionSet> AvailableInstructionSets();

// The set that the kernels use now.
InstructionSet ActiveInstructionSet();
// For tests and benchmarks. Requires that the machine can run it, and that no engine is running.
void SetInstructionSet(InstructionSet set);

}  // namespace raspc
