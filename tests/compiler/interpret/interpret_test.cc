// The interpreter beyond the conformance cases: causal evaluation, padding, generation, limits.
#include "compiler/interpret/interpret.h"

#include <catch2/catch.hpp>
#include <limits>

#include "compiler/interpret/compared_columns.h"
#include "tests/compiler/trace_testing.h"

namespace raspc {
namespace {

std::vector<Atom> Ints(std::initializer_list<std::int64_t> values) {
  return {values.begin(), values.end()};
}

// The generated tokens as JSON and whether it stopped; or the error message.
std::string GeneratedText(const TracedText& traced, const std::string& name,
                          const std::vector<Atom>& input, const GenerationRule& rule,
                          const AtomSet* vocabulary = nullptr) {
  Diagnostics diag;
  const auto id = traced.program.Find(name, diag);
  const auto generated =
      Generate(traced.program.graph, *id, input, rule, diag, true, vocabulary);
  if (!generated) return diag.all().front().message;
  return ToJson(generated->tokens) + (generated->stopped ? " stopped" : "");
}

TEST_CASE("causal evaluation sees only keys at or before the query") {
  const std::vector<Atom> input = CodePoints("abcd");
  CHECK(ValueOfX("x = length;", input, true) == "[1, 2, 3, 4]");
  CHECK(ValueOfX("x = full_s;", input, true) == "1000 1100 1110 1111");
  CHECK(ValueOfX("x = not select(indices, 0, ==);", input, true) == "0000 0100 0110 0111");
  CHECK(ValueOfX("x = select(indices, indices, >);", input, true) == "0000 0000 0000 0000");
  CHECK(ValueOfX("x = selector_width(not full_s);", input, true) == "[0, 0, 0, 0]");
  CHECK(ValueOfX("x = aggregate(full_s, indices);", input, true) == "[0, 0.5, 1.0, 1.5]");
  CHECK(ValueOfX("x = tokens[0];", input, true) == "[\"a\", \"a\", \"a\", \"a\"]");
  CHECK(ValueOfX("x = indices[-1];", input, true) == "[0, 1, 2, 3]");
}

// The node's value, or why it has none.
std::string ValueIn(Interpreter& interpreter, NodeId id) {
  Diagnostics diag;
  const NodeValue* value = interpreter.Evaluate(id, diag);
  if (value == nullptr) return diag.all().front().message;
  if (const auto* values = std::get_if<SOpValues>(value)) return ToJson(*values);
  std::string rows;
  for (const std::uint8_t entry : std::get<SelectorRows>(*value).entries) rows += entry ? '1' : '0';
  return rows;
}

TEST_CASE("a restarted interpreter agrees with a new one") {
  // "0" fails: the first s-op for the tokens, the second for every input of that length.
  const auto traced = TraceText(
      "set example [1, 2]\nup_to_here = select(indices, indices, <=);\n"
      "x = 6 / tokens_int;\n"
      "y = 1 / (length - 3);\n"
      "z = selector_width(select(tokens_int, 1, ==) and up_to_here);\n"
      "w = aggregate(up_to_here, tokens_int) + indices;\n"
      "s = select(tokens_int, indices, >) or not up_to_here;");
  REQUIRE(traced->Messages().empty());
  const DataflowGraph& graph = traced->program.graph;
  for (const bool causal : {false, true}) {
    Interpreter again(graph, {}, causal);
    std::vector<std::vector<Atom>> inputs = {
        Ints({1, 2}),    Ints({0, 1}),    Ints({2, 2}), Ints({}),           Ints({3, 1}),
        Ints({1, 0, 2}), Ints({1, 1, 1}), Ints({0}),    Ints({1, 2, 3, 4}), Ints({4, 3, 2, 1})};
    inputs.push_back(std::vector<Atom>(100, Atom(std::int64_t{1})));
    inputs.push_back(std::vector<Atom>(100, Atom(std::int64_t{2})));
    for (const std::vector<Atom>& input : inputs) {
      again.Restart(input);
      for (const char* name : {"z", "x", "y", "w", "s"}) {
        Diagnostics diag;
        const auto id = traced->program.Find(name, diag);
        REQUIRE(id);
        Interpreter fresh(graph, input, causal);
        CAPTURE(causal, name, ToJson(input));
        CHECK(ValueIn(again, *id) == ValueIn(fresh, *id));
      }
    }
  }
}

TEST_CASE("an interpreter that starts again has all of its memory again") {
  const auto traced = TraceText("x = selector_width(select(tokens, tokens, ==));");
  Diagnostics diag;
  const auto id = traced->program.Find("x", diag);
  Interpreter interpreter(traced->program.graph, {}, false, 1 << 17);
  for (int i = 0; i < 50; ++i) {
    interpreter.Restart(CodePoints(std::string(100 + static_cast<std::size_t>(i % 2), 'a')));
    CHECK(interpreter.Evaluate(*id, diag) != nullptr);
  }
  interpreter.Restart(CodePoints(std::string(5000, 'a')));
  CHECK(interpreter.Evaluate(*id, diag) == nullptr);
}

TEST_CASE("rows longer than a machine word are right at every boundary") {
  for (const int n : {1, 2, 63, 64, 65, 127, 128, 129, 200}) {
    CAPTURE(n);
    std::vector<Atom> input;
    for (int i = 0; i < n; ++i) input.emplace_back(std::int64_t{i % 5});
    const auto traced = TraceText(
        "set example [0, 1]\nsame = select(tokens_int, tokens_int, ==);\n"
        "w = selector_width(same);\nv = selector_width(not same);\nl = length;\n"
        "m = selector_width(same and select(indices, indices, <=));");
    REQUIRE(traced->diag.empty());
    std::vector<Atom> same, others, lengths, so_far;
    for (int q = 0; q < n; ++q) {
      std::int64_t equal = 0, before = 0;
      for (int k = 0; k < n; ++k) {
        equal += k % 5 == q % 5;
        before += k % 5 == q % 5 && k <= q;
      }
      same.emplace_back(equal);
      others.emplace_back(n - equal);
      lengths.emplace_back(std::int64_t{n});
      so_far.emplace_back(before);
    }
    CHECK(EvaluateText(*traced, "w", input) == ToJson(same));
    CHECK(EvaluateText(*traced, "v", input) == ToJson(others));
    CHECK(EvaluateText(*traced, "l", input) == ToJson(lengths));
    CHECK(EvaluateText(*traced, "m", input) == ToJson(so_far));
  }
}

TEST_CASE("comparing by codes agrees with comparing atoms one by one") {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  const std::int64_t big = (std::int64_t{1} << 53) + 1;
  const std::vector<std::vector<Atom>> columns = {
      Ints({3, -1, 0, kMax, kMin, 3}),
      {0.0, -0.0, 1.5, -2.5, 1e300, -1e-300},
      {true, false, std::int64_t{1}, 1.0, 0.5, std::int64_t{-3}},
      {big, 9007199254740992.0, std::int64_t{9007199254740992}, kMax, 9223372036854775808.0, true},
      {"", "a", "b", std::string("a\0", 2), "ab", "é"},
      {"", "a long string", "a long strinh", "abcdefg", "abcdefgh", "\U0001F600"},
  };
  for (const auto& keys : columns) {
    for (const auto& queries : columns) {
      for (int op = 0; op < 6; ++op) {
        const auto comparison = static_cast<Comparison>(op);
        ComparedColumns compared(comparison);
        const auto error = compared.Extend(keys, queries);
        for (int q = 0; q < 6; ++q) {
          for (int k = 0; k < 6; ++k) {
            const OpResult one =
                CompareForSelect(comparison, keys[std::size_t(k)], queries[std::size_t(q)]);
            REQUIRE(std::holds_alternative<OpError>(one) == error.has_value());
            if (error) continue;
            std::uint64_t row = 0;
            compared.Write(q, 0, 6, {&row, 1});
            const bool bit = row >> k & 1;
            CAPTURE(op, q, k);
            CHECK(bit == IsTrue(std::get<Atom>(one)));
          }
        }
      }
    }
  }
}

TEST_CASE("an error on an input names the operation, the position and the input") {
  const auto traced = TraceText("set example [1]\nx = 10 / tokens_int;\ny = x + 1;");
  REQUIRE(traced->diag.empty());
  Diagnostics diag;
  Interpreter interpreter(traced->program.graph, Ints({5, 0, 2}), false);
  const auto y = traced->program.Find("y", diag);
  CHECK(interpreter.Evaluate(*y, diag) == nullptr);
  CHECK(interpreter.Evaluate(*y, diag) == nullptr);  // the same again
  REQUIRE(diag.all().size() == 2);
  for (const Diagnostic& error : diag.all()) {
    CHECK(error.kind == ErrorKind::kValue);
    CHECK(error.message == "'/' cannot divide 10 by zero, at position 1 of the input [5, 0, 2]");
    CHECK(error.location.line == 2);
    CHECK(error.location.column == 8);
  }
}

TEST_CASE("averaging strings names the selector and the values") {
  const auto traced = TraceText(
      "s = select(tokens, \"h\", ==);\nletters = tokens + \"\";\nx = aggregate(s, letters, "
      "\"-\");");
  REQUIRE(traced->diag.empty());
  Diagnostics diag;
  Interpreter interpreter(traced->program.graph, CodePoints("hah"), false);
  CHECK(interpreter.Evaluate(*traced->program.Find("x", diag), diag) == nullptr);
  REQUIRE(diag.all().size() == 1);
  CHECK(diag.all()[0].message ==
        "aggregate averages 2 values of `letters`, which holds strings, at position 0 of the input "
        "\"hah\"");
  REQUIRE(diag.all()[0].notes.size() == 1);
  CHECK(diag.all()[0].notes[0].message ==
        "`s` selects more than one position; only numbers can be averaged");
}

TEST_CASE("an empty input is a separate error") {
  CHECK(ValueOfX("x = indices;", {}) == "the input is empty: a program needs at least one token");
}

TEST_CASE("an input that needs too much memory is refused") {
  const auto traced = TraceText(
      "same = select(tokens, tokens, ==);\nw = selector_width(same);\nl = tokens * 1000;\n");
  Diagnostics diag;
  const auto fails = [&](const char* name, int length) {
    Interpreter interpreter(traced->program.graph, std::vector<Atom>(std::size_t(length), "a"),
                            false, /*max_bytes=*/1 << 20);
    return interpreter.Evaluate(*traced->program.Find(name, diag), diag) == nullptr;
  };
  CHECK_FALSE(fails("w", 500));
  CHECK(fails("w", 5000));
  CHECK_FALSE(fails("same", 500));
  CHECK(fails("same", 2000));  // its bits would fit, its bytes do not
  CHECK_FALSE(fails("l", 500));
  CHECK(fails("l", 1500));  // strings count
  for (const Diagnostic& error : diag.all()) CHECK(error.kind == ErrorKind::kLimit);
  CHECK(diag.all()[0].message == "evaluating the program on 5000 tokens needs more than 1 MiB");
  // The default limit, which must not really be reached.
  CHECK(ValueOfX("x = select(tokens, tokens, ==);", std::vector<Atom>(40'000, Atom("a"))) ==
        "evaluating the program on 40000 tokens needs more than 1024 MiB");
}

TEST_CASE("users of selectors are evaluated without materialising them") {
  const int n = 150'000;
  const std::string text = ValueOfX(
      "x = selector_width(select(tokens, tokens, ==)) + aggregate(select(indices, indices, <=), "
      "2);",
      std::vector<Atom>(n, Atom("a")));
  CHECK(text.substr(0, 18) == "[150002, 150002.0,");
  CHECK(text.size() == std::size_t{n} * 10 - 2);
}

TEST_CASE("a deep graph is evaluated without recursion") {
  std::string program = "x = indices;\nfor i in range(50000) { x = x + 1; }\n";
  CHECK(ValueOfX(program, CodePoints("ab")) == "[50000, 50001]");
}

TEST_CASE("ints that overflow on an input are an error there") {
  const auto traced = TraceText("set example [1]\nx = tokens_int * tokens_int;");
  CHECK(EvaluateText(*traced, "x", Ints({std::int64_t{1} << 31})) == "[4611686018427387904]");
  CHECK(
      EvaluateText(*traced, "x", Ints({1, std::int64_t{1} << 32})) ==
      "the result of 4294967296 * 4294967296 does not fit into 64 bits, at position 1 of the input "
      "[1, 4294967296]");
}

TEST_CASE("generation appends the last value until a stop token or the limit") {
  const auto count = TraceText("set example [1]\nnext = tokens_int + 1;");
  CHECK(GeneratedText(*count, "next", Ints({5}), {Ints({8}), 64}) == "[6, 7, 8] stopped");
  CHECK(GeneratedText(*count, "next", Ints({5}), {Ints({8}), 2}) == "[6, 7]");
  CHECK(GeneratedText(*count, "next", Ints({5}), {Ints({8}), 0}) == "[]");
  // Stop tokens are distinguished by type.
  CHECK(GeneratedText(*count, "next", Ints({5}), {{8.0}, 4}) == "[6, 7, 8, 9]");
  CHECK(GeneratedText(*count, "next", {}, {{}, 4}).starts_with("the input is empty"));
  CHECK(GeneratedText(*count, "full_s", Ints({5}), {{}, 4}) ==
        "`full_s` is a selector; only an s-op can give the next token");
}

TEST_CASE("only tokens of the vocabulary are read back") {
  const auto count = TraceText("set example [1]\nnext = tokens_int + 1;");
  const AtomSet vocabulary{std::int64_t{5}, std::int64_t{6}};
  CHECK(GeneratedText(*count, "next", Ints({5}), {{}, 2}, &vocabulary) == "[6, 7]");
  CHECK(GeneratedText(*count, "next", Ints({5}), {Ints({7}), 9}, &vocabulary) == "[6, 7] stopped");
  CHECK(GeneratedText(*count, "next", Ints({5}), {{}, 3}, &vocabulary) ==
        "`next` generated 7 in step 2, which is not in the vocabulary");
  const AtomSet floats{5.0, 6.0};
  CHECK(GeneratedText(*count, "next", Ints({5}), {{}, 3}, &floats) ==
        "`next` generated 6 in step 1, which is not in the vocabulary");
}

TEST_CASE("generation reports an error at the step where it happens") {
  const auto traced = TraceText("set example [3]\nnext = 12 / (tokens_int - 1);\n");
  CHECK(GeneratedText(*traced, "next", Ints({3}), {{}, 4}) ==
        "[6.0, 2.4, 12.0, 1.0909090909090908]");
  CHECK(GeneratedText(*traced, "next", Ints({3}), {{}, 5}) ==
        "'/' cannot divide 12 by zero, at position 4 of the input [3, 6.0, 2.4, 12.0, "
        "1.0909090909090908]");
  CHECK(GeneratedText(*traced, "next", Ints({13}), {{}, 9}) ==
        "'/' cannot divide 12 by zero, at position 1 of the input [13, 1.0]");
}

TEST_CASE("a generated token may make an earlier row's mean invalid") {
  // Bools can be averaged only together with a number. Without one the first step fails in any case.
  const auto traced = TraceText(
      "set example [true]\nx = tokens_asis;\nset example [True]\nx = tokens_asis;\n"
      "next = round(aggregate(full_s, x)) + 1;");
  CHECK(GeneratedText(*traced, "next", {true}, {{}, 2}) == "[2, 3]");
  CHECK(GeneratedText(*traced, "next", {true, true}, {{}, 2})
            .starts_with("aggregate averages 2 values of `tokens_asis`, which holds bools"));
}

TEST_CASE("padding is input like any other") {
  InputFrame frame;
  Diagnostics diag;
  frame.append = {Atom("#")};
  frame.padding = Padding{Atom("_"), *Polynomial::Parse("n", {}, diag)};
  const auto framed = frame.Apply(CodePoints("ab"));
  REQUIRE(framed);
  CHECK(ValueOfX("x = tokens + \"!\";", *framed) == R"(["a!", "b!", "#!", "_!", "_!"])");
  CHECK(ValueOfX("x = length;", *framed) == "[5, 5, 5, 5, 5]");
}

}  // namespace
}  // namespace raspc
