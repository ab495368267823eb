// Writes a machine's table, and the few statements that compute what the machine sees.
#include "frontends/machines/machine_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "frontends/machines/machine_names.h"
#include "frontends/program_header.h"
#include "base/atom.h"
#include "base/input_frame.h"

namespace raspc {
namespace {

// A table of tokens, instead of states, and observations saves a step up to this many rows.
constexpr std::int64_t kMaxJointRows = 65'536;

class ProgramMaker {
 public:
  ProgramMaker(const MachineTable& table, std::string_view kind, const std::string& name,
               const GeneratedProgramOptions& options, Diagnostics& diag)
      : table_(table), kind_(kind), name_(name), options_(options), diag_(diag) {}

  std::optional<GeneratedProgram> Make() {
    if (!Bounds()) return std::nullopt;
    if (!CheckRows()) return std::nullopt;
    names_.NameTokens();
    WriteState();
    if (table_.has_input) WriteInput();
    for (std::size_t k = 0; k < table_.stores.size(); ++k) WriteStore(k);
    WriteNext();
    return Finish();
  }

 private:
  // ---- limits

  // The polynomial at max_length.
  std::optional<std::int64_t> BoundAt(const Polynomial& bound, std::string_view what) {
    const auto at = bound.At(options_.max_length);
    if (!at) {
      diag_.Error(ErrorKind::kValue, {},
                  fmt::format("{} {} is negative or too large for n = {}", what, bound.Text(),
                              options_.max_length));
    }
    return at;
  }

  bool Bounds() {
    const MachineFrame& frame = table_.frame;
    const auto steps = BoundAt(frame.max_steps, "the number of steps");
    if (!steps) return false;
    num_generated_ = *steps;
    if (!frame.outputs.empty()) {
      const auto written =
          BoundAt(frame.MaxOutput(), "the length of the answer");
      if (!written) return false;
      num_generated_ += *written;
    }
    if (num_generated_ < 1) {
      diag_.Error(ErrorKind::kValue, {}, "a machine needs at least one step");
      return false;
    }
    if (options_.max_length + 1 + num_generated_ <= kMaxMachineTokens) return true;
    diag_.Error(
        ErrorKind::kLimit, {},
        fmt::format("with up to {} symbols of input, {} takes up to {} generated tokens ({}), but "
                    "a sequence has at most {}; choose a smaller maximum length",
                    options_.max_length, name_, num_generated_, StepsText(), kMaxMachineTokens));
    return false;
  }
  std::string StepsText() const {
    const MachineFrame& frame = table_.frame;
    const std::string steps = frame.max_steps.Text();
    if (frame.outputs.empty()) return fmt::format("{} steps", steps);
    return fmt::format("{} steps and {} symbols of output", steps, frame.MaxOutput().Text());
  }

  bool CheckRows() {
    std::int64_t rows = NumRowKeys();
    for (const ValueClasses& classes : names_.classes())
      rows *= static_cast<std::int64_t>(classes.names.size());
    if (rows <= options_.max_rows) return true;
    diag_.Error(ErrorKind::kLimit, {},
                fmt::format("{} takes a table of {} rows; the limit is {}", name_, rows,
                            options_.max_rows));
    return false;
  }

  // States, and outputs to be written.
  std::int64_t NumRowKeys() const {
    return table_.num_states() + static_cast<std::int64_t>(table_.frame.outputs.size());
  }

  // ---- the program

  // A function of the token: `of_step` for steps, `otherwise` for the rest.
  template <class OfStep, class Otherwise>
  Expr WriteByToken(const std::string& name, OfStep&& of_step, Otherwise&& otherwise) {
    std::map<std::string, const StepEffect*> effect_of;
    for (std::size_t i = 0; i < names_.steps().size(); ++i)
      effect_of[names_.steps()[i]] = &names_.step_effects()[i];
    RaspWriter::Rows rows;
    for (const std::string& token : names_.vocabulary()) {
      const auto step = effect_of.find(token);
      rows.emplace_back(token, step == effect_of.end() ? otherwise(token) : of_step(*step->second));
    }
    return w_.AssignByTable(name, rows, Tokens());
  }

