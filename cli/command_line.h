// The arguments of one subcommand: declares and parses the options, and writes the help.
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

  // `names` is like "-o,--output", the long one last.
  void Flag(const std::string& names, bool& value, std::string help);
  void Text(const std::string& names, std::optional<std::string>& value, std::string what,
            std::string help);
  // May be repeated.
  void TextList(const std::string& names, std::vector<std::string>& values, std::string what,
                std::string help);
  // A file that the command reads or writes; `-` is standard input or output. Both are entered in
  // `paths`.
  void InputFile(const std::string& names, std::optional<std::string>& value,
                 const std::string& what, const std::string& help);
  void OutputFile(const std::string& names, std::optional<std::string>& value,
                  const std::string& what, const std::string& help);
  // One of `choices`, which the help lists. Messages call an unknown one `what`, in lower case.
  void Choice(const std::string& names, std::optional<std::string>& value,
              std::vector<std::string> choices, const std::string& what, const std::string& help,
              const std::string& note = "");
  // A decimal integer from `min` to `max`. The help shows the range, and then `note`.
  void Integer(const std::string& names, std::optional<std::int64_t>& value, std::int64_t min,
               std::int64_t max, std::string what, const std::string& help,
               const std::string& note = "");
  // --json, with which failures are also reported on standard output (ReportErrorsAsJson in
  // output.h): a flag, or a file that may be standard output.
  void JsonFlag(bool& value, std::string help);
  void JsonFile(std::optional<std::string>& value, std::string help);

  // Nothing on success; else the exit status, after printing the help or an error.
  std::optional<int> Parse(const std::vector<std::string>& args);
  // Registers a file that is read in addition to the options' files, before anything is written.
  // Returns nothing, or the exit status after an error: an output would replace it.
  std::optional<int> Reads(const std::string& path, const std::string& what);
  // The files that a program loaded.
  std::optional<int> ReadsLoaded(const std::vector<std::string>& paths);
  // Prints `error: MESSAGE` and a reference to the help; returns the exit status 2.
  int Misused(const std::string& message) const;

  const std::vector<std::string>& positionals() const { return positionals_; }
  // The given options, quoted for a shell, except those named in `leave_out`.
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
    std::vector<std::string> given;  // values in order; "" for a flag

    bool IsFlag() const { return std::holds_alternative<bool*>(target); }
  };

  Option& Add(const std::string& names, std::string what, std::string help);
  Option* Find(std::string_view name);
  // Parses the option at args[at]; afterwards `at` is its last argument.
  std::optional<int> ReadOption(const std::vector<std::string>& args, std::size_t& at);
  // Applies the last given value.
  std::optional<int> Store(const Option& option, const std::string& name);
  int UnknownOption(const std::string& name) const;
  // Registers the options' files in `paths_`, and decides what standard output is used for.
  std::optional<int> EnterPaths();
  // Misused, but prints no record where that would end up in one of the command's files.
  int Clash(const std::string& message) const;
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
