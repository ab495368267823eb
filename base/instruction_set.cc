#include "base/instruction_set.h"

#include <atomic>
#include <cassert>

namespace raspc {
namespace {

bool CanRun(InstructionSet set) {
  switch (set) {
    case InstructionSet::kBaseline:
      return true;
#if RASPC_HAS_X86_SETS
    case InstructionSet::kAvx2:
      return __builtin_cpu_supports("avx2");
    case InstructionSet::kAvx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
    case InstructionSet::kAvx2:
    case InstructionSet::kAvx512:
      return false;
#endif
  }
  return false;
}

std::atomic<InstructionSet>& Active() {
  static std::atomic<InstructionSet> active{AvailableInstructionSets().back()};
  return active;
}

constexpr InstructionSet kAll[kNumInstructionSets] = {
    InstructionSet::kBaseline, InstructionSet::kAvx2, InstructionSet::kAvx512};

}  // namespace

std::string_view NameOf(InstructionSet set) {
  switch (set) {
    case InstructionSet::kBaseline:
      return "baseline";
    case InstructionSet::kAvx2:
      return "avx2";
    case InstructionSet::kAvx512:
      return "avx512";
  }
  return "?";
}

std::optional<InstructionSet> InstructionSetNamed(std::string_view name) {
  for (const InstructionSet set : kAll) {
    if (NameOf(set) == name) return set;
  }
  return std::nullopt;
}

std::vector<InstructionSet> AvailableInstructionSets() {
  std::vector<InstructionSet> sets;
  for (const InstructionSet set : kAll) {
    if (CanRun(set)) sets.push_back(set);
  }
  return sets;
}

InstructionSet ActiveInstructionSet() { return Active().load(std::memory_order_relaxed); }

void SetInstructionSet(InstructionSet set) {
  assert(CanRun(set));
  Active().store(set, std::memory_order_relaxed);
}

}  // namespace raspc