  // The tokens of the steps for which a predicate holds.
  template <class Holds>
  std::vector<std::string> StepsWhere(Holds&& holds) const {
    std::vector<std::string> steps;
    for (std::size_t i = 0; i < names_.steps().size(); ++i) {
      if (holds(names_.step_effects()[i])) steps.push_back(names_.steps()[i]);
    }
    return steps;
  }
  // Whether a token is one of them.
  static Expr IsOneOf(const std::vector<std::string>& tokens) {
    return tokens.empty() ? Indices() < 0 : In(Tokens(), TextsOf(tokens));
  }

  bool Writes() const { return !table_.frame.outputs.empty(); }

  // If a step writes, its symbol must come before the next step; after that symbol the state is
  // that of the step.
  void WriteState() {
    w_.Assign("up_to_here", SelectUpToHere());
    w_.Blank();
    w_.Comment("The state after a step; before the first step, the start state.");
    const std::string& start = names_.states()[static_cast<std::size_t>(table_.start)];
    const Expr reached_here = WriteByToken(
        Writes() ? "reached_here" : "state",
        [&](const StepEffect& step) { return names_.states()[static_cast<std::size_t>(step.to)]; },
        [&](const std::string&) { return start; });
    if (!Writes()) return;
    w_.Comment(
        "After an answer symbol it is the previous step's. A step that writes is followed only by "
        "its symbol.");
    const Expr is_answer = w_.Assign("is_answer", In(Tokens(), TextsOf(table_.frame.outputs)));
    const Expr reached =
        w_.Assign("reached", ValueAt(Indices() - Indicator(is_answer), reached_here, start));
    const Expr due = WriteByToken(
        "due",
        [&](const StepEffect& step) { return step.output < 0 ? "" : WritingState(step.output); },
        [](const std::string&) { return std::string(); });
    w_.Assign("state", If(due == "", reached, due));
    depth_ = 1;
  }

  // Used in place of the state where an output symbol is due; no state has a space in it.
  std::string WritingState(int output) const {
    return "write " + table_.frame.outputs[static_cast<std::size_t>(output)];
  }

  const ValueClasses& InputClasses() const { return names_.classes()[0]; }
  const ValueClasses& ClassesOf(std::size_t store) const {
    return names_.classes()[store + (table_.has_input ? 1 : 0)];
  }

  // The next symbol: the end marker asks for the first, and each step that reads for one more.
  void WriteInput() {
    const ValueClasses& classes = InputClasses();
    if (classes.names.size() < 2) return;
    depth_ = std::max(depth_, 2);
    w_.Blank();
    w_.Comment(
        "The next symbol: the end marker asks for the first, each step that reads for one more.");
    std::vector<std::string> asking = StepsWhere([](const StepEffect& step) { return step.reads; });
    asking.insert(asking.begin(), table_.frame.end);
    const Expr num_asked = w_.Assign("num_asked", SelectorWidth(SelectWhere(IsOneOf(asking))));
    const std::string at_end = classes.NameOf(table_.frame.alphabet.size());
    const Expr symbol_here = WriteByToken(
        "symbol_here", [&](const StepEffect&) { return at_end; },
        [&](const std::string& token) {
          const auto symbol = table_.frame.alphabet.Find(token);
          return symbol ? classes.NameOf(*symbol) : at_end;
        });
    seen_.push_back(
        w_.Assign("symbol", Aggregate(Select(Indices() + 1, num_asked), symbol_here, at_end)));
  }

  // `name` with the number of the store, if there are several.
  std::string Numbered(std::string_view name, std::size_t k) const {
    return table_.stores.size() == 1 ? std::string(name) : fmt::format("{}_{}", name, k + 1);
  }

