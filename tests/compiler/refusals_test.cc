// Refusals speak of the user's program: every message and note about a size or a range points into
// it, and calls what it is about by the name or the text that is written there.
#include <catch2/catch.hpp>
#include <regex>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

struct Refusable {
  std::string program, vocab;
};

// Programs that compare, round or choose between numbers that are not listed. Whichever of them
// compile, those that do not are refused in their own terms.
const std::vector<Refusable>& Programs() {
  static const std::vector<Refusable> programs = {
      {"x = round(aggregate(select(tokens, \"|\", ==), indices));", "a|"},
      {"x = aggregate(select(tokens, \"|\", ==), indices) > indices;", "a|"},
      {"x = aggregate(select(tokens, \"|\", ==), indices) == length;", "a|"},
      {"m = aggregate(select(tokens, \"|\", ==), indices);\n"
       "x = selector_width(select(indices, m, <));",
       "a|"},
      {"m = aggregate(select(tokens, \"|\", ==), indices);\n"
       "x = selector_width(select(m, length, <));",
       "a|"},
      {"x = aggregate(select(tokens, \"a\", ==), indices) > aggregate(select(tokens, \"b\", ==), "
       "indices);",
       "abc"},
      {"a = aggregate(select(tokens, \"a\", ==), indices);\n"
       "b = aggregate(select(tokens, \"b\", ==), indices);\nx = a if indices == 2 else b;",
       "abcd"},
      {"a = aggregate(select(tokens, \"a\", ==), indices);\n"
       "x = aggregate(select(indices, a, ==), a);",
       "abcd"},
      {"m = aggregate(select(tokens, \"a\", ==), indices, 50);\n"
       "ok = aggregate(select(1, 1, ==), m) == 3;",
       "ab"},
      {"m = aggregate(select(tokens, \"a\", ==), indices, 50);\n"
       "first = selector_width(select(indices, indices, >) and select(m, m, ==)) == 0;\n"
       "ok = aggregate(select(first, True, ==), m) == 3;",
       "abc"},
      {"d = aggregate(select(tokens, \"$\", ==), indices);\n"
       "near = select(indices, d, <=) and select(indices, indices, ==);\n"
       "back = select(indices, d, <) and select(indices, d * 2 - indices, ==);\n"
       "s = aggregate(near or back, tokens, \"\");",
       "abc$"},
      {"d = round(aggregate(select(tokens, \"$\", ==), indices));\n"
       "near = select(indices, d, <=) and select(indices, indices, ==);\n"
       "back = select(indices, d, <) and select(indices, d * 2 - indices, ==);\n"
       "s = aggregate(near or back, tokens, \"\");",
       "abc$"},
      {"n = count(tokens, \"a\"); m = count(tokens, \"b\");\n"
       "s = select(indices, n, <) and select(n * m, indices * m, <) or select(indices, m * n, "
       "==);\n"
       "x = selector_width(s);",
       "abc"},
      {"x = selector_width(select(count(tokens, \"a\") * length * indices, length, <));", "abc"},
      {"x = selector_width(select(length * length * indices + count(tokens, \"a\"), indices, ==));",
       "ab"},
      {"x = average(indices) < average(indices * indices);", "ab"},
      {"x = average(count(tokens, \"a\") / length) > 0.5;", "abc"},
      {"f = selector_width(select(tokens, tokens, ==)) / length; x = average(f) > 0.5;", "abc"},
      {"f = selector_width(select(tokens, tokens, ==)) / length; x = sort(tokens, average(f) - f);",
       "abc"},
      {"x = max(average(indices), aggregate(select(tokens, \"a\", ==), indices));", "ab"},
      {"x = min(aggregate(select(tokens, \"a\", ==), indices), indices);", "ab"},
      {"x = count(tokens, \"a\") / length > count(tokens, \"b\") / (count(tokens, \"c\") + 1);",
       "abc"},
      {"a = aggregate(select(tokens, \"a\", ==), indices);\n"
       "y = a > indices; z = y and indices > 3;\n"
       "x = selector_width(select(z, True, ==));",
       "ab"},
      {"a = aggregate(select(tokens, \"a\", ==), indices);\n"
       "x = aggregate(select(\"u\" if a > 2 else \"v\", \"u\", ==), indices);",
       "ab"},
      {"a = aggregate(select(tokens, \"a\", ==), indices);\nx = a in [1, 2.5];", "ab"},
      {"a = aggregate(select(tokens, \"a\", ==), indices);\nx = a % 2;", "ab"},
      {"a = aggregate(select(tokens, \"a\", ==), indices);\nx = a ^ 2 > 4;", "ab"},
      {"a = aggregate(select(tokens, \"a\", ==), indices);\nx = indices / a;", "ab"},
      {"x = sort(tokens, aggregate(select(tokens, tokens, ==), indices));", "ab"},
      {"def half(s) { return round(s / 2); }\n"
       "x = half(aggregate(select(tokens, \"a\", ==), indices));",
       "ab"},
      {"def far(s) { return select(s, indices, >); }\n"
       "x = selector_width(far(aggregate(select(tokens, \"a\", ==), indices)));",
       "ab"},
      {"a = aggregate(select(tokens, \"a\", ==), indices * 0.1);\nx = a == 0.3;", "ab"},
      {"a = aggregate(select(tokens, \"a\", ==), indices * 0.1);\n"
       "x = has_focus(select(a, a, <) and select(tokens, tokens, ==));",
       "ab"},
      {"a = aggregate(full_s, indicator(tokens == \"a\") * indices * 0.7);\nx = a if a > 1 else 0;",
       "ab"},
      {"a = aggregate(select(tokens, \"a\", ==), indices * 0.1);\nx = 1 if a > indices else 2;",
       "ab"},
  };
  return programs;
}

