// Threads take cells in order; the calling thread reports progress.
//
// A job that runs out of memory leaves only a note of that, which needs no memory. It is tried
// again at the end, when no other job uses memory.
#include "lab/suite/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

#include "base/memory_reserve.h"
#include "base/parallel.h"
#include "base/stop.h"
#include "lab/suite/first_error.h"
#include "lab/suite/suite_cell.h"

namespace raspc {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenProgress(200);
constexpr std::string_view kMessageOutOfMemory = "not tried: out of memory";

// A problem that is built by the first thread that needs it and released by the last.
class SharedProblem {
 public:
  void Expect() { ++num_users_; }

  std::shared_ptr<const Problem> Take(const SuiteProblem& named, const LanguageLimits& limits) {
    const std::scoped_lock lock(mutex_);
    --num_users_;
    if (!problem_) Build(named, limits);
    return num_users_ > 0 ? problem_ : std::exchange(problem_, nullptr);
  }

 private:
  // A problem that cannot be built appears in the report with its error, by name, with no claims
  // and no program.
  void Build(const SuiteProblem& named, const LanguageLimits& limits) {
    Diagnostics diag;
    std::optional<Problem> built = named.build(limits, diag);
    if (!built) {
      Diagnostic first = FirstError(diag);
      first.message = "the problem cannot be built: " + first.message;
      // An error in the problem itself is not a refusal by theory.
      if (first.kind == ErrorKind::kValue) first.kind = ErrorKind::kInput;
      built.emplace();
      built->name = named.name;
      built->definition = first.message;
      built->make_program = [first](const GeneratedProgramOptions&, Diagnostics& of_program) {
        of_program.Add(first);
        return std::optional<GeneratedProgram>();
      };
      built->make_sampler = [first](int, const LanguageLimits&, Diagnostics& of_source) {
        of_source.Add(first);
        return std::unique_ptr<WordSampler>();
      };
    }
    problem_ = std::make_shared<const Problem>(*std::move(built));
  }

  std::mutex mutex_;
  std::shared_ptr<const Problem> problem_;
  int num_users_ = 0;
};

// One job: a problem's description, or a cell.
struct Job {
  std::size_t problem = 0;
  std::optional<Mechanism> mechanism;  // none: the description
};

enum class JobState : char { kOpen, kOutOfMemory, kDone };

class Runner {
 public:
  Runner(const SuiteRun& run, const std::atomic<bool>& stop)
      : run_(run), stop_(stop), shared_(run.problems.size()) {}

  SuiteResult Run() {
    Prepare();
    const std::function<void(int)> work = [this](int) { Work(); };
    {
      const auto threads = StartThreads(ThreadCount(run_.options.num_threads), 0, work);
      num_threads_ = static_cast<int>(threads.size());
      try {
        Watch();
      } catch (...) {
        is_given_up_ = true;  // before joining the threads
        throw;
      }
    }
    // Jobs that no thread has taken or had memory for.
    for (std::size_t job = 0; job < jobs_.size() && !stop_; ++job) {
      if (states_[job] == JobState::kDone) continue;
      if (states_[job] == JobState::kOutOfMemory) shared_[jobs_[job].problem].Expect();
      Do(job);
      TellProgress();
    }
    for (std::size_t job = 0; job < jobs_.size(); ++job) {
      if (states_[job] == JobState::kOutOfMemory) ExplainOutOfMemory(jobs_[job]);
    }
    return Current();
  }

 private:
  // Adopts what was done before, and lists the rest.
  void Prepare() {
    result_ = ResultBefore(run_);
    seconds_before_ = result_.seconds;
    for (std::size_t i = 0; i < run_.problems.size(); ++i) {
      const auto expect = [&](std::optional<Mechanism> mechanism) {
        jobs_.push_back({i, mechanism});
        shared_[i].Expect();
      };
      const ProblemResult& problem = result_.problems[i];
      if (!problem.IsDescribed()) expect(std::nullopt);
      for (const Mechanism mechanism : run_.options.by) {
        if (!problem.By(mechanism).IsDone()) expect(mechanism);
      }
    }
    states_.assign(jobs_.size(), JobState::kOpen);
  }

  void Work() {
    while (!stop_ && !is_given_up_) {
      const std::size_t job = next_job_++;
      if (job >= jobs_.size()) break;
      Do(job);
    }
    const std::scoped_lock lock(mutex_);
    ++num_finished_threads_;
    changed_.notify_all();
  }

  // Leaves its state unchanged if the run is stopped meanwhile, or the work in it.
  void Do(std::size_t job) {
    try {
      const MemoryReserve reserve;
      if (TryToDo(jobs_[job])) states_[job] = JobState::kDone;
    } catch (const std::bad_alloc&) {
      states_[job] = JobState::kOutOfMemory;
    } catch (const Stopped&) {
      // It stays open.
    }
  }

