// Expands transitions, which may ignore observations, into a table of all possible observations.
#include "frontends/machines/machine_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "frontends/machines/simulation.h"
#include "base/atom.h"

namespace raspc {
namespace {

// The values of one observation that a transition accepts.
using Seen = std::vector<int>;

class TableMaker {
 public:
  TableMaker(const MachineFrame& frame, const std::vector<std::string>& mentioned,
             Diagnostics& diag)
      : diag_(diag) {
    table_.frame = WithStates(frame, mentioned);
    for (std::size_t q = 0; q < table_.frame.states.size(); ++q) {
      state_ids_.emplace(table_.frame.states[q], static_cast<int>(q));
    }
  }

  bool Fail(const std::string& message, ErrorKind kind = ErrorKind::kValue) {
    diag_.Error(kind, {}, message);
    return false;
  }
  bool FailAt(std::size_t transition, const std::string& message) {
    return Fail(fmt::format("transition {}: {}", transition + 1, message));
  }

  bool CheckFrame() {
    const MachineFrame& frame = table_.frame;
    if (frame.states.size() > kMaxMachineStates) {
      return Fail(
          fmt::format("{} states; the maximum is {}", frame.states.size(), kMaxMachineStates),
          ErrorKind::kLimit);
    }
    if (frame.alphabet.size() == 0)
      return Fail("a machine needs an alphabet of at least one symbol");
    if (!AreNames(frame.states, "state") || !AreNames(frame.outputs, "output symbol")) return false;
    if (frame.end.empty() || frame.alphabet.Find(frame.end)) {
      return Fail(fmt::format("the end marker {} is a symbol of the alphabet", QuoteJson(frame.end)));
    }
    const std::optional<int> start = StateOf(frame.start, "the start state");
    if (!start) return false;
    table_.start = *start;
    table_.halting.resize(frame.states.size(), Halting::kNo);
    return Mark(frame.accepting, Halting::kAccepts) && Mark(frame.rejecting, Halting::kRejects);
  }

  // Checks that names differ and are not empty.
  bool AreNames(const std::vector<std::string>& names, std::string_view what) {
    std::set<std::string_view> seen;
    for (const std::string& name : names) {
      if (name.empty()) return Fail(fmt::format("the name of a {} is empty", what));
      if (!seen.insert(name).second) {
        return Fail(fmt::format("the {} {} is repeated", what, QuoteJson(name)));
      }
    }
    return true;
  }

  void AddInput() {
    table_.has_input = true;
    std::vector<std::string> values = table_.frame.alphabet.symbols();
    values.push_back(table_.frame.end);
    table_.observations.push_back({"symbol", std::move(values)});
  }

  void AddStore(StoreKind kind, std::string name, std::vector<std::string> values) {
    table_.stores.push_back(kind);
    table_.observations.push_back({std::move(name), std::move(values)});
  }

  // Call once all observations are added.
  bool MakeCells() {
    std::int64_t cells = table_.num_states();
    for (const Observation& observation : table_.observations) {
      cells *= static_cast<std::int64_t>(observation.values.size());
      if (cells > kMaxMachineCells) {
        return Fail(fmt::format("{} states and what they see make more than {} combinations, the "
                                "limit",
                                table_.num_states(), kMaxMachineCells),
                    ErrorKind::kLimit);
      }
    }
    table_.effect_at.assign(static_cast<std::size_t>(cells), -1);
    made_by_.assign(static_cast<std::size_t>(cells), 0);
    return true;
  }

  // The values of an observation that are `name`, or all. Reports an unknown name.
  std::optional<Seen> ValuesOf(std::size_t observation, const std::optional<std::string>& name,
                               std::size_t transition) {
    const std::vector<std::string>& values = table_.observations[observation].values;
    if (!name) return AllValues(observation);
    const int value = PlaceOf(values, *name);
    if (value >= 0) return Seen{value};
    FailAt(transition, fmt::format("{} is not a value of the {}: {}", QuoteJson(*name),
                                   table_.observations[observation].name,
                                   ToJson(std::vector<Atom>(values.begin(), values.end()))));
    return std::nullopt;
  }
  Seen AllValues(std::size_t observation) const {
    Seen all;
    const int size = static_cast<int>(table_.observations[observation].values.size());
    for (int value = 0; value < size; ++value) all.push_back(value);
    return all;
  }
  std::optional<Seen> InputSeen(const InputUse& use, std::size_t transition) {
    if (use.read && use.look) {
      FailAt(transition, "it both reads and looks; give only one");
      return std::nullopt;
    }
    return ValuesOf(0, use.read ? use.read : use.look, transition);
  }

