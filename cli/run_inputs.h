// Opens the model and the inputs of a command, runs the model on the inputs and prints a record for
// each, in order.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "cli/command_line.h"
#include "cli/inputs.h"
#include "runtime/run/run_model.h"
#include "runtime/model/model.h"

namespace raspc {

// The starting point of a command on `MODEL [INPUT...]`.
struct ModelToRun {
  Model model;
  std::optional<EngineKind> engine;  // nothing: the fastest for the batch at hand
};
std::unique_ptr<Engine> MakeEngine(const ModelToRun& opened);
// Reads the model that the command line names first and opens the inputs after it; `engine_name` is
// the value of AddEngineOption's option. On failure, reports why and returns the exit status. Call
// after parsing.
std::variant<ModelToRun, int> OpenModel(CommandLine& line, InputReader& inputs,
                                        const std::optional<std::string>& engine_name);

// The record of an input that ran, including the line break. It may report errors to the item, and
// is then not printed.
using RecordWriter = std::function<std::string(InputItem& item, const ModelOutput& output)>;

// Returns the exit status. Inputs that fail are reported one by one.
int RunInputs(const Model& model, const Engine& engine, InputReader& inputs,
              const RecordWriter& record);

}  // namespace raspc
