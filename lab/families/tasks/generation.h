// What programs of tasks that generate have in common.
#pragma once

#include <string_view>

#include "lab/families/tasks/task.h"

namespace raspc {

// The progress of a generating program: assigns `is_behind`, true from the end marker on; `place`,
// the number of tokens generated before the one that is computed at a position, -1 in the input;
// and `num_asked`, one more, by which select(indices + 1, num_asked, ==) finds the position `place`
// in the fewest layers. Two attention layers.
inline constexpr std::string_view kPlaces = R"(
# A token is generated at each position from the end marker on; place counts those before it.
is_behind = has_focus(select(tokens, "$", ==));
num_asked = selector_width(select(is_behind, True, ==));
place = num_asked - 1;
)";

// A program whose output is an answer of one token at the end marker, as a decoder that generates
// this token and ends. The program must also be correct causally.
TaskProgram AsGeneration(TaskProgram program);

}  // namespace raspc
