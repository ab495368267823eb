// Random inputs of tasks: of one length, all inputs are equally likely.
//
// For most tasks the benchmark samples in the same way. It samples expressions by splitting their
// length evenly, numbers by splitting the length evenly and never 0, and stacks with a length from
// 1 to n-1 before the actions.
#pragma once

#include "lab/families/tasks/task.h"

namespace raspc {

// Strings of bits, of 0 1 2, and of 0 1 2 3 4. The hard ones repeat a short pattern, most of them
// with an error in it.
std::optional<TaskInputs> DrawBits(int max_length, const LanguageLimits& limits, Diagnostics& diag);
std::optional<TaskInputs> DrawSteps(int max_length, const LanguageLimits& limits,
                                    Diagnostics& diag);
std::optional<TaskInputs> DrawDigits(int max_length, const LanguageLimits& limits,
                                     Diagnostics& diag);
// Bits read as a number; the hard ones are next to a square.
std::optional<TaskInputs> DrawRadicands(int max_length, const LanguageLimits& limits,
                                        Diagnostics& diag);
// Digits 0 to 4 with + - * between them: odd lengths. The hard ones have one operator and no 0.
std::optional<TaskInputs> DrawSimpleArithmetic(int max_length, const LanguageLimits& limits,
                                               Diagnostics& diag);
// A stack and actions. There are 2^k 3^(n-k) inputs with k bits, so most have few; the hard ones
// have any number, and more or fewer pops.
std::optional<TaskInputs> DrawStackActions(int max_length, const LanguageLimits& limits,
                                           Diagnostics& diag);
// ww with a bit hidden: lengths from 2 on.
std::optional<TaskInputs> DrawMissingDuplicate(int max_length, const LanguageLimits& limits,
                                               Diagnostics& diag);
// Two numbers: lengths from 3 on. The hard ones are patterns, so that carries run far.
std::optional<TaskInputs> DrawTwoNumbers(int max_length, const LanguageLimits& limits,
                                         Diagnostics& diag);
// Expressions with brackets from length 1 on, equations from length 3 on; the hard ones are nested
// deeply. Report kLimit where the counts take more than max_steps.
std::optional<TaskInputs> DrawBracketArithmetic(int max_length, const LanguageLimits& limits,
                                                Diagnostics& diag);
std::optional<TaskInputs> DrawEquation(int max_length, const LanguageLimits& limits,
                                       Diagnostics& diag);

}  // namespace raspc
