// Pictures: what they hold, and that text from outside cannot break them.
#include "languages/pictures/dot.h"

#include <catch2/catch.hpp>

#include "tests/languages/language_testing.h"

namespace raspc {
namespace {

TEST_CASE("an automaton's picture shows start, verdicts, and symbols that share an edge") {
  CHECK(AutomatonDot(MinimalOf("first"), "first") ==
        "digraph {\n"
        "  label=\"first\";\n"
        "  labelloc=t;\n"
        "  node [shape=circle];\n"
        "  start [shape=point, label=\"\"];\n"
        "  q0 [label=\"0\"];\n"
        "  q1 [label=\"1\", style=dashed];\n"
        "  q2 [label=\"2\", shape=doublecircle];\n"
        "  start -> q0;\n"
        "  q0 -> q1 [label=\"0\"];\n"
        "  q0 -> q2 [label=\"1\"];\n"
        "  q1 -> q1 [label=\"0, 1\"];\n"
        "  q2 -> q2 [label=\"0, 1\"];\n"
        "}\n");
}

std::string EggBoxOf(const Dfa& dfa) {
  Diagnostics diag;
  const auto monoid = TransitionMonoid::Enumerate(dfa, {}, diag);
  REQUIRE(monoid);
  return EggBoxDot(dfa, *monoid, ComputeGreensRelations(*monoid), "L");
}

TEST_CASE("the egg-box has a row for each R-class and a column for each L-class") {
  const std::string dot = EggBoxOf(MinimalOf("d(1)"));
  // a and b are neither idempotent; ab and ba are; 0 and 1 are alone.
  CHECK(dot.find("<TR><TD>a</TD><TD>ab*</TD></TR><TR><TD>ba*</TD><TD>b</TD></TR>") !=
        std::string::npos);
  CHECK(dot.find("<TR><TD>ε*</TD></TR>") != std::string::npos);
  CHECK(dot.find("<TR><TD>aa*</TD></TR>") != std::string::npos);
  CHECK(dot.find("j2 -> j1") != std::string::npos);
  CHECK(dot.find("j1 -> j0") != std::string::npos);
  CHECK(dot.find("j2 -> j0") == std::string::npos);
}

TEST_CASE("a box with many elements shows the first") {
  CHECK(EggBoxOf(MinimalOf("mod(9)")).find(" ... (9)</TD>") != std::string::npos);
}

TEST_CASE("symbols and titles are quoted") {
  const Dfa dfa = MinimalOf("regex:(\\<a\"b>\\<\\x>\\<<&>)*", R"(["a\"b", "\\x", "<&"])");
  const std::string dot = AutomatonDot(dfa, "\"];\n");
  CHECK(dot.find("label=\"\\\"];\";") != std::string::npos);
  CHECK(dot.find("[label=\"a\\\"b\"]") != std::string::npos);
  CHECK(EggBoxOf(dfa).find("&lt;&amp;") != std::string::npos);
}

}  // namespace
}  // namespace raspc
