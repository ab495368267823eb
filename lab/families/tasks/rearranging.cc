// Tasks whose answer is tokens of the input at other places: gathers at computed positions.
#include <utility>

#include "lab/families/tasks/generation.h"
#include "lab/families/tasks/task_programs.h"

namespace raspc {
namespace {

// A gather at positions that depend only on position and length, without its statements.
GeneratedProgram LookUp(std::string output, std::string explanation) {
  GeneratedProgram program = NewTaskProgram();
  program.header.output = std::move(output);
  program.explanation = std::move(explanation);
  program.construction = "gathers at computed positions";
  program.promise_rest = ": the length, and a gather";
  program.depth = 2;
  return program;
}

// The same by a decoder, one token of the answer per step.
GeneratedProgram Copying(std::string explanation, std::int64_t max_steps) {
  GeneratedProgram program = NewTaskProgram();
  program.explanation = std::move(explanation);
  program.construction = "copying, one token of the answer per step";
  program.depth = 3;
  Generates(max_steps, program);
  return program;
}

// The symbol for a place of the answer: those at odd places come first, then those at even ones.
Expr AssignOddsFirst(const Expr& symbol, const Expr& place, const Expr& num_symbols,
                     RaspWriter& w) {
  const Expr odd = w.Assign("odd", ValueAt(2 * place + 1, symbol, kEndMarker));
  const Expr even_symbol =
      w.Assign("even_symbol", If(Indices() % 2 == 0, symbol, "odd"));
  const Expr even = w.Assign("even", ValueAt(2 * place - num_symbols, even_symbol, "odd"));
  const Expr one_further =
      w.Assign("one_further", ValueAt(2 * place - num_symbols + 1, even_symbol, kEndMarker));
  return w.Assign("picked", If(odd != kEndMarker, odd, If(even == "odd", one_further, even)));
}

}  // namespace

std::optional<GeneratedProgram> ReverseStringProgram(const GeneratedProgramOptions& options,
                                                     Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) {
    GeneratedProgram program =
        Copying("Each step copies the token before the one copied last.", options.max_length + 1);
    RaspWriter& w = program.statements;
    const Expr place = WritePlaces(w).place;
    w.Blank();
    w.Comment(
        "As far before the end marker as this position is after it. Before the first token, the "
        "answer ends.");
    const Expr source = w.Assign("source", Indices() - 2 * place - 1);
    w.Assign("next", ValueAt(source, Tokens(), kStopToken));
    return program;
  }
  GeneratedProgram program = LookUp("reversed", "Position i of n takes the token at n-1-i.");
  RaspWriter& w = program.statements;
  const Expr source = w.Assign("source", Length() - 2 - Indices());
  w.Assign("reversed", ValueAt(source, Tokens(), kEndMarker));
  return program;
}

std::optional<GeneratedProgram> DuplicateStringProgram(const GeneratedProgramOptions& options,
                                                       Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) {
    GeneratedProgram program =
        Copying("Each step copies the next token, going through the word twice.",
                2 * options.max_length + 1);
    RaspWriter& w = program.statements;
    const auto [is_after_word, num_asked, place] = WritePlaces(w);
    w.Blank();
    w.Comment(
        "The token at `place` while that is less than n, the number of symbols; then the token at "
        "`place` - n. Past the word, the end marker is found.");
    const Expr first_time =
        w.Assign("first_time", Aggregate(Select(Indices() + 1, num_asked), Tokens(), kEndMarker));
    const Expr second_time =
        w.Assign("second_time", ValueAt(2 * place - Indices(), Tokens(), kEndMarker));
    const Expr copied =
        w.Assign("copied", If(2 * place >= Indices(), second_time, first_time));
    w.Assign("next", If(copied == kEndMarker, kStopToken, copied));
    return program;
  }
  GeneratedProgram program =
      LookUp("twice",
             "The positions of the word keep their own symbols. From the end marker on, where "
             "padding provides n more positions, each takes the token n positions before it.");
  RaspWriter& w = program.statements;
  const Expr num_symbols =
      w.Assign("num_symbols", SelectorWidth(Select(Tokens(), kPadToken)));
  const Expr again = w.Assign("again", ValueAt(Indices() - num_symbols, Tokens(), kEndMarker));
  w.Assign("twice", If(In(Tokens(), TextsOf({"0", "1"})), Tokens(), again));
  program.header.pad = {std::string(kPadToken), Polynomial::Power(1)};
  return program;
}

