#include "base/large_stack.h"

#include <pthread.h>

#include <exception>

#include "base/stop.h"

namespace raspc {
namespace {

constexpr std::size_t kStackBytes = std::size_t{512} << 20;
// Reserved for what the work calls, such as the interpreter.
constexpr std::size_t kStackReserve = std::size_t{1} << 20;
// The assumed stack size if no such thread can be started.
constexpr std::size_t kSmallStackBytes = std::size_t{2} << 20;

struct Job {
  const std::function<void(std::size_t)>& work;
  const std::atomic<bool>& stop;
  std::exception_ptr thrown;
};

void* RunJob(void* argument) {
  Job& job = *static_cast<Job*>(argument);
  const StopScope scope(job.stop);
  try {
    job.work(kStackBytes - kStackReserve);
  } catch (...) {
    job.thrown = std::current_exception();
  }
  return nullptr;
}

// Whether the job ran.
bool RunOnThread(Job& job) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_t thread;
  const bool started = pthread_attr_setstacksize(&attributes, kStackBytes) == 0 &&
                       pthread_create(&thread, &attributes, RunJob, &job) == 0;
  pthread_attr_destroy(&attributes);
  if (started) pthread_join(thread, nullptr);
  return started;
}

}  // namespace

void RunOnLargeStack(const std::function<void(std::size_t stack_bytes)>& work) {
  Job job{work, *stop_flag, nullptr};
  if (!RunOnThread(job)) return work(kSmallStackBytes);
  if (job.thrown) std::rethrow_exception(job.thrown);
}

}  // namespace raspc
