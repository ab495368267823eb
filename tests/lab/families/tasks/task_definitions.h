// The tasks again, by other means than lab/families/tasks: by rules on text, on integers of 128
// bits, by trying every answer, or by listing every input.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace raspc {

struct TaskDefinition {
  std::string name;
  std::optional<std::string> (*answer)(const std::string& input);
};

// All fifteen. Numbers may have up to 63 bits.
const std::vector<TaskDefinition>& TaskDefinitions();

// Every bracketed expression of one length with its value modulo 5, made from the shorter ones.
const std::map<std::string, int>& ExpressionsOf(int length, const std::string& operators);

// Every equation of one length, with one digit of an expression replaced by x.
std::vector<std::string> EquationsOf(int length);

}  // namespace raspc
