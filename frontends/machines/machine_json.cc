// Checks a file field by field; the machine's table checks that the fields are consistent.
#include "frontends/machines/machine_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "automata/read_symbols.h"
#include "base/json_fields.h"
#include "base/atom.h"
#include "base/input_frame.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

// Lengths at which a polynomial is checked.
constexpr int kLengthsTried = 64;

const std::vector<std::string>& FrameFields() {
  static const std::vector<std::string> fields = {"type", "alphabet", "states", "start",
                                                  "transitions"};
  return fields;
}

class MachineReader {
 public:
  MachineReader(const std::string& name, Diagnostics& diag) : file_(name, diag) {}

  std::optional<Machine> Read(std::string_view text, const std::optional<Alphabet>& alphabet) {
    if (!file_.Parse(text, "a machine")) return std::nullopt;
    if (!file_.Has("type")) return file_.Fail("the field \"type\" is missing"), std::nullopt;
    const Json& type = file_["type"];
    if (type == "counter_machine") return Finish(CounterMachine(), {"counters"}, {}, alphabet);
    if (type == "stack_machine") return Finish(StackMachine(), {"bottom"}, {"stack"}, alphabet);
    if (type == "turing_machine") {
      return Finish(TuringMachine(), {"tapes", "blank", "tape"}, {}, alphabet);
    }
    file_.Fail(
        fmt::format("\"type\" is \"counter_machine\", \"stack_machine\" or "
                    "\"turing_machine\", not {}",
                    Quoted(type)));
    return std::nullopt;
  }

 private:
  template <class M>
  std::optional<Machine> Finish(M machine, std::vector<std::string> optional,
                                const std::vector<std::string>& more_required,
                                const std::optional<Alphabet>& alphabet) {
    std::vector<std::string> required = FrameFields();
    required.insert(required.end(), more_required.begin(), more_required.end());
    for (const char* field :
         {"accepting", "rejecting", "end", "output", "max_steps", "max_output"}) {
      optional.push_back(field);
    }
    const bool is_read = file_.CheckFields(file_.json(), required, optional) &&
                         Frame(machine.frame, alphabet) && Stores(machine) &&
                         Transitions(machine) && Bounds(machine) && Check(machine);
    if (!is_read) return std::nullopt;
    return machine;
  }

  bool Fail(const std::string& message) { return file_.Fail(where_ + message); }

  // ---- the frame

  bool Frame(MachineFrame& frame, const std::optional<Alphabet>& given) {
    const auto listed = ReadSymbols(file_, "alphabet");
    if (!listed) return false;
    for (const std::string& symbol : listed->symbols()) {
      if (!given || given->Find(symbol)) continue;
      return Fail(fmt::format("the machine's symbol {} is not in the alphabet {}",
                              QuoteJson(symbol), ToJson(*given)));
    }
    frame.alphabet = given ? *given : *listed;
    if (file_.Has("output")) {
      const auto outputs = ReadSymbols(file_, "output");
      if (!outputs) return false;
      frame.outputs = outputs->symbols();
    }
    return States(frame) && NameIn(file_["start"], "\"start\"", frame.start) &&
           Names("accepting", frame.accepting) && Names("rejecting", frame.rejecting) &&
           Text("end", frame.end);
  }

  bool States(MachineFrame& frame) {
    const Json& states = file_["states"];
    if (states.is_number_integer() && states >= 1 && states <= kMaxMachineStates) {
      for (int q = 0; q < states.get<int>(); ++q) frame.states.push_back(std::to_string(q));
      return true;
    }
    if (!states.is_array() || states.empty() || states.size() > kMaxMachineStates) {
      return Fail(
          fmt::format("\"states\" is an array of 1 to {0} names, or a number of states "
                      "from 1 to {0}",
                      kMaxMachineStates));
    }
    return Names("states", frame.states);
  }

