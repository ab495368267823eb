// Why the tests are right. M is finite, S its elements of non-empty words, e always an idempotent.
//
// - Aperiodic. A maximal subgroup is the H-class of an idempotent, and in a monoid with a
//   non-trivial H-class H, the elements x with Hx = H act on it as a non-trivial group that
//   divides M. So aperiodic means that all H-classes are trivial.
// - DA. If e s e = e whenever s is above e, then every element of a regular J-class is idempotent,
//   and conversely (Schützenberger 1976; Tesson and Thérien, "Diamonds are forever", 2002).
// - Local monoids. For idempotents e and f of one J-class, eSe and fSf are isomorphic, so one
//   idempotent of each J-class is enough. Two elements of eSe are R-related (L-related) in eSe if
//   and only if they are in S: x = ys with x = xe and y = ye gives x = y(ese). So eSe is R-trivial
//   if and only if its elements lie in different R-classes of S. A monoid of idempotents is
//   commutative if and only if it is J-trivial, which is R- and L-trivial.
// - R- and L-classes of S are those of M, except perhaps for the identity, which is alone in its
//   classes if it is not in S.
#include "automata/algebra/monoid_classes.h"

#include <algorithm>
#include <set>

#include "base/stop.h"

namespace raspc {
namespace {

// The elements of eSe.
std::vector<ElementId> LocalMonoid(const TransitionMonoid& monoid, ElementId e) {
  std::vector<ElementId> right_ideal = {e};  // eM = eS and e itself, which is e*e
  std::set<ElementId> seen = {e};
  for (std::size_t i = 0; i < right_ideal.size(); ++i) {
    for (SymbolId a = 0; a < monoid.num_symbols(); ++a) {
      const ElementId product = monoid.Right(right_ideal[i], a);
      if (seen.insert(product).second) right_ideal.push_back(product);
    }
  }
  std::set<ElementId> local;
  for (const ElementId x : right_ideal) local.insert(monoid.Multiply(x, e));
  return {local.begin(), local.end()};
}

bool AreInDifferentClasses(const std::vector<ElementId>& elements,
                           const std::vector<int>& class_of) {
  std::set<int> classes;
  return std::all_of(elements.begin(), elements.end(),
                     [&](ElementId x) { return classes.insert(class_of[x]).second; });
}

void TestLocalMonoids(const TransitionMonoid& monoid, const GreensRelations& green,
                      MonoidClasses& classes) {
  // A non-trivial group in M is contained in some eSe.
  classes.locally_testable = classes.locally_r_trivial = classes.aperiodic;
  classes.generalised_definite = true;
  std::vector<bool> is_done(static_cast<std::size_t>(green.j.count), false);
  for (ElementId e = 0; e < monoid.size(); ++e) {
    const bool is_one_left = classes.locally_r_trivial || classes.generalised_definite;
    if (!is_one_left) break;  // locally testable is locally R-trivial
    if (!green.is_idempotent[e] || !monoid.IsOfNonEmptyWord(e) || is_done[green.j.of[e]]) continue;
    is_done[green.j.of[e]] = true;
    const std::vector<ElementId> local = LocalMonoid(monoid, e);
    if (local.size() > 1) classes.generalised_definite = false;
    if (!AreInDifferentClasses(local, green.r.of)) classes.locally_r_trivial = false;
    const bool is_semilattice = classes.locally_r_trivial &&
                                AreInDifferentClasses(local, green.l.of) &&
                                std::all_of(local.begin(), local.end(),
                                            [&](ElementId x) { return green.is_idempotent[x]; });
    if (!is_semilattice) classes.locally_testable = false;
  }
}

void TestDefinite(const TransitionMonoid& monoid, const GreensRelations& green,
                  MonoidClasses& classes) {
  classes.definite = classes.reverse_definite = true;
  for (ElementId e = 0; e < monoid.size(); ++e) {
    if (!green.is_idempotent[e] || !monoid.IsOfNonEmptyWord(e)) continue;
    for (SymbolId a = 0; a < monoid.num_symbols(); ++a) {
      if (monoid.Left(e, a) != e) classes.definite = false;
      if (monoid.Right(e, a) != e) classes.reverse_definite = false;
    }
  }
}

// The elements of the words one letter longer.
std::vector<bool> Longer(const TransitionMonoid& monoid, const std::vector<bool>& elements) {
  std::vector<bool> longer(elements.size(), false);
  for (ElementId i = 0; i < monoid.size(); ++i) {
    if (!elements[i]) continue;
    for (SymbolId a = 0; a < monoid.num_symbols(); ++a) longer[monoid.Right(i, a)] = true;
  }
  return longer;
}

// The least s >= 1 such that words of length s and 2s are the same elements. The sets of elements
// of the words of lengths 1, 2, ... enter a cycle (found by Brent's algorithm); s is the first
// multiple of its length that lies on it.
std::optional<int> StabilityIndex(const TransitionMonoid& monoid, const LanguageLimits& limits) {
  std::vector<bool> letters(static_cast<std::size_t>(monoid.size()), false);
  for (SymbolId a = 0; a < monoid.num_symbols(); ++a) letters[monoid.Letter(a)] = true;
  std::int64_t num_steps = 0;
  bool is_stopped = false;
  const auto step = [&](const std::vector<bool>& set) {
    ThrowIfStopped();
    num_steps += monoid.size() +
                 std::int64_t{monoid.num_symbols()} * std::count(set.begin(), set.end(), true);
    is_stopped = is_stopped || num_steps > limits.max_steps;
    return Longer(monoid, set);
  };
  int power = 1, cycle = 1;
  std::vector<bool> tortoise = letters, hare = step(letters);
  for (; tortoise != hare && !is_stopped; ++cycle) {
    if (power == cycle) {
      tortoise = hare;
      power *= 2;
      cycle = 0;
    }
    hare = step(hare);
  }
  int start = 1;  // the first length on the cycle
  tortoise = hare = letters;
  for (int i = 0; i < cycle && !is_stopped; ++i) hare = step(hare);
  for (; tortoise != hare && !is_stopped; ++start) {
    tortoise = step(tortoise);
    hare = step(hare);
  }
  if (is_stopped) return std::nullopt;
  return (start + cycle - 1) / cycle * cycle;
}

void TestQuasiAperiodic(const TransitionMonoid& monoid, const GreensRelations& green,
                        const LanguageLimits& limits, MonoidClasses& classes) {
  classes.stability_index = StabilityIndex(monoid, limits);
  if (classes.aperiodic) classes.quasi_aperiodic = true;
  if (!classes.stability_index || classes.aperiodic) return;
  std::vector<bool> stable(static_cast<std::size_t>(monoid.size()), false);
  for (SymbolId a = 0; a < monoid.num_symbols(); ++a) stable[monoid.Letter(a)] = true;
  for (int i = 1; i < *classes.stability_index; ++i) stable = Longer(monoid, stable);
  classes.quasi_aperiodic = true;
  for (ElementId x = 0; x < monoid.size(); ++x) {
    if (!stable[x]) continue;
    // x is in a group if x and its square are in one H-class; powers of x are among these elements.
    const ElementId square = monoid.Multiply(x, x);
    if (square != x && green.h[square] == green.h[x]) classes.quasi_aperiodic = false;
  }
}

}  // namespace

MonoidClasses ClassifyMonoid(const TransitionMonoid& monoid, const GreensRelations& green,
                             const LanguageLimits& limits) {
  MonoidClasses classes;
  classes.aperiodic = green.num_h == monoid.size();
  classes.r_trivial = green.r.AreSingletons();
  classes.l_trivial = green.l.AreSingletons();
  classes.j_trivial = green.j.AreSingletons();
  std::vector<ElementId> idempotents;
  classes.da = true;
  for (ElementId i = 0; i < monoid.size(); ++i) {
    if (green.is_idempotent[i]) idempotents.push_back(i);
    if (green.is_regular[green.j.of[i]] && !green.is_idempotent[i]) classes.da = false;
  }
  classes.r_omega = classes.aperiodic && AreInDifferentClasses(idempotents, green.r.of);
  classes.group = idempotents.size() == 1;
  classes.commutative = true;
  for (SymbolId a = 0; a < monoid.num_symbols(); ++a) {
    for (SymbolId b = 0; b < a; ++b) {
      if (monoid.Right(monoid.Letter(a), b) != monoid.Right(monoid.Letter(b), a)) {
        classes.commutative = false;
      }
    }
  }
  TestDefinite(monoid, green, classes);
  TestLocalMonoids(monoid, green, classes);
  TestQuasiAperiodic(monoid, green, limits, classes);
  return classes;
}

}  // namespace raspc
