// A loop whose iterations are shared out among threads.
#pragma once

#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace raspc {

// `wanted`, or when that is 0 as many threads as the machine runs at once; at least 1.
int ThreadCount(int wanted);

// Threads that each call body(worker), with a worker from `first_worker` on: `count` of them, or
// fewer, or none, where the system has no more threads to give or no memory for them. `body` must
// outlive them and throws nothing. Destroying them waits for their end.
std::vector<std::jthread> StartThreads(int count, int first_worker,
                                       const std::function<void(int worker)>& body);

// Calls body(task, worker) once for each task in [0, num_tasks), on up to `num_threads` threads,
// the calling one included; worker < num_threads tells the threads apart. Tasks are taken in order.
// If a body throws, no further tasks are begun and the first exception is thrown from here.
void ParallelFor(std::int64_t num_tasks, int num_threads,
                 const std::function<void(std::int64_t task, int worker)>& body);

}  // namespace raspc
