// Fractions and floats that hold them: decimals, the nearest double, order and identity, and sums.
#include "base/fraction.h"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "base/atom.h"
#include "base/float.h"

namespace raspc {
namespace {

static_assert(sizeof(Atom) == sizeof(std::string) + 8, "no alternative is larger than a string");

std::string DecimalText(const std::string& text) {
  const auto fraction = Fraction::OfDecimal(text, 1000);
  return fraction ? fraction->ToText() : "none";
}

TEST_CASE("decimals are the fractions that are written") {
  CHECK(DecimalText("0.1") == "1/10");
  CHECK(DecimalText("-12.50") == "-25/2");
  CHECK(DecimalText("007") == "7");
  CHECK(DecimalText("010.010") == "1001/100");
  CHECK(DecimalText(".5e1") == "5");
  CHECK(DecimalText("25e-2") == "1/4");
  CHECK(DecimalText("3E+2") == "300");
  CHECK(DecimalText("-0.0") == "0");
  CHECK(DecimalText("0e99999") == "0");
  for (const char* bad : {"", "-", ".", "1x", "0x10", "1e", "1e1.5", "1e999999999999999999999"}) {
    CAPTURE(bad);
    CHECK(DecimalText(bad) == "none");
  }
  CHECK(DecimalText("1e99999") == "none");  // too large
  CHECK(DecimalText("1e-99999") == "none");
  CHECK(DecimalText(std::string(1000, '1')) == "none");
}

// The hardware divides two doubles with one rounding.
TEST_CASE("the nearest double is that of the quotient") {
  std::mt19937_64 random(3);
  for (std::int64_t a = -40; a <= 40; ++a) {
    for (std::int64_t b = 1; b <= 40; ++b) {
      REQUIRE(Fraction(a, b).Nearest() == static_cast<double>(a) / static_cast<double>(b));
    }
  }
  for (int i = 0; i < 20000; ++i) {
    const auto part = [&] {
      return static_cast<std::int64_t>(random() >> (11 + random() % 50)) + 1;
    };
    const std::int64_t a = part(), b = part();
    REQUIRE(Fraction(-a, b).Nearest() == -static_cast<double>(a) / static_cast<double>(b));
    // Next to the middle of two doubles.
    const Fraction middle = Fraction::OfDouble(std::ldexp(static_cast<double>(a | 1), 60)) +
                            Fraction(std::int64_t{1} << 59);
    REQUIRE(middle.Nearest() == std::nearbyint(std::ldexp(static_cast<double>(a | 1), 60) +
                                               std::ldexp(1.0, 59)));
  }
  const Fraction third = Fraction(1) / Fraction(3);
  CHECK((third.Power(600) * Fraction(7)).Nearest() ==
        Approx(7 * std::pow(3.0, -600)).epsilon(1e-13));
  CHECK(std::isinf(Fraction(10).Power(400).Nearest()));
  CHECK(std::isinf(Fraction(10).Power(4000).Nearest()));
  CHECK(Fraction(10).Power(-4000).Nearest() == 0);
}

TEST_CASE("a double is a fraction and back") {
  std::mt19937_64 random(4);
  for (int i = 0; i < 20000; ++i) {
    const double number = std::bit_cast<double>(random());
    if (!std::isnormal(number)) continue;
    REQUIRE(Fraction::OfDouble(number).Nearest() == number);
  }
  CHECK(Fraction::OfDouble(0.375).ToText() == "3/8");
  CHECK(Fraction::OfDouble(-1e22).ToText() == "-10000000000000000000000");
}

TEST_CASE("floors, powers and roots are exact") {
  CHECK(Fraction(-7, 2).Floor() == Fraction(-4));
  CHECK(Fraction(7, 2).Floor() == Fraction(3));
  CHECK(Fraction(-4).Floor() == Fraction(-4));
  CHECK(Fraction(-2, 3).Power(3) == Fraction(-8, 27));
  CHECK(Fraction(-2, 3).Power(-3) == Fraction(-27, 8));
  CHECK(Fraction(5).Power(0) == Fraction(1));
  CHECK(*Fraction(8, 27).Root(3) == Fraction(2, 3));
  CHECK(*Fraction(3).Power(200).Root(100) == Fraction(9));
  CHECK_FALSE(Fraction(2).Root(2));
  CHECK_FALSE(Fraction(4, 3).Root(2));
  CHECK_FALSE(Fraction(2).Root(1'000'000'000));
  CHECK(*Fraction(1).Root(1'000'000'000) == Fraction(1));
}

TEST_CASE("sizes are those of the longer part") {
  CHECK(Fraction(0).NumBits() == 1);  // the denominator 1
  CHECK(Fraction(1, 8).NumBits() == 4);
  CHECK(Fraction(-255, 2).NumBits() == 8);
  CHECK(Fraction(INT64_MIN, 3).SmallParts()->numerator == INT64_MIN);
  CHECK_FALSE(Fraction(INT64_MAX, 1) * Fraction(2) == Fraction(INT64_MAX));
  CHECK_FALSE((Fraction(INT64_MAX) * Fraction(2)).SmallParts());
}

TEST_CASE("a sum of fractions is that of adding them one by one") {
  std::mt19937_64 random(5);
  for (int round = 0; round < 200; ++round) {
    FractionSum sum;
    CHECK(sum.IsEmpty());
    Fraction wanted(0);
    const int num_terms = static_cast<int>(random() % 30);
    for (int i = 0; i < num_terms; ++i) {
      const Fraction term(static_cast<std::int64_t>(random() % 41) - 20,
                          static_cast<std::int64_t>(random() % 12) + 1);
      sum.Add(term);
      wanted = wanted + term;
      const FractionSum copy(sum);
      REQUIRE(copy.Total() == wanted);
    }
    REQUIRE(sum.Total() == wanted);
  }
}

TEST_CASE("floats are compared by exact value, and hold a fraction only if they need one") {
  const Float tenth = Float::ShortestDecimal(0.1);
  CHECK_FALSE(tenth.IsDouble());
  CHECK(tenth.nearest() == 0.1);
  CHECK(tenth.exact() == Fraction(1, 10));
  CHECK(tenth < Float(0.1));  // the double is a little more
  CHECK(tenth > Float(std::nextafter(0.1, 0)));
  CHECK(Float::Of(Fraction(1, 10)) == tenth);
  CHECK(Float::Of(Fraction(3, 8)).IsDouble());
  CHECK(Float::ShortestDecimal(0.375).IsDouble());
  CHECK(Float::ShortestDecimal(1e22).IsDouble());
  CHECK(std::signbit(Float::ShortestDecimal(-0.0).nearest()) == false);
}

TEST_CASE("atoms with different fractions are not identical, even where doubles are") {
  const Atom tenth = Float::ShortestDecimal(0.1), same = Float::Of(Fraction(1, 10)), near = 0.1;
  CHECK(Identical(tenth, same));
  CHECK(IdentityHash()(tenth) == IdentityHash()(same));
  CHECK_FALSE(Identical(tenth, near));
  CHECK(IdentityLess(tenth, near));
  CHECK_FALSE(IdentityLess(near, tenth));
  CHECK(Identical(WithoutFraction(tenth), near));
  CHECK(ToJson(tenth) == "0.1");
  CHECK(ExactNumberOf(tenth) == Fraction(1, 10));
  CHECK(ExactNumberOf(true) == Fraction(1));
}

}  // namespace
}  // namespace raspc
