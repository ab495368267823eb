// Machines as chains of thought: a decoder that writes the steps of a run, one token each.
//
// A token records what a step did: the new state, and the changes of the counters, the stack or the
// tapes. So the written tokens are the only memory, and a step takes the same few layers whatever
// the machine: running sums of changes give counters, heights and heads; the content of a cell is
// found at the last token that wrote to it, whose rank among the writes to that cell is their
// number so far. The rest is one table of states and observations. (Merrill, Sabharwal 2024: t(n)
// steps decide whatever a Turing machine decides in time t(n); Perez, Barcelo, Marinkovic 2021.)
#pragma once

#include "frontends/machines/machine_table.h"
#include "frontends/generated_program.h"

namespace raspc {

// The maximum length of a sequence, including generated tokens, for a machine's program.
inline constexpr std::int64_t kMaxMachineTokens = 20'000;

// The program that runs the machine on inputs of up to options.max_length symbols; `name` in the
// comments. It ends with `accept` or `reject`, the stop tokens. A transducer's answer is written
// between the steps, each symbol after the step that wrote it, and is read at ResultAt::kWritten.
// Reports the errors of MakeTable; kLimit past options.max_rows or kMaxMachineTokens; kInput for
// symbols that no RASP literal can hold; kValue for a bound on steps that is not a polynomial.
// Requires mechanism kCot.
std::optional<GeneratedProgram> CounterMachineProgram(const CounterMachine& machine,
                                                const std::string& name,
                                                const GeneratedProgramOptions& options,
                                                Diagnostics& diag);
std::optional<GeneratedProgram> StackMachineProgram(const StackMachine& machine, const std::string& name,
                                              const GeneratedProgramOptions& options, Diagnostics& diag);
std::optional<GeneratedProgram> TuringMachineProgram(const TuringMachine& machine,
                                               const std::string& name,
                                               const GeneratedProgramOptions& options, Diagnostics& diag);
// The program of any machine.
std::optional<GeneratedProgram> MachineProgram(const Machine& machine, const std::string& name,
                                         const GeneratedProgramOptions& options, Diagnostics& diag);

}  // namespace raspc
