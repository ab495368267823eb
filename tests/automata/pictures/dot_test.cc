// Pictures: what they hold, and that text from outside cannot break them.
#include "automata/pictures/dot.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

// The lines of a picture that begin with the text.
std::vector<std::string> Lines(const std::string& dot, const std::string& begin) {
  std::vector<std::string> lines;
  std::istringstream all(dot);
  for (std::string line; std::getline(all, line);) {
    if (line.starts_with("  " + begin)) lines.push_back(line.substr(2));
  }
  return lines;
}

TEST_CASE("an automaton's picture shows start, verdicts, and symbols that share an edge") {
  const std::string dot = AutomatonDot(MinimalOf("first"), "first");
  CHECK(Lines(dot, "q") ==
        std::vector<std::string>{
            "q0 [label=\"0\"];",
            "q1 [label=\"1\", style=\"filled,dashed\", color=gray50, fontcolor=gray50];",
            "q2 [label=\"2\", shape=doublecircle, width=0.38];",
            "q0 -> q1 [label=\" 0 \", color=gray60, fontcolor=gray40];",
            "q0 -> q2 [label=\" 1 \"];",
            "q1 -> q1 [label=\" 0 1 \", color=gray60, fontcolor=gray40];",
            "q2 -> q2 [label=\" 0 1 \"];"});
  CHECK(Lines(dot, "start ->") == std::vector<std::string>{"start -> q0;"});
  CHECK(dot.find("layout=dot") != std::string::npos);
  CHECK(dot.find("pack=") == std::string::npos);  // with it Graphviz leaves labels out
}

TEST_CASE("a large automaton has colors in place of labels, and leaves out what leads nowhere") {
  const Dfa dfa = MinimalOf("dyck(2,3)");
  const std::string dot = AutomatonDot(dfa, "brackets");
  CHECK(dot.find("layout=dot") != std::string::npos);
  CHECK(dot.find("&#93;</FONT>") != std::string::npos);
  CHECK(dot.find("leads nowhere") != std::string::npos);
  // 14 pairs of an opening and a closing bracket.
  int num_edges = 0;
  for (const std::string& line : Lines(dot, "q")) {
    if (line.find("->") == std::string::npos) continue;
    ++num_edges;
    CHECK(line.find("label") == std::string::npos);
    CHECK(line.find("color=\"#") != std::string::npos);
  }
  CHECK(num_edges == 28);
  CHECK(Lines(dot, "q").size() == 28 + 15);
}

TEST_CASE("a group is drawn as a ring or as a net, and what leads back as one line") {
  const std::string net = AutomatonDot(MinimalOf("s4"), "S4");
  CHECK(net.find("layout=neato") != std::string::npos);
  CHECK(net.find("pack=") != std::string::npos);
  // s has an arrow at each of 24 states; t swaps, so it is 12 lines without heads.
  int num_arrows = 0, num_lines = 0;
  for (const std::string& line : Lines(net, "q")) {
    if (line.find("->") == std::string::npos) continue;
    ++(line.find("dir=none") == std::string::npos ? num_arrows : num_lines);
  }
  CHECK(num_arrows == 24);
  CHECK(num_lines == 12);
  const std::string ring = AutomatonDot(MinimalOf("mod(24)"), "ring");
  CHECK(ring.find("layout=circo") != std::string::npos);
  CHECK(ring.find("changes no state") != std::string::npos);
  CHECK(AutomatonDot(MinimalOf("parity"), "P").find("layout=dot") != std::string::npos);
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
  CHECK(dot.find("label=<&quot;&#93;;") != std::string::npos);
  CHECK(dot.find(R"(\"a\\\"b\")") != std::string::npos);
  CHECK(EggBoxOf(dfa).find("&lt;&amp;") != std::string::npos);
}

}  // namespace
}  // namespace raspc
