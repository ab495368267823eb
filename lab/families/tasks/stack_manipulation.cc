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

TaskProgram Direct() {
  TaskProgram program;
  program.statements = R"(
up_to = select(indices, indices, <=);
behind = select(indices, indices, >);
is_push = tokens in ["0", "1", "3", "4"];
step = indicator(is_push) - indicator(tokens == "2");
level = round((indices + 1) * aggregate(up_to, step));

# What is pushed stays unless a later position is one level lower. Of what stays, the place is its
# distance from the top.
is_popped = has_focus(select(level + 1, level, ==) and behind);
stays = is_push and not is_popped;
num_above = selector_width(select(stays, True, ==) and behind);
place = num_above if stays else 0 - 1;
is_one = has_focus(select(place, indices, ==) and select(tokens in ["1", "4"], True, ==));
height = selector_width(select(stays, True, ==));
end = "2" if indices == height else "0";
answer = end if indices >= height else ("1" if is_one else "0");
)";
  program.output = "answer";
  program.explanation =
      "The level of a position is the number of pushes less that of pops up to it. What is pushed "
      "stays unless the level is lower by one at a later position.";
  program.construction = "levels of pushes, and which are not left again";
  program.promise = ": levels, what is popped, places on the stack, a look-up";
  program.depth = 4;
  return program;
}

TaskProgram Generated(std::int64_t max_length) {
  TaskProgram program;
  program.statements = std::string(kPlaces) + R"(
before = select(indices, indices, <);
is_push = (tokens in ["0", "1", "3", "4"]) and not is_behind;
is_pop = tokens == "2" and not is_behind;
step = indicator(is_push) - indicator(is_pop);
level = round((indices + 1) * aggregate(select(indices, indices, <=), step));

# A pop finds the stack empty if no earlier position, nor the start at level 0, is as low as the
# level it leads to. Each of them makes the stack one higher than levels say.
was_as_low = has_focus(select(level, level, ==) and before) or level >= 0;
is_ignored = is_pop and not was_as_low;
num_ignored = selector_width(select(is_ignored, True, ==));
height = level + num_ignored;

# The last push to each height that the final stack has is what stands there.
pushed_height = height if is_push else 0;
wanted = height - place;
at_height = select(pushed_height, pushed_height, ==);
num_pushes = selector_width(at_height);
num_wanted = selector_width(select(pushed_height, wanted, ==));
is_last = select(pushed_height, wanted, ==) and select(num_pushes, num_wanted, ==);
is_one = has_focus(is_last and select(tokens in ["1", "4"], True, ==));
end = "2" if wanted == 0 else "0";
token = end if wanted <= 0 else ("1" if is_one else "0");
# There are n+1 tokens.
next = "." if 2 * place > indices else token;
)";
  program.output = "next";
  program.explanation =
      "Each step writes one token of the final stack, from the top: the last push to a height is "
      "what stands there.";
  program.construction = "the last push to each height, a token of the answer per step";
  program.depth = 6;
  program.reduce_counts_first = true;
  program.result_at = ResultAt::kGenerated;
  program.max_steps = max_length + 2;
  return program;
}

}  // namespace

std::optional<TaskProgram> StackManipulationProgram(const GeneratedProgramOptions& options,
                                                    Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) return Generated(options.max_length);
  return Direct();
}

}  // namespace raspc
