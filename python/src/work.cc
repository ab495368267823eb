// Only Python's main thread handles signals, so the work, not the waiting, is on another thread.
#include "python/src/work.h"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "include/raspc/raspc.h"

namespace raspc::python {
namespace {

namespace nb = nanobind;

constexpr std::chrono::milliseconds kBetweenLooks(50);

// The work and what is known of it, shared by both threads.
class Job {
 public:
  explicit Job(const std::function<void()>& work) : work_(work) {}

  void Run() noexcept {
    try {
      const StopScope scope(stop_);
      const MemoryReserve reserve;
      work_();
    } catch (...) {
      thrown_ = std::current_exception();
    }
    const std::scoped_lock lock(mutex_);
    is_done_ = true;
    changed_.notify_all();
  }

  bool WaitAWhile() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kBetweenLooks, [this] { return is_done_; });
  }

  void Stop() { stop_ = true; }
  void RethrowFailure() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  const std::function<void()>& work_;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_done_ = false;
  std::exception_ptr thrown_;  // read once the work is done
};

void Tell(const Progress& progress, nb::handle on_progress) {
  on_progress(progress.done.load(), progress.total.load());
}

// Handles signals and tells the progress; the exception that ends the work, if there is one.
std::unique_ptr<nb::python_error> Look(const Progress* progress, nb::handle on_progress) {
  const nb::gil_scoped_acquire acquire;
  if (PyErr_CheckSignals() != 0) return std::make_unique<nb::python_error>();
  try {
    if (progress != nullptr && !on_progress.is_none()) Tell(*progress, on_progress);
  } catch (nb::python_error& error) {
    return std::make_unique<nb::python_error>(std::move(error));
  }
  return nullptr;
}

}  // namespace

void RunWithoutGil(const std::function<void()>& work, const Progress* progress,
                   nb::handle on_progress) {
  Job job(work);
  std::unique_ptr<nb::python_error> interrupt;
  {
    const nb::gil_scoped_release release;
    std::jthread thread;
    try {
      thread = std::jthread([&job] { job.Run(); });
    } catch (const std::system_error&) {
      job.Run();  // no more threads: here, without a chance to end it
    }
    while (!job.WaitAWhile()) {
      if (interrupt == nullptr) interrupt = Look(progress, on_progress);
      if (interrupt != nullptr) job.Stop();
    }
  }
  if (interrupt != nullptr) throw nb::python_error(std::move(*interrupt));
  job.RethrowFailure();
  if (progress != nullptr && !on_progress.is_none()) Tell(*progress, on_progress);
}

}  // namespace raspc::python