std::optional<GeneratedProgram> OddsFirstProgram(const GeneratedProgramOptions& options,
                                                 Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) {
    GeneratedProgram program = Copying(
        "Each step copies the next token: first those at odd positions, then those at even ones.",
        options.max_length + 1);
    RaspWriter& w = program.statements;
    const auto [is_after_word, num_asked, place] = WritePlaces(w);
    w.Blank();
    w.Comment("Generated tokens are ignored.");
    const Expr symbol = w.Assign("symbol", If(is_after_word, kEndMarker, Tokens()));
    const Expr num_symbols = w.Assign("num_symbols", Indices() - place);
    const Expr picked = AssignOddsFirst(symbol, place, num_symbols, w);
    w.Assign("next", If(Or(picked == kEndMarker, picked == "odd"), kStopToken, picked));
    return program;
  }
  GeneratedProgram program =
      LookUp("picked",
             "Position i takes the token at 2i+1 if there is one, else the one at 2i-n or 2i-n+1, "
             "whichever is even.");
  RaspWriter& w = program.statements;
  const Expr num_symbols = w.Assign("num_symbols", Length() - 1);
  AssignOddsFirst(Tokens(), Indices(), num_symbols, w);
  return program;
}

std::optional<GeneratedProgram> MissingDuplicateProgram(const GeneratedProgramOptions& options,
                                                        Diagnostics&) {
  GeneratedProgram program =
      LookUp("answer",
             "The hidden bit is half the length to the left of the hole if that is within the "
             "input, else half the length to its right.");
  RaspWriter& w = program.statements;
  const Expr is_past =
      w.Assign("is_past", HasFocus(And(Select(Tokens(), "2"), SelectUpToHere())));
  const Expr hole = w.Assign("hole", SelectorWidth(Select(is_past, false)));
  w.Comment(
      "Half the number of symbols, rounded down, which the position of the end marker gives.");
  const Expr half = w.Assign("half", Round((Indices() - Indices() % 2) / 2));
  const Expr left = w.Assign("left", ValueAt(hole - half, Tokens(), kEndMarker));
  const Expr right = w.Assign("right", ValueAt(hole + half, Tokens(), kEndMarker));
  w.Assign("answer", If(left == kEndMarker, right, left));
  program.promise_rest = ": the hole, its index, and gathers";
  program.depth = 3;
  program.result_at = ResultAt::kLast;
  return options.mechanism == Mechanism::kCot ? AsGeneration(std::move(program)) : program;
}

std::optional<GeneratedProgram> EvenPairsProgram(const GeneratedProgramOptions& options,
                                                 Diagnostics&) {
  GeneratedProgram program =
      LookUp("answer",
             "Neighbours differ an odd number of times if and only if the first and last symbols "
             "differ.");
  RaspWriter& w = program.statements;
  const Expr first = w.Assign("first", ValueAt(0, Tokens(), kEndMarker));
  const Expr last = w.Assign("last", ValueAt(Indices() - 1, Tokens(), kEndMarker));
  w.Assign("answer", If(first == last, "0", "1"));
  program.promise_rest = ": two gathers";
  program.depth = 1;
  program.result_at = ResultAt::kLast;
  return options.mechanism == Mechanism::kCot ? AsGeneration(std::move(program)) : program;
}

}  // namespace raspc
