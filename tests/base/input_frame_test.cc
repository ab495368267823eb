// Polynomials and input frames.
#include <catch2/catch.hpp>

#include "base/input_frame.h"

namespace raspc {
namespace {

std::optional<Polynomial> Parse(std::string_view text, Diagnostics& diag) {
  return Polynomial::Parse(text, {}, diag);
}

TEST_CASE("polynomials have the values they are written with") {
  struct Row {
    const char* text;
    std::int64_t at_0, at_1, at_5;
    const char* printed;
  };
  const Row rows[] = {
      {"3", 3, 3, 3, "3"},
      {"n", 0, 1, 5, "n"},
      {"2n", 0, 2, 10, "2n"},
      {"2*n^3", 0, 2, 250, "2n^3"},
      {" n ^ 2 + 1 ", 1, 2, 26, "n^2+1"},
      {"n^2-n+4", 4, 4, 24, "n^2-n+4"},
      {"8-4n+n^3-n", 8, 4, 108, "n^3-5n+8"},
      {"3-n^2+n^3", 3, 3, 103, "n^3-n^2+3"},
      {"-n+n+7", 7, 7, 7, "7"},
      {"n^0", 1, 1, 1, "1"},
      {"0", 0, 0, 0, "0"},
      {"n^4-n^4", 0, 0, 0, "0"},
      {"+n^8", 0, 1, 390625, "n^8"},
      {"n + n", 0, 2, 10, "2n"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    Diagnostics diag;
    const auto polynomial = Parse(row.text, diag);
    REQUIRE(polynomial);
    CHECK(polynomial->At(0) == row.at_0);
    CHECK(polynomial->At(1) == row.at_1);
    CHECK(polynomial->At(5) == row.at_5);
    CHECK(polynomial->Text() == row.printed);
    CHECK(Parse(row.printed, diag) == polynomial);
  }
  Diagnostics diag;
  CHECK(Parse("-n+5", diag)->Text() == "-n+5");
}

TEST_CASE("a polynomial made from numbers equals the one that is read") {
  Diagnostics diag;
  CHECK(Polynomial() == Parse("0", diag));
  CHECK(Polynomial::Power(0) == Parse("1", diag));
  CHECK(Polynomial::Power(3) == Parse("n^3", diag));
  CHECK(Polynomial::Linear(2, 1) == Parse("2n+1", diag));
  CHECK(Polynomial::Linear(1, -1) == Parse("n-1", diag));
  CHECK(Polynomial::Linear(0, 4) == Parse("4", diag));
  CHECK_FALSE(Polynomial::Linear(0, 4) == Polynomial::Linear(4, 0));
}

TEST_CASE("a polynomial has no value below 0 or above 2^31") {
  Diagnostics diag;
  CHECK_FALSE(Parse("n-5", diag)->At(4));
  CHECK(Parse("n-5", diag)->At(5) == 0);
  CHECK(Parse("n", diag)->At(std::int64_t{1} << 31) == std::int64_t{1} << 31);
  CHECK_FALSE(Parse("n", diag)->At((std::int64_t{1} << 31) + 1));
  CHECK_FALSE(Parse("2147483648n^8", diag)->At(INT64_MAX));
  CHECK(Parse("n^2-2147483648n", diag)->At(std::int64_t{1} << 31) == 0);
}

TEST_CASE("an invalid polynomial is refused with the reason") {
  struct Row {
    const char* text;
    const char* reason;
  };
  const Row rows[] = {
      {"", "it ends where a number or 'n' should follow"},
      {"  ", "it ends where a number or 'n' should follow"},
      {"n+", "it ends where a number or 'n' should follow"},
      {"2*", "it ends where a number or 'n' should follow"},
      {"x", "expected a number or 'n' at 'x'"},
      {"n^", "expected an exponent after '^'"},
      {"n^-1", "expected an exponent after '^'"},
      {"n^9", "9 is above 8"},
      {"n^99999999999999999999", "99999999999999999999 is above 8"},
      {"2 3", "expected '+' or '-' before '3'"},
      {"n n", "expected '+' or '-' before 'n'"},
      {"n2", "expected '+' or '-' before '2'"},
      {"1.5", "expected '+' or '-' before '.5'"},
      {"2147483649", "2147483649 is above 2147483648"},
      {"99999999999999999999", "99999999999999999999 is above 2147483648"},
      {"2147483648n+n", "a coefficient is above 2147483648"},
      {"--n", "expected a number or 'n' at '-n'"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    Diagnostics diag;
    CHECK_FALSE(Parse(row.text, diag));
    REQUIRE(diag.all().size() == 1);
    CHECK(diag.all()[0].kind == ErrorKind::kInput);
    CHECK(diag.all()[0].message == "\"" + std::string(row.text) + "\" is not a polynomial in n: " +
                                       row.reason + "; write it like n^2+1 (exponents up to 8)");
  }
  Diagnostics diag;
  CHECK_FALSE(Parse(std::string(1000000, 'n'), diag));
  CHECK(diag.all()[0].message == "a polynomial of 1000000 bytes is too long (at most 200)");
}

TEST_CASE("an input is followed by its appended tokens, then its padding") {
  Diagnostics diag;
  InputFrame frame;
  const std::vector<Atom> input = CodePoints("ab");
  CHECK(ToJson(*frame.Apply(input)) == R"(["a", "b"])");
  frame.append = {Atom(std::string("#"))};
  frame.padding = Padding{Atom(std::string("_")), *Parse("n^2-1", diag)};
  CHECK(ToJson(*frame.Apply(input)) == R"(["a", "b", "#", "_", "_", "_"])");
  CHECK(frame.LengthFor(2) == 6);
  CHECK_FALSE(frame.Apply({}));  // -1 padding tokens
  CHECK_FALSE(frame.LengthFor(0));
}

TEST_CASE("padding that would not fit into memory is refused") {
  Diagnostics diag;
  InputFrame frame;
  frame.padding = Padding{Atom(std::string("_")), *Parse("n^8", diag)};
  CHECK(frame.LengthFor(6) == 6 + 1679616);
  CHECK_FALSE(frame.LengthFor(100));
  CHECK_FALSE(frame.Apply(std::vector<Atom>(100, Atom(true))));
}

}  // namespace
}  // namespace raspc
