// The verdict of a model that recognises a language.
#pragma once

#include <optional>
#include <string>

#include "runtime/run/run_model.h"
#include "runtime/model/model.h"

namespace raspc {

// Why the model is not a recogniser, as text; empty if it is one. A recogniser's output is
// a bool, or it generates and has two stop tokens: the first accepts, the second rejects.
std::string CheckRecogniser(const Model& model);

// Whether the word is accepted: the bool at the last position, or which stop token was generated
// last. Nothing if generation ended without a stop token. Requires an output without an error.
std::optional<bool> VerdictOf(const Model& model, const ModelOutput& output);

}  // namespace raspc
