// The program reads and writes unnamed files, so that nothing is left over and neither side waits
// for the other.
#include "cli/graphviz.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <thread>

extern char** environ;

namespace raspc {
namespace {

constexpr std::chrono::seconds kPatience{60};

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

std::nullopt_t FailToDraw(Diagnostics& diag, const std::string& message) {
  diag.Error(ErrorKind::kFile, {}, message);
  return std::nullopt;
}

// Starts `dot -Tsvg` on the files; returns the error number if that fails.
int Spawn(std::FILE* input, std::FILE* output, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(input), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(output), STDOUT_FILENO);
  char name[] = "dot", format[] = "-Tsvg";
  char* const arguments[] = {name, format, nullptr};
  const int error = posix_spawnp(&pid, name, &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// The exit status from waitpid; nothing after killing a process that takes too long.
std::optional<int> WaitFor(pid_t pid) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  int status = 0;
  for (;;) {
    const pid_t ended = waitpid(pid, &status, WNOHANG);
    if (ended == pid) return status;
    if ((ended < 0 && errno != EINTR) || std::chrono::steady_clock::now() > deadline) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  kill(pid, SIGKILL);
  waitpid(pid, &status, 0);
  return std::nullopt;
}

std::string ReadAll(std::FILE* file) {
  std::string text;
  char buffer[1 << 16];
  std::rewind(file);
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, file)) {
    text.append(buffer, got);
  }
  return text;
}

}  // namespace

std::optional<std::string> RenderSvg(const std::string& dot_text, Diagnostics& diag) {
  const File input(std::tmpfile(), std::fclose), output(std::tmpfile(), std::fclose);
  if (!input || !output) {
    return FailToDraw(diag,
                fmt::format("cannot write a temporary file for 'dot': {}", std::strerror(errno)));
  }
  const bool is_written =
      std::fwrite(dot_text.data(), 1, dot_text.size(), input.get()) == dot_text.size() &&
      std::fflush(input.get()) == 0;
  std::rewind(input.get());
  if (!is_written) {
    return FailToDraw(diag,
                fmt::format("cannot write a temporary file for 'dot': {}", std::strerror(errno)));
  }
  pid_t pid = 0;
  if (const int error = Spawn(input.get(), output.get(), pid)) {
    if (error == ENOENT) {
      return FailToDraw(diag,
                  "drawing requires Graphviz's 'dot', which was not found; install the package "
                  "graphviz, or use --dot");
    }
    return FailToDraw(diag, fmt::format("cannot run 'dot': {}", std::strerror(error)));
  }
  const std::optional<int> status = WaitFor(pid);
  if (!status) {
    return FailToDraw(diag, fmt::format("'dot' took more than {} seconds", kPatience.count()));
  }
  std::string svg = ReadAll(output.get());
  if (*status != 0 || svg.empty()) return FailToDraw(diag, "'dot' failed");
  return svg;
}

}  // namespace raspc
