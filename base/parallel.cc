// Threads are started for each loop rather than kept: a loop is only worth parallelising when it
// runs for much longer than the tens of microseconds that a thread takes to start, and a library
// without its own threads survives fork and exit.
#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>

#include "base/memory_reserve.h"
#include "base/stop.h"

namespace raspc {

int ThreadCount(int wanted) {
  if (wanted > 0) return wanted;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::vector<std::jthread> StartThreads(int count, int first_worker,
                                       const std::function<void(int worker)>& body) {
  std::vector<std::jthread> threads;
  try {
    threads.reserve(static_cast<std::size_t>(std::max(0, count)));
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([&body, &flag = *stop_flag, worker = first_worker + i] {
        const StopScope scope(flag);
        body(worker);
      });
    }
  } catch (const std::exception&) {
    // std::system_error or std::bad_alloc: continue with fewer threads.
  }
  return threads;
}

void ParallelFor(std::int64_t num_tasks, int num_threads,
                 const std::function<void(std::int64_t task, int worker)>& body) {
  const int num_workers =
      static_cast<int>(std::min<std::int64_t>(std::max(1, num_threads), num_tasks));
  if (num_workers <= 1) {
    for (std::int64_t task = 0; task < num_tasks; ++task) {
      ThrowIfStopped();
      body(task, 0);
    }
    return;
  }
  std::atomic<std::int64_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const std::function<void(int)> work = [&](int worker) {
    try {
      const MemoryReserve reserve;
      for (std::int64_t task = next++; task < num_tasks; task = next++) {
        ThrowIfStopped();
        body(task, worker);
      }
    } catch (...) {
      const std::lock_guard lock(failure_mutex);
      if (!failure) failure = std::current_exception();
      next = num_tasks;
    }
  };
  {
    const auto threads = StartThreads(num_workers - 1, 1, work);
    work(0);
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace raspc
