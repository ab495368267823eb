// The raspc command: selects the subcommand and turns any failure into an exit status.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/subcommands.h"
#include "base/memory_reserve.h"

namespace raspc {
namespace {

CommandGroup Commands() {
  return {
      "raspc",
      "Compiles RASP programs into transformer weights that compute exactly what the program "
      "says.\n",
      {{"eval", EvalCommand, "PROGRAM [INPUT...]", "interpret a program"},
       {"compile", CompileCommand, "PROGRAM -o MODEL", "compile a program to transformer weights"},
       {"run", RunCommand, "MODEL [INPUT...]", "run the weights"},
       {"verify", VerifyCommand, "PROGRAM [INPUT...]",
        "compile, run, and compare with the interpreter"},
       {"inspect", InspectCommand, "PROGRAM|MODEL", "show stages, sizes and labels"},
       {"lab", LabCommand, "SUBCOMMAND", "formal languages: classify, recognise, run the suite",
        /*has_subcommands=*/true}},
      "'raspc help SUBCOMMAND' describes a subcommand; 'raspc --version' prints the version.\n"
      "An INPUT is text, one token per character; other tokens: --tokens, --inputs.\n"
      "A file named - is standard input or output; messages then go to standard error.\n\n"
      "Example:\n"
      "  raspc compile programs/sort.rasp -o sort.safetensors\n"
      "  raspc run sort.safetensors headache\n"};
}

int Dispatch(const std::vector<std::string>& args) {
  if (!args.empty() && args[0] == "--version") {
    if (args.size() > 1) return Fail("--version takes no arguments", "see 'raspc --help'");
    Print(fmt::format("raspc {}\n", RASPC_VERSION));
    return FinishOutput(kSuccess);
  }
  return RunSubcommand(Commands(), args);
}

// A failed write must be an error code, not a signal. And if one of the standard streams is closed,
// no file that we open may take its descriptor: messages would be written into the model.
void PrepareProcess() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    // A closed standard output stays unwritable, so that results are not silently lost.
    if (open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR) != fd) return;
  }
}

}  // namespace
}  // namespace raspc

int main(int argc, char** argv) {
  raspc::PrepareProcess();
  raspc::UseMemoryReserves();
  try {
    const raspc::MemoryReserve reserve;
    return raspc::Dispatch({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const std::bad_alloc&) {
    return raspc::Fail("out of memory; try a smaller input, vocabulary or maximum length");
  } catch (const std::exception& error) {
    return raspc::Fail(fmt::format("internal error: {}", error.what()));
  }
}
