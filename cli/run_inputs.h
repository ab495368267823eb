// Runs a model on the inputs of a command and prints a record for each, in order.
#pragma once

#include <functional>
#include <string>

#include "cli/inputs.h"
#include "runtime/engine/run_model.h"
#include "runtime/model/model.h"

namespace raspc {

// The record of an input that ran, line break included. It may report errors to the item, and is
// then not printed.
using RecordWriter = std::function<std::string(InputItem& item, const ModelOutput& output)>;

// Gives the exit status. Inputs that fail are reported one by one; with `json` they have an error
// record too.
int RunInputs(const Model& model, const Engine& engine, InputReader& inputs, bool json,
              const RecordWriter& record);

}  // namespace raspc
