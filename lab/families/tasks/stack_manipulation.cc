// Actions on a stack, carried out all at once.
//
// The level of a position is the number of pushes minus pops up to it, including pops of the empty
// stack. A symbol pushed at level L is on the stack until the first later position at level L-1, if
// there is one: between the two every push is popped, and a pop of the empty stack leads below all
// levels at which something is on the stack.
#include "lab/families/tasks/generation.h"
#include "lab/families/tasks/task_programs.h"

namespace raspc {
namespace {

Expr IsPush() { return In(Tokens(), TextsOf({"0", "1", "3", "4"})); }
// A push, if it is one, is of a 1.
Expr PushesOne() { return SelectWhere(In(Tokens(), TextsOf({"1", "4"}))); }

void WriteDirectStack(RaspWriter& w) {
  const Expr up_to = w.Assign("up_to", SelectUpToHere());
  const Expr after = w.Assign("after", SelectAfter());
  const Expr is_push = w.Assign("is_push", IsPush());
  const Expr step = w.Assign("step", Indicator(is_push) - Indicator(Tokens() == "2"));
  const Expr level = w.Assign("level", Round((Indices() + 1) * Aggregate(up_to, step)));
  w.Blank();
  w.Comment(
      "A pushed symbol stays unless a later position is one level lower. The place of one that "
      "stays is its distance from the top.");
  const Expr is_popped = w.Assign("is_popped", HasFocus(And(Select(level + 1, level), after)));
  const Expr stays = w.Assign("stays", And(is_push, Not(is_popped)));
  const Expr num_above = w.Assign("num_above", SelectorWidth(And(SelectWhere(stays), after)));
  const Expr place = w.Assign("place", If(stays, num_above, -1));
  const Expr is_one = w.Assign("is_one", HasFocus(And(Select(place, Indices()), PushesOne())));
  const Expr height = w.Assign("height", SelectorWidth(SelectWhere(stays)));
  const Expr end = w.Assign("end", If(Indices() == height, "2", "0"));
  w.Assign("answer", If(Indices() >= height, end, If(is_one, "1", "0")));
}

GeneratedProgram Direct() {
  GeneratedProgram program = NewTaskProgram();
  WriteDirectStack(program.statements);
  program.explanation =
      "The level of a position is the number of pushes minus the number of pops up to it. A pushed "
      "symbol stays unless the level is lower by one at a later position.";
  program.construction = "the levels of pushes, and which of them are not popped";
  program.promise_rest = ": levels, what is popped, places on the stack, a gather";
  program.depth = 4;
  return program;
}

void WriteGeneratedStack(RaspWriter& w) {
  const auto [is_after_word, num_asked, place] = WritePlaces(w);
  w.Blank();
  const Expr before = w.Assign("before", SelectBefore());
  const Expr is_push = w.Assign("is_push", And(IsPush(), Not(is_after_word)));
  const Expr is_pop = w.Assign("is_pop", And(Tokens() == "2", Not(is_after_word)));
  const Expr step = w.Assign("step", Indicator(is_push) - Indicator(is_pop));
  const Expr level = w.Assign("level", Round((Indices() + 1) * Aggregate(SelectUpToHere(), step)));
  w.Blank();
  w.Comment(
      "A pop finds the stack empty if no earlier position, nor the start at level 0, is as low as "
      "the level it leads to. Each such pop makes the stack one higher than the levels say.");
  const Expr was_as_low =
      w.Assign("was_as_low", Or(HasFocus(And(Select(level, level), before)), level >= 0));
  const Expr is_ignored = w.Assign("is_ignored", And(is_pop, Not(was_as_low)));
  const Expr num_ignored = w.Assign("num_ignored", SelectorWidth(SelectWhere(is_ignored)));
  const Expr height = w.Assign("height", level + num_ignored);
  w.Blank();
  w.Comment("The last push to each height of the final stack is what the stack holds there.");
  const Expr pushed_height = w.Assign("pushed_height", If(is_push, height, 0));
  const Expr wanted = w.Assign("wanted", height - place);
  const Expr at_height = w.Assign("at_height", Select(pushed_height, pushed_height));
  const Expr num_pushes = w.Assign("num_pushes", SelectorWidth(at_height));
  const Expr num_wanted =
      w.Assign("num_wanted", SelectorWidth(Select(pushed_height, wanted)));
  const Expr is_last = w.Assign(
      "is_last", And(Select(pushed_height, wanted), Select(num_pushes, num_wanted)));
  const Expr is_one = w.Assign("is_one", HasFocus(And(is_last, PushesOne())));
  const Expr end = w.Assign("end", If(wanted == 0, "2", "0"));
  const Expr token = w.Assign("token", If(wanted <= 0, end, If(is_one, "1", "0")));
  w.Comment("The answer has n+1 tokens.");
  w.Assign("next", If(2 * place > Indices(), kStopToken, token));
}

GeneratedProgram ByGeneration(std::int64_t max_length) {
  GeneratedProgram program = NewTaskProgram();
  WriteGeneratedStack(program.statements);
  program.explanation =
      "Each step writes one token of the final stack, from the top: the last symbol pushed to that "
      "height.";
  program.construction = "the last push to each height, one token of the answer per step";
  program.depth = 6;
  program.header.reduce_counts_first = true;
  Generates(max_length + 2, program);
  return program;
}

}  // namespace

std::optional<GeneratedProgram> StackManipulationProgram(const GeneratedProgramOptions& options,
                                                         Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) return ByGeneration(options.max_length);
  return Direct();
}

}  // namespace raspc
