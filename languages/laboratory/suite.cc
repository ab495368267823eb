// Threads take cells in order; the calling thread tells of progress.
#include "languages/laboratory/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>
#include <thread>

#include "languages/laboratory/suite_cell.h"
#include "languages/laboratory/suite_json.h"
#include "languages/laboratory/suite_report.h"

namespace raspc {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenProgress(200);

// A problem that is built by the first thread that needs it and given up by the last.
class SharedProblem {
 public:
  void Expect() { ++num_users_; }

  std::shared_ptr<const Problem> Take(const SuiteProblem& named, const LanguageLimits& limits) {
    const std::scoped_lock lock(mutex_);
    if (!problem_ && error_.empty()) Build(named, limits);
    std::shared_ptr<const Problem> taken = problem_;
    if (--num_users_ == 0) problem_.reset();
    return taken;
  }

 private:
  // A problem that cannot be built stands in the report with its error: as one by its name, of
  // which nothing is claimed and for which no program can be made.
  void Build(const SuiteProblem& named, const LanguageLimits& limits) {
    Diagnostics diag;
    std::optional<Problem> built = named.build(limits, diag);
    if (!built) {
      const Diagnostic first = FirstError(diag);
      error_ = first.message;
      built.emplace();
      built->name = named.name;
      built->definition = "cannot be built: " + error_;
      built->make_program = [kind = first.kind, error = error_](const RecogniserOptions&,
                                                                Diagnostics& of_program) {
        // Nothing that is wrong with the problem itself is a refusal by theory.
        of_program.Error(kind == ErrorKind::kValue ? ErrorKind::kInternal : kind, {}, error);
        return std::optional<Recogniser>();
      };
    }
    problem_ = std::make_shared<const Problem>(*std::move(built));
  }

  std::mutex mutex_;
  std::shared_ptr<const Problem> problem_;
  std::string error_;
  int num_users_ = 0;
};

// One piece of work: a problem's description, or a cell.
struct Job {
  std::size_t problem = 0;
  std::optional<Mechanism> mechanism;  // none: the description
};

class Runner {
 public:
  Runner(const SuiteRun& run, const std::atomic<bool>& stop)
      : run_(run), stop_(stop), shared_(run.problems.size()) {}

  Json Run() {
    Prepare();
    num_threads_ = run_.options.num_threads;
    if (num_threads_ <= 0) num_threads_ = static_cast<int>(std::thread::hardware_concurrency());
    num_threads_ = std::max(1, num_threads_);
    std::vector<std::thread> threads;
    for (int i = 0; i < num_threads_; ++i) threads.emplace_back([this] { Work(); });
    Watch();
    for (std::thread& thread : threads) thread.join();
    return Report();
  }

 private:
  // Takes over what was done before, and lists the rest.
  void Prepare() {
    records_ = RecordsBefore(run_.problems, run_.resumed);
    if (!run_.resumed.is_null()) seconds_before_ = run_.resumed["seconds"].get<double>();
    for (std::size_t i = 0; i < run_.problems.size(); ++i) {
      const auto expect = [&](std::optional<Mechanism> mechanism) {
        jobs_.push_back({i, mechanism});
        shared_[i].Expect();
      };
      if (!IsDescribed(records_[i])) expect(std::nullopt);
      for (const Mechanism mechanism : run_.options.by) {
        if (!IsDone(records_[i], mechanism)) expect(mechanism);
      }
    }
    num_jobs_ = jobs_.size();
  }

  void Work() {
    while (!stop_) {
      const std::size_t index = next_job_++;
      if (index >= jobs_.size()) break;
      Do(jobs_[index]);
    }
    const std::scoped_lock lock(mutex_);
    ++num_finished_threads_;
    changed_.notify_all();
  }

  void Do(const Job& job) {
    const std::string& name = run_.problems[job.problem].name;
    if (!job.mechanism) {
      Json description = DescribeOrExplain(job.problem);
      // A signal ends the program that draws, too.
      if (stop_) return;
      Store([&] { Describe(records_[job.problem], std::move(description)); }, name);
      return;
    }
    const std::string by(MechanismName(*job.mechanism));
    std::optional<Json> cell = RunOrExplain(job.problem, *job.mechanism);
    if (!cell) return;
    Store([&] { records_[job.problem][by] = *std::move(cell); }, fmt::format("{} by {}", name, by));
  }

  std::shared_ptr<const Problem> Take(std::size_t index) {
    return shared_[index].Take(run_.problems[index], run_.options.limits);
  }

  Json DescribeOrExplain(std::size_t index) {
    try {
      const auto problem = Take(index);
      Json description = DescribeProblem(*problem, run_.options, run_.draw);
      for (const Mechanism mechanism : kAllMechanisms) {
        description[std::string(MechanismName(mechanism))] =
            CellNotRun(*problem, mechanism, WhyNotRun(run_.options, mechanism));
      }
      return description;
    } catch (const std::exception& error) {
      return {{"definition", fmt::format("cannot be described: {}", error.what())}};
    }
  }

  // A program that takes more memory than there is lies beyond the limit; anything else that is
  // thrown is a fault.
  std::optional<Json> RunOrExplain(std::size_t index, Mechanism mechanism) {
    std::string message;
    Observed observed = Observed::kFailed;
    try {
      return RunCell(*Take(index), mechanism, run_.options, stop_);
    } catch (const std::bad_alloc&) {
      message = "out of memory";
      observed = Observed::kBeyondLimit;
    } catch (const std::exception& error) {
      message = fmt::format("internal error: {}", error.what());
    }
    Json cell = CellNotRun(Problem(), mechanism, message);
    cell["observed"] = ObservedName(observed);
    cell["match"] = observed != Observed::kFailed;
    return cell;
  }

  template <class F>
  void Store(const F& store, std::string what) {
    const std::scoped_lock lock(mutex_);
    store();
    ++num_done_;
    last_ = std::move(what);
    changed_.notify_all();
  }

  // Until all threads are at their end.
  void Watch() {
    Clock::time_point checkpoint = Clock::now();
    std::unique_lock lock(mutex_);
    const auto is_over = [this] { return num_finished_threads_ == num_threads_; };
    while (!changed_.wait_for(lock, kBetweenProgress, is_over)) {
      const SuiteProgress progress{static_cast<int>(num_done_), static_cast<int>(num_jobs_),
                                   Seconds(), last_};
      Json report;
      if (run_.on_checkpoint && Clock::now() - checkpoint > std::chrono::duration<double>(
                                                                run_.seconds_between_checkpoints)) {
        checkpoint = Clock::now();
        report = Report();
      }
      lock.unlock();
      if (run_.on_progress) run_.on_progress(progress);
      if (!report.is_null()) run_.on_checkpoint(report);
      lock.lock();
    }
  }

  double Seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  Json Report() const {
    return AssembleReport(run_.options, run_.version, records_, seconds_before_ + Seconds());
  }

  const SuiteRun& run_;
  const std::atomic<bool>& stop_;
  const Clock::time_point start_ = Clock::now();
  double seconds_before_ = 0;
  int num_threads_ = 1;
  std::vector<SharedProblem> shared_;
  std::vector<Job> jobs_;
  std::atomic<std::size_t> next_job_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Under the mutex.
  Json records_ = Json::array();
  std::size_t num_done_ = 0, num_jobs_ = 0;
  int num_finished_threads_ = 0;
  std::string last_;
};

}  // namespace

Json RunSuite(const SuiteRun& run, const std::atomic<bool>& stop) {
  return Runner(run, stop).Run();
}

}  // namespace raspc
