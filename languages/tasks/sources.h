// Random inputs of tasks: of one length, all inputs are equally likely.
//
// For most tasks that is how the benchmark draws them too. It draws expressions by splitting their
// length evenly, numbers by splitting the length evenly and never 0, and stacks with a length from
// 1 to n-1 before the actions.
#pragma once

#include "languages/tasks/task.h"

namespace raspc {

// Strings of bits, of 0 1 2, and of 0 1 2 3 4.
std::optional<DrawInput> DrawBits(int max_length, const LanguageLimits& limits, Diagnostics& diag);
std::optional<DrawInput> DrawSteps(int max_length, const LanguageLimits& limits, Diagnostics& diag);
std::optional<DrawInput> DrawDigits(int max_length, const LanguageLimits& limits,
                                    Diagnostics& diag);
// Digits 0 to 4 with + - * between them: odd lengths.
std::optional<DrawInput> DrawSimpleArithmetic(int max_length, const LanguageLimits& limits,
                                              Diagnostics& diag);
// A stack and actions. There are 2^k 3^(n-k) inputs with k bits, so most have few.
std::optional<DrawInput> DrawStackActions(int max_length, const LanguageLimits& limits,
                                          Diagnostics& diag);
// ww with a bit hidden: lengths from 2 on.
std::optional<DrawInput> DrawMissingDuplicate(int max_length, const LanguageLimits& limits,
                                              Diagnostics& diag);
// Two numbers: lengths from 3 on.
std::optional<DrawInput> DrawTwoNumbers(int max_length, const LanguageLimits& limits,
                                        Diagnostics& diag);
// Expressions with brackets from length 1 on, equations from length 3 on. Report kLimit where the
// counts take more than max_steps.
std::optional<DrawInput> DrawBracketArithmetic(int max_length, const LanguageLimits& limits,
                                               Diagnostics& diag);
std::optional<DrawInput> DrawEquation(int max_length, const LanguageLimits& limits,
                                      Diagnostics& diag);

}  // namespace raspc
