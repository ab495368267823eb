// Which vector instructions the kernels use: the best that the machine has, unless told otherwise.
//
// The choice changes how fast an engine is and nothing else: results are the same to the last bit.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

// Which of them are compiled: all where the compiler can compile one function for a better machine
// than the rest.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define RASPC_HAS_X86_SETS 1
#else
#define RASPC_HAS_X86_SETS 0
#endif

namespace raspc {

// kBaseline is what every machine of the architecture has (x86-64: SSE2). The others are x86-64's
// alone; kAvx512 stands for its F, BW, DQ and VL parts together.
enum class InstructionSet { kBaseline, kAvx2, kAvx512 };
inline constexpr int kNumInstructionSets = 3;

std::string_view NameOf(InstructionSet set);  // "baseline", "avx2", "avx512"
std::optional<InstructionSet> InstructionSetNamed(std::string_view name);

// Those that this machine can run, the best last.
std::vector<InstructionSet> AvailableInstructionSets();

// What the kernels use now.
InstructionSet ActiveInstructionSet();
// For tests and benchmarks. Requires that the machine can run it, and that no engine is running.
void SetInstructionSet(InstructionSet set);

}  // namespace raspc
