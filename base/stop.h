// A request to end work early, for the whole process: what Ctrl-C asks for.
//
// Whoever wants to end work sets the flag, from a signal handler or another thread. Work that may
// take long looks at it between its steps and is abandoned by throwing Stopped. That is not a
// std::exception, so that nothing that reports failures of the work takes it for one: it ends where
// whoever made the request started the work. Without a request, looking costs one load.
#pragma once

#include <atomic>

namespace raspc {

struct Stopped {};

// Set once, and never cleared.
inline constinit std::atomic<bool> stop_requested = false;

inline void ThrowIfStopped() {
  if (stop_requested.load(std::memory_order_relaxed)) throw Stopped{};
}

}  // namespace raspc
