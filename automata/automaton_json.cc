// Checks a file field by field and reports errors in the file's own names.
#include "automata/automaton_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "automata/read_symbols.h"
#include "base/atom.h"
#include "base/json_fields.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

// Of automata, and of the machines that are read elsewhere.
const std::vector<std::string> kMachineTypes = {"counter_machine", "stack_machine",
                                                "turing_machine"};
const std::vector<std::string> kTypes = {"dfa", "nfa", "counter_machine", "stack_machine",
                                         "turing_machine"};

class Reader {
 public:
  Reader(const std::string& name, Diagnostics& diag) : json_(name, diag) {}

  std::optional<AutomatonFile> Read(std::string_view text,
                                    const std::optional<Alphabet>& alphabet) {
    if (!json_.Parse(text, "an automaton") || !CheckFields()) return std::nullopt;
    const bool is_read = Type() && States() && Symbols(alphabet) && Starts() && Accepting() &&
                         Transitions() && (!file_.is_deterministic || IsComplete());
    if (!is_read) return std::nullopt;
    return std::move(file_);
  }

 private:
  bool Fail(const std::string& message) { return json_.Fail(message); }

  bool CheckFields() {
    if (json_.Has("type")) {
      const Json& type = json_["type"];
      if (std::find(kMachineTypes.begin(), kMachineTypes.end(), type) != kMachineTypes.end()) {
        return Fail(
            fmt::format("a {} is not a finite automaton; its language may not be regular; "
                        "raspc lab recognise takes it",
                        type.get<std::string>()));
      }
    }
    const bool is_known = json_.CheckFields(
        json_.json(), {"type", "states", "start", "accepting", "transitions"}, {"alphabet"});
    if (!is_known) return false;
    if (!json_["transitions"].is_array()) return Fail("\"transitions\" is not an array");
    return true;
  }

  bool Type() {
    const Json& type = json_["type"];
    if (type != "dfa" && type != "nfa") {
      return Fail(fmt::format("\"type\" is \"dfa\" or \"nfa\", not {}{}", Quoted(type),
                              type.is_string() ? DidYouMean(type.get<std::string>(), kTypes) : ""));
    }
    file_.is_deterministic = type == "dfa";
    return true;
  }

  bool States() {
    const Json& states = json_["states"];
    if (states.is_number_integer()) {
      if (states < 1 || states > kMaxFileStates) {
        return Fail(fmt::format("{} states; the number must be from 1 to {}", Quoted(states),
                                kMaxFileStates));
      }
      for (int q = 0; q < states.get<int>(); ++q) AddState(Json(q));
      return true;
    }
    if (!states.is_array() || states.empty() || states.size() > kMaxFileStates) {
      return Fail(fmt::format("\"states\" is an array of 1 to {} names, or a number of states",
                              kMaxFileStates));
    }
    for (const Json& state : states) {
      if (!state.is_string() && !state.is_number_integer()) {
        return Fail(fmt::format("a state's name is a string or an integer, not {}", Quoted(state)));
      }
      if (!AddState(state)) return Fail(fmt::format("the state {} is repeated", Quoted(state)));
    }
    return true;
  }

  bool AddState(const Json& state) {
    file_.automaton.AddState();
    return numbers_.emplace(state, file_.automaton.num_states() - 1).second;
  }

  bool Symbols(const std::optional<Alphabet>& given) {
    std::optional<Alphabet> listed = ListedSymbols();
    if (!listed) return false;
    if (!given) {
      file_.automaton.alphabet = *std::move(listed);
      return true;
    }
    for (const std::string& symbol : listed->symbols()) {
      if (given->Find(symbol)) continue;
      return Fail(fmt::format("the automaton's symbol {} is not in the alphabet {}",
                              QuoteJson(symbol), ToJson(*given)));
    }
    file_.automaton.alphabet = *given;
    return true;
  }

  // The alphabet as given in the file.
  std::optional<Alphabet> ListedSymbols() {
    if (json_.Has("alphabet")) return ReadSymbols(json_, "alphabet");
    std::set<std::string> read;
    for (const Json& transition : json_["transitions"]) {
      if (transition.is_array() && transition.size() == 3 && transition[1].is_string()) {
        read.insert(transition[1].get<std::string>());
      }
    }
    Diagnostics local;
    std::optional<Alphabet> alphabet = MakeAlphabet({read.begin(), read.end()}, {}, local);
    if (!alphabet) Fail(local.all().front().message);
    return alphabet;
  }

