// The arguments of one subcommand: declares the options, reads them, writes the help.
//
// After `--` every argument is positional; so is `-` anywhere. An option is given at most once,
// unless it is a list.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/paths.h"

namespace raspc {

class CommandLine {
 public:
  // `name` is the subcommand's, `usage` its positional arguments as the help shows them. Every
  // variable given to an option must outlive Parse.
  CommandLine(std::string name, std::string usage, std::string description, std::string example);
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // `names` are as in "-o,--output", the long one last.
  void Flag(const std::string& names, bool& value, std::string help);
  void Text(const std::string& names, std::optional<std::string>& value, std::string what,
            std::string help);
  // May be given several times.
  void TextList(const std::string& names, std::vector<std::string>& values, std::string what,
                std::string help);
  // A file that the command reads or writes; `-` is standard input or output. Both are entered in
  // `paths`.
  void InputFile(const std::string& names, std::optional<std::string>& value,
                 const std::string& what, const std::string& help);
  void OutputFile(const std::string& names, std::optional<std::string>& value,
                  const std::string& what, const std::string& help);
  // One of `choices`, which the help lists. An unknown one is called `what`, in lower case.
  void Choice(const std::string& names, std::optional<std::string>& value,
              std::vector<std::string> choices, const std::string& what, const std::string& help,
              const std::string& note = "");
  // A decimal integer from `min` to `max`. The help tells the range, and then `note`.
  void Integer(const std::string& names, std::optional<std::int64_t>& value, std::int64_t min,
               std::int64_t max, std::string what, const std::string& help,
               const std::string& note = "");
  // --json, with which failures are told on standard output too (ReportErrorsAsJson in output.h):
  // a flag, or a file that may be standard output.
  void JsonFlag(bool& value, std::string help);
  void JsonFile(std::optional<std::string>& value, std::string help);

  // Nothing if all is well; else the exit status, after printing the help or an error.
  std::optional<int> Parse(const std::vector<std::string>& args);
  // Enters a file that is read besides the options' own, before anything is written. Nothing, or
  // the exit status after an error: an output would replace it.
  std::optional<int> Reads(const std::string& path, const std::string& what);
  // The files that a program loaded.
  std::optional<int> ReadsLoaded(const std::vector<std::string>& paths);
  // `raspc: error: MESSAGE` and where the help is; gives the exit status 2.
  int Misused(const std::string& message) const;

  const std::vector<std::string>& positionals() const { return positionals_; }
  // The options given, quoted for a shell, but without those named in `leave_out`.
  std::string Rebuild(const std::vector<std::string>& leave_out) const;

 private:
  struct IntegerRange {
    std::optional<std::int64_t>* value;
    std::int64_t min, max;
  };
  struct File {
    std::optional<std::string>* path;
    FileUse use;
  };
  struct Choices {
    std::optional<std::string>* value;
    std::vector<std::string> names;
  };
  struct Option {
    std::vector<std::string> names;  // the long one last
    std::string what;                // the value in the help; empty for a flag
    std::string help;
    std::variant<bool*, std::optional<std::string>*, std::vector<std::string>*, File, IntegerRange,
                 Choices>
        target;
    std::vector<std::string> given;  // values in order; of a flag, ""

    bool IsFlag() const { return std::holds_alternative<bool*>(target); }
  };

  Option& Add(const std::string& names, std::string what, std::string help);
  Option* Find(std::string_view name);
  // Reads the option at args[at], with `at` on its last argument afterwards.
  std::optional<int> ReadOption(const std::vector<std::string>& args, std::size_t& at);
  // Takes the value that was given last.
  std::optional<int> Store(const Option& option, const std::string& name);
  int UnknownOption(const std::string& name) const;
  // Enters the options' files in `paths_`, and settles what standard output is for.
  std::optional<int> EnterPaths();
  bool WantsJson(const std::vector<std::string>& args) const;
  std::string Help() const;

  std::string name_, usage_, description_, example_;
  std::vector<Option> options_;
  bool help_ = false;
  CommandPaths paths_;
  std::vector<std::string> positionals_;
};

// The text as one word of a POSIX shell.
std::string ShellQuote(const std::string& text);

}  // namespace raspc
