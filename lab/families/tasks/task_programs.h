// The programs of the tasks, by mechanism; nothing where a mechanism has none.
//
// A direct program that needs no padding is also that of the mechanism `pad`, with 0 padding
// tokens, and of `log-depth`, with 0 rounds, where rounds would gain nothing.
#pragma once

#include "lab/families/tasks/task.h"

namespace raspc {

std::optional<TaskProgram> EvenPairsProgram(const RecogniserOptions& options, Diagnostics& diag);
std::optional<TaskProgram> SimpleArithmeticProgram(const RecogniserOptions& options,
                                                   Diagnostics& diag);
std::optional<TaskProgram> ParityCheckProgram(const RecogniserOptions& options, Diagnostics& diag);
std::optional<TaskProgram> CycleNavigationProgram(const RecogniserOptions& options,
                                                  Diagnostics& diag);

std::optional<TaskProgram> StackManipulationProgram(const RecogniserOptions& options,
                                                    Diagnostics& diag);
std::optional<TaskProgram> ReverseStringProgram(const RecogniserOptions& options,
                                                Diagnostics& diag);
std::optional<TaskProgram> BracketArithmeticProgram(const RecogniserOptions& options,
                                                    Diagnostics& diag);
std::optional<TaskProgram> SolveEquationProgram(const RecogniserOptions& options,
                                                Diagnostics& diag);

std::optional<TaskProgram> DuplicateStringProgram(const RecogniserOptions& options,
                                                  Diagnostics& diag);
std::optional<TaskProgram> MissingDuplicateProgram(const RecogniserOptions& options,
                                                   Diagnostics& diag);
std::optional<TaskProgram> OddsFirstProgram(const RecogniserOptions& options, Diagnostics& diag);
std::optional<TaskProgram> BinaryAdditionProgram(const RecogniserOptions& options,
                                                 Diagnostics& diag);
std::optional<TaskProgram> BinaryMultiplicationProgram(const RecogniserOptions& options,
                                                       Diagnostics& diag);
std::optional<TaskProgram> ComputeSqrtProgram(const RecogniserOptions& options, Diagnostics& diag);
std::optional<TaskProgram> BucketSortProgram(const RecogniserOptions& options, Diagnostics& diag);

}  // namespace raspc