  // The number of a state named in the file; reports one that is not listed.
  std::optional<StateId> StateOf(const Json& state, std::string_view where) {
    const auto found = numbers_.find(state);
    if (found != numbers_.end()) return found->second;
    std::vector<std::string> names;
    for (const auto& [name, q] : numbers_) {
      if (name.is_string()) names.push_back(name.get<std::string>());
    }
    Fail(fmt::format("{} names {}, which is not among the states{}", where, Quoted(state),
                     state.is_string() ? DidYouMean(state.get<std::string>(), names) : ""));
    return std::nullopt;
  }

  bool Starts() {
    const Json& start = json_["start"];
    if (file_.is_deterministic && start.is_array()) {
      return Fail("a DFA has one start state; several make it an NFA");
    }
    const Json starts = start.is_array() ? start : Json::array({start});
    for (const Json& state : starts) {
      const std::optional<StateId> q = StateOf(state, "\"start\"");
      if (!q) return false;
      file_.automaton.starts.push_back(*q);
    }
    return true;
  }

  bool Accepting() {
    if (!json_["accepting"].is_array()) return Fail("\"accepting\" is not an array");
    for (const Json& state : json_["accepting"]) {
      const std::optional<StateId> q = StateOf(state, "\"accepting\"");
      if (!q) return false;
      file_.automaton.accepting[*q] = true;
    }
    return true;
  }

  bool Transitions() {
    std::set<std::tuple<StateId, SymbolId, StateId>> seen;
    for (const Json& transition : json_["transitions"]) {
      if (!transition.is_array() || transition.size() != 3) {
        return Fail(
            fmt::format("a transition is [state, symbol, state], not {}", Quoted(transition)));
      }
      const std::optional<StateId> from = StateOf(transition[0], "a transition");
      if (!from) return false;
      const std::optional<StateId> to = StateOf(transition[2], "a transition");
      if (!to) return false;
      const std::optional<SymbolId> symbol = SymbolOf(transition[1]);
      if (!symbol) return false;
      if (!seen.emplace(*from, *symbol, *to).second) {
        return Fail(fmt::format("the transition {} is repeated", Quoted(transition)));
      }
      file_.automaton.edges[*from].push_back({*symbol, *to});
    }
    return true;
  }

  std::optional<SymbolId> SymbolOf(const Json& symbol) {
    if (symbol.is_null() && !file_.is_deterministic) return Nfa::kEmptyMove;
    if (symbol.is_null()) {
      Fail("an empty move (null) makes the automaton an NFA");
      return std::nullopt;
    }
    if (symbol.is_string()) {
      if (const auto id = file_.automaton.alphabet.Find(symbol.get<std::string>())) return id;
    }
    Fail(fmt::format("a transition reads {}, which is not in the alphabet {}", Quoted(symbol),
                     ToJson(file_.automaton.alphabet)));
    return std::nullopt;
  }

  // Whether each state has one transition for each symbol; reports violations.
  bool IsComplete() {
    const Nfa& nfa = file_.automaton;
    for (const auto& [state, q] : numbers_) {
      std::vector<int> count(static_cast<std::size_t>(nfa.alphabet.size()), 0);
      for (const Nfa::Edge& edge : nfa.edges[q]) ++count[edge.symbol];
      for (SymbolId a = 0; a < nfa.alphabet.size(); ++a) {
        if (count[a] == 1) continue;
        return Fail(
            fmt::format("the state {} has {} for {}, but a DFA has one; \"type\": \"nfa\" "
                        "allows that",
                        Quoted(state),
                        count[a] == 0 ? "no transition" : fmt::format("{} transitions", count[a]),
                        QuoteJson(nfa.alphabet.Symbol(a))));
      }
    }
    return true;
  }

  JsonFields json_;
  AutomatonFile file_;
  std::map<Json, StateId> numbers_;
};

}  // namespace

std::optional<AutomatonFile> ReadAutomaton(std::string_view json, const std::string& name,
                                           const std::optional<Alphabet>& alphabet,
                                           Diagnostics& diag) {
  return Reader(name, diag).Read(json, alphabet);
}

std::string AutomatonJson(const Dfa& dfa) {
  std::vector<StateId> accepting;
  Json transitions = Json::array();
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    if (dfa.accepting[q]) accepting.push_back(q);
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      transitions.push_back({q, dfa.alphabet.Symbol(a), dfa.Next(q, a)});
    }
  }
  nlohmann::ordered_json json;
  json["type"] = "dfa";
  json["alphabet"] = dfa.alphabet.symbols();
  json["states"] = dfa.num_states();
  json["start"] = dfa.start;
  json["accepting"] = accepting;
  json["transitions"] = transitions;
  return json.dump() + "\n";
}

}  // namespace raspc
