// Runs the built command as a user does, in a separate folder, for the end-to-end tests.
#pragma once

#include <string>
#include <vector>

namespace raspc {

// A folder that exists as long as this object.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string Path(const std::string& name) const { return path_ + "/" + name; }
  // Writes a file and returns its path.
  std::string Write(const std::string& name, const std::string& text) const;
  std::vector<std::string> Names() const;

 private:
  std::string path_;
};

struct CommandResult {
  int status = 0;  // the exit status, or 128 + the number of the signal that ended it
  std::string out, err;
  bool operator==(const CommandResult&) const = default;
};

// Runs `raspc ARGS...`. A run of more than two minutes is killed by SIGALRM.
CommandResult Raspc(const std::vector<std::string>& args, const std::string& input = "");
// Runs a script of the shell, in which $RASPC is the command and $1, $2, … the arguments.
CommandResult Shell(const std::string& script, const std::vector<std::string>& args = {});

std::string ReadWhole(const std::string& path);
// The path of one of the project's programs, and of a file among the test data.
std::string ProgramPath(const std::string& name);
bool Contains(const std::string& text, const std::string& part);
// In columns.
std::size_t LongestLine(const std::string& text);
// Whether a line ends with a space or a tab.
bool HasTrailingBlanks(const std::string& text);

}  // namespace raspc
