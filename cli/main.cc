// The raspc command: picks the subcommand and turns whatever goes wrong into an exit status.
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
#include "runtime/base/diagnostics.h"
#include "runtime/base/memory_reserve.h"

namespace raspc {
namespace {

struct Subcommand {
  std::string name;
  int (*run)(const std::vector<std::string>& args);
  std::string usage;
  std::string summary;
};

const std::vector<Subcommand>& Subcommands() {
  static const std::vector<Subcommand> all = {
      {"eval", EvalCommand, "PROGRAM [INPUT...]", "interpret a program"},
      {"compile", CompileCommand, "PROGRAM -o MODEL", "turn a program into transformer weights"},
      {"run", RunCommand, "MODEL [INPUT...]", "run the weights"},
      {"verify", VerifyCommand, "PROGRAM [INPUT...]",
       "compile, run, and compare with the interpreter"},
      {"inspect", InspectCommand, "PROGRAM|MODEL", "show stages, sizes and labels"},
      {"lab", LabCommand, "SUBCOMMAND", "formal languages: classify, recognise, run the suite"},
  };
  return all;
}

std::string Help() {
  std::string text =
      "raspc turns a RASP program into the weights of a transformer that computes exactly what "
      "the\n"
      "program says.\n\nUsage:\n";
  for (const Subcommand& subcommand : Subcommands()) {
    text += fmt::format("  {:<34} {}\n", "raspc " + subcommand.name + " " + subcommand.usage,
                        subcommand.summary);
  }
  return text +
         "\nraspc SUBCOMMAND --help says more, raspc --version the version.\n"
         "An INPUT is text, one token per character; --tokens and --inputs take other tokens.\n\n"
         "Example:\n"
         "  raspc compile programs/sort.rasp -o sort.safetensors\n"
         "  raspc run sort.safetensors headache\n";
}

int Dispatch(const std::vector<std::string>& args) {
  if (args.empty()) return Fail("which subcommand?\n\n" + Help());
  if (args[0] == "--help" || args[0] == "-h" || args[0] == "help") {
    Print(Help());
    return FinishOutput(kSuccess);
  }
  if (args[0] == "--version") {
    Print(fmt::format("raspc {}\n", RASPC_VERSION));
    return FinishOutput(kSuccess);
  }
  std::vector<std::string> names;
  for (const Subcommand& subcommand : Subcommands()) {
    if (subcommand.name == args[0]) return subcommand.run({args.begin() + 1, args.end()});
    names.push_back(subcommand.name);
  }
  const std::string closest = ClosestName(args[0], names);
  return Fail(fmt::format("there is no subcommand '{}'{}\nraspc --help lists them", args[0],
                          closest.empty() ? "" : fmt::format("; did you mean '{}'?", closest)));
}

// A write that fails is to be an error code, not a signal. And where one of the standard streams is
// closed, no file that we open may take its number: the model would get our messages.
void PrepareProcess() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    // A closed standard output stays unwritable, so that results do not vanish in silence.
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
    return raspc::Fail("out of memory; a smaller input, vocabulary or maximum length needs less");
  } catch (const std::exception& error) {
    return raspc::Fail(fmt::format("internal error: {}", error.what()));
  }
}
