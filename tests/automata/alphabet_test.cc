// Alphabets and words as text and as JSON.
#include "automata/alphabet.h"

#include <catch2/catch.hpp>

#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

std::optional<Alphabet> Read(const std::string& text, Diagnostics& diag) {
  return ReadAlphabet(text, {}, diag);
}

TEST_CASE("an alphabet is text or a JSON array, and brackets can be text") {
  Diagnostics diag;
  CHECK(Read("aλb", diag)->symbols() == std::vector<std::string>{"a", "λ", "b"});
  CHECK(Read("[\"w0\", \"r\"]", diag)->symbols() == std::vector<std::string>{"w0", "r"});
  CHECK(Read("()[", diag)->symbols() == std::vector<std::string>{"(", ")", "["});
  CHECK_FALSE(diag.HasErrors());
}

TEST_CASE("an alphabet that cannot be is refused") {
  const auto error = [](const std::string& text) {
    Diagnostics diag;
    CHECK_FALSE(Read(text, diag));
    return FirstError(diag);
  };
  CHECK(error("aba") == "the symbol \"a\" occurs twice in the alphabet");
  CHECK(error("[]") == "an alphabet needs at least one symbol");
  CHECK(error("[1]") ==
        "an alphabet is a string (one symbol per character) or a JSON array of strings, such as "
        "[\"w0\", \"w1\"]");
  CHECK(error("a\xff") == "the alphabet is not valid UTF-8: byte 0xff at offset 1");
  std::vector<std::string> many;
  for (int i = 0; i < 1001; ++i) many.push_back("x" + std::to_string(i));
  Diagnostics diag;
  CHECK_FALSE(MakeAlphabet(many, {}, diag));
  CHECK(FirstError(diag) == "an alphabet of 1001 symbols; the maximum is 1000");
}

TEST_CASE("words are read back from the text and the JSON that shows them") {
  Diagnostics diag;
  const Alphabet text = SmallLetters(3), names({"w0", "w1", "r"});
  const Word word = {2, 0, 0, 1};
  CHECK(ToText(text, word) == "caab");
  CHECK(ToText(names, word) == "r w0 w0 w1");
  CHECK(ToJson(text, word) == "\"caab\"");
  CHECK(ToJson(names, word) == "[\"r\", \"w0\", \"w0\", \"w1\"]");
  CHECK(ReadWord(text, "caab", diag) == word);
  CHECK(ReadWord(names, " r w0  w0 w1", diag) == word);
  CHECK(ReadWord(names, std::vector<std::string>{"r", "w0", "w0", "w1"}, diag) == word);
  CHECK(ReadWord(text, "", diag) == Word{});
  CHECK_FALSE(diag.HasErrors());
  CHECK_FALSE(ReadWord(text, "abd", diag));
  CHECK(FirstError(diag) == "\"d\" is not in the alphabet [\"a\", \"b\", \"c\"]");
}

}  // namespace
}  // namespace raspc