  // A state's name: a string, or an integer, which names the state by its digits.
  bool NameIn(const Json& json, std::string_view what, std::string& name) {
    if (!json.is_string() && !json.is_number_integer()) {
      return Fail(
          fmt::format("{} is a state's name, a string or an integer, not {}", what, Quoted(json)));
    }
    name = json.is_string() ? json.get<std::string>() : json.dump();
    return true;
  }

  bool Names(const std::string& field, std::vector<std::string>& names) {
    if (!file_.Has(field)) return true;
    const Json& listed = file_[field];
    if (!listed.is_array()) return Fail(fmt::format("\"{}\" is an array of states", field));
    return std::all_of(listed.begin(), listed.end(), [&](const Json& state) {
      names.emplace_back();
      return NameIn(state, fmt::format("a member of \"{}\"", field), names.back());
    });
  }

  bool Text(const std::string& field, std::string& text) {
    if (!file_.Has(field)) return true;
    if (!file_[field].is_string()) {
      return Fail(fmt::format("\"{}\" is a string, not {}", field, Quoted(file_[field])));
    }
    text = file_[field].get<std::string>();
    return true;
  }

  bool Count(const std::string& field, int& count) {
    if (!file_.Has(field)) return true;
    const Json& json = file_[field];
    if (!json.is_number_integer() || json < 1 || json > kMaxStores) {
      return Fail(
          fmt::format("\"{}\" is a number from 1 to {}, not {}", field, kMaxStores, Quoted(json)));
    }
    count = json.get<int>();
    return true;
  }

  // ---- other fields of a machine

  bool Stores(CounterMachine& machine) { return Count("counters", machine.num_counters); }
  bool Stores(StackMachine& machine) {
    const auto symbols = ReadSymbols(file_, "stack");
    if (symbols) machine.stack = symbols->symbols();
    return symbols && Text("bottom", machine.bottom);
  }
  bool Stores(TuringMachine& machine) {
    if (file_.Has("tape")) {
      const auto symbols = ReadSymbols(file_, "tape");
      if (!symbols) return false;
      machine.tape = symbols->symbols();
    }
    return Count("tapes", machine.num_tapes) && Text("blank", machine.blank);
  }

  // ---- transitions

  template <class M>
  bool Transitions(M& machine) {
    const Json& transitions = file_["transitions"];
    if (!transitions.is_array()) return Fail("\"transitions\" is not an array");
    if (transitions.size() > kMaxFileTransitions) {
      return Fail(fmt::format("{} transitions; the maximum is {}", transitions.size(),
                              kMaxFileTransitions));
    }
    for (const Json& json : transitions) {
      where_ = fmt::format("transition {}: ", machine.transitions.size() + 1);
      if (!json.is_object()) {
        return Fail(fmt::format("a transition is an object such as {}, not {}", Example(machine),
                                Quoted(json)));
      }
      machine.transitions.emplace_back();
      if (!Transition(json, machine, machine.transitions.back())) return false;
    }
    where_.clear();
    return true;
  }
  static std::string Example(const CounterMachine&) {
    return R"({"from": "p", "read": "a", "to": "q", "change": 1})";
  }
  static std::string Example(const StackMachine&) {
    return R"({"from": "p", "read": "a", "to": "q", "push": "A"})";
  }
  static std::string Example(const TuringMachine&) {
    return R"({"from": "p", "read": "a", "to": "q", "write": "b", "move": "R"})";
  }

  bool Fields(const Json& json, std::vector<std::string> optional) {
    optional.push_back("output");
    return file_.CheckFields(json, {"from", "to"}, optional, where_);
  }
  template <class T>
  bool Ends(const Json& json, T& t) {
    return NameIn(json["from"], "\"from\"", t.from) && NameIn(json["to"], "\"to\"", t.to) &&
           Symbol(json, "output", t.output);
  }