std::string TextOf(const Diagnostic& diagnostic) { return Render(diagnostic); }

TEST_CASE("every place in a refusal is in the user's program, and every name is written there") {
  const std::regex internal("\\b(select|aggregate|map|width|sum|selector) [0-9]+\\b|%[0-9]+");
  const std::regex quoted("`([^`…]*)(…?)`");
  int num_refused = 0;
  for (const Refusable& refusable : Programs()) {
    Case program = TextCase(refusable.program, refusable.vocab, 64);
    program.settings.max_domain = 1000;
    INFO(Render(program.diag));
    REQUIRE_FALSE(program.diag.HasErrors());
    Diagnostics diag;
    if (Compile(program, diag)) continue;
    ++num_refused;
    INFO(refusable.program << "\n" << Render(diag));
    for (const Diagnostic& diagnostic : diag.all()) {
      const std::string text = TextOf(diagnostic);
      CHECK(text.find("<standard library>") == std::string::npos);
      CHECK_FALSE(std::regex_search(diagnostic.message, internal));
      REQUIRE(diagnostic.location.IsKnown());
      CHECK(diagnostic.location.source->name() == "test.rasp");
      for (auto at = std::sregex_iterator(diagnostic.message.begin(), diagnostic.message.end(),
                                          quoted);
           at != std::sregex_iterator(); ++at) {
        INFO((*at)[0]);
        CHECK(refusable.program.find((*at)[1]) != std::string::npos);
      }
    }
  }
  CHECK(Programs().size() >= 35);
  CHECK(num_refused >= 10);
}

TEST_CASE("a refusal names the operand that is not listed, not what has two values") {
  const auto message = [](const std::string& text) {
    Case program = TextCase(text, "ab", 64);
    program.settings.max_domain = 100;
    Diagnostics diag;
    CHECK_FALSE(Compile(program, diag));
    return diag.empty() ? "" : diag.all()[0].message;
  };
  // Means of floats, whose order the rounding of sums decides.
  const std::string mean = "m = aggregate(select(tokens, \"a\", ==), indices * 0.1 + 0.01);\n";
  CHECK(message(mean + "late = m * m > 1.3 and m > 0.2;\n"
                       "x = selector_width(select(late, True, ==));") ==
        "`late` depends on `m * m`, which has more values than can be listed, and is not a sum or "
        "product of others; the limit is 100 (--max-domain)");
}

}  // namespace
}  // namespace raspc
