// All paths that a command reads and writes, so that nothing is lost: an output may replace neither
// an input of the same command nor another output.
//
// Options are registered as they are parsed, the rest by the command, before it writes anything.
// Files are compared, not names: both kinds of links are followed, as are names that do not exist
// yet.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/files.h"

namespace raspc {

class CommandPaths {
 public:
  // Printed text is also an output, unless a file is written to standard output.
  CommandPaths();

  // Registers a file; messages call it `what`, such as `the program` or `--inputs`. Returns an
  // error if this conflicts with an earlier use of the same file; else nothing.
  std::optional<std::string> Reads(const std::string& path, const std::string& what);
  std::optional<std::string> Writes(const std::string& path, const std::string& what);

  // Whether a file is written to standard output.
  bool WritesToStandardOutput() const { return writes_to_standard_output_; }
  // Whether what is printed would end up in a file of the command: then nothing may be.
  bool MustNotPrint() const { return must_not_print_; }

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
  bool must_not_print_ = false;
};

}  // namespace raspc
