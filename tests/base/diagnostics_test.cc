// Diagnostics: collecting, rendering, suggesting.
#include <catch2/catch.hpp>

#include "base/diagnostics.h"

namespace raspc {
namespace {

std::shared_ptr<const SourceText> Text(std::string text) {
  return std::make_shared<const SourceText>("last.rasp", std::move(text));
}

Diagnostic Error(SourceLocation where, std::string message) {
  return {Severity::kError, ErrorKind::kType, std::move(where), std::move(message), {}};
}

TEST_CASE("an error shows its line with a caret, then its notes") {
  const auto source = Text("prev = select(indices, indices, <);\nlast = aggregate(prev, tok);\n");
  Diagnostics diag;
  diag.Error(ErrorKind::kType, {source, 2, 24}, "aggregate averages 'tok', which holds strings")
      .Note({source, 1, 1}, "'prev' can select more than one position")
      .Note({}, "strings cannot be averaged");
  CHECK(diag.HasErrors());
  CHECK(Render(diag) ==
        "last.rasp:2:24: error: aggregate averages 'tok', which holds strings\n"
        "    last = aggregate(prev, tok);\n"
        "                           ^\n"
        "last.rasp:1:1: note: 'prev' can select more than one position\n"
        "    prev = select(indices, indices, <);\n"
        "    ^\n"
        "note: strings cannot be averaged\n");
}

TEST_CASE("a warning is not an error, and clearing removes everything") {
  Diagnostics diag;
  diag.Warning(ErrorKind::kInput, {}, "unused");
  CHECK_FALSE(diag.HasErrors());
  CHECK_FALSE(diag.empty());
  CHECK(Render(diag) == "warning: unused\n");
  diag.Error(ErrorKind::kFile, {Text(""), 0, 0}, "no such file");
  CHECK(diag.HasErrors());
  diag.Clear();
  CHECK_FALSE(diag.HasErrors());
  CHECK(diag.empty());
}

TEST_CASE("an error about the text as a whole names only the text") {
  CHECK(Render(Error({Text("x"), 0, 0}, "too long")) == "last.rasp: error: too long\n");
}

TEST_CASE("carets line up below tabs and code points") {
  const auto source = Text("\tx = \"é€\" $;");
  CHECK(Render(Error({source, 1, 11}, "m")) ==
        "last.rasp:1:11: error: m\n    \tx = \"é€\" $;\n    \t         ^\n");
}

TEST_CASE("a caret past the end of its line stays close to it") {
  const auto source = Text("x = 1\n");
  CHECK(Render(Error({source, 1, 6}, "m")) == "last.rasp:1:6: error: m\n    x = 1\n         ^\n");
  CHECK(Render(Error({source, 1, 99}, "m")) == "last.rasp:1:99: error: m\n    x = 1\n         ^\n");
  CHECK(Render(Error({source, 2, 1}, "m")) == "last.rasp:2:1: error: m\n");
  CHECK(Render(Error({source, 77, 1}, "m")) == "last.rasp:77:1: error: m\n");
}

TEST_CASE("of a long line only the part around the column is shown") {
  const auto source = Text(std::string(100000, 'a') + "$" + std::string(100000, 'b'));
  const std::string text = Render(Error({source, 1, 100001}, "m"));
  CHECK(text.size() < 500);
  CHECK(text.find("...a") != std::string::npos);
  CHECK(text.find("b...\n") != std::string::npos);
  const std::size_t line = text.find("    ...");
  const std::size_t caret_line = text.rfind("\n", text.size() - 2) + 1;
  CHECK(text.find('$') - line == text.find('^') - caret_line);
}

TEST_CASE("control characters and bytes that are not UTF-8 never reach the terminal") {
  const auto source = Text("x = \x1b[2J\xff;");
  CHECK(Render(Error({source, 1, 10}, "an \x1b escape\nand a second line")) ==
        "last.rasp:1:10: error: an \\u001b escape\\nand a second line\n"
        "    x = \\u001b[2J\uFFFD;\n                  ^\n");
}

TEST_CASE("lines come without their breaks, and the first without a byte order mark") {
  const SourceText text("t", "\xEF\xBB\xBFone\r\ntwo\n\nlast");
  CHECK(text.Line(1) == "one");
  CHECK(text.Line(2) == "two");
  CHECK(text.Line(3).empty());
  CHECK(text.Line(4) == "last");
  CHECK(text.Line(5).empty());
  CHECK(text.Line(0).empty());
  CHECK(text.Line(-1).empty());
}

TEST_CASE("the closest name is within a third of the length, ties go to the first") {
  const std::vector<std::string> names = {"tokens", "indices", "length", "hist", "tokenz"};
  CHECK(ClosestName("tokns", names) == "tokens");
  CHECK(ClosestName("tokesn", names) == "tokens");  // a swap counts once
  CHECK(ClosestName("token", names) == "tokens");
  CHECK(ClosestName("lenght", names) == "length");
  CHECK(ClosestName("indexes", names) == "indices");
  CHECK(ClosestName("accept", {"start", "accepting"}) == "accepting");
  CHECK(ClosestName("alphabet_size", {"start", "alphabet"}) == "alphabet");
  CHECK(ClosestName("tok", names).empty());  // too short to begin anything
  CHECK(ClosestName("hi", names).empty());
  CHECK(ClosestName("zebra", names).empty());
  CHECK(ClosestName("", names).empty());
  CHECK(ClosestName(std::string(1000000, 'x'), names).empty());
}

}  // namespace
}  // namespace raspc
