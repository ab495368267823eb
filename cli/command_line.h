// The arguments of one subcommand: declares the options, reads them, writes the help.
//
// CLI11 does the options; it stays behind this class. Positional arguments are set apart before it
// sees them, because they are data here and CLI11 would take `[a,b]` for a list. Behind `--` every
// argument is positional.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/paths.h"

namespace raspc {

class CommandLine {
 public:
  // `name` is the subcommand's, `usage` its positional arguments as the help shows them. Every
  // variable given to an option must outlive Parse.
  CommandLine(std::string name, const std::string& usage, const std::string& description,
              const std::string& example);
  ~CommandLine();

  void Flag(const std::string& names, bool& value, const std::string& help);
  void Text(const std::string& names, std::optional<std::string>& value, const std::string& what,
            const std::string& help);
  // May be given several times.
  void TextList(const std::string& names, std::vector<std::string>& values, const std::string& what,
                const std::string& help);
  // A file that the command reads or writes; `-` is standard input or output. Both are entered in
  // `paths`.
  void InputFile(const std::string& names, std::optional<std::string>& value,
                 const std::string& what, const std::string& help);
  void OutputFile(const std::string& names, std::optional<std::string>& value,
                  const std::string& what, const std::string& help);
  // A decimal integer from `min` to `max`.
  void Integer(const std::string& names, std::optional<std::int64_t>& value, std::int64_t min,
               std::int64_t max, const std::string& what, const std::string& help);

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
  struct Implementation;
  // Splits off the positional arguments; reports an unknown option.
  std::optional<int> Split(const std::vector<std::string>& args, std::vector<std::string>& options);
  int UnknownOption(const std::string& name) const;

  std::optional<int> EnterPaths();

  std::unique_ptr<Implementation> implementation_;
  CommandPaths paths_;
  std::string name_;
  std::vector<std::string> positionals_;
};

// The text as one word of a POSIX shell.
std::string ShellQuote(const std::string& text);

}  // namespace raspc
