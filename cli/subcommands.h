// Selects a subcommand by name, for both `raspc` and `raspc lab`.
#pragma once

#include <string>
#include <vector>

namespace raspc {

struct Subcommand {
  std::string name;
  int (*run)(const std::vector<std::string>& args);
  std::string usage;  // its arguments
  std::string summary;
  bool has_subcommands = false;
};

// A command that has subcommands.
struct CommandGroup {
  std::string name;   // "raspc lab"
  std::string about;  // the help's first paragraph
  std::vector<Subcommand> subcommands;
  std::string notes;  // the rest of the help
};

// Runs the subcommand that the arguments name first, or prints help: `help`, `help NAME...`.
// Returns the exit status.
int RunSubcommand(const CommandGroup& group, const std::vector<std::string>& args);

}  // namespace raspc
