// The tasks by definition: the answer to an input, or nothing if the text is not an input.
//
// Inputs that the benchmark invents for lengths without real ones are not inputs here:
// an addition or multiplication of fewer than three tokens, a missing duplicate of fewer than two,
// an equation of fewer than three. Not in the benchmark are the empty input where a definition
// extends to it, numbers that are 0, and empty initial stacks and sequences of actions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace raspc {

using TaskAnswer = std::optional<std::string>;

// The parity of the number of neighbours that differ: whether the first and last bits differ.
TaskAnswer EvenPairsAnswer(std::string_view input);
// The value modulo 5 of d (o d)*, with o one of + - *, of which * binds tighter.
TaskAnswer SimpleArithmeticAnswer(std::string_view input);
// The number of ones, modulo 2.
TaskAnswer ParityCheckAnswer(std::string_view input);
// Where on a ring of 5 places a walk ends: 0 a step back, 1 none, 2 a step forward.
TaskAnswer CycleNavigationAnswer(std::string_view input);

// A stack of bits, bottom first, then actions: 2 pops (nothing, if the stack is empty), 3 pushes 0,
// 4 pushes 1. The final stack, top first, then 2, then zeros up to n+1 tokens.
TaskAnswer StackManipulationAnswer(std::string_view input);
TaskAnswer ReverseStringAnswer(std::string_view input);
// The value modulo 5 of an expression with brackets (expressions.h) and + - *.
TaskAnswer BracketArithmeticAnswer(std::string_view input);
// Of E=d, with E an expression of + and - with one x, the x that makes it true.
TaskAnswer SolveEquationAnswer(std::string_view input);

TaskAnswer DuplicateStringAnswer(std::string_view input);
// For ww with a bit replaced by 2, and a 3 appended if the length is odd: that bit.
TaskAnswer MissingDuplicateAnswer(std::string_view input);
// The bits at positions 1, 3, 5, ..., counted from 0, then those at 0, 2, 4, ...
TaskAnswer OddsFirstAnswer(std::string_view input);
// Of two numbers, lowest bit first, with 2 between them: their sum, lowest bit first and without
// leading zeros, then 2, then zeros up to n+1 tokens.
TaskAnswer BinaryAdditionAnswer(std::string_view input);
// Likewise their product, up to n tokens.
TaskAnswer BinaryMultiplicationAnswer(std::string_view input);
// The integer part of the square root of a number, both highest bit first; ceil(n/2) bits.
TaskAnswer ComputeSqrtAnswer(std::string_view input);
// Digits from 0 to 4, in ascending order.
TaskAnswer BucketSortAnswer(std::string_view input);

}  // namespace raspc
