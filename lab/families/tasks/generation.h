// What programs of tasks that generate have in common.
#pragma once

#include "lab/families/tasks/task.h"

namespace raspc {

// The progress of a generating program.
struct Places {
  Expr is_after_word;  // true from the end marker on
  // One more than `place`, by which Select(Indices() + 1, num_asked) finds the position `place` in
  // the fewest layers.
  Expr num_asked;
  // The number of tokens generated before the one that is computed at a position, -1 in the input.
  Expr place;
};

// Two attention layers.
Places WritePlaces(RaspWriter& w);

// A program whose output is an answer of one token at the end marker, as a decoder that generates
// this token and ends. The program must also be correct causally.
GeneratedProgram AsGeneration(GeneratedProgram program);

}  // namespace raspc