  // The sum of a store's changes so far, as `sum`; the change itself as `change`.
  Expr WriteSum(std::size_t k, const std::string& change, const std::string& sum) {
    const auto steps_by = [&](int by) {
      return StepsWhere([&](const StepEffect& step) { return step.stores[k].change == by; });
    };
    const std::vector<std::string> up = steps_by(1), down = steps_by(-1);
    Expr changes = up.empty() ? Expr(0) : Indicator(IsOneOf(up));
    if (!down.empty()) changes = changes - Indicator(IsOneOf(down));
    if (up.empty() && down.empty()) changes = 0 * Indices();
    const Expr mean = Aggregate(Var("up_to_here"), w_.Assign(change, changes));
    return w_.Assign(sum, Round((Indices() + 1) * mean));
  }

  void WriteStore(std::size_t k) {
    if (ClassesOf(k).names.size() < 2) return;
    w_.Blank();
    switch (table_.stores[k]) {
      case StoreKind::kCounter:
        WriteCounter(k);
        break;
      case StoreKind::kStack:
        WriteStack(k);
        break;
      case StoreKind::kTape:
        WriteTape(k);
        break;
    }
  }

  void WriteCounter(std::size_t k) {
    depth_ = std::max(depth_, 1);
    const std::string name = Numbered("counter", k);
    w_.Comment(fmt::format("{} is the sum of the changes to it.", name));
    const Expr counter = WriteSum(k, Numbered("change", k), name);
    const ValueClasses& classes = ClassesOf(k);
    const Expr of_others = If(counter > 0, classes.NameOf(kCounterPositive),
                              classes.NameOf(kCounterNegative));
    seen_.push_back(w_.Assign(Numbered("sign", k),
                              If(counter == 0, classes.NameOf(kCounterZero), of_others)));
  }

  void WriteStack(std::size_t k) {
    depth_ = std::max(depth_, 3);
    w_.Comment(
        "The height of the stack, and how many pushes have led to that height so far. The last of "
        "these wrote the top.");
    const Expr height = WriteSum(k, Numbered("rise", k), Numbered("height", k));
    const Expr pushed = WriteWritten(k, Numbered("pushed", k));
    const std::vector<std::string> pushing =
        StepsWhere([&](const StepEffect& step) { return step.stores[k].written >= 0; });
    const Expr is_push = w_.Assign(Numbered("is_push", k), IsOneOf(pushing));
    const Expr pushed_here = w_.Assign(Numbered("pushed_here", k),
                                       And(Select(height, height), SelectWhere(is_push)));
    const Expr pushes = w_.Assign(Numbered("pushes", k),
                                  SelectorWidth(And(pushed_here, Var("up_to_here"))));
    seen_.push_back(w_.Assign(
        Numbered("top", k),
        Aggregate(And(pushed_here, Select(pushes, pushes)), pushed, ClassesOf(k).names[0])));
  }

  // The value a token wrote to the store; if it wrote nothing, the value 0 (bottom or blank).
  Expr WriteWritten(std::size_t k, const std::string& name) {
    const ValueClasses& classes = ClassesOf(k);
    const bool holds_input = table_.stores[k] == StoreKind::kTape && k == 0;
    return WriteByToken(
        name,
        [&](const StepEffect& step) { return classes.NameOf(std::max(0, step.stores[k].written)); },
        [&](const std::string& token) {
          const auto symbol = table_.frame.alphabet.Find(token);
          return classes.NameOf(holds_input && symbol ? *symbol + 1 : 0);
        });
  }

