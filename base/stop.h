// A request to end work early: what Ctrl-C asks for.
//
// Whoever wants to end work sets a flag, from a signal handler or another thread. Work that may
// take long looks at it between its steps and is abandoned by throwing Stopped. That is not a
// std::exception, so that nothing that reports failures of the work takes it for one: it ends where
// whoever made the request started the work. Without a request, looking costs one load.
//
// There is one flag for the whole process; a StopScope gives the work in it another, so that a
// program with raspc as a library can end one piece of work while others go on. Threads started by
// base/parallel.h and base/large_stack.h look at their starter's flag.
#pragma once

#include <atomic>

namespace raspc {

struct Stopped {};

// Set once, and never cleared.
inline constinit std::atomic<bool> stop_requested = false;

// The flag that this thread's work looks at.
inline constinit thread_local const std::atomic<bool>* stop_flag = &stop_requested;

inline bool IsStopped() { return stop_flag->load(std::memory_order_relaxed); }

inline void ThrowIfStopped() {
  if (IsStopped()) throw Stopped{};
}

// While it lives, its thread's work looks at `flag`, which must outlive it.
class StopScope {
 public:
  explicit StopScope(const std::atomic<bool>& flag) : before_(stop_flag) { stop_flag = &flag; }
  ~StopScope() { stop_flag = before_; }
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;

 private:
  const std::atomic<bool>* before_;
};

}  // namespace raspc
