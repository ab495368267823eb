// Requests to end work early: which work looks at which flag.
#include "base/stop.h"

#include <atomic>
#include <catch2/catch.hpp>

#include "base/large_stack.h"
#include "base/parallel.h"

namespace raspc {
namespace {

bool Throws() {
  try {
    ThrowIfStopped();
  } catch (const Stopped&) {
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("work in a scope looks at the scope's flag, and afterwards at the former one") {
  CHECK_FALSE(Throws());
  std::atomic<bool> outer = false, inner = true;
  {
    const StopScope scope(outer);
    {
      const StopScope nested(inner);
      CHECK(Throws());
    }
    CHECK_FALSE(Throws());
    outer = true;
    CHECK(Throws());
  }
  CHECK_FALSE(Throws());
}

TEST_CASE("threads that work starts look at its flag") {
  const std::atomic<bool> stop = true;
  std::atomic<int> num_stopped = 0;
  const std::function<void(int)> count = [&](int) { num_stopped += Throws() ? 1 : 0; };
  {
    const StopScope scope(stop);
    StartThreads(3, 0, count);  // waits for them
    bool on_large_stack = false;
    RunOnLargeStack([&](std::size_t) { on_large_stack = Throws(); });
    CHECK(on_large_stack);
  }
  CHECK(num_stopped == 3);
}

TEST_CASE("a loop ends between its tasks once that is requested, on one thread and on several") {
  for (const int num_threads : {1, 4}) {
    std::atomic<bool> stop = false;
    std::atomic<int> num_done = 0;
    const StopScope scope(stop);
    const auto loop = [&] {
      ParallelFor(1'000'000, num_threads, [&](std::int64_t, int) {
        if (++num_done == 10) stop = true;
      });
    };
    CHECK_THROWS_AS(loop(), Stopped);
    CHECK(num_done >= 10);
    CHECK(num_done < 1'000'000);
  }
}

}  // namespace raspc