  bool Transition(const Json& json, const CounterMachine& machine, CounterTransition& t) {
    return Fields(json, {"read", "look", "test", "change"}) && Ends(json, t) &&
           Input(json, t.input) &&
           ForEach(json, "test", machine.num_counters, "counter",
                   [&](const Json& test) { return Test(test, t.tests); }) &&
           ForEach(json, "change", machine.num_counters, "counter",
                   [&](const Json& change) { return Change(change, t.change); });
  }
  bool Transition(const Json& json, const StackMachine&, StackTransition& t) {
    if (!Fields(json, {"read", "look", "top", "pop", "push"}) || !Ends(json, t) ||
        !Input(json, t.input)) {
      return false;
    }
    if (json.contains("pop")) {
      if (!json["pop"].is_boolean()) {
        return Fail(fmt::format("\"pop\" is true or false, not {}", Quoted(json["pop"])));
      }
      t.pop = json["pop"].get<bool>();
    }
    return Symbol(json, "top", t.top) && Symbol(json, "push", t.push);
  }
  bool Transition(const Json& json, const TuringMachine& machine, TuringTransition& t) {
    const auto symbols = [&](std::vector<std::optional<std::string>>& list) {
      return [&](const Json& symbol) {
        list.emplace_back();
        return SymbolIn(symbol, "the content of a cell", list.back());
      };
    };
    return Fields(json, {"read", "write", "move"}) && Ends(json, t) &&
           ForEach(json, "read", machine.num_tapes, "tape", symbols(t.read)) &&
           ForEach(json, "write", machine.num_tapes, "tape", symbols(t.write)) &&
           ForEach(json, "move", machine.num_tapes, "tape",
                   [&](const Json& move) { return Move(move, t.move); });
  }

  bool Input(const Json& json, InputUse& use) {
    return Symbol(json, "read", use.read) && Symbol(json, "look", use.look);
  }
  bool Symbol(const Json& json, const char* field, std::optional<std::string>& symbol) {
    return !json.contains(field) || SymbolIn(json[field], fmt::format("\"{}\"", field), symbol);
  }
  bool SymbolIn(const Json& json, const std::string& what, std::optional<std::string>& symbol) {
    if (json.is_null()) return true;
    if (!json.is_string()) {
      return Fail(fmt::format("{} is a string or null, not {}", what, Quoted(json)));
    }
    symbol = json.get<std::string>();
    return true;
  }

  // A field with a value for each store: an array with one per store or, if there is only one, the
  // value.
  template <class Use>
  bool ForEach(const Json& json, const char* field, int count, std::string_view store, Use&& use) {
    if (!json.contains(field)) return true;
    const Json& values = json[field];
    if (!values.is_array() && count == 1) return use(values);
    if (!values.is_array() || values.size() != static_cast<std::size_t>(count)) {
      return Fail(fmt::format("\"{}\" is an array of {}, one for each {}, not {}", field, count,
                              store, Quoted(values)));
    }
    return std::all_of(values.begin(), values.end(), use);
  }
  bool Test(const Json& json, std::vector<CounterTest>& tests) {
    static const std::vector<std::pair<std::string, CounterTest>> names = {
        {"zero", CounterTest::kZero},
        {"nonzero", CounterTest::kNonzero},
        {"positive", CounterTest::kPositive},
        {"negative", CounterTest::kNegative}};
    if (json.is_null()) return tests.push_back(CounterTest::kAny), true;
    for (const auto& [name, test] : names) {
      if (json == name) return tests.push_back(test), true;
    }
    return Fail(
        fmt::format("a test is \"zero\", \"nonzero\", \"positive\", \"negative\" or null, "
                    "not {}",
                    Quoted(json)));
  }
  bool Change(const Json& json, std::vector<int>& changes) {
    if (!json.is_number_integer() || json < -1 || json > 1) {
      return Fail(fmt::format("a counter changes by -1, 0 or 1, not by {}", Quoted(json)));
    }
    changes.push_back(json.get<int>());
    return true;
  }
  bool Move(const Json& json, std::vector<int>& moves) {
    const std::string directions = "LNR";
    const std::string text = json.is_string() ? json.get<std::string>() : "";
    const std::size_t at = text.size() == 1 ? directions.find(text) : std::string::npos;
    if (at == std::string::npos) {
      return Fail(fmt::format("a head moves \"L\", \"N\" or \"R\", not {}", Quoted(json)));
    }
    moves.push_back(static_cast<int>(at) - 1);
    return true;
  }

