// Every path that a command reads and writes, in one place, so that nothing is lost: an output may
// replace neither an input of the same command nor another output.
//
// Options are entered as they are parsed, the rest by the command, before it writes anything. Files
// are compared, not names: links of both kinds and names that do not exist yet are followed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/files.h"

namespace raspc {

class CommandPaths {
 public:
  // What the command prints is an output as well, unless a file goes to standard output.
  CommandPaths();

  // Enters a file; `what` it is in messages, such as `the program` or `--inputs`. A sentence if
  // that and an earlier use of the same file exclude each other; nothing if all is well.
  std::optional<std::string> Reads(const std::string& path, const std::string& what);
  std::optional<std::string> Writes(const std::string& path, const std::string& what);

  // Whether a file goes to standard output.
  bool WritesToStandardOutput() const { return writes_to_standard_output_; }

 private:
  struct Use {
    FileUse kind;
    std::string path, what;
    FileIdentity identity;
  };
  std::optional<std::string> Enter(FileUse kind, const std::string& path, const std::string& what);
  static std::optional<std::string> ClashOf(const Use& a, const Use& b);

  Use printed_;
  std::vector<Use> uses_;
  bool writes_to_standard_output_ = false;
};

}  // namespace raspc
