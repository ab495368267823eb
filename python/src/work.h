// Work that may take long: without the GIL, and so that Ctrl-C ends it.
#pragma once

#include <nanobind/nanobind.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>

namespace raspc::python {

// How far work has come; the work writes it, and whoever waits for it reads it.
struct Progress {
  std::atomic<std::int64_t> done = 0, total = 0;
};

// Runs `work` on a thread of its own while this one, without the GIL, waits for it and looks at
// signals a few times a second: a KeyboardInterrupt, or whatever a signal handler raises, ends the
// work (base/stop.h) and is thrown here. Meanwhile `on_progress(done, total)` is called, unless it
// is None. Rethrows what the work throws. Needs the GIL; `work` has it only if it takes it.
void RunWithoutGil(const std::function<void()>& work, const Progress* progress,
                   nanobind::handle on_progress);

// The result of the work.
template <class Work>
auto RunLong(const Work& work, const Progress* progress = nullptr,
             nanobind::handle on_progress = nanobind::none()) {
  std::optional<std::invoke_result_t<Work>> result;
  RunWithoutGil([&] { result.emplace(work()); }, progress, on_progress);
  return *std::move(result);
}

}  // namespace raspc::python
