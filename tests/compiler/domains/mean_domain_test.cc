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

// The means of all sequences of 2 to `most` of the values, each once.
Atoms AllMeans(const Atoms& values, std::size_t most) {
  Atoms means;
  for (std::size_t width = 2; width <= most; ++width) {
    std::vector<std::size_t> digits(width, 0);
    for (bool is_done = false; !is_done;) {
      RunningSum sum;
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
  INFO(ToJson(values) << ", up to " << most);
  const auto means = MeansOf(values, static_cast<std::int64_t>(most), 100000);
  REQUIRE(means);
  for (const Atom& mean : AllMeans(values, most)) {
    INFO("the mean " << ToJson(mean) << " is missing from " << ToJson(*means));
    REQUIRE(std::any_of(means->begin(), means->end(),
                        [&](const Atom& listed) { return Identical(listed, mean); }));
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
    const auto means = MeansOf(values, 5, 100000);
    REQUIRE(means);
    CHECK(means->size() == AllMeans(values, 5).size());
  }
}

TEST_CASE("strings have no means, and neither have bools alone") {
  for (const Atoms& values :
       {Atoms{Atom("a"), Atom("b")}, Atoms{false, true}, Atoms{true, Atom("a")}}) {
    const auto means = MeansOf(values, 8, 100);
    REQUIRE(means);
    CHECK(means->empty());
  }
}

TEST_CASE("numbers mixed with strings still have means") {
  const auto means = MeansOf({Int(1), Int(2), Atom("a")}, 2, 100);
  REQUIRE(means);
  CHECK(*means == Atoms{Atom(1.0), Atom(1.5), Atom(2.0)});
}

TEST_CASE("means that depend on the order of summation are not listed") {
  CHECK_FALSE(MeansOf({0.1, 0.2, 0.3}, 16, 100000));
  CHECK_FALSE(MeansOf({1e300, 1.0}, 4, 100000));
  CHECK_FALSE(MeansOf({5e-324, 1.0}, 4, 100000));
  CHECK_FALSE(MeansOf({Int(std::int64_t{1} << 62), Int(1)}, 4, 100000));
}

TEST_CASE("more means than the limit are not listed") {
  Atoms indices;
  for (std::int64_t i = 0; i < 16; ++i) indices.push_back(Int(i));
  const auto all = MeansOf(indices, 16, 100000);
  REQUIRE(all);
  CHECK(MeansOf(indices, 16, static_cast<std::int64_t>(all->size())));
  CHECK_FALSE(MeansOf(indices, 16, static_cast<std::int64_t>(all->size()) - 1));
  // Without listing them first, which would be 2^62 sums.
  CHECK_FALSE(MeansOf({Int(0), Int(1), Int(std::int64_t{1} << 30)}, 1 << 20, 65536));
}

}  // namespace
}  // namespace raspc
