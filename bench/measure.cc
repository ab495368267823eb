#include "bench/measure.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>
#include <nlohmann/json.hpp>
#include <vector>

namespace raspc {
namespace {

// Compiles and tells the parent on one line of JSON; runs in the child.
std::string Report(const Compilation& compile) {
  Diagnostics diag;
  const auto start = std::chrono::steady_clock::now();
  std::optional<Model> model;
  try {
    model = compile(diag);
  } catch (const std::exception& error) {
    return nlohmann::json{{"failure", error.what()}}.dump();
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (!model) {
    std::string failure = "no model";
    for (const Diagnostic& diagnostic : diag.all()) {
      if (diagnostic.severity == Severity::kError) failure = diagnostic.message;
    }
    return nlohmann::json{{"failure", failure}}.dump();
  }
  const ModelSizes sizes = SizesOf(*model);
  return nlohmann::json{
      {"seconds", seconds.count()}, {"dtype", NameOf(model->dtype)},  {"layers", sizes.layers},
      {"heads", sizes.heads},       {"head_dim", sizes.head_dim},     {"d_model", sizes.d_model},
      {"d_mlp", sizes.d_mlp},       {"parameters", sizes.parameters}, {"nonzeros", sizes.nonzeros}}
      .dump();
}

void WriteAll(int fd, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = write(fd, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // the parent sees that the report is cut short
    done += static_cast<std::size_t>(count);
  }
}

std::string ReadAll(int fd) {
  std::string text;
  char buffer[4096];
  while (true) {
    const ssize_t count = read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
  }
}

Measurement FromRun(const ChildRun& run) {
  Measurement measured;
  measured.peak_bytes = run.peak_bytes;
  measured.failure = run.failure;
  if (!measured.HasModel()) return measured;
  const auto json = nlohmann::json::parse(run.report, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    measured.failure = "ended without a report";
  } else if (json.contains("failure")) {
    measured.failure = json["failure"];
  }
  if (!measured.HasModel()) return measured;
  measured.seconds = json["seconds"];
  measured.dtype = DTypeNamed(json["dtype"].get<std::string>()).value_or(DType::kFloat32);
  measured.sizes.layers = json["layers"];
  measured.sizes.heads = json["heads"];
  measured.sizes.head_dim = json["head_dim"];
  measured.sizes.d_model = json["d_model"];
  measured.sizes.d_mlp = json["d_mlp"];
  measured.sizes.parameters = json["parameters"];
  measured.sizes.nonzeros = json["nonzeros"];
  return measured;
}

Measurement MeasureOnce(const Compilation& compile, int limit_seconds) {
  return FromRun(RunInChild([&] { return Report(compile); }, limit_seconds));
}

}  // namespace

ChildRun RunInChild(const std::function<std::string()>& work, int limit_seconds) {
  ChildRun run;
  int ends[2];
  if (pipe(ends) != 0) {
    run.failure = "cannot create a pipe";
    return run;
  }
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    alarm(static_cast<unsigned>(limit_seconds));
    WriteAll(ends[1], work());
    _exit(0);  // not exit: buffered output belongs to the parent
  }
  close(ends[1]);
  if (child > 0) run.report = ReadAll(ends[0]);
  close(ends[0]);
  if (child < 0) {
    run.failure = "cannot create a process";
    return run;
  }
  int status = 0;
  rusage usage{};
  while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  run.peak_bytes = 1024.0 * static_cast<double>(usage.ru_maxrss);  // Linux counts in KiB
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
    run.failure = fmt::format("not within {} s", limit_seconds);
  } else if (WIFSIGNALED(status)) {
    run.failure = fmt::format("ended by signal {}", WTERMSIG(status));
  } else if (run.report.empty()) {
    run.failure = "ended without a report";
  }
  return run;
}

Measurement MeasureCompilation(const Compilation& compile, int repeats, int limit_seconds) {
  Measurement measured = MeasureOnce(compile, limit_seconds);
  std::vector<double> seconds = {measured.seconds};
  for (int i = 1; i < repeats && measured.HasModel(); ++i) {
    const Measurement again = MeasureOnce(compile, limit_seconds);
    measured.failure = again.failure;
    measured.peak_bytes = std::max(measured.peak_bytes, again.peak_bytes);
    seconds.push_back(again.seconds);
  }
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  measured.seconds = *middle;
  return measured;
}

}  // namespace raspc
