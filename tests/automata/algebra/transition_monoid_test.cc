// The monoid's elements, products and words against maps composed one by one.
#include "automata/algebra/transition_monoid.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/automata/algebra/algebra_definitions.h"
#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

TransitionMonoid MonoidOf(const Dfa& dfa) {
  Diagnostics diag;
  const auto monoid = TransitionMonoid::Enumerate(dfa, {}, diag);
  REQUIRE(monoid);
  return *monoid;
}

TEST_CASE("elements, products and words are those of the maps") {
  std::mt19937_64 random(71);
  for (int i = 0; i < 60; ++i) {
    const Dfa dfa = RandomDfa(random, 2 + i % 3, 1 + i % 3);
    const TransitionMonoid monoid = MonoidOf(dfa);
    const PlainMonoid plain(dfa);
    REQUIRE(monoid.size() == plain.size());
    std::size_t length = 0;
    for (ElementId x = 0; x < monoid.size(); ++x) {
      const Word word = monoid.WordOf(x);
      CHECK(word.size() >= length);  // shorter words first
      length = word.size();
      for (StateId q = 0; q < dfa.num_states(); ++q) {
        REQUIRE(monoid.Apply(q, x) == plain.maps[x][q]);
        REQUIRE(dfa.Run(q, word) == plain.maps[x][q]);
      }
      for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
        REQUIRE(monoid.Right(x, a) == plain.product[x][plain.letters[a]]);
        REQUIRE(monoid.Left(x, a) == plain.product[plain.letters[a]][x]);
      }
      for (ElementId y = 0; y < monoid.size(); ++y) {
        REQUIRE(monoid.Multiply(x, y) == plain.product[x][y]);
      }
      REQUIRE(monoid.IdempotentPower(x) == plain.Omega(x));
      const bool is_of_word =
          std::find(plain.of_words.begin(), plain.of_words.end(), x) != plain.of_words.end();
      REQUIRE(monoid.IsOfNonEmptyWord(x) == is_of_word);
    }
  }
}

// A cycle, a swap and a map that joins two points generate all maps on n points.
Dfa FullTransformations(int n) {
  return MakeDfa(
      SmallLetters(3), n, 0,
      [n](StateId q, SymbolId a) {
        if (a == 0) return (q + 1) % n;
        if (a == 1) return q < 2 ? 1 - q : q;
        return q == 1 ? 0 : q;
      },
      [](StateId q) { return q == 0; });
}

TEST_CASE("all maps on n points are n^n, in n J-classes by rank") {
  int power = 1;
  for (int n = 2; n <= 6; ++n) {
    power = 1;
    for (int i = 0; i < n; ++i) power *= n;
    const TransitionMonoid monoid = MonoidOf(FullTransformations(n));
    CHECK(monoid.size() == power);
    const GreensRelations green = ComputeGreensRelations(monoid);
    CHECK(green.j.count == n);
  }
  Diagnostics diag;
  CHECK_FALSE(TransitionMonoid::Enumerate(FullTransformations(7), {}, diag));
  CHECK(FirstError(diag) == "the transition monoid has more than 250000 elements, the limit");
}

TEST_CASE("Green's classes are those of equal ideals, and products do not go up") {
  std::mt19937_64 random(72);
  for (int i = 0; i < 60; ++i) {
    const Dfa dfa = RandomDfa(random, 3, 2);
    const TransitionMonoid monoid = MonoidOf(dfa);
    const GreensRelations green = ComputeGreensRelations(monoid);
    std::vector<std::set<int>> right(monoid.size()), left(monoid.size()), both(monoid.size());
    for (ElementId x = 0; x < monoid.size(); ++x) {
      for (ElementId y = 0; y < monoid.size(); ++y) {
        right[x].insert(monoid.Multiply(x, y));
        left[x].insert(monoid.Multiply(y, x));
        for (ElementId z = 0; z < monoid.size(); ++z) {
          both[x].insert(monoid.Multiply(monoid.Multiply(y, x), z));
        }
        CHECK(green.r.of[monoid.Multiply(x, y)] <= green.r.of[x]);
        CHECK(green.l.of[monoid.Multiply(y, x)] <= green.l.of[x]);
        CHECK(green.j.of[monoid.Multiply(y, x)] <= green.j.of[x]);
      }
    }
    for (ElementId x = 0; x < monoid.size(); ++x) {
      for (ElementId y = 0; y < monoid.size(); ++y) {
        const bool r = right[x] == right[y], l = left[x] == left[y];
        REQUIRE((green.r.of[x] == green.r.of[y]) == r);
        REQUIRE((green.l.of[x] == green.l.of[y]) == l);
        REQUIRE((green.j.of[x] == green.j.of[y]) == (both[x] == both[y]));
        REQUIRE((green.h[x] == green.h[y]) == (r && l));
      }
      REQUIRE(green.is_idempotent[x] == (monoid.Multiply(x, x) == x));
    }
  }
}

}  // namespace
}  // namespace raspc
