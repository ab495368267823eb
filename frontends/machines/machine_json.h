// Machines as JSON files.
//
//     {"type": "stack_machine", "alphabet": "()[]", "stack": "([", "states": ["nest", "balanced"],
//      "start": "nest", "accepting": ["balanced"],
//      "transitions": [{"from": "nest", "read": "(", "to": "nest", "push": "("},
//                      {"from": "nest", "read": "[", "to": "nest", "push": "["},
//                      {"from": "nest", "read": ")", "top": "(", "to": "nest", "pop": true},
//                      {"from": "nest", "read": "]", "top": "[", "to": "nest", "pop": true},
//                      {"from": "nest", "read": "$", "top": "bottom", "to": "balanced"}]}
//
// docs/languages.md lists the fields. `type` is "counter_machine", "stack_machine" or
// "turing_machine".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "frontends/machines/machine_table.h"

namespace raspc {

inline constexpr std::size_t kMaxFileTransitions = 200'000;

// Whether the text is a JSON object whose `type` is a machine's.
bool IsMachineFile(std::string_view json);

// Reads a machine that MakeTable accepts. Reports kFile, with `name` in the message: bad JSON,
// fields that are missing, repeated, unknown or of the wrong type, and the errors of MakeTable.
// `alphabet` replaces the file's; it may only add symbols.
std::optional<Machine> ReadMachine(std::string_view json, const std::string& name,
                                   const std::optional<Alphabet>& alphabet, Diagnostics& diag);

}  // namespace raspc
