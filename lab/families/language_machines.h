// Machines that decide the languages of this folder, for chains of thought.
#pragma once

#include <string>
#include <vector>

#include "frontends/machines/counter_machine.h"
#include "frontends/machines/stack_machine.h"
#include "frontends/machines/turing_machine.h"
#include "lab/families/problem_parts.h"

namespace raspc {

// Blocks of the letters in order, all of equal length: a counter for each two neighbours. Real
// time.
CounterMachine BlocksMachine(const Alphabet& letters);

// The sum of the symbols' steps, each -1, 0 or 1, as one counter; the sign that is accepted at the
// end. Real time.
CounterMachine SumMachine(const Alphabet& letters, const std::vector<int>& steps,
                          CounterTest accepts);

// Words of symbols with operands, in prefix notation; at most 3 operands. The counter is half of
// the number still wanted, the state the remainder, so that three operands take one step. Real
// time.
CounterMachine PrefixMachine(const Alphabet& letters, const std::vector<int>& operands);

// Opening brackets at even numbers of the alphabet. Real time; a stack, or a counter for each kind.
StackMachine DyckMachine(const Alphabet& brackets);
CounterMachine ShuffleDyckMachine(const Alphabet& brackets);

// Dyck-1 prefixes since the last reset; `letters` are ( ) r. 2n+1 steps, since a counter is not
// reset in one step.
CounterMachine ResetMachine(const Alphabet& letters);

// A power of two of the one letter, by halving: at most 4n+4 steps.
CounterMachine PowerMachine(const Alphabet& letters);

// Two tapes. Palindromes copy the word, go back on one tape, and compare: 3n+3 steps. Copies find
// the middle, copy the second half, and compare it with the first: at most 3n+4 steps.
TuringMachine PalindromeMachine(const Alphabet& letters, bool is_even);
TuringMachine CopyMachine(const Alphabet& letters);

// The value of a Boolean formula over 0 1 ~ & | ( ), evaluated while it is read. Real time.
StackMachine FormulaMachine(const Alphabet& symbols);

// Sets the program and the theory of the chain of thought.
void SetCot(const CounterMachine& machine, ProblemParts& parts);
void SetCot(const StackMachine& machine, ProblemParts& parts);
void SetCot(const TuringMachine& machine, ProblemParts& parts);

}  // namespace raspc
