#include "lab/families/tasks/generation.h"

#include <utility>

namespace raspc {

Places WritePlaces(RaspWriter& w) {
  w.Comment(
      "One token is generated at each position from the end marker on; `place` counts those before "
      "it.");
  const Expr is_after_word = w.Assign("is_after_word", HasFocus(Select(Tokens(), kEndMarker)));
  const Expr num_asked = w.Assign("num_asked", SelectorWidth(SelectWhere(is_after_word)));
  return {is_after_word, num_asked, w.Assign("place", num_asked - 1)};
}

GeneratedProgram AsGeneration(GeneratedProgram program) {
  program.statements.Assign("next",
                            If(Tokens() == kEndMarker, Var(program.header.output), kStopToken));
  Generates(2, program);
  program.construction += ", the answer in one step";
  return program;
}

}  // namespace raspc