  // Whether it was done; not once the run is stopped.
  bool TryToDo(const Job& job) {
    const std::string& name = run_.problems[job.problem].name;
    if (!job.mechanism) {
      ProblemResult description = DescribeOrExplain(job.problem);
      // A signal also ends the drawing program.
      if (stop_) return false;
      Store([&] { Describe(result_.problems[job.problem], std::move(description)); }, name);
      return true;
    }
    std::optional<CellResult> cell = RunOrExplain(job.problem, *job.mechanism);
    if (!cell) return false;
    Store([&] { result_.problems[job.problem].By(*job.mechanism) = *std::move(cell); },
          fmt::format("{} by {}", name, MechanismName(*job.mechanism)));
    return true;
  }

  // A problem that could not be described stays undescribed.
  void ExplainOutOfMemory(const Job& job) {
    if (!job.mechanism) return;
    result_.problems[job.problem].By(*job.mechanism).message = kMessageOutOfMemory;
  }

  std::shared_ptr<const Problem> Take(std::size_t index) {
    return shared_[index].Take(run_.problems[index], run_.options.limits);
  }

  ProblemResult DescribeOrExplain(std::size_t index) {
    try {
      return DescribeProblem(*Take(index), run_.options, run_.draw);
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& error) {
      ProblemResult problem = UndescribedProblem(run_.problems[index].name);
      problem.definition = fmt::format("cannot be described: {}", error.what());
      return problem;
    }
  }

  // Any exception except lack of memory is a bug.
  std::optional<CellResult> RunOrExplain(std::size_t index, Mechanism mechanism) {
    try {
      return RunCell(*Take(index), mechanism, run_.options, stop_);
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& error) {
      CellResult cell =
          CellNotRun(MechanismTheory(), fmt::format("internal error: {}", error.what()));
      cell.observed = Observed::kFailed;
      cell.match = false;
      return cell;
    }
  }

  template <class F>
  void Store(const F& store, std::string what) {
    const std::scoped_lock lock(mutex_);
    store();
    ++num_done_;
    last_ = std::move(what);
  }

  // Until all threads have ended.
  void Watch() {
    std::unique_lock lock(mutex_);
    const auto is_over = [this] { return num_finished_threads_ == num_threads_; };
    while (!changed_.wait_for(lock, kBetweenProgress, is_over)) {
      lock.unlock();
      TellProgress();
      lock.lock();
    }
  }

  // And periodically with the current result, if there is memory.
  void TellProgress() {
    try {
      TryToTellProgress();
    } catch (const std::bad_alloc&) {
      // The final result has what is missing.
    }
  }

  void TryToTellProgress() {
    SuiteProgress progress;
    std::optional<SuiteResult> result;
    {
      const std::scoped_lock lock(mutex_);
      progress = {static_cast<int>(num_done_), static_cast<int>(jobs_.size()), Seconds(), last_};
      const std::chrono::duration<double> between(run_.seconds_between_checkpoints);
      if (run_.on_checkpoint && Clock::now() - checkpoint_ > between) {
        checkpoint_ = Clock::now();
        result = Current();
      }
    }
    if (run_.on_progress) run_.on_progress(progress);
    if (result) run_.on_checkpoint(*result);
  }

  double Seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  SuiteResult Current() const {
    const MemoryReserve reserve;
    SuiteResult result = result_;
    result.seconds = seconds_before_ + Seconds();
    return result;
  }

  const SuiteRun& run_;
  const std::atomic<bool>& stop_;
  const Clock::time_point start_ = Clock::now();
  double seconds_before_ = 0;
  int num_threads_ = 0;
  Clock::time_point checkpoint_ = start_;
  std::vector<SharedProblem> shared_;
  std::vector<Job> jobs_;
  std::vector<JobState> states_;  // by job, each written by the thread that runs it
  std::atomic<std::size_t> next_job_ = 0;
  std::atomic<bool> is_given_up_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Under the mutex.
  SuiteResult result_;
  std::size_t num_done_ = 0;
  int num_finished_threads_ = 0;
  std::string last_;
};

}  // namespace

SuiteResult ResultBefore(const SuiteRun& run) {
  SuiteResult result{run.version, run.options, 0, {}};
  if (run.resumed) {
    result.seconds = run.resumed->seconds;
    result.problems = run.resumed->problems;
    return result;
  }
  for (const SuiteProblem& problem : run.problems) {
    result.problems.push_back(UndescribedProblem(problem.name));
  }
  return result;
}

SuiteResult RunSuite(const SuiteRun& run, const std::atomic<bool>& stop) {
  return Runner(run, stop).Run();
}

}  // namespace raspc
