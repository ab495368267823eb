// The programs of the tasks, by mechanism; nothing for a mechanism without one.
//
// A direct program that needs no padding is also that of the mechanism `pad`, with 0 padding
// tokens, and of `log-depth`, with 0 rounds, if rounds would gain nothing.
#pragma once

#include "lab/families/tasks/task.h"

namespace raspc {

std::optional<GeneratedProgram> EvenPairsProgram(const GeneratedProgramOptions& options,
                                                 Diagnostics& diag);
std::optional<GeneratedProgram> SimpleArithmeticProgram(const GeneratedProgramOptions& options,
                                                        Diagnostics& diag);
std::optional<GeneratedProgram> ParityCheckProgram(const GeneratedProgramOptions& options,
                                                   Diagnostics& diag);
std::optional<GeneratedProgram> CycleNavigationProgram(const GeneratedProgramOptions& options,
                                                       Diagnostics& diag);

std::optional<GeneratedProgram> StackManipulationProgram(const GeneratedProgramOptions& options,
                                                         Diagnostics& diag);
std::optional<GeneratedProgram> ReverseStringProgram(const GeneratedProgramOptions& options,
                                                     Diagnostics& diag);
std::optional<GeneratedProgram> BracketArithmeticProgram(const GeneratedProgramOptions& options,
                                                         Diagnostics& diag);
std::optional<GeneratedProgram> SolveEquationProgram(const GeneratedProgramOptions& options,
                                                     Diagnostics& diag);

std::optional<GeneratedProgram> DuplicateStringProgram(const GeneratedProgramOptions& options,
                                                       Diagnostics& diag);
std::optional<GeneratedProgram> MissingDuplicateProgram(const GeneratedProgramOptions& options,
                                                        Diagnostics& diag);
std::optional<GeneratedProgram> OddsFirstProgram(const GeneratedProgramOptions& options,
                                                 Diagnostics& diag);
std::optional<GeneratedProgram> BinaryAdditionProgram(const GeneratedProgramOptions& options,
                                                      Diagnostics& diag);
std::optional<GeneratedProgram> BinaryMultiplicationProgram(const GeneratedProgramOptions& options,
                                                            Diagnostics& diag);
std::optional<GeneratedProgram> ComputeSqrtProgram(const GeneratedProgramOptions& options,
                                                   Diagnostics& diag);
std::optional<GeneratedProgram> BucketSortProgram(const GeneratedProgramOptions& options,
                                                  Diagnostics& diag);

}  // namespace raspc
