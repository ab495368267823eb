// Automaton files: reading, writing, and errors.
#include "automata/automaton_json.h"

#include <catch2/catch.hpp>

#include "automata/nfa.h"
#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

Dfa Read(const std::string& json, const std::optional<Alphabet>& alphabet = std::nullopt) {
  Diagnostics diag;
  const auto file = ReadAutomaton(json, "a.json", alphabet, diag);
  INFO(json << ": " << FirstError(diag));
  REQUIRE(file);
  REQUIRE(CheckNfa(file->automaton).empty());
  return Minimised(*Determinised(file->automaton, {}, diag));
}

std::string Error(const std::string& json, const std::optional<Alphabet>& alphabet = std::nullopt) {
  Diagnostics diag;
  CHECK_FALSE(ReadAutomaton(json, "a.json", alphabet, diag));
  return FirstError(diag);
}

TEST_CASE("a DFA is read with names or numbers for states") {
  const Dfa parity = MinimalOf("parity");
  CHECK(Read(R"({"type": "dfa", "alphabet": "ab", "states": ["even", "odd"], "start": "even",
      "accepting": ["even"], "transitions": [["even", "a", "even"], ["even", "b", "odd"],
      ["odd", "a", "odd"], ["odd", "b", "even"]]})") == parity);
  CHECK(Read(R"({"type": "dfa", "states": 2, "start": 0, "accepting": [0],
      "transitions": [[0, "a", 0], [0, "b", 1], [1, "a", 1], [1, "b", 0]]})") == parity);
}

TEST_CASE("an NFA has empty moves, several starts and missing transitions") {
  CHECK(Read(R"({"type": "nfa", "alphabet": "ab", "states": 3, "start": [0, 1], "accepting": [2],
      "transitions": [[0, "a", 0], [0, null, 2], [1, "b", 2]]})") == MinimalOf("regex:a*|b"));
  CHECK(Read(R"({"type": "nfa", "alphabet": ["w0"], "states": 1, "start": 0, "accepting": [0],
      "transitions": []})") == MinimalOf("regex:()", "[\"w0\"]"));
  CHECK(Read(R"({"type": "nfa", "alphabet": "a", "states": 1, "start": [], "accepting": [0],
      "transitions": []})") == MinimalOf("regex:~(.*)", "a"));
}

TEST_CASE("an alphabet from outside may add symbols to an NFA") {
  const std::string json = R"({"type": "nfa", "states": 1, "start": 0, "accepting": [0],
      "transitions": [[0, "a", 0]]})";
  CHECK(Read(json, SmallLetters(2)) == MinimalOf("regex:a*", "ab"));
  CHECK(Error(json, Alphabet({"b"})) ==
        "a.json: the automaton's symbol \"a\" is not in the alphabet [\"b\"]");
}

TEST_CASE("a written automaton is read back") {
  std::mt19937_64 random(61);
  for (int i = 0; i < 50; ++i) {
    const Dfa dfa = RandomMinimalDfa(random, 1 + i % 9, 1 + i % 3);
    CHECK(Read(AutomatonJson(dfa)) == dfa);
  }
  CHECK(Read(AutomatonJson(MinimalOf("flip_flop"))) == MinimalOf("flip_flop"));
}

// A correct file with the member of this name replaced, or left out if the text is empty.
std::string With(const std::string& member, const std::string& text) {
  std::vector<std::pair<std::string, std::string>> members = {
      {"type", "\"dfa\""}, {"alphabet", "\"a\""}, {"states", "2"},
      {"start", "0"},      {"accepting", "[1]"},  {"transitions", "[[0,\"a\",1],[1,\"a\",1]]"}};
  std::string json;
  for (const auto& [name, value] : members) {
    const std::string& used = name == member ? text : value;
    if (used.empty()) continue;
    json += (json.empty() ? "" : ", ") + ("\"" + name + "\": ") + used;
  }
  return "{" + json + "}";
}

