// Permutation groups against lists of all their elements, and known groups by name.
#include "automata/algebra/permutation_group.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <random>
#include <set>

namespace raspc {
namespace {

Permutation Identity(int degree) {
  Permutation p(static_cast<std::size_t>(degree));
  std::iota(p.begin(), p.end(), 0);
  return p;
}

std::set<Permutation> Elements(int degree, const std::vector<Permutation>& generators) {
  std::vector<Permutation> list = {Identity(degree)};
  std::set<Permutation> seen(list.begin(), list.end());
  for (std::size_t i = 0; i < list.size(); ++i) {
    for (const Permutation& s : generators) {
      const Permutation product = Compose(list[i], s);
      if (seen.insert(product).second) list.push_back(product);
    }
  }
  return seen;
}

PermutationGroup Group(int degree, const std::vector<Permutation>& generators) {
  const auto group = PermutationGroup::Generate(degree, generators, 1'000'000'000);
  REQUIRE(group);
  return *group;
}

TEST_CASE("a group has the order and the elements of its list") {
  std::mt19937_64 random(41);
  for (int i = 0; i < 300; ++i) {
    const int degree = 1 + i % 7;
    std::vector<Permutation> generators;
    for (int g = 0; g < 1 + i % 3; ++g) {
      Permutation p = Identity(degree);
      // Shuffling a part leaves groups that are not all symmetric.
      std::shuffle(p.begin(), p.begin() + static_cast<int>(random() % (degree + 1)), random);
      generators.push_back(p);
    }
    const std::set<Permutation> elements = Elements(degree, generators);
    const PermutationGroup group = Group(degree, generators);
    CHECK(group.order() == static_cast<double>(elements.size()));
    CHECK(Elements(degree, group.generators()) == elements);
    for (int t = 0; t < 20; ++t) {
      Permutation p = Identity(degree);
      std::shuffle(p.begin(), p.end(), random);
      CHECK(group.Contains(p) == elements.contains(p));
    }
  }
}

// The commutator subgroup as the list of its elements.
std::set<Permutation> DerivedElements(int degree, const std::set<Permutation>& group) {
  std::set<Permutation> commutators;
  for (const Permutation& x : group) {
    for (const Permutation& y : group) {
      commutators.insert(Compose(Compose(Inverse(x), Inverse(y)), Compose(x, y)));
    }
  }
  return Elements(degree, {commutators.begin(), commutators.end()});
}

TEST_CASE("derived series are those of commutators of all elements") {
  std::mt19937_64 random(42);
  for (int i = 0; i < 60; ++i) {
    const int degree = 2 + i % 4;
    std::vector<Permutation> generators(2, Identity(degree));
    for (Permutation& p : generators) std::shuffle(p.begin(), p.end(), random);
    const auto series = DerivedSeries(Group(degree, generators), 1'000'000'000);
    REQUIRE(series);
    std::set<Permutation> elements = Elements(degree, generators);
    for (std::size_t step = 0; step < series->size(); ++step) {
      CHECK((*series)[step].order() == static_cast<double>(elements.size()));
      elements = DerivedElements(degree, elements);
    }
    const double last = series->back().order();
    CHECK((last == 1 || static_cast<double>(elements.size()) == last));
  }
}

std::vector<double> Orders(const PermutationGroup& group) {
  std::vector<double> orders;
  const auto series = DerivedSeries(group, 1'000'000'000);
  REQUIRE(series);
  for (const PermutationGroup& g : *series) orders.push_back(g.order());
  return orders;
}

TEST_CASE("known groups have their derived series and names") {
  const PermutationGroup s3 = Group(3, {{1, 2, 0}, {1, 0, 2}});
  CHECK(Orders(s3) == std::vector<double>{6, 3, 1});
  CHECK(GroupName(s3) == "S3");
  const PermutationGroup a4 = Group(4, {{1, 2, 0, 3}, {1, 0, 3, 2}});
  CHECK(Orders(a4) == std::vector<double>{12, 4, 1});
  CHECK(GroupName(a4) == "A4");
  const PermutationGroup s4 = Group(4, {{1, 2, 3, 0}, {1, 0, 2, 3}});
  CHECK(Orders(s4) == std::vector<double>{24, 12, 4, 1});
  CHECK(GroupName(s4) == "S4");
  const PermutationGroup a5 = Group(5, {{1, 2, 3, 4, 0}, {1, 2, 0, 3, 4}});
  CHECK(Orders(a5) == std::vector<double>{60, 60});
  CHECK(GroupName(a5) == "A5");
  const PermutationGroup s5 = Group(5, {{1, 2, 3, 4, 0}, {1, 0, 2, 3, 4}});
  CHECK(Orders(s5) == std::vector<double>{120, 60, 60});
  CHECK(GroupName(s5) == "S5");
  const PermutationGroup q8 = Group(8, {{1, 2, 3, 0, 5, 6, 7, 4}, {4, 7, 6, 5, 2, 1, 0, 3}});
  CHECK(Orders(q8) == std::vector<double>{8, 2, 1});
  CHECK(GroupName(q8) == "Q8");
  CHECK(GroupName(Group(4, {{1, 2, 3, 0}, {0, 3, 2, 1}})) == "D8");
  CHECK(GroupName(Group(7, {{1, 2, 3, 4, 5, 6, 0}, {0, 6, 5, 4, 3, 2, 1}})) == "D14");
  CHECK(GroupName(Group(6, {{1, 2, 3, 4, 5, 0}})) == "C6");
  CHECK(GroupName(Group(4, {{1, 0, 2, 3}, {0, 1, 3, 2}})) == "C2xC2");
  CHECK(GroupName(Group(6, {{1, 0, 2, 3, 4, 5}, {0, 1, 3, 4, 5, 2}})) == "C4xC2");
  CHECK(GroupName(Group(5, {{1, 2, 3, 4, 0}, {0, 2, 4, 1, 3}})) == "order 20");
  CHECK(GroupName(Group(3, {})) == "1");
}

TEST_CASE("large groups have their order without a list") {
  const auto symmetric = [](int n) {
    Permutation cycle, swap;
    for (int i = 0; i < n; ++i) {
      cycle.push_back((i + 1) % n);
      swap.push_back(i < 2 ? 1 - i : i);
    }
    return Group(n, {cycle, swap});
  };
  CHECK(symmetric(12).order() == 479001600);
  CHECK(GroupName(symmetric(12)) == "S12");
  const auto series = DerivedSeries(symmetric(12), 1'000'000'000);
  REQUIRE(series);
  CHECK(series->size() == 3);
  CHECK(GroupName(series->back()) == "A12");
  CHECK_FALSE(PermutationGroup::Generate(12, symmetric(12).generators(), 1000));
}

}  // namespace
}  // namespace raspc
