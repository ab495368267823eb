// Loops whose iterations are divided among threads.
#pragma once

#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace raspc {

// `wanted`, or if that is 0 as many threads as the machine runs at once; at least 1.
int ThreadCount(int wanted);

// Threads that each call body(worker), with a worker from `first_worker` on: `count` of them, or
// fewer, even none, if the system has no more threads or no memory for them. `body` must outlive
// them and must not throw. Destroying them waits for them to finish.
std::vector<std::jthread> StartThreads(int count, int first_worker,
                                       const std::function<void(int worker)>& body);

// Calls body(task, worker) once for each task in [0, num_tasks), on up to `num_threads` threads,
// the calling one included; worker < num_threads identifies the thread. Tasks are taken in order.
// If a body throws, no further tasks are started and the first exception is rethrown here. Throws
// Stopped between tasks once that is requested (base/stop.h).
void ParallelFor(std::int64_t num_tasks, int num_threads,
                 const std::function<void(std::int64_t task, int worker)>& body);

}  // namespace raspc