  // Every token counts as a write: the input to its own cells, the end marker a blank after it, and
  // on other tapes both to cell 0, which is then blank. Only the answer is excluded.
  void WriteTape(std::size_t k) {
    depth_ = std::max(depth_, 3);
    w_.Comment(k == 0
                   ? "Where the head is, and which cell each token wrote to: a step where the head "
                     "was before it, the input and the end marker at their own positions."
                   : "The same for another tape, which does not hold the input.");
    const Expr head = WriteSum(k, Numbered("move", k), Numbered("head", k));
    const Expr head_before = head - Var(Numbered("move", k));
    if (k == 0) {
      // By attention, not by a function of token and position, which would be a large table.
      const Expr is_step = w_.Assign("is_step", IsOneOf(names_.steps()));
      const Expr own = And(Select(Indices(), Indices()), Select(is_step, false));
      w_.Assign("place", Aggregate(own, Indices(), 0));
    }
    const Expr cell =
        w_.Assign(Numbered("cell", k), k == 0 ? head_before + Var("place") : head_before);
    const Expr written = WriteWritten(k, Numbered("written", k));
    if (Writes() && k == 0) {
      const Expr is_after_word =
          w_.Assign("is_after_word", HasFocus(Select(Tokens(), table_.frame.end)));
      w_.Assign("is_of_answer", And(Var("is_answer"), is_after_word));
    }
    const auto writes_at = [&](const Expr& selector) {
      return Writes() ? And(selector, Select(Var("is_of_answer"), false)) : selector;
    };
    w_.Comment(
        "How many times each token's cell had been written to, and how many times the cell under "
        "the head has been written to by now. The last of these writes is what the cell holds.");
    const Expr up_to_here = Var("up_to_here");
    const Expr writes = w_.Assign(Numbered("writes", k),
                                  SelectorWidth(And(writes_at(Select(cell, cell)), up_to_here)));
    const Expr of_cell = w_.Assign(Numbered("of_cell", k), writes_at(Select(cell, head)));
    const Expr writes_here =
        w_.Assign(Numbered("writes_here", k), SelectorWidth(And(of_cell, up_to_here)));
    seen_.push_back(w_.Assign(
        Numbered("read", k),
        Aggregate(And(of_cell, Select(writes, writes_here)), written, ClassesOf(k).names[0])));
  }

  // The table: a row for each state and combination of classes.
  void WriteNext() {
    w_.Blank();
    w_.Comment("What the machine does. It rejects where it has no transition.");
    RaspWriter::Rows rows;
    for (int q = 0; q < table_.num_states(); ++q) {
      // No token leads to a halting state.
      const bool halts = table_.halting[static_cast<std::size_t>(q)] != Halting::kNo;
      if (halts && q != table_.start) continue;
      AddRows(static_cast<std::size_t>(q), 0, names_.states()[static_cast<std::size_t>(q)], "",
              rows);
    }
    for (std::size_t o = 0; o < table_.frame.outputs.size(); ++o) {
      AddRows(0, 0, WritingState(static_cast<int>(o)), table_.frame.outputs[o], rows);
    }
    Expr key = Var("state");
    for (const Expr& seen : seen_) key = key + names_.separator() + seen;
    w_.AssignByTable("next", rows, key);
  }

  // The rows for all values of this and later observations: to the machine's step, or to an output
  // token that is due.
  void AddRows(std::size_t cell, std::size_t observation, const std::string& key,
               const std::string& due, RaspWriter::Rows& rows) const {
    if (observation == names_.classes().size()) {
      rows.emplace_back(key, due.empty() ? TokenAt(cell) : due);
      return;
    }
    const ValueClasses& classes = names_.classes()[observation];
    const std::size_t size = classes.class_of.size();
    for (std::size_t c = 0; c < classes.names.size(); ++c) {
      const auto value = static_cast<std::size_t>(
          std::find(classes.class_of.begin(), classes.class_of.end(), static_cast<int>(c)) -
          classes.class_of.begin());
      AddRows(cell * size + value, observation + 1,
              classes.names.size() == 1 ? key : key + names_.separator() + classes.names[c], due,
              rows);
    }
  }

  std::string TokenAt(std::size_t cell) const {
    const std::size_t state = cell / (table_.effect_at.size() / table_.halting.size());
    switch (table_.halting[state]) {
      case Halting::kAccepts:
        return names_.accept();
      case Halting::kRejects:
        return names_.reject();
      case Halting::kNo:
        break;
    }
    const int effect = table_.effect_at[cell];
    return effect < 0 ? names_.reject() : names_.token_of()[static_cast<std::size_t>(effect)];
  }