  // Sets the effect wherever `seen` matches, a list of values per observation.
  bool Add(std::size_t transition, const std::string& from, const std::string& to,
           const std::vector<Seen>& seen, StepEffect effect,
           const std::optional<std::string>& output) {
    const auto where = [&] { return fmt::format("transition {}", transition + 1); };
    const std::optional<int> q = StateOf(from, where());
    const std::optional<int> next = StateOf(to, where());
    if (!q || !next) return false;
    if (table_.halting[static_cast<std::size_t>(*q)] != Halting::kNo) {
      return FailAt(transition, fmt::format("the state {} halts, so it cannot have transitions",
                                            QuoteJson(from)));
    }
    if (output) {
      effect.output = PlaceOf(table_.frame.outputs, *output);
      if (effect.output < 0) {
        return FailAt(transition,
                      fmt::format("the output {} is not an output symbol", QuoteJson(*output)));
      }
    }
    effect.to = *next;
    if (table_.halting[static_cast<std::size_t>(*next)] != Halting::kNo) {
      if (output) {
        return FailAt(transition,
                      "a step that halts cannot write output; write it in an earlier step");
      }
      effect = StepEffect();
      effect.to = *next;
    }
    return Enter(transition, static_cast<std::size_t>(*q), seen, IdOf(effect));
  }

  std::optional<MachineTable> Finish() && { return std::move(table_); }

 private:
  std::optional<int> StateOf(const std::string& name, const std::string& where) {
    const auto found = state_ids_.find(name);
    if (found != state_ids_.end()) return found->second;
    const std::string closest = ClosestName(name, table_.frame.states);
    Fail(fmt::format("{}: there is no state {}{}", where, QuoteJson(name),
                     closest.empty() ? "" : fmt::format("; did you mean {}?", QuoteJson(closest))));
    return std::nullopt;
  }

  bool Mark(const std::vector<std::string>& states, Halting halting) {
    for (const std::string& state : states) {
      const std::optional<int> q = StateOf(state, "the halting states");
      if (!q) return false;
      auto& mark = table_.halting[static_cast<std::size_t>(*q)];
      if (mark != Halting::kNo) {
        return Fail(fmt::format("the halting state {} is listed twice", QuoteJson(state)));
      }
      mark = halting;
    }
    return true;
  }

  int IdOf(const StepEffect& effect) {
    const auto [at, is_new] = effect_ids_.emplace(effect, static_cast<int>(table_.effects.size()));
    if (is_new) table_.effects.push_back(effect);
    return at->second;
  }

  bool Enter(std::size_t transition, std::size_t cell, const std::vector<Seen>& seen, int effect,
             std::size_t observation = 0) {
    if (observation < seen.size()) {
      const std::size_t size = table_.observations[observation].values.size();
      return std::all_of(seen[observation].begin(), seen[observation].end(), [&](int value) {
        return Enter(transition, cell * size + static_cast<std::size_t>(value), seen, effect,
                     observation + 1);
      });
    }
    if (made_by_[cell] != 0) {
      return Fail(fmt::format("transitions {} and {} both apply {}", made_by_[cell], transition + 1,
                              Situation(cell)));
    }
    made_by_[cell] = static_cast<int>(transition) + 1;
    table_.effect_at[cell] = effect;
    return true;
  }

  // A cell of the table, as shown in messages.
  std::string Situation(std::size_t cell) const {
    std::vector<std::string> seen;
    for (std::size_t i = table_.observations.size(); i-- > 0;) {
      const Observation& observation = table_.observations[i];
      const std::size_t size = observation.values.size();
      seen.insert(seen.begin(), fmt::format("{} {}", observation.name,
                                            QuoteJson(observation.values[cell % size])));
      cell /= size;
    }
    return fmt::format("in the state {} with {}", QuoteJson(table_.frame.states[cell]),
                       fmt::join(seen, ", "));
  }

