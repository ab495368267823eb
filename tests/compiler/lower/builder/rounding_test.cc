// The bounds on rounding against sums computed in both types, in random orders.
#include "compiler/lower/builder/rounding.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <random>
#include <vector>

namespace raspc {
namespace {

using Random = std::mt19937_64;

double Uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

// A number in a model's arithmetic, and its ideal value.
struct Given {
  double weight = 0;
  double ideal = 0;
  double actual = 0;  // a number of the type, within bound.error of `ideal`
  Bound bound;
};

// Adds the numbers in random order: two of the remaining ones are replaced by their sum.
template <typename T>
T SumInRandomOrder(std::vector<T> numbers, Random& random) {
  while (numbers.size() > 1) {
    std::shuffle(numbers.begin(), numbers.end(), random);
    const T last = numbers.back();
    numbers.pop_back();
    numbers.back() += last;
  }
  return numbers.empty() ? T{0} : numbers.front();
}

template <typename T>
T ComputedSum(const std::vector<Given>& terms, Random& random) {
  std::vector<T> products;
  for (const Given& term : terms) {
    products.push_back(static_cast<T>(term.weight) * static_cast<T>(term.actual));
  }
  return SumInRandomOrder(std::move(products), random);
}

long double IdealSum(const std::vector<Given>& terms) {
  long double sum = 0;
  for (const Given& term : terms) {
    sum += static_cast<long double>(term.weight) * static_cast<long double>(term.ideal);
  }
  return sum;
}

Bound BoundOfSum(const std::vector<Given>& terms, const Arithmetic& arithmetic) {
  SumBound sum(arithmetic);
  for (const Given& term : terms) sum.Add(term.weight, term.bound);
  return sum.Computed();
}

// Any real numbers, some of them known only roughly.
template <typename T>
Given RoughTerm(Random& random, const Arithmetic& arithmetic) {
  Given term;
  const int exponent = static_cast<int>(random() % 20) - 10;
  term.weight = Uniform(random, -1, 1) * std::ldexp(1.0, exponent);
  term.ideal = Uniform(random, -1, 1);
  const double blur = random() % 2 == 0 ? 0 : std::ldexp(1.0, -static_cast<int>(random() % 30));
  term.actual = static_cast<double>(static_cast<T>(term.ideal + Uniform(random, -blur, blur)));
  term.bound.max_abs = std::abs(term.ideal) * Uniform(random, 1, 2);
  term.bound.error = blur + arithmetic.unit_roundoff * (1 + blur);
  return term;
}

// Small multiples of a power of two: often exact, sometimes too long for the significand.
Given GridTerm(Random& random, const Arithmetic& arithmetic) {
  Given term;
  const int bits =
      1 + static_cast<int>(random() % static_cast<unsigned>(arithmetic.significand_bits));
  const auto integer = static_cast<double>(random() % (std::uint64_t{1} << bits));
  term.ideal = term.actual = std::ldexp(integer, static_cast<int>(random() % 8) - 4);
  term.weight = static_cast<double>(static_cast<int>(random() % 17) - 8) / 4;
  term.bound = BoundOfConstant(term.ideal, arithmetic);
  return term;
}

template <typename T>
void CheckRoughSums(DType dtype) {
  const Arithmetic arithmetic = ArithmeticOf(dtype);
  Random random(1);
  double closest = 0;  // the largest fraction of a bound that was used up
  for (int round = 0; round < 20000; ++round) {
    std::vector<Given> terms(1 + random() % 20);
    for (Given& term : terms) term = RoughTerm<T>(random, arithmetic);
    const Bound bound = BoundOfSum(terms, arithmetic);
    const long double ideal = IdealSum(terms);
    const long double off =
        std::abs(static_cast<long double>(ComputedSum<T>(terms, random)) - ideal);
    // `ideal` itself has the error of 21 roundings of long double, 2^-64 each.
    const long double slack = 21 * std::ldexp(1.0L, -64) * static_cast<long double>(bound.max_abs);
    INFO(terms.size() << " terms, off by " << static_cast<double>(off) << ", bound "
                      << bound.error);
    REQUIRE(off <= static_cast<long double>(bound.error) + slack);
    REQUIRE(std::abs(ideal) <= static_cast<long double>(bound.max_abs) * (1 + 1e-12L));
    if (bound.error > 0) closest = std::max(closest, static_cast<double>(off) / bound.error);
  }
  // A bound that is never approached would not be useful.
  CHECK(closest > 0.3);
}

template <typename T>
void CheckGridSums(DType dtype) {
  const Arithmetic arithmetic = ArithmeticOf(dtype);
  Random random(2);
  int num_exact = 0;
  int num_rounded = 0;
  for (int round = 0; round < 20000; ++round) {
    std::vector<Given> terms(1 + random() % 6);
    for (Given& term : terms) term = GridTerm(random, arithmetic);
    const Bound bound = BoundOfSum(terms, arithmetic);
    const long double ideal = IdealSum(terms);  // exact: at most 53 + 6 + 4 bits
    const auto computed = static_cast<long double>(ComputedSum<T>(terms, random));
    REQUIRE(std::abs(computed - ideal) <= static_cast<long double>(bound.error));
    if (!bound.IsExact()) {
      num_rounded += computed != ideal ? 1 : 0;
      continue;
    }
    ++num_exact;
    REQUIRE(computed == ideal);
    if (bound.grid != Bound::kAnyGrid) {
      const long double multiple = std::ldexp(ideal, -bound.grid);
      REQUIRE(multiple == std::floor(multiple));
    }
  }
  CHECK(num_exact > 1000);
  CHECK(num_rounded > 100);
}

TEST_CASE("a sum of rough numbers is within its bound in any order") {
  SECTION("float32") { CheckRoughSums<float>(DType::kFloat32); }
  SECTION("float64") { CheckRoughSums<double>(DType::kFloat64); }
}

TEST_CASE("a sum that is claimed to be exact is exact in any order") {
  SECTION("float32") { CheckGridSums<float>(DType::kFloat32); }
  SECTION("float64") { CheckGridSums<double>(DType::kFloat64); }
}

TEST_CASE("the bound of a constant covers the way to the model's type") {
  Random random(3);
  const Arithmetic arithmetic = ArithmeticOf(DType::kFloat32);
  for (int round = 0; round < 20000; ++round) {
    // From where float32 has only 0 to where it has only infinity.
    const double number =
        Uniform(random, -1, 1) * std::ldexp(1.0, static_cast<int>(random() % 310) - 170);
    const Bound bound = BoundOfConstant(number, arithmetic);
    const double stored = static_cast<double>(static_cast<float>(number));
    INFO(number << " is stored as " << stored << ", bound " << bound.error);
    REQUIRE(bound.error >= std::abs(stored - number));
    REQUIRE(bound.max_abs >= std::abs(number));
    if (bound.IsExact()) REQUIRE(stored == number);
  }
}

TEST_CASE("constants that fit the significand are exact") {
  const Arithmetic narrow = ArithmeticOf(DType::kFloat32);
  const Arithmetic wide = ArithmeticOf(DType::kFloat64);
  for (const double number :
       {0.0, 1.0, -3.0, 0.375, 16777216.0, -16777215.0, 1048576.0 * 1048576}) {
    INFO(number);
    CHECK(BoundOfConstant(number, narrow).IsExact());
  }
  for (const double number : {0.1, 1.0 / 3, 16777217.0, 1e30}) {
    INFO(number);
    CHECK_FALSE(BoundOfConstant(number, narrow).IsExact());
    CHECK(BoundOfConstant(number, wide).IsExact());
  }
}

TEST_CASE("sums of numbers too small or too large for the type are not taken for good") {
  const Arithmetic arithmetic = ArithmeticOf(DType::kFloat32);
  SumBound tiny(arithmetic);  // 2^-100 times 2^-100 is 0 in float32
  tiny.Add(std::ldexp(1.0, -100), BoundOfConstant(std::ldexp(1.0, -100), arithmetic));
  CHECK_FALSE(tiny.Computed().IsExact());
  CHECK(tiny.Computed().error >= std::ldexp(1.0, -200));
  SumBound huge(arithmetic);  // 2^100 times 2^100 is infinity
  huge.Add(std::ldexp(1.0, 100), BoundOfConstant(std::ldexp(1.0, 100), arithmetic));
  CHECK(std::isinf(huge.Computed().error));
}

TEST_CASE("the lowest bit of a number is its largest power of two") {
  CHECK(LowestBit(0) == Bound::kAnyGrid);
  CHECK(LowestBit(1) == 0);
  CHECK(LowestBit(6) == 1);
  CHECK(LowestBit(-0.375) == -3);
  CHECK(LowestBit(std::ldexp(1.0, 60)) == 60);
  CHECK(LowestBit(std::ldexp(1.0, -1074)) == -1074);
  CHECK(LowestBit(0.1) == -55);
}

TEST_CASE("the next power of two is not below a number and less than twice it") {
  Random random(4);
  CHECK(PowerOfTwoAtLeast(1) == 1);
  CHECK(PowerOfTwoAtLeast(0.25) == 0.25);
  CHECK(PowerOfTwoAtLeast(5) == 8);
  for (int round = 0; round < 1000; ++round) {
    const double number =
        Uniform(random, 0.001, 1) * std::ldexp(1.0, static_cast<int>(random() % 100) - 50);
    const double power = PowerOfTwoAtLeast(number);
    REQUIRE(power >= number);
    REQUIRE(power < 2 * number);
    REQUIRE(power == std::ldexp(1.0, LowestBit(power)));
  }
}

}  // namespace
}  // namespace raspc
