// Examples in documentation, run as the page says and compared with what it prints.
//
// A block "```rasp NAME" or "```json NAME" is a file of that name; in a block "```console" each line that starts with
// "$ " is run by the shell in a folder with the files so far, and the lines below it are its
// output, errors included.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/cli/run_command.h"

namespace raspc {

struct Example {
  int line = 0;  // of the command
  std::string command;
  std::string output;
};

struct Examples {
  std::vector<Example> commands;
  int num_files = 0;
};

// The commands of the text, after writing its files into the folder.
Examples ReadExamples(const std::string& text, const TempFolder& folder);

// What the command prints in the folder, where `raspc` is the command under test.
std::string RunExample(const Example& example, const TempFolder& folder);
// The page with what its commands print now; `renew_line` gives what stands in place of any line
// outside its sessions.
std::string RenewExamples(const std::string& page, const TempFolder& folder,
                          const std::function<std::string(const std::string& line)>& renew_line);
// Checks that the page is what its renewal is, line by line, but for times. Writes the renewal over
// the file instead if RASPC_UPDATE_README is set.
void CheckRenewed(const std::string& path, const std::string& page, const std::string& renewed);
// With `TIME` for how long a compilation took, which differs from run to run.
std::string WithoutTimes(const std::string& output);

}  // namespace raspc
