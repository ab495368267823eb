#include "lab/families/tasks/generation.h"

#include <fmt/format.h>

#include <utility>

namespace raspc {

TaskProgram AsGeneration(TaskProgram program) {
  program.statements += fmt::format("next = {} if tokens == \"$\" else \".\";\n", program.output);
  program.output = "next";
  program.result_at = ResultAt::kGenerated;
  program.max_steps = 2;
  program.construction += ", the answer in one step";
  return program;
}

}  // namespace raspc
