// The operators in rational arithmetic, against fractions of 128-bit ints that this file defines.
#include <catch2/catch.hpp>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "compiler/operations/atom_ops.h"

namespace raspc {
namespace {

__extension__ using Wide = __int128;

constexpr ArithmeticKind kRational = ArithmeticKind::kRational;

struct Plain {
  Wide top, bottom;  // in lowest terms, bottom > 0
};

Wide Gcd(Wide a, Wide b) { return b == 0 ? (a < 0 ? -a : a) : Gcd(b, a % b); }

Plain Make(Wide top, Wide bottom) {
  const Wide common = Gcd(top, bottom);
  const Wide sign = bottom < 0 ? -1 : 1;
  return {sign * top / common, sign * bottom / common};
}

Wide FloorOf(const Plain& x) {
  const Wide quotient = x.top / x.bottom;
  return x.top % x.bottom < 0 ? quotient - 1 : quotient;
}

std::optional<Plain> Wanted(MapOp op, const Plain& a, const Plain& b) {
  switch (op) {
    case MapOp::kAdd:
      return Make(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
    case MapOp::kSubtract:
      return Make(a.top * b.bottom - b.top * a.bottom, a.bottom * b.bottom);
    case MapOp::kMultiply:
      return Make(a.top * b.top, a.bottom * b.bottom);
    case MapOp::kDivide:
      if (b.top == 0) return std::nullopt;
      return Make(a.top * b.bottom, a.bottom * b.top);
    case MapOp::kModulo: {
      if (b.top == 0) return std::nullopt;
      const Wide times = FloorOf(Make(a.top * b.bottom, a.bottom * b.top));
      return Make(a.top * b.bottom - times * b.top * a.bottom, a.bottom * b.bottom);
    }
    default:
      return std::nullopt;
  }
}

struct Number {
  Plain plain;
  Atom atom;
  std::string text;
};

// Ints, bools and all fractions of small ints, as floats.
std::vector<Number> Numbers() {
  std::vector<Number> numbers = {{{0, 1}, false, "false"}, {{1, 1}, true, "true"}};
  for (std::int64_t i = -4; i <= 4; ++i) {
    numbers.push_back({{i, 1}, Atom(i), std::to_string(i)});
  }
  for (std::int64_t bottom = 1; bottom <= 7; ++bottom) {
    for (std::int64_t top = -9; top <= 9; ++top) {
      if (std::gcd(top, bottom) != 1) continue;
      numbers.push_back({{top, bottom}, Atom(Float::Of(Fraction(top, bottom))),
                         std::to_string(top) + "/" + std::to_string(bottom)});
    }
  }
  return numbers;
}

bool Is(const Atom& atom, const Plain& wanted) {
  return ExactNumberOf(atom) ==
         Fraction(static_cast<std::int64_t>(wanted.top), static_cast<std::int64_t>(wanted.bottom));
}

std::optional<Atom> Result(MapOp op, const std::vector<Atom>& operands) {
  const OpResult result = Apply(kRational, op, operands);
  const Atom* atom = std::get_if<Atom>(&result);
  return atom != nullptr ? std::optional(*atom) : std::nullopt;
}

std::string ErrorOf(MapOp op, const Atom& a, const Atom& b) {
  const OpResult result = Apply(kRational, op, std::array{a, b});
  const auto* error = std::get_if<OpError>(&result);
  if (error == nullptr) return "none";
  const char* kind = error->kind == ErrorKind::kLimit   ? "limit"
                     : error->kind == ErrorKind::kValue ? "value"
                                                        : "type";
  return std::string(kind) + ": " + error->message;
}

TEST_CASE("arithmetic on all pairs of small fractions is exact") {
  const std::vector<Number> numbers = Numbers();
  for (const MapOp op : {MapOp::kAdd, MapOp::kSubtract, MapOp::kMultiply, MapOp::kDivide,
                         MapOp::kModulo}) {
    for (const Number& a : numbers) {
      for (const Number& b : numbers) {
        INFO(a.text << " " << NameOf(op) << " " << b.text);
        const auto wanted = Wanted(op, a.plain, b.plain);
        const auto got = Result(op, {a.atom, b.atom});
        REQUIRE(wanted.has_value() == got.has_value());
        if (!got) continue;
        REQUIRE(Is(*got, *wanted));
        const bool is_float = op == MapOp::kDivide || TypeOf(a.atom) == AtomType::kFloat ||
                              TypeOf(b.atom) == AtomType::kFloat;
        REQUIRE(TypeOf(*got) == (is_float ? AtomType::kFloat : AtomType::kInt));
      }
    }
  }
}

TEST_CASE("comparisons of all pairs of small fractions are exact") {
  const std::vector<Number> numbers = Numbers();
  for (const Number& a : numbers) {
    for (const Number& b : numbers) {
      INFO(a.text << " and " << b.text);
      const Wide difference = a.plain.top * b.plain.bottom - b.plain.top * a.plain.bottom;
      REQUIRE(EqualAtoms(a.atom, b.atom) == (difference == 0));
      REQUIRE(*CompareAtoms(a.atom, b.atom) == (difference < 0   ? std::strong_ordering::less
                                                : difference > 0 ? std::strong_ordering::greater
                                                                 : std::strong_ordering::equal));
      REQUIRE(IsTrue(std::get<Atom>(CompareForSelect(Comparison::kLess, a.atom, b.atom))) ==
              (difference < 0));
    }
  }
}

TEST_CASE("small fractions are rounded to the nearest int, halves to the even one") {
  for (const Number& number : Numbers()) {
    INFO(number.text);
    const Plain doubled = Make(2 * number.plain.top + number.plain.bottom, 2 * number.plain.bottom);
    Wide wanted = FloorOf(doubled);
    if (doubled.bottom == 1 && wanted % 2 != 0) --wanted;  // it was a half
    const auto got = Result(MapOp::kRound, {number.atom});
    REQUIRE(got);
    REQUIRE(Identical(*got, Atom(static_cast<std::int64_t>(wanted))));
    REQUIRE(Is(*Result(MapOp::kNegate, {number.atom}), {-number.plain.top, number.plain.bottom}));
    REQUIRE(Is(*Result(MapOp::kPlus, {number.atom}), number.plain));
    REQUIRE(IsTrue(number.atom) == (number.plain.top != 0));
  }
}

TEST_CASE("powers of small fractions are exact") {
  for (const Number& base : Numbers()) {
    for (std::int64_t exponent = -5; exponent <= 5; ++exponent) {
      INFO(base.text << " ^ " << exponent);
      Plain wanted{1, 1};
      for (std::int64_t i = 0; i < std::abs(exponent); ++i) {
        wanted = Make(wanted.top * base.plain.top, wanted.bottom * base.plain.bottom);
      }
      const auto got = Result(MapOp::kPower, {base.atom, Atom(exponent)});
      REQUIRE(got.has_value() == (exponent >= 0 || base.plain.top != 0));
      if (!got) continue;
      if (exponent < 0) wanted = Make(wanted.bottom, wanted.top);
      REQUIRE(Is(*got, wanted));
    }
  }
  const Atom base = Float::Of(Fraction(8, 27)), exponent = Float::Of(Fraction(-2, 3));
  CHECK(Is(*Result(MapOp::kPower, {base, exponent}), {9, 4}));
  CHECK(Is(*Result(MapOp::kPower, {std::int64_t{9}, 0.5}), {3, 1}));
  CHECK(Is(*Result(MapOp::kPower, {0.0, 0.5}), {0, 1}));
  CHECK(Is(*Result(MapOp::kPower, {1.0, Float::Of(Fraction(1, 3))}), {1, 1}));
  CHECK(Is(*Result(MapOp::kPower, {-1.0, 1'000'000'001.0}), {-1, 1}));
}

TEST_CASE("what is not a fraction, or is too large, is an error that says so") {
  const Atom two = std::int64_t{2};
  CHECK(ErrorOf(MapOp::kPower, two, 0.5) ==
        "value: 2 ^ 0.5 is not a fraction; rational arithmetic has no other numbers");
  CHECK(ErrorOf(MapOp::kPower, -2.0, 0.5) == "type: -2.0 ^ 0.5 is not a real number");
  CHECK(ErrorOf(MapOp::kPower, 0.0, std::int64_t{-1}).starts_with("value: zero cannot be raised"));
  CHECK(ErrorOf(MapOp::kDivide, two, 0.0) == "value: '/' cannot divide 2 by zero");
  CHECK(ErrorOf(MapOp::kModulo, 0.5, 0.0) == "value: '%' cannot divide 0.5 by zero");
  CHECK(ErrorOf(MapOp::kPower, 1.5, std::int64_t{100'000}) ==
        "limit: 1.5 ^ 100000 is a fraction of more than 10000 bits");
  CHECK(ErrorOf(MapOp::kPower, 1.5, 1e300).starts_with("limit"));
  CHECK(ErrorOf(MapOp::kMultiply, 1e308, 10.0) ==
        "value: the result of 1e+308 * 10.0 is too large for a float");
  CHECK(ErrorOf(MapOp::kMultiply, 1e-300, 1e-10) ==
        "limit: the result of 1e-300 * 1e-10 is a fraction too close to 0 for a float");
  // Just below and above the limit on bits; the numbers are near 1.
  const Fraction near(3, 4);
  const Atom large = Float::Of(near.Power(4000) * Fraction(4, 3).Power(3999));
  CHECK(Is(large, {3, 4}));
  const Atom many = Float::Of(Fraction(1'000'001, 1'000'000).Power(400));
  CHECK(ErrorOf(MapOp::kPower, many, std::int64_t{2}).starts_with("limit"));
  CHECK(ErrorOf(MapOp::kMultiply, many, two) == "none");
}

TEST_CASE("tokens are read as decimals") {
  const auto read = [](TokenView view, const Atom& token) {
    return ReadToken(kRational, view, token);
  };
  CHECK(Is(std::get<Atom>(read(TokenView::kFloat, 0.1)), {1, 10}));
  CHECK(Is(std::get<Atom>(read(TokenView::kAsIs, 0.1)), {1, 10}));
  CHECK(Is(std::get<Atom>(read(TokenView::kFloat, "-.30")), {-3, 10}));
  CHECK(Is(std::get<Atom>(read(TokenView::kFloat, " +1_0e-1\n")), {1, 1}));
  CHECK(Is(std::get<Atom>(read(TokenView::kFloat, std::int64_t{7})), {7, 1}));
  CHECK(TypeOf(std::get<Atom>(read(TokenView::kFloat, true))) == AtomType::kFloat);
  CHECK(Identical(std::get<Atom>(read(TokenView::kAsIs, std::int64_t{7})), Atom(std::int64_t{7})));
  CHECK(Identical(std::get<Atom>(read(TokenView::kInt, 2.9)), Atom(std::int64_t{2})));
  CHECK(std::get<OpError>(read(TokenView::kFloat, "inf")).kind == ErrorKind::kValue);
  CHECK(std::get<OpError>(read(TokenView::kFloat, "1e-400")).kind == ErrorKind::kLimit);
  CHECK(std::get<OpError>(read(TokenView::kFloat, "1e9999999")).kind == ErrorKind::kLimit);
}

TEST_CASE("means are exact") {
  const auto mean = [](const std::vector<Atom>& values) {
    RunningSum sum(kRational);
    for (const Atom& value : values) sum.Add(value);
    return std::get<Atom>(sum.Mean(static_cast<std::int64_t>(values.size())));
  };
  const Atom tenth = Float::Of(Fraction(1, 10)), fifth = Float::Of(Fraction(1, 5));
  CHECK(Is(mean({tenth, fifth, tenth}), {2, 15}));
  CHECK(Is(mean({std::int64_t{1}, std::int64_t{0}, true}), {2, 3}));
  CHECK(Is(mean({std::int64_t{1}, tenth}), {11, 20}));
  CHECK(Is(mean({1e16, 1.0, -1e16}), {1, 3}));
  CHECK(TypeOf(mean({std::int64_t{2}, std::int64_t{4}})) == AtomType::kFloat);
  const Atom max = INT64_MAX;
  CHECK(ExactNumberOf(mean({max, max, max})) == Fraction(INT64_MAX));
  CHECK(ExactNumberOf(mean({Atom(INT64_MIN), Atom(INT64_MIN), max})) ==
        (Fraction(INT64_MIN) + Fraction(-1)) / Fraction(3));
}

}  // namespace
}  // namespace raspc
