// Examples in documentation, run as shown and compared with the shown output.
//
// A block "```rasp NAME" or "```json NAME" is a file of that name; in a block "```console" each
// line that starts with
// "$ " is run by the shell in a folder with the files so far, and the lines below it are its
// output, including errors.
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

// The commands of the text, after writing its files to the folder.
Examples ReadExamples(const std::string& text, const TempFolder& folder);

// The output of the command in the folder, where `raspc` is the command under test.
std::string RunExample(const Example& example, const TempFolder& folder);
// The page with the current output of its commands; `renew_line` replaces each line outside its
// sessions.
std::string RenewExamples(const std::string& page, const TempFolder& folder,
                          const std::function<std::string(const std::string& line)>& renew_line);
// Checks that the page equals its renewal, line by line, except for times. Overwrites the file with
// the renewal instead if RASPC_UPDATE_README is set.
void CheckRenewed(const std::string& path, const std::string& page, const std::string& renewed);
// With `TIME` in place of the compile time, which differs between runs.
std::string WithoutTimes(const std::string& output);

}  // namespace raspc
