// Settings: directives, single settings, lists of tokens, overriding.
#include "compiler/settings/settings.h"

#include <catch2/catch.hpp>

#include "compiler/syntax/parse.h"

namespace raspc {
namespace {

// The directives of a program, read; diagnostics go to `diag`.
ProgramSettings Read(std::string program, Diagnostics& diag) {
  const SyntaxTree tree =
      Parse(std::make_shared<const SourceText>("t.rasp", std::move(program)), {}, diag);
  return ReadDirectives(tree.directives, diag);
}

TEST_CASE("every directive is read") {
  Diagnostics diag;
  const ProgramSettings settings = Read(
      "#@ vocab: [\"a\", \"b\", \"_\", \"#\", \"T\", \"F\"]\n#@ alphabet: ab\n#@ max_length: 64\n"
      "#@ output: hist\n#@ causal: true\n#@ generate: next\n#@ stop: [\"T\", \"F\"]\n"
      "#@ max_steps: 12\n#@ append: [\"#\"]\n#@ pad: [\"_\", \"n^2\"]\n#@ example: \"abc\"\n"
      "#@ target: masked\n#@ max_domain: 1000\n#@ reduce_counts_first: true\n"
      "#@ arithmetic: rational\n",
      diag);
  INFO(Render(diag));
  CHECK(diag.empty());
  CHECK(ToJson(*settings.vocab) == R"(["a", "b", "_", "#", "T", "F"])");
  CHECK(ToJson(*settings.alphabet) == R"(["a", "b"])");
  CHECK(settings.max_length == 64);
  CHECK(settings.output == "hist");
  CHECK(settings.causal == true);
  CHECK(settings.generate == "next");
  CHECK(ToJson(*settings.stop) == R"(["T", "F"])");
  CHECK(settings.max_steps == 12);
  CHECK(ToJson(*settings.append) == R"(["#"])");
  CHECK(ToJson(settings.pad->token) == "\"_\"");
  CHECK(settings.pad->count.Text() == "n^2");
  CHECK(ToJson(*settings.example) == R"(["a", "b", "c"])");
  CHECK(settings.target == Target::kMasked);
  CHECK(settings.max_domain == 1000);
  CHECK(settings.reduce_counts_first == true);
  CHECK(settings.arithmetic == ArithmeticKind::kRational);
}

TEST_CASE("lists of tokens keep the types of JSON, and text has a token per code point") {
  struct Row {
    const char *text, *atoms;
  };
  const Row rows[] = {
      {R"([1, 1.0, true, "1", -0.0, 1e3, -7])", R"([1, 1.0, true, "1", -0.0, 1000.0, -7])"},
      {R"([9223372036854775807, -9223372036854775808])",
       "[9223372036854775807, -9223372036854775808]"},
      {R"(["", "ab", "é", "\u00e9\n", "\ud83d\ude00"])", R"(["", "ab", "é", "é\n", "😀"])"},
      {"[]", "[]"},
      {" [ 1 ] ", "[1]"},
      {R"("ab[")", R"(["a", "b", "["])"},
      {R"("")", "[]"},
      {"", "[]"},
      {"abé", R"(["a", "b", "é"])"},
      {"(){}", R"|(["(", ")", "{", "}"])|"},
      {"12", R"(["1", "2"])"},
      {" a ", R"([" ", "a", " "])"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    Diagnostics diag;
    const auto atoms = ReadAtoms(row.text, {}, diag);
    CHECK(diag.empty());
    REQUIRE(atoms);
    CHECK(ToJson(*atoms) == row.atoms);
  }
}

TEST_CASE("an invalid list of tokens is refused with the reason") {
  struct Row {
    std::string text, reason;
  };
  const Row rows[] = {
      {"[1, 2", "it ends too early"},
      {"[1, null]", "null is not a token"},
      {"[NaN]", "broken JSON near '[NaN]'"},
      {"[Infinity]", "broken JSON near '[Infinity'"},
      {"[-Infinity]", "broken JSON near '[-Infinity'"},
      {"[1e999]", "the number 1e999 is too large; floats are 64-bit and finite"},
      {"[-1e999]", "the number -1e999 is too large; floats are 64-bit and finite"},
      {"[9223372036854775808]", "the int 9223372036854775808 does not fit into 64 bits"},
      {"[-9223372036854775809]", "the int -9223372036854775809 does not fit into 64 bits"},
      {"[123456789012345678901234567890]",
       "the int 123456789012345678901234567890 does not fit into 64 bits"},
      {"[" + std::string(1000, '9') + "]",
       "the number 9999999999999999999999999999999999999999... is too large; floats are 64-bit and "
       "finite"},
      {"[[1]]", "a list inside the list is not a token"},
      {"[{\"a\": 1}]", "an object is not a token"},
      {std::string(1'000'000, '['), "a list inside the list is not a token"},
      {"[1, 2] 3", "broken JSON near '[1, 2] 3'"},
      {"[](){}", "broken JSON near '[](){}'"},
      {"\"abc", "it ends too early"},
      {"[\"\\ud800\"]", "broken JSON near '[\"\\ud800\"]'"},
      {"[1,]", "broken JSON near '[1,]'"},
      {"[01]", "broken JSON near '[01]'"},
      {"[.5]", "broken JSON near '[.5]'"},
  };
  for (const Row& row : rows) {
    INFO(row.text.substr(0, 100));
    Diagnostics diag;
    CHECK_FALSE(ReadAtoms(row.text, {}, diag));
    REQUIRE(diag.all().size() == 1);
    CHECK(diag.all()[0].kind == ErrorKind::kInput);
    CHECK(diag.all()[0].message ==
          "not a list of tokens: " + row.reason +
              "; write a JSON array such as [\"a\", 1, 2.5, true] or a JSON string, whose "
              "characters are the tokens");
  }
}

TEST_CASE("tokens must be valid UTF-8") {
  for (const char* text : {"a\xFFz", "[\"\xFF\"]", "\"\xC3\""}) {
    Diagnostics diag;
    CHECK_FALSE(ReadAtoms(text, {}, diag));
    REQUIRE(diag.all().size() == 1);
  }
  Diagnostics diag;
  ReadAtoms("a\xFFz", {}, diag);
  CHECK(Render(diag) == "error: byte 2 is not valid UTF-8: 0xFF\n");
}

TEST_CASE("faulty directives are explained where they are") {
  struct Row {
    const char *program, *rendered;
  };
  const Row rows[] = {
      {"#@ vocabs: ab", "t.rasp:1:4: error: unknown directive 'vocabs'; did you mean 'vocab'?"},
      {"#@ colour: red",
       "t.rasp:1:4: error: unknown directive 'colour'; choose vocab, alphabet, max_length, "
       "output, arithmetic, causal, generate, stop, max_steps, append, pad, example, target, "
       "max_domain or reduce_counts_first"},
      {"#@ arithmetic: rationl",
       "t.rasp:1:16: error: unknown arithmetic 'rationl'; did you mean 'rational'?"},
      {"#@ vocab:", "t.rasp:1:10: error: vocab lists no tokens"},
      {"#@ vocab: []", "t.rasp:1:11: error: vocab lists no tokens"},
      {"#@ vocab: aba", "t.rasp:1:11: error: vocab lists \"a\" twice"},
      {"#@ vocab: [1, 1.0, 1]", "t.rasp:1:11: error: vocab lists 1 twice"},
      {"#@ vocab: [\"é\", nul]",
       "t.rasp:1:20: error: not a list of tokens: broken JSON near 'é\", nul]'; write a JSON array "
       "such as [\"a\", 1, 2.5, true] or a JSON string, whose characters are the tokens"},
      {"#@ example: \"\"", "t.rasp:1:13: error: example lists no tokens"},
      {"#@ max_length: 0",
       "t.rasp:1:16: error: max_length requires an integer from 1 to 4194304, not '0'"},
      {"#@ max_length: -3",
       "t.rasp:1:16: error: max_length requires an integer from 1 to 4194304, not '-3'"},
      {"#@ max_length: 1.5",
       "t.rasp:1:16: error: max_length requires an integer from 1 to 4194304, not '1.5'"},
      {"#@ max_steps: 99999999999999999999",
       "t.rasp:1:15: error: max_steps requires an integer from 1 to 4194304, not "
       "'99999999999999999999'"},
      {"#@ max_steps: many",
       "t.rasp:1:15: error: max_steps requires an integer from 1 to 4194304, not 'many'"},
      {"#@ causal: yes", "t.rasp:1:12: error: causal requires true or false, not 'yes'"},
      {"#@ target: gpu",
       "t.rasp:1:12: error: unknown target 'gpu'; choose encoder, decoder or masked"},
      {"#@ output: 3x", "t.rasp:1:12: error: output requires the name of an s-op, not '3x'"},
      {"#@ generate:", "t.rasp:1:13: error: generate requires the name of an s-op, not ''"},
      {"#@ pad: _",
       "t.rasp:1:9: error: pad requires a token and a polynomial in n: write [\"_\", \"n^2\"]"},
      {"#@ pad: [\"_\", _]",
       "t.rasp:1:15: error: not a list of tokens: broken JSON near '[\"_\", _]'; write a JSON "
       "array "
       "such as [\"a\", 1, 2.5, true] or a JSON string, whose characters are the tokens"},
      {"#@ pad: [\"_\"]",
       "t.rasp:1:9: error: pad requires a token and a polynomial in n: write [\"_\", \"n^2\"]"},
      {"#@ pad: [\"_\", 1.5]",
       "t.rasp:1:9: error: pad requires a token and a polynomial in n: write [\"_\", \"n^2\"]"},
      {"#@ pad: [\"_\", \"m\"]",
       "t.rasp:1:9: error: \"m\" is not a polynomial in n: expected a number or 'n' at 'm'; write "
       "it like n^2+1 (exponents up to 8)"},
  };
  for (const Row& row : rows) {
    INFO(row.program);
    Diagnostics diag;
    Read(row.program, diag);
    REQUIRE(diag.all().size() == 1);
    CHECK(diag.all()[0].kind == ErrorKind::kSyntax);
    const std::string rendered = Render(diag);
    CHECK(rendered.substr(0, rendered.find('\n')) == row.rendered);
  }
}

TEST_CASE("a directive given twice is an error that shows the first") {
  Diagnostics diag;
  const ProgramSettings settings = Read("#@ output: a\nx = 1;\n#@ output: b\n", diag);
  CHECK(Render(diag) ==
        "t.rasp:3:4: error: the directive 'output' is given twice\n    #@ output: b\n       ^\n"
        "t.rasp:1:4: note: the first is here\n    #@ output: a\n       ^\n");
  CHECK(settings.output == "a");
}

TEST_CASE("a program full of faulty directives is answered in time") {
  std::string program;
  for (int i = 0; i < 100'000; ++i) program += "#@ a" + std::to_string(i) + ": 1\n";
  Diagnostics diag;
  Read(program, diag);
  CHECK(diag.all().size() == 20);
}

TEST_CASE("padding counts may be plain numbers, and padding tokens any atom") {
  Diagnostics diag;
  ProgramSettings settings;
  ReadSetting("pad", "[0.5, 3]", {}, settings, diag);
  CHECK(diag.empty());
  CHECK(ToJson(settings.pad->token) == "0.5");
  CHECK(settings.pad->count.At(17) == 3);
}

TEST_CASE("an option's fault is an input error without a place, and changes nothing") {
  Diagnostics diag;
  ProgramSettings settings;
  settings.max_length = 7;
  ReadSetting("max_length", "seven", {}, settings, diag);
  CHECK(Render(diag) == "error: max_length requires an integer from 1 to 4194304, not 'seven'\n");
  CHECK(diag.all()[0].kind == ErrorKind::kInput);
  CHECK(settings.max_length == 7);
}

TEST_CASE("settings are overridden one by one") {
  Diagnostics diag;
  ProgramSettings directives, options;
  ReadSetting("vocab", "ab", {}, directives, diag);
  ReadSetting("causal", "true", {}, directives, diag);
  ReadSetting("append", "#", {}, directives, diag);
  ReadSetting("causal", "false", {}, options, diag);
  ReadSetting("append", "[]", {}, options, diag);
  options.target = Target::kEncoder;
  const ProgramSettings settings = directives.OverriddenBy(options);
  CHECK(settings.vocab->size() == 2);
  CHECK(settings.causal == false);
  CHECK(settings.append->empty());
  CHECK(settings.target == Target::kEncoder);
  CHECK_FALSE(settings.max_length);
}

}  // namespace
}  // namespace raspc
