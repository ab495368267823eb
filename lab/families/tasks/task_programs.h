// The programs of the tasks, by mechanism; nothing for a mechanism without one.
//
// A direct program that needs no padding is also that of the mechanism `pad`, with 0 padding
// tokens, and of `log-depth`, with 0 rounds, if rounds would gain nothing.
#pragma once

#include "lab/families/tasks/task.h"

namespace raspc {

std::optional<TaskProgram> EvenPairsProgram(const GeneratedProgramOptions& options, Diagnostics& diag);
std::optional<TaskProgram> SimpleArithmeticProgram(const GeneratedProgramOptions& options,
                                                   Diagnostics& diag);
std::optional<TaskProgram> ParityCheckProgram(const GeneratedProgramOptions& options, Diagnostics& diag);
std::optional<TaskProgram> CycleNavigationProgram(const GeneratedProgramOptions& options,
                                                  Diagnostics& diag);

std::optional<TaskProgram> StackManipulationProgram(const GeneratedProgramOptions& options,
                                                    Diagnostics& diag);
std::optional<TaskProgram> ReverseStringProgram(const GeneratedProgramOptions& options,
                                                Diagnostics& diag);
std::optional<TaskProgram> BracketArithmeticProgram(const GeneratedProgramOptions& options,
                                                    Diagnostics& diag);
std::optional<TaskProgram> SolveEquationProgram(const GeneratedProgramOptions& options,
                                                Diagnostics& diag);

std::optional<TaskProgram> DuplicateStringProgram(const GeneratedProgramOptions& options,
                                                  Diagnostics& diag);
std::optional<TaskProgram> MissingDuplicateProgram(const GeneratedProgramOptions& options,
                                                   Diagnostics& diag);
std::optional<TaskProgram> OddsFirstProgram(const GeneratedProgramOptions& options, Diagnostics& diag);
std::optional<TaskProgram> BinaryAdditionProgram(const GeneratedProgramOptions& options,
                                                 Diagnostics& diag);
std::optional<TaskProgram> BinaryMultiplicationProgram(const GeneratedProgramOptions& options,
                                                       Diagnostics& diag);
std::optional<TaskProgram> ComputeSqrtProgram(const GeneratedProgramOptions& options, Diagnostics& diag);
std::optional<TaskProgram> BucketSortProgram(const GeneratedProgramOptions& options, Diagnostics& diag);

}  // namespace raspc
