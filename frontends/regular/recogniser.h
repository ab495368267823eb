// Recognisers of regular languages, as RASP programs.
#pragma once

#include <optional>
#include <string>

#include "automata/dfa.h"
#include "frontends/generated_program.h"

namespace raspc {

// The recogniser of a minimal automaton's language, `name` in the comments. Reports kValue for a
// mechanism that cannot recognise the language, with the reason; kLimit past max_rows or a limit.
// Equal arguments give equal source.
std::optional<GeneratedProgram> MakeRecogniser(const Dfa& minimal, const std::string& name,
                                         const GeneratedProgramOptions& options, Diagnostics& diag);

}  // namespace raspc
