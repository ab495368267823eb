// See head_state.h.
#include "runtime/engine/structured/any_head.h"

namespace raspc {

std::unique_ptr<HeadState> MakeHeadState(const HeadPlan& plan, std::int64_t context_length) {
  switch (plan.kind) {
    case HeadPlan::Kind::kTokenClasses:
      return MakeTokenClassHead(plan);
    case HeadPlan::Kind::kOffsets:
      return MakeOffsetHead(plan);
    case HeadPlan::Kind::kPositionChain:
      return MakePositionChainHead(plan);
    case HeadPlan::Kind::kSearch:
    case HeadPlan::Kind::kDense:
      return MakeSearchHead(plan, context_length);
  }
  return nullptr;
}

}  // namespace raspc