TEST_CASE("errors in a file are reported in the file's own terms") {
  struct Wrong {
    std::string json, message;
  };
  const std::string a_state = "a state's name is a string or an integer, not ";
  const std::vector<Wrong> cases = {
      {"", "not valid JSON: an error at line 1, column 1"},
      {"{", "not valid JSON: an error at line 1, column 2"},
      {"[1e999]", "not valid JSON: a number is out of range"},
      {"[]", "an automaton must be a JSON object"},
      {"{}", "the field \"type\" is missing"},
      {R"({"tpye": 1})", "unknown field \"tpye\"; did you mean \"type\"?"},
      {R"({"type": "dfa", "type": "nfa"})", "the field \"type\" is repeated"},
      {With("type", "\"pda\""), "\"type\" is \"dfa\" or \"nfa\", not \"pda\""},
      {With("type", ""), "the field \"type\" is missing"},
      {With("alphabet", "7"),
       "\"alphabet\" is a string (one symbol per character) or an array of strings"},
      {With("alphabet", "\"aa\""), "the symbol \"a\" occurs twice in the alphabet"},
      {With("alphabet", "\"\""), "an alphabet needs at least one symbol"},
      {With("alphabet", "[\"\"]"), "a symbol of an alphabet cannot be empty"},
      {With("states", "0"), "0 states; the number must be from 1 to 100000"},
      {With("states", "99999999999"), "99999999999 states; the number must be from 1 to 100000"},
      {With("states", "-1"), "-1 states; the number must be from 1 to 100000"},
      {With("states", "[]"), "\"states\" is an array of 1 to 100000 names, or a number of states"},
      {With("states", "[0, null]"), a_state + "null"},
      {With("states", "[0, 1, 0]"), "the state 0 is repeated"},
      {With("start", "2"), "\"start\" names 2, which is not among the states"},
      {With("start", "[0]"), "a DFA has one start state; several make it an NFA"},
      {With("start", "{\"a\": [1, 2, 3]}"),
       "\"start\" names {\"a\":[1,2,3]}, which is not among the states"},
      {With("accepting", "1"), "\"accepting\" is not an array"},
      {With("accepting", "[\"1\"]"), "\"accepting\" names \"1\", which is not among the states"},
      {With("transitions", "{}"), "\"transitions\" is not an array"},
      {With("transitions", "[[0, \"a\"]]"),
       "a transition is [state, symbol, state], not [0,\"a\"]"},
      {With("transitions", "[[0, \"a\", 5]]"),
       "a transition names 5, which is not among the states"},
      {With("transitions", "[[0, \"b\", 1]]"),
       "a transition reads \"b\", which is not in the alphabet [\"a\"]"},
      {With("transitions", "[[0, 1, 1]]"),
       "a transition reads 1, which is not in the alphabet [\"a\"]"},
      {With("transitions", "[[0, null, 1]]"), "an empty move (null) makes the automaton an NFA"},
      {With("transitions", "[[0, \"a\", 1], [0, \"a\", 1]]"),
       "the transition [0,\"a\",1] is repeated"},
      {With("transitions", "[[0, \"a\", 1]]"),
       "the state 1 has no transition for \"a\", but a DFA has one; \"type\": \"nfa\" allows that"},
      {With("transitions", "[[0, \"a\", 1], [0, \"a\", 0], [1, \"a\", 1]]"),
       "the state 0 has 2 transitions for \"a\", but a DFA has one; \"type\": \"nfa\" allows that"},
  };
  for (const Wrong& wrong : cases) {
    INFO(wrong.json);
    CHECK(Error(wrong.json) == "a.json: " + wrong.message);
  }
}

TEST_CASE("files cut short or with a byte changed are read or refused, never worse") {
  std::mt19937_64 random(62);
  const std::string good = AutomatonJson(MinimalOf("tomita_3"));
  int num_read = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string json = Damaged(good, 1 + i % 3, random);
    Diagnostics diag;
    const auto file = ReadAutomaton(json, "a.json", std::nullopt, diag);
    REQUIRE(file.has_value() != diag.HasErrors());
    if (!file) continue;
    REQUIRE(CheckNfa(file->automaton).empty());
    ++num_read;
  }
  CHECK(num_read > 0);
  const std::string deep(200000, '[');
  CHECK(Error(deep) == "a.json: not valid JSON: an error at line 1, column 200001");
  CHECK(Error(deep + std::string(200000, ']')) == "a.json: an automaton must be a JSON object");
}

}  // namespace
}  // namespace raspc