  // ---- how long runs are

  template <class M>
  bool Bounds(M& machine) {
    MachineFrame& frame = machine.frame;
    if (file_.Has("max_output")) {
      frame.max_output = PolynomialIn("max_output", 0);
      if (!frame.max_output) return false;
    }
    if (file_.Has("max_steps")) {
      const std::optional<Polynomial> max_steps = PolynomialIn("max_steps", 1);
      if (max_steps) frame.max_steps = *max_steps;
      return max_steps.has_value();
    }
    if (const std::string why = WhyNotRealTime(machine); !why.empty()) {
      return Fail(
          fmt::format("the field \"max_steps\" is missing, a polynomial such as "
                      "\"n^2+3n+2\"; {}",
                      why));
    }
    return true;  // n+1
  }

  // The field, whose values must be at least `least`; nothing after reporting an error.
  std::optional<Polynomial> PolynomialIn(const std::string& field, int least) {
    const auto fail = [&](const std::string& problem) {
      Fail(problem);
      return std::nullopt;
    };
    const Json& json = file_[field];
    if (!json.is_string() && !json.is_number_integer()) {
      return fail(
          fmt::format("\"{}\" is a polynomial such as \"n^2+3n+2\", not {}", field, Quoted(json)));
    }
    const std::string text = json.is_string() ? json.get<std::string>() : json.dump();
    Diagnostics local;
    auto polynomial = Polynomial::Parse(text, {}, local);
    if (!polynomial) return fail(fmt::format("\"{}\": {}", field, local.all().front().message));
    for (int n = 0; n <= kLengthsTried; ++n) {
      const auto value = polynomial->At(n);
      if (value && *value >= least) continue;
      return fail(fmt::format("\"{}\" is {} where n is {}", field,
                              value ? fmt::format("{}", *value) : "negative or too large", n));
    }
    return polynomial;
  }

  // Why some run may take more than n+1 steps; empty if none does, because every step reads a
  // symbol.
  template <class M>
  static std::string WhyNotRealTime(const M& machine) {
    const MachineFrame& frame = machine.frame;
    for (std::size_t i = 0; i < machine.transitions.size(); ++i) {
      const auto& t = machine.transitions[i];
      if (!t.input.read) {
        return fmt::format("transition {} does not read, so it may not be n+1", i + 1);
      }
      const auto halts_in = [&](const std::vector<std::string>& states) {
        return std::find(states.begin(), states.end(), t.to) != states.end();
      };
      if (*t.input.read == frame.end && !halts_in(frame.accepting) && !halts_in(frame.rejecting)) {
        return fmt::format("transition {} continues after the end marker, so it may not be n+1",
                           i + 1);
      }
    }
    return "";
  }
  static std::string WhyNotRealTime(const TuringMachine&) {
    return "a Turing machine may take any number of steps";
  }

  template <class M>
  bool Check(const M& machine) {
    Diagnostics local;
    if (MakeTable(machine, local)) return true;
    return Fail(local.all().front().message);
  }

  JsonFields file_;
  std::string where_;  // begins messages about a transition
};

}  // namespace

bool IsMachineFile(std::string_view json) {
  const std::optional<std::string> type = TextField(json, "type");
  return type && type->ends_with("_machine");
}

std::optional<Machine> ReadMachine(std::string_view json, const std::string& name,
                                   const std::optional<Alphabet>& alphabet, Diagnostics& diag) {
  return MachineReader(name, diag).Read(json, alphabet);
}

}  // namespace raspc
