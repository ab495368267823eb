// Machine files: those that come with the command against other definitions, and errors in others.
#include <algorithm>
#include <catch2/catch.hpp>

#include "base/files.h"
#include "frontends/machines/machine_program.h"
#include "lab/families/machines/machine_families.h"
#include "lab/registry/language.h"
#include "tests/automata/language_testing.h"
#include "tests/lab/problem_testing.h"

namespace raspc {
namespace {

std::string PathOf(const std::string& name) {
  return std::string(RASPC_SOURCE_DIR) + "/programs/machines/" + name + ".json";
}

std::string TextOf(const std::string& name) {
  Diagnostics diag;
  return ReadFile(PathOf(name), 1 << 20, diag).value();
}

void CheckByChainOfThought(const Problem& problem, int max_length) {
  CHECK(problem.TheoryOf(Mechanism::kCot).IsBuilt());
  ProgramCheck check;
  check.mechanism = Mechanism::kCot;
  check.max_length = max_length;
  check.most_interpreted = 10;
  CheckProgram(problem, check);
}

bool IsDyck2(std::string text) {
  for (std::size_t size = text.size() + 1; size != text.size();) {
    size = text.size();
    for (const char* pair : {"()", "[]"}) {
      if (const auto at = text.find(pair); at != std::string::npos) text.erase(at, 2);
    }
  }
  return text.empty();
}

TEST_CASE("the machine files that come with the command decide what they say") {
  const auto text_of = [](const Problem& problem, const Word& word) {
    return ToText(problem.alphabet, word);
  };
  const Problem dyck = ProblemOf(PathOf("dyck2"));
  CheckDecider(dyck, 7, [&](const Word& word) { return IsDyck2(text_of(dyck, word)); });
  CheckSampler(dyck, 8, 6);
  CheckByChainOfThought(dyck, 20);

  const Problem abc = ProblemOf(PathOf("abc"));
  CheckDecider(abc, 9, [&](const Word& word) {
    const std::string third(word.size() / 3, 'x');
    std::string blocks;
    for (const char c : std::string("abc")) blocks += std::string(word.size() / 3, c);
    return text_of(abc, word) == blocks;
  });
  CheckByChainOfThought(abc, 20);

  const Problem palindrome = ProblemOf(PathOf("palindrome"));
  CheckDecider(palindrome, 11, [](const Word& word) {
    return std::equal(word.begin(), word.end(), word.rbegin());
  });
  CheckSampler(palindrome, 9, 7);
  CheckByChainOfThought(palindrome, 9);
}

TEST_CASE("a machine file that writes is a task") {
  const Problem increment = ProblemOf(PathOf("increment"));
  REQUIRE(increment.kind == ProblemKind::kTask);
  for (const Word& word : WordsUpTo(2, 9)) {
    int number = 0;
    for (const SymbolId bit : word) number = 2 * number + bit;
    ++number;
    std::string sum;
    for (std::size_t i = 0; i < std::max<std::size_t>(1, word.size()) || number > 0; ++i) {
      sum.insert(sum.begin(), number % 2 == 1 ? '1' : '0');
      number /= 2;
    }
    std::string answer;
    const std::optional<Answer> written = increment.answer(word);
    REQUIRE(written);
    for (const std::string& symbol : *written) answer += symbol;
    REQUIRE(answer == sum);
  }
  CheckByChainOfThought(increment, 12);
}

std::string Error(const std::string& json) {
  Diagnostics diag;
  CHECK_FALSE(ReadMachineProblem(json, "m.json", std::nullopt, diag));
  return FirstError(diag);
}

// A correct file with one member, or the transitions, replaced, or left out if the text is empty.
std::string With(const std::string& type, const std::string& member, const std::string& text) {
  std::vector<std::pair<std::string, std::string>> members = {{"type", "\"" + type + "\""},
                                                              {"alphabet", "\"ab\""},
                                                              {"states", "[\"p\", \"q\"]"},
                                                              {"start", "\"p\""},
                                                              {"accepting", "[\"q\"]"}};
  if (type == "stack_machine") members.emplace_back("stack", "\"A\"");
  if (type == "turing_machine") members.emplace_back("max_steps", "\"n+3\"");
  members.emplace_back("transitions", R"([{"from": "p", "read": "a", "to": "q"}])");
  if (std::none_of(members.begin(), members.end(),
                   [&](const auto& known) { return known.first == member; })) {
    members.emplace_back(member, "");
  }
  std::string json;
  for (const auto& [name, value] : members) {
    const std::string& used = name == member ? text : value;
    if (used.empty()) continue;
    json += (json.empty() ? "" : ", ") + ("\"" + name + "\": ") + used;
  }
  return "{" + json + "}";
}
std::string Transitions(const std::string& type, const std::string& list) {
  return With(type, "transitions", "[" + list + "]");
}

const std::string kCounter = "counter_machine", kStack = "stack_machine",
                  kTuring = "turing_machine";

TEST_CASE("errors in a machine file are reported in the file's own terms") {
  struct Wrong {
    std::string json, message;
  };
  const std::vector<Wrong> cases = {
      {"", "not valid JSON: an error at line 1, column 1"},
      {"[]", "a machine must be a JSON object"},
      {"{}", "the field \"type\" is missing"},
      {R"({"type": "queue_machine"})",
       "\"type\" is \"counter_machine\", \"stack_machine\" or \"turing_machine\", not "
       "\"queue_machine\""},
      {With(kStack, "stack", ""), "the field \"stack\" is missing"},
      {With(kStack, "stak", "1"), "unknown field \"stak\"; did you mean \"stack\"?"},
      {With(kStack, "stack", "[\"A\", 1]"),
       "\"stack\": an alphabet is a string (one symbol per character) or a JSON array of strings, "
       "such as [\"w0\", \"w1\"]"},
      {With(kStack, "bottom", "\"A\""), "the stack symbol \"A\" is repeated"},
      {With(kStack, "alphabet", "\"aa\""), "the symbol \"a\" occurs twice in the alphabet"},
      {With(kStack, "states", "[\"p\", \"p\", \"q\"]"), "the state \"p\" is repeated"},
      {With(kStack, "states", "[]"),
       "\"states\" is an array of 1 to 10000 names, or a number of states from 1 to 10000"},
      {With(kStack, "states", "99999999"),
       "\"states\" is an array of 1 to 10000 names, or a number of states from 1 to 10000"},
      {With(kStack, "states", "[null]"),
       "a member of \"states\" is a state's name, a string or an integer, not null"},
      {With(kStack, "start", "\"x\""), "the start state: there is no state \"x\""},
      {With(kStack, "start", "[]"), "\"start\" is a state's name, a string or an integer, not []"},
      {With(kStack, "accepting", "[\"x\"]"), "the halting states: there is no state \"x\""},
      {With(kStack, "rejecting", "[\"q\"]"), "the halting state \"q\" is listed twice"},
      {With(kStack, "accepting", "\"q\""), "\"accepting\" is an array of states"},
      {With(kStack, "end", "\"a\""), "the end marker \"a\" is a symbol of the alphabet"},
      {With(kStack, "end", "7"), "\"end\" is a string, not 7"},
      {With(kStack, "max_steps", "\"n^\""),
       "\"max_steps\": \"n^\" is not a polynomial in n: expected an exponent after '^'; write it "
       "like n^2+1 (exponents up to 8)"},
      {With(kStack, "max_steps", "\"n-1\""), "\"max_steps\" is negative or too large where n is 0"},
      {With(kStack, "max_steps", "\"2n\""), "\"max_steps\" is 0 where n is 0"},
      {With(kStack, "max_steps", "[]"),
       "\"max_steps\" is a polynomial such as \"n^2+3n+2\", not []"},
      {With(kStack, "transitions", "{}"), "\"transitions\" is not an array"},
      {Transitions(kStack, "[]"),
       "transition 1: a transition is an object such as {\"from\": \"p\", \"read\": \"a\", \"to\": "
       "\"q\", \"push\": \"A\"}, not []"},
      {Transitions(kStack, R"({"from": "p"})"), "transition 1: the field \"to\" is missing"},
      {Transitions(kStack, R"({"from": "p", "to": "q", "write": "a"})"),
       "transition 1: unknown field \"write\""},
      {Transitions(kStack, R"({"from": "p", "to": "q", "to": "p"})"),
       "the field \"to\" is repeated"},
      {Transitions(kStack, R"({"from": "p", "read": "a", "look": "a", "to": "q"})"),
       "transition 1: it both reads and looks; give only one"},
      {Transitions(kStack, R"({"from": "p", "read": "c", "to": "q"})"),
       "transition 1: \"c\" is not a value of the symbol: [\"a\", \"b\", \"$\"]"},
      {Transitions(kStack, R"({"from": "p", "read": "a", "top": "B", "to": "q"})"),
       "transition 1: \"B\" is not a value of the top: [\"bottom\", \"A\"]"},
      {Transitions(kStack, R"({"from": "p", "read": "a", "to": "q", "push": "B"})"),
       "transition 1: it pushes \"B\", which is not a stack symbol"},
      {Transitions(kStack,
                   R"({"from": "p", "read": "a", "top": "bottom", "to": "q", "pop": true})"),
       "transition 1: it pops from an empty stack"},
      {Transitions(kStack, R"({"from": "p", "read": "a", "to": "q", "pop": 1})"),
       "transition 1: \"pop\" is true or false, not 1"},
      {Transitions(kStack, R"({"from": "q", "read": "a", "to": "q"})"),
       "transition 1: the state \"q\" halts, so it cannot have transitions"},
      {Transitions(kStack, R"({"from": "p", "read": "a", "to": "q"},
                              {"from": "p", "read": "a", "top": "A", "to": "p"})"),
       "transitions 1 and 2 both apply in the state \"p\" with symbol \"a\", top \"A\""},
      {Transitions(kStack, R"({"from": "p", "read": "a", "to": "p", "output": "x"})"),
       "transition 1: the output \"x\" is not an output symbol"},
      {Transitions(kStack, R"({"from": "p", "look": "a", "to": "p"})"),
       "the field \"max_steps\" is missing, a polynomial such as \"n^2+3n+2\"; transition 1 does "
       "not read, so it may not be n+1"},
      {Transitions(kStack, R"({"from": "p", "read": "$", "to": "p"})"),
       "the field \"max_steps\" is missing, a polynomial such as \"n^2+3n+2\"; transition 1 "
       "continues after the end marker, so it may not be n+1"},
      {With(kCounter, "counters", "9"), "\"counters\" is a number from 1 to 8, not 9"},
      {With(kCounter, "counters", "0"), "\"counters\" is a number from 1 to 8, not 0"},
      {Transitions(kCounter, R"({"from": "p", "read": "a", "to": "q", "change": 2})"),
       "transition 1: a counter changes by -1, 0 or 1, not by 2"},
      {Transitions(kCounter, R"({"from": "p", "read": "a", "to": "q", "change": [1, 1]})"),
       "transition 1: \"change\" is an array of 1, one for each counter, not [1,1]"},
      {Transitions(kCounter, R"({"from": "p", "read": "a", "to": "q", "test": "empty"})"),
       "transition 1: a test is \"zero\", \"nonzero\", \"positive\", \"negative\" or null, not "
       "\"empty\""},
      {With(kTuring, "max_steps", ""),
       "the field \"max_steps\" is missing, a polynomial such as \"n^2+3n+2\"; a Turing machine "
       "may take any number of steps"},
      {With(kTuring, "blank", "\"a\""), "the tape symbol \"a\" is repeated"},
      {With(kTuring, "blank", "\"\""), "the name of a tape symbol is empty"},
      {Transitions(kTuring, R"({"from": "p", "read": "a", "to": "q", "move": "left"})"),
       "transition 1: a head moves \"L\", \"N\" or \"R\", not \"left\""},
      {Transitions(kTuring, R"({"from": "p", "read": "a", "to": "q", "write": "x"})"),
       "transition 1: it writes \"x\", which is not a symbol of the tape"},
      {Transitions(kTuring, R"({"from": "p", "read": "x", "to": "q"})"),
       "transition 1: \"x\" is not a value of the cell: [\"_\", \"a\", \"b\"]"},
      {Transitions(kTuring, R"({"from": "p", "read": ["a", "a"], "to": "q"})"),
       "transition 1: \"read\" is an array of 1, one for each tape, not [\"a\",\"a\"]"},
  };
  for (const Wrong& wrong : cases) {
    INFO(wrong.json);
    CHECK(Error(wrong.json) == "m.json: " + wrong.message);
  }
}

TEST_CASE("a machine that runs on past its bound is refused with the word") {
  CHECK(Error(Transitions(kTuring, R"({"from": "p", "to": "p", "move": "R"})")) ==
        "m.json: the machine does not halt within \"max_steps\", n+3, on \"\": 3 steps are not "
        "enough");
  CHECK(Error(R"({"type": "stack_machine", "alphabet": "ab", "stack": "A", "states": ["p"],
        "start": "p", "max_steps": "n+2", "transitions": [
        {"from": "p", "read": "a", "to": "p"}, {"from": "p", "look": "b", "to": "p"}]})") ==
        "m.json: the machine does not halt within \"max_steps\", n+2, on \"b\": 3 steps are not "
        "enough");
}

TEST_CASE("a machine's program is refused for sequences past the limit, with its length") {
  const Problem palindrome = ProblemOf(PathOf("palindrome"));
  GeneratedProgramOptions options;
  options.mechanism = Mechanism::kCot;
  options.max_length = 1000;
  Diagnostics diag;
  CHECK_FALSE(palindrome.make_program(options, diag));
  CHECK(FirstError(diag).find("takes up to 1000002 generated tokens (n^2+2 steps)") !=
        std::string::npos);
  options.max_length = 10;
  options.max_rows = 5;
  Diagnostics rows;
  CHECK_FALSE(palindrome.make_program(options, rows));
  CHECK(FirstError(rows).find("more than 5, the limit") != std::string::npos);
  options.mechanism = Mechanism::kDirect;
  Diagnostics direct;
  CHECK_FALSE(palindrome.make_program(options, direct));
  CHECK(FirstError(direct).find("by 'direct': nothing is known about a machine except how it "
                                "runs") != std::string::npos);
}

TEST_CASE("a machine is not a finite automaton, and its language may not be regular") {
  Diagnostics diag;
  CHECK_FALSE(ReadLanguage(PathOf("dyck2"), std::nullopt, {}, diag));
  CHECK(FirstError(diag) == PathOf("dyck2") +
                                ": a stack_machine is not a finite automaton; its language may not "
                                "be regular; raspc lab recognise takes it");
}

TEST_CASE("an alphabet from outside may add symbols to a machine, which it rejects") {
  Diagnostics diag;
  const auto problem =
      ReadMachineProblem(TextOf("palindrome"), "m.json", Alphabet({"a", "b", "c"}), diag);
  REQUIRE(problem);
  CHECK(problem->decide({0, 1, 0}));
  CHECK_FALSE(problem->decide({0, 2, 0}));
  CHECK_FALSE(ReadMachineProblem(TextOf("palindrome"), "m.json", Alphabet({"a"}), diag));
  CHECK(FirstError(diag) == "m.json: the machine's symbol \"b\" is not in the alphabet [\"a\"]");
}

TEST_CASE("machine files cut short or with a byte changed are read or refused, never worse") {
  std::mt19937_64 random(63);
  int num_read = 0;
  for (const char* name : {"dyck2", "abc", "palindrome", "increment"}) {
    const std::string good = TextOf(name);
    for (int i = 0; i < 1500; ++i) {
      const std::string json = Damaged(good, 1 + i % 3, random);
      Diagnostics diag;
      const auto machine = ReadMachine(json, "m.json", std::nullopt, diag);
      REQUIRE(machine.has_value() != diag.HasErrors());
      num_read += machine ? 1 : 0;
    }
  }
  CHECK(num_read > 0);
  const std::string deep(200'000, '[');
  CHECK(Error(deep) == "m.json: not valid JSON: an error at line 1, column 200001");
}

}  // namespace
}  // namespace raspc
