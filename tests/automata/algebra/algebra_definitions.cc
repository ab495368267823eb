#include "tests/automata/algebra/algebra_definitions.h"

#include <algorithm>
#include <map>
#include <set>

namespace raspc {
namespace {

using Elements = std::set<int>;

// s >= t: t = x s y for some x, y.
bool IsAbove(const PlainMonoid& m, int s, int t) {
  for (int x = 0; x < m.size(); ++x) {
    for (int y = 0; y < m.size(); ++y) {
      if (m.product[m.product[x][s]][y] == t) return true;
    }
  }
  return false;
}

Elements Multiples(const PlainMonoid& m, int x, bool on_the_right) {
  Elements multiples;
  for (int y = 0; y < m.size(); ++y) {
    multiples.insert(on_the_right ? m.product[x][y] : m.product[y][x]);
  }
  return multiples;
}

// Whether repeated commutators lead to the identity e of the group.
bool IsSolvableGroup(const PlainMonoid& m, Elements group, int e) {
  const auto inverse = [&](int x) {
    int y = e;
    while (m.product[x][y] != e) y = m.product[x][y];
    return y;
  };
  while (group.size() > 1) {
    Elements commutators = {e};
    for (const int x : group) {
      for (const int y : group) {
        commutators.insert(m.product[m.product[inverse(x)][inverse(y)]][m.product[x][y]]);
      }
    }
    for (std::size_t before = 0; before != commutators.size();) {
      before = commutators.size();
      for (const int x : Elements(commutators)) {
        for (const int y : Elements(commutators)) commutators.insert(m.product[x][y]);
      }
    }
    if (commutators.size() == group.size()) return false;
    group = commutators;
  }
  return true;
}

bool IsQuasiAperiodic(const PlainMonoid& m) {
  // lengths[k] are the elements of words of length k.
  std::vector<Elements> lengths = {{0}};
  const auto of_length = [&](std::size_t k) {
    while (lengths.size() <= k) {
      Elements longer;
      for (const int x : lengths.back()) {
        for (const int a : m.letters) longer.insert(m.product[x][a]);
      }
      lengths.push_back(longer);
    }
    return lengths[k];
  };
  std::size_t s = 1;
  while (of_length(s) != of_length(2 * s)) ++s;
  const Elements stable = of_length(s);
  return std::all_of(stable.begin(), stable.end(),
                     [&](int x) { return m.product[m.Omega(x)][x] == m.Omega(x); });
}

void LocalClasses(const PlainMonoid& m, DefinedClasses& c) {
  c.locally_testable = c.locally_r_trivial = c.definite = c.reverse_definite =
      c.generalised_definite = true;
  for (const int e : m.of_words) {
    if (!m.IsIdempotent(e)) continue;
    Elements local;
    for (const int s : m.of_words) {
      const int ese = m.product[m.product[e][s]][e];
      local.insert(ese);
      if (m.product[s][e] != e) c.definite = false;
      if (m.product[e][s] != e) c.reverse_definite = false;
      if (ese != e) c.generalised_definite = false;
    }
    for (const int x : local) {
      if (!m.IsIdempotent(x)) c.locally_testable = false;
      for (const int y : local) {
        if (m.product[x][y] != m.product[y][x]) c.locally_testable = false;
        const auto is_multiple = [&](int of, int what) {
          return std::any_of(local.begin(), local.end(),
                             [&](int u) { return m.product[of][u] == what; });
        };
        if (x != y && is_multiple(x, y) && is_multiple(y, x)) c.locally_r_trivial = false;
      }
    }
  }
}

}  // namespace

PlainMonoid::PlainMonoid(const Dfa& dfa) {
  std::map<StateMap, int> numbers;
  const auto add = [&](const StateMap& map) {
    const auto [at, is_new] = numbers.emplace(map, size());
    if (is_new) maps.push_back(map);
    return at->second;
  };
  const auto compose = [](const StateMap& first, const StateMap& then) {
    StateMap map;
    for (const StateId q : first) map.push_back(then[q]);
    return map;
  };
  StateMap identity;
  for (StateId q = 0; q < dfa.num_states(); ++q) identity.push_back(q);
  add(identity);
  std::set<int> reached;
  for (int i = 0; i < size(); ++i) {
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      StateMap letter;
      for (StateId q = 0; q < dfa.num_states(); ++q) letter.push_back(dfa.Next(q, a));
      reached.insert(add(compose(StateMap(maps[i]), letter)));
    }
  }
  for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
    StateMap letter;
    for (StateId q = 0; q < dfa.num_states(); ++q) letter.push_back(dfa.Next(q, a));
    letters.push_back(numbers.at(letter));
  }
  of_words.assign(reached.begin(), reached.end());
  for (int x = 0; x < size(); ++x) {
    product.emplace_back();
    for (int y = 0; y < size(); ++y) product[x].push_back(numbers.at(compose(maps[x], maps[y])));
  }
}

int PlainMonoid::Omega(int x) const {
  int power = x;
  while (!IsIdempotent(power)) power = product[power][x];
  return power;
}

DefinedClasses ClassesByDefinition(const PlainMonoid& m) {
  DefinedClasses c{};
  c.aperiodic = c.r_trivial = c.l_trivial = c.j_trivial = c.da = c.commutative = c.group =
      c.solvable = c.r_omega = true;
  std::vector<Elements> right, left;
  for (int x = 0; x < m.size(); ++x) {
    right.push_back(Multiples(m, x, true));
    left.push_back(Multiples(m, x, false));
  }
  for (int x = 0; x < m.size(); ++x) {
    const int omega = m.Omega(x);
    if (m.product[omega][x] != omega) c.aperiodic = false;
    if (x != 0 && m.IsIdempotent(x)) c.group = false;
    Elements h_class;
    for (int y = 0; y < m.size(); ++y) {
      if (m.product[x][y] != m.product[y][x]) c.commutative = false;
      const bool r = right[x] == right[y], l = left[x] == left[y];
      if (r && l) h_class.insert(y);
      if (x == y) continue;
      if (r) c.r_trivial = false;
      if (l) c.l_trivial = false;
      if (r && m.IsIdempotent(x) && m.IsIdempotent(y)) c.r_omega = false;
      if (c.j_trivial && IsAbove(m, x, y) && IsAbove(m, y, x)) c.j_trivial = false;
    }
    if (!m.IsIdempotent(x)) continue;
    if (!IsSolvableGroup(m, h_class, x)) c.solvable = false;
    for (int s = 0; s < m.size() && c.da; ++s) {
      if (IsAbove(m, s, x) && m.product[m.product[x][s]][x] != x) c.da = false;
    }
  }
  c.r_omega = c.r_omega && c.aperiodic;
  LocalClasses(m, c);
  c.quasi_aperiodic = IsQuasiAperiodic(m);
  return c;
}

}  // namespace raspc