  // Enough for all numbers up to the length of a sequence and for the table of steps, but not for
  // joint tables of numbers that are only added.
  std::int64_t MaxDomain() const {
    std::int64_t seen = 1;
    for (const ValueClasses& classes : names_.classes())
      seen *= static_cast<std::int64_t>(classes.names.size());
    const std::int64_t numbers = 4 * (options_.max_length + 1 + num_generated_);
    const std::int64_t of_tokens = seen * static_cast<std::int64_t>(names_.vocabulary().size());
    return std::max({numbers, seen * NumRowKeys(), std::min(of_tokens, kMaxJointRows)});
  }

  GeneratedProgram Finish() {
    GeneratedProgram recogniser;
    recogniser.statements = std::move(w_);
    recogniser.construction = fmt::format("chain of thought, one step of the {} per token", kind_);
    recogniser.reason = "it runs every such machine";
    recogniser.depth = depth_;
    recogniser.promise_rest = fmt::format(" whatever the length; {}", StepsText());
    ProgramHeader& header = recogniser.header;
    header.comments = {
        fmt::format("{} {}, by {}.", Writes() ? "Solves" : "Recognises", name_,
                    recogniser.construction),
        "A token says what a step did: the new state, whether a symbol was read, and what happened "
        "to the store. Everything else is found by attention to these tokens.",
        fmt::format("Guaranteed: {}. The last token is {} or {}.", recogniser.Promise(),
                    Literal(names_.accept()), Literal(names_.reject()))};
    header.alphabet = table_.frame.alphabet.symbols();
    header.end_marker = table_.frame.end;
    header.more_tokens = names_.more_tokens();
    header.max_length = options_.max_length;
    header.output = "next";
    header.max_domain = MaxDomain();
    header.generate = {{names_.accept(), names_.reject()}, num_generated_};
    if (Writes()) {
      recogniser.result_at = ResultAt::kWritten;
      recogniser.answer_tokens = table_.frame.outputs;
    }
    return recogniser;
  }

  const MachineTable& table_;
  const std::string kind_;
  const std::string& name_;
  const GeneratedProgramOptions& options_;
  Diagnostics& diag_;
  RaspWriter w_;
  std::int64_t num_generated_ = 0;
  MachineNames names_{table_};
  std::vector<Expr> seen_;  // s-ops of the observations, in the order of a key
  int depth_ = 0;
};

template <class Machine>
std::optional<GeneratedProgram> MakeProgram(const Machine& machine, std::string_view kind,
                                            const std::string& name,
                                            const GeneratedProgramOptions& options,
                                            Diagnostics& diag) {
  const std::optional<MachineTable> table = MakeTable(machine, diag);
  if (!table) return std::nullopt;
  return ProgramMaker(*table, kind, name, options, diag).Make();
}

}  // namespace

std::optional<GeneratedProgram> CounterMachineProgram(const CounterMachine& machine,
                                                      const std::string& name,
                                                      const GeneratedProgramOptions& options,
                                                      Diagnostics& diag) {
  return MakeProgram(machine, "counter machine", name, options, diag);
}

std::optional<GeneratedProgram> StackMachineProgram(const StackMachine& machine,
                                                    const std::string& name,
                                                    const GeneratedProgramOptions& options,
                                                    Diagnostics& diag) {
  return MakeProgram(machine, "stack machine", name, options, diag);
}

std::optional<GeneratedProgram> TuringMachineProgram(const TuringMachine& machine,
                                                     const std::string& name,
                                                     const GeneratedProgramOptions& options,
                                                     Diagnostics& diag) {
  return MakeProgram(machine, "Turing machine", name, options, diag);
}

std::optional<GeneratedProgram> MachineProgram(const Machine& machine, const std::string& name,
                                               const GeneratedProgramOptions& options,
                                               Diagnostics& diag) {
  if (const auto* counters = std::get_if<CounterMachine>(&machine)) {
    return CounterMachineProgram(*counters, name, options, diag);
  }
  if (const auto* stack = std::get_if<StackMachine>(&machine)) {
    return StackMachineProgram(*stack, name, options, diag);
  }
  return TuringMachineProgram(std::get<TuringMachine>(machine), name, options, diag);
}

}  // namespace raspc