  Diagnostics& diag_;
  MachineTable table_;
  std::map<std::string, int> state_ids_;
  std::map<StepEffect, int> effect_ids_;
  std::vector<int> made_by_;  // by cell: the number of the transition, from 1
};

std::string Numbered(std::string_view name, int i, int count) {
  return count == 1 ? std::string(name) : fmt::format("{} {}", name, i + 1);
}

Seen SignsOf(CounterTest test) {
  switch (test) {
    case CounterTest::kAny:
      return {kCounterZero, kCounterPositive, kCounterNegative};
    case CounterTest::kZero:
      return {kCounterZero};
    case CounterTest::kNonzero:
      return {kCounterPositive, kCounterNegative};
    case CounterTest::kPositive:
      return {kCounterPositive};
    case CounterTest::kNegative:
      return {kCounterNegative};
  }
  return {};
}

bool IsChange(int change) { return change >= -1 && change <= 1; }

bool AddCounterTransition(const CounterMachine& machine, std::size_t i, TableMaker& maker) {
  const CounterTransition& t = machine.transitions[i];
  const auto num_counters = static_cast<std::size_t>(machine.num_counters);
  if (t.tests.size() > num_counters || t.change.size() > num_counters) {
    return maker.FailAt(i, fmt::format("it uses more than {} counters", num_counters));
  }
  std::vector<Seen> seen;
  const auto input = maker.InputSeen(t.input, i);
  if (!input) return false;
  seen.push_back(*input);
  StepEffect effect;
  effect.reads = t.input.read && *t.input.read != machine.frame.end;
  for (std::size_t c = 0; c < num_counters; ++c) {
    seen.push_back(SignsOf(c < t.tests.size() ? t.tests[c] : CounterTest::kAny));
    const int change = c < t.change.size() ? t.change[c] : 0;
    if (!IsChange(change)) {
      return maker.FailAt(i, fmt::format("a counter changes by -1, 0 or 1, not by {}", change));
    }
    effect.stores.push_back({change, -1});
  }
  return maker.Add(i, t.from, t.to, seen, effect, t.output);
}

bool AddStackTransition(const StackMachine& machine, std::size_t i, TableMaker& maker) {
  const StackTransition& t = machine.transitions[i];
  const auto input = maker.InputSeen(t.input, i);
  auto top = maker.ValuesOf(1, t.top, i);
  if (!input || !top) return false;
  // An empty stack cannot be popped.
  if (t.pop) top->erase(std::remove(top->begin(), top->end(), 0), top->end());
  if (top->empty()) return maker.FailAt(i, "it pops from an empty stack");
  StepEffect effect;
  effect.reads = t.input.read && *t.input.read != machine.frame.end;
  StoreEffect store;
  store.change = (t.push ? 1 : 0) - (t.pop ? 1 : 0);
  if (t.push) {
    const int symbol = PlaceOf(machine.stack, *t.push);
    if (symbol < 0) {
      return maker.FailAt(
          i, fmt::format("it pushes {}, which is not a stack symbol", QuoteJson(*t.push)));
    }
    store.written = symbol + 1;
  }
  effect.stores = {store};
  return maker.Add(i, t.from, t.to, {*input, *top}, effect, t.output);
}

// One transition for each combination of cells that it leaves unchanged.
bool AddTuringTransition(const TuringMachine& machine, const std::vector<std::string>& symbols,
                         std::size_t i, TuringTransition t, TableMaker& maker) {
  for (std::size_t tape = 0; tape < t.read.size(); ++tape) {
    if (t.write[tape]) continue;
    if (t.read[tape]) {
      t.write[tape] = t.read[tape];
      continue;
    }
    return std::all_of(symbols.begin(), symbols.end(), [&](const std::string& symbol) {
      t.read[tape] = t.write[tape] = symbol;
      return AddTuringTransition(machine, symbols, i, t, maker);
    });
  }
  std::vector<Seen> seen;
  StepEffect effect;
  for (std::size_t tape = 0; tape < t.read.size(); ++tape) {
    const auto values = maker.ValuesOf(tape, t.read[tape], i);
    if (!values) return false;
    seen.push_back(*values);
    const int written = PlaceOf(symbols, *t.write[tape]);
    if (written < 0) {
      return maker.FailAt(i, fmt::format("it writes {}, which is not a symbol of the tape",
                                         QuoteJson(*t.write[tape])));
    }
    if (!IsChange(t.move[tape])) {
      return maker.FailAt(i, fmt::format("a head moves by -1, 0 or 1, not by {}", t.move[tape]));
    }
    effect.stores.push_back({t.move[tape], written});
  }
  return maker.Add(i, t.from, t.to, seen, effect, t.output);
}

bool CheckCount(int count, std::string_view what, TableMaker& maker) {
  if (count >= 1 && count <= kMaxStores) return true;
  return maker.Fail(fmt::format("{} {}; the number must be from 1 to {}", count, what, kMaxStores));
}

}  // namespace

std::optional<MachineTable> MakeTable(const CounterMachine& machine, Diagnostics& diag) {
  TableMaker maker(machine.frame, StatesMentioned(machine.transitions), diag);
  if (!CheckCount(machine.num_counters, "counters", maker) || !maker.CheckFrame()) {
    return std::nullopt;
  }
  maker.AddInput();
  for (int c = 0; c < machine.num_counters; ++c) {
    maker.AddStore(StoreKind::kCounter, Numbered("counter", c, machine.num_counters),
                   {"0", "+", "-"});
  }
  if (!maker.MakeCells()) return std::nullopt;
  for (std::size_t i = 0; i < machine.transitions.size(); ++i) {
    if (!AddCounterTransition(machine, i, maker)) return std::nullopt;
  }
  return std::move(maker).Finish();
}

std::optional<MachineTable> MakeTable(const StackMachine& machine, Diagnostics& diag) {
  TableMaker maker(machine.frame, StatesMentioned(machine.transitions), diag);
  std::vector<std::string> tops = {machine.bottom};
  tops.insert(tops.end(), machine.stack.begin(), machine.stack.end());
  if (!maker.CheckFrame() || !maker.AreNames(tops, "stack symbol")) return std::nullopt;
  maker.AddInput();
  maker.AddStore(StoreKind::kStack, "top", tops);
  if (!maker.MakeCells()) return std::nullopt;
  for (std::size_t i = 0; i < machine.transitions.size(); ++i) {
    if (!AddStackTransition(machine, i, maker)) return std::nullopt;
  }
  return std::move(maker).Finish();
}

std::optional<MachineTable> MakeTable(const TuringMachine& machine, Diagnostics& diag) {
  TableMaker maker(machine.frame, StatesMentioned(machine.transitions), diag);
  std::vector<std::string> symbols = {machine.blank};
  for (const std::string& symbol : machine.frame.alphabet.symbols()) symbols.push_back(symbol);
  symbols.insert(symbols.end(), machine.tape.begin(), machine.tape.end());
  if (!CheckCount(machine.num_tapes, "tapes", maker) || !maker.CheckFrame() ||
      !maker.AreNames(symbols, "tape symbol")) {
    return std::nullopt;
  }
  for (int k = 0; k < machine.num_tapes; ++k) {
    maker.AddStore(StoreKind::kTape, Numbered("cell", k, machine.num_tapes), symbols);
  }
  if (!maker.MakeCells()) return std::nullopt;
  const auto num_tapes = static_cast<std::size_t>(machine.num_tapes);
  for (std::size_t i = 0; i < machine.transitions.size(); ++i) {
    TuringTransition t = machine.transitions[i];
    if (t.read.size() > num_tapes || t.write.size() > num_tapes || t.move.size() > num_tapes) {
      maker.FailAt(i, fmt::format("it uses more than {} tapes", num_tapes));
      return std::nullopt;
    }
    t.read.resize(num_tapes);
    t.write.resize(num_tapes);
    t.move.resize(num_tapes, 0);
    if (!AddTuringTransition(machine, symbols, i, t, maker)) return std::nullopt;
  }
  return std::move(maker).Finish();
}

}  // namespace raspc
