// The subcommands, one file each. Each takes the arguments after its name and returns the exit
// status: 0 success, 1 a comparison failed, 2 an error in the program, the input or the command
// line.
#pragma once

#include <string>
#include <vector>

namespace raspc {

int EvalCommand(const std::vector<std::string>& args);
int CompileCommand(const std::vector<std::string>& args);
int RunCommand(const std::vector<std::string>& args);
int VerifyCommand(const std::vector<std::string>& args);
int InspectCommand(const std::vector<std::string>& args);
int LabCommand(const std::vector<std::string>& args);

inline constexpr int kSuccess = 0;
inline constexpr int kDifference = 1;
inline constexpr int kFault = 2;

}  // namespace raspc
