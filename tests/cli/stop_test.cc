// Ctrl-C ends a command at once, whatever it is doing, and leaves no file half-written.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/run_command.h"

namespace raspc {
namespace {

using Clock = std::chrono::steady_clock;

struct Ending {
  bool was_running = false;  // when the signal was sent
  int status = 0;            // the exit status, as a shell gives it
  double seconds = 0;        // from the signal to the end
};

// Runs the command, and sends it SIGINT after `wait`.
Ending Interrupt(std::vector<std::string> args, std::chrono::milliseconds wait) {
  args.insert(args.begin(), RASPC_COMMAND);
  std::vector<char*> argv;
  for (std::string& arg : args) argv.push_back(arg.data());
  argv.push_back(nullptr);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    alarm(120);
    signal(SIGINT, SIG_DFL);
    const int null = open("/dev/null", O_WRONLY);
    if (dup2(null, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0) _exit(126);
    execv(argv[0], argv.data());
    _exit(127);
  }
  std::this_thread::sleep_for(wait);
  Ending ending;
  int status = 0;
  ending.was_running = waitpid(child, &status, WNOHANG) == 0;
  const auto start = Clock::now();
  if (ending.was_running) {
    kill(child, SIGINT);
    waitpid(child, &status, 0);
  }
  ending.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  ending.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ending;
}

// Takes long to compile, and to evaluate on many tokens.
std::string LongProgram(const TempFolder& folder) {
  return folder.Write("long.rasp",
                      "#@ vocab: [1, 2, 3, 4]\n#@ max_length: 32\n"
                      "w = average(tokens_int);\n"
                      "m = aggregate(select(indices, indices, <=), tokens_int);\n"
                      "x = aggregate(select(m, w, <), m);\n");
}

TEST_CASE("Ctrl-C ends each command within half a second, and an output keeps its content") {
  const TempFolder folder;
  const std::string program = LongProgram(folder);
  const std::string output = folder.Write("model.safetensors", "what was there");
  const std::string counts = folder.Write("counts.rasp",
                                          "#@ vocab: \"ab\"\n#@ max_length: 400\n"
                                          "x = selector_width(select(tokens, tokens, ==));\n");
  const std::string model = folder.Path("counts.safetensors");
  REQUIRE(Raspc({"compile", counts, "-o", model}).status == 0);
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += '"' + std::string(400, 'a') + "\"\n";
  const std::string inputs = folder.Write("inputs.txt", many);
  const std::vector<std::vector<std::string>> commands = {
      {"compile", program, "-o", output},
      {"verify", program, "--random", "1000000"},
      {"eval", counts, "--inputs", inputs},
      {"run", model, "--inputs", inputs},
      {"lab", "suite", "--long", "--quiet", "--only", "dyck(3,2)", "--json",
       folder.Path("report.json")},
  };
  for (const auto& command : commands) {
    for (const int wait : {100, 500}) {
      const Ending ending = Interrupt(command, std::chrono::milliseconds(wait));
      INFO(command[0] << " after " << wait << " ms");
      REQUIRE(ending.was_running);
      CHECK(ending.status == 130);
      CHECK(ending.seconds < 0.5);
      CHECK(ReadWhole(output) == "what was there");
    }
  }
  for (const std::string& name : folder.Names()) {
    INFO(name);
    CHECK_FALSE(Contains(name, ".tmp"));
  }
}

}  // namespace
}  // namespace raspc
