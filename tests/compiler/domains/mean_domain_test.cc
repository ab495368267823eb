// The possible means, against all sequences of values averaged as in the language.
#include "compiler/domains/mean_domain.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "compiler/operations/atom_ops.h"

namespace raspc {
namespace {

using Atoms = std::vector<Atom>;

Atom Int(std::int64_t value) { return Atom(value); }

constexpr ArithmeticKind kFloat = ArithmeticKind::kFloat;
constexpr ArithmeticKind kRational = ArithmeticKind::kRational;

// The means of all sequences of 2 to `most` of the values, each once.
Atoms AllMeans(ArithmeticKind arithmetic, const Atoms& values, std::size_t most) {
  Atoms means;
  for (std::size_t width = 2; width <= most; ++width) {
    std::vector<std::size_t> digits(width, 0);
    for (bool is_done = false; !is_done;) {
      RunningSum sum(arithmetic);
      for (const std::size_t digit : digits) sum.Add(values[digit]);
      means.push_back(std::get<Atom>(sum.Mean(static_cast<std::int64_t>(width))));
      std::size_t i = 0;
      while (i < width && ++digits[i] == values.size()) digits[i++] = 0;
      is_done = i == width;
    }
  }
  std::sort(means.begin(), means.end(), IdentityLess);
  means.erase(std::unique(means.begin(), means.end(), Identical), means.end());
  return means;
}

void CheckHoldsAll(const Atoms& values, std::size_t most) {
  for (const ArithmeticKind arithmetic : {kFloat, kRational}) {
    INFO(ToJson(values) << ", up to " << most << ", " << NameOf(arithmetic));
    const auto means = MeansOf(arithmetic, values, static_cast<std::int64_t>(most), 100000);
    REQUIRE(means);
    for (const Atom& mean : AllMeans(arithmetic, values, most)) {
      INFO("the mean " << ToJson(mean) << " is missing from " << ToJson(*means));
      REQUIRE(std::any_of(means->begin(), means->end(),
                          [&](const Atom& listed) { return Identical(listed, mean); }));
    }
  }
}

TEST_CASE("every possible mean is listed") {
  CheckHoldsAll({Int(0), Int(1)}, 6);
  CheckHoldsAll({Int(-3), Int(5), Int(9)}, 5);
  CheckHoldsAll({Int(1), Int(2), Int(4)}, 5);
  CheckHoldsAll({Int(7)}, 4);
  CheckHoldsAll({0.5, 0.25, -1.75}, 5);
  CheckHoldsAll({Int(1), 0.5, true}, 4);
  CheckHoldsAll({false, true, Int(3)}, 4);
  CheckHoldsAll({1e15, 1e15 + 2}, 3);
  CheckHoldsAll({0.1}, 2);
}

TEST_CASE("the mean of negative zeros is zero") {
  CheckHoldsAll({-0.0}, 3);
  CheckHoldsAll({-0.0, 0.0}, 3);
  CheckHoldsAll({-0.0, 1.0}, 3);
}

TEST_CASE("for values one step apart no impossible mean is listed") {
  for (const Atoms& values : {Atoms{Int(0), Int(1)}, Atoms{Int(-2), Int(-1), Int(0)},
                              Atoms{0.25, 0.5, 0.75}, Atoms{Int(5)}}) {
    for (const ArithmeticKind arithmetic : {kFloat, kRational}) {
      const auto means = MeansOf(arithmetic, values, 5, 100000);
      REQUIRE(means);
      CHECK(means->size() == AllMeans(arithmetic, values, 5).size());
    }
  }
}

TEST_CASE("in rational arithmetic means do not depend on the order of their terms") {
  CHECK_FALSE(MeansOf(kFloat, {0.1, 0.2, 0.3}, 6, 100000));
  const Atoms tenths = {Float::ShortestDecimal(0.1), Float::ShortestDecimal(0.2),
                        Float::ShortestDecimal(0.3)};
  const auto means = MeansOf(kRational, tenths, 6, 100000);
  REQUIRE(means);
  const Atoms all = AllMeans(kRational, tenths, 6);
  CHECK(std::equal(means->begin(), means->end(), all.begin(), all.end(), Identical));
  // A denominator beyond 64 bits.
  const Atoms far = {Float::Of(Fraction(1, 3).Power(50)), Float::Of(Fraction(1, 2))};
  CHECK_FALSE(MeansOf(kRational, far, 6, 100000));
}

TEST_CASE("strings have no means, and neither have bools alone") {
  for (const Atoms& values :
       {Atoms{Atom("a"), Atom("b")}, Atoms{false, true}, Atoms{true, Atom("a")}}) {
    const auto means = MeansOf(kFloat, values, 8, 100);
    REQUIRE(means);
    CHECK(means->empty());
  }
}

TEST_CASE("numbers mixed with strings still have means") {
  const auto means = MeansOf(kFloat, {Int(1), Int(2), Atom("a")}, 2, 100);
  REQUIRE(means);
  CHECK(*means == Atoms{Atom(1.0), Atom(1.5), Atom(2.0)});
}

TEST_CASE("means that depend on the order of summation are not listed") {
  CHECK_FALSE(MeansOf(kFloat, {0.1, 0.2, 0.3}, 16, 100000));
  CHECK_FALSE(MeansOf(kFloat, {1e300, 1.0}, 4, 100000));
  CHECK_FALSE(MeansOf(kFloat, {5e-324, 1.0}, 4, 100000));
  CHECK_FALSE(MeansOf(kFloat, {Int(std::int64_t{1} << 62), Int(1)}, 4, 100000));
}

TEST_CASE("more means than the limit are not listed") {
  Atoms indices;
  for (std::int64_t i = 0; i < 16; ++i) indices.push_back(Int(i));
  const auto all = MeansOf(kFloat, indices, 16, 100000);
  REQUIRE(all);
  CHECK(MeansOf(kFloat, indices, 16, static_cast<std::int64_t>(all->size())));
  CHECK_FALSE(MeansOf(kFloat, indices, 16, static_cast<std::int64_t>(all->size()) - 1));
  // Without listing them first, which would be 2^62 sums.
  CHECK_FALSE(MeansOf(kFloat, {Int(0), Int(1), Int(std::int64_t{1} << 30)}, 1 << 20, 65536));
}

}  // namespace
}  // namespace raspc
