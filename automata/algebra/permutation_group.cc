// The deterministic Schreier-Sims algorithm: every Schreier generator of every level must sift to
// the identity through the levels below; one that does not becomes a generator there.
#include "automata/algebra/permutation_group.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/stop.h"

namespace raspc {

bool IsIdentity(const Permutation& p) {
  for (int i = 0; i < static_cast<int>(p.size()); ++i) {
    if (p[i] != i) return false;
  }
  return true;
}

Permutation Compose(const Permutation& p, const Permutation& q) {
  Permutation product(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) product[i] = q[p[i]];
  return product;
}

Permutation Inverse(const Permutation& p) {
  Permutation inverse(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) inverse[p[i]] = static_cast<int>(i);
  return inverse;
}

std::optional<PermutationGroup> PermutationGroup::Generate(
    int degree, const std::vector<Permutation>& generators, std::int64_t max_steps) {
  PermutationGroup group;
  group.degree_ = degree;
  group.max_steps_ = max_steps;
  for (const Permutation& p : generators) {
    if (group.Contains(p)) continue;
    group.generators_.push_back(p);
    if (!group.Insert(p, 0)) return std::nullopt;
  }
  return group;
}

double PermutationGroup::order() const {
  double order = 1;
  for (const Level& level : levels_) order *= static_cast<double>(level.orbit.size());
  return order;
}

bool PermutationGroup::Contains(const Permutation& p) const {
  std::size_t level = 0;
  return IsIdentity(Sift(p, level));
}

bool PermutationGroup::IsAbelian() const {
  for (std::size_t i = 0; i < generators_.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const Permutation &p = generators_[i], &q = generators_[j];
      if (Compose(p, q) != Compose(q, p)) return false;
    }
  }
  return true;
}

Permutation PermutationGroup::Sift(Permutation p, std::size_t& level) const {
  for (; level < levels_.size(); ++level) {
    const Permutation& to = levels_[level].to[p[levels_[level].point]];
    if (to.empty()) return p;
    p = Compose(p, Inverse(to));
    num_steps_ += 2 * degree_;
  }
  return p;
}

// Adds a generator that fixes the base points above `level`, and restores the chain below.
bool PermutationGroup::Insert(const Permutation& p, std::size_t level) {
  if (level == levels_.size()) {
    Level made;
    made.point = 0;
    while (p[made.point] == made.point) ++made.point;
    Permutation identity(static_cast<std::size_t>(degree_));
    std::iota(identity.begin(), identity.end(), 0);
    made.to.resize(static_cast<std::size_t>(degree_));
    made.to[made.point] = identity;
    made.orbit = {made.point};
    levels_.push_back(std::move(made));
  }
  levels_[level].generators.push_back(p);
  return ExtendOrbit(level);
}

bool PermutationGroup::ExtendOrbit(std::size_t level) {
  // Pairs (x, s) with x before `old_size` and s before the last generator have been sifted already.
  const std::size_t old_size = levels_[level].orbit.size();
  const std::size_t num_generators = levels_[level].generators.size();
  for (std::size_t i = 0; i < levels_[level].orbit.size(); ++i) {
    const std::size_t first = i < old_size ? num_generators - 1 : 0;
    for (std::size_t g = first; g < num_generators; ++g) {
      ThrowIfStopped();
      if (num_steps_ > max_steps_) return false;
      // Insert below can add levels, which moves them; so nothing is kept by reference.
      const int x = levels_[level].orbit[i];
      const Permutation moved = Compose(levels_[level].to[x], levels_[level].generators[g]);
      num_steps_ += degree_;
      const int y = moved[levels_[level].point];
      if (levels_[level].to[y].empty()) {
        levels_[level].to[y] = moved;
        levels_[level].orbit.push_back(y);
        continue;
      }
      const Permutation schreier = Compose(moved, Inverse(levels_[level].to[y]));
      num_steps_ += 2 * degree_;
      std::size_t stuck = level + 1;
      const Permutation left = Sift(schreier, stuck);
      if (IsIdentity(left)) continue;
      // `left` fixes the base points above `stuck`; it belongs to every level between.
      for (std::size_t at = stuck; at > level; --at) {
        if (!Insert(left, at)) return false;
      }
    }
  }
  return true;
}

std::optional<std::vector<PermutationGroup>> DerivedSeries(const PermutationGroup& group,
                                                           std::int64_t max_steps) {
  std::vector<PermutationGroup> series = {group};
  while (!series.back().IsTrivial()) {
    const std::vector<Permutation>& gens = series.back().generators();
    std::vector<Permutation> normal;
    for (std::size_t i = 0; i < gens.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Permutation commutator =
            Compose(Compose(Inverse(gens[i]), Inverse(gens[j])), Compose(gens[i], gens[j]));
        if (!IsIdentity(commutator)) normal.push_back(commutator);
      }
    }
    const int degree = series.back().degree();
    std::optional<PermutationGroup> closure = PermutationGroup::Generate(degree, normal, max_steps);
    // Closed under conjugation by the generators, it is normal.
    for (std::size_t i = 0; closure && i < closure->generators().size(); ++i) {
      for (const Permutation& s : gens) {
        const Permutation conjugate = Compose(Compose(Inverse(s), closure->generators()[i]), s);
        if (closure->Contains(conjugate)) continue;
        std::vector<Permutation> more = closure->generators();
        more.push_back(conjugate);
        closure = PermutationGroup::Generate(degree, more, max_steps);
        if (!closure) return std::nullopt;
      }
    }
    if (!closure) return std::nullopt;
    const bool is_perfect = closure->order() == series.back().order();
    series.push_back(*std::move(closure));
    if (is_perfect) break;
  }
  return series;
}

namespace {

constexpr double kMaxListed = 5000;  // maximum number of elements listed to find their orders

int OrderOf(const Permutation& p) {
  int order = 1;
  for (Permutation power = p; !IsIdentity(power); power = Compose(power, p)) ++order;
  return order;
}

// The number of elements of each order.
std::map<int, int> OrdersOfElements(const PermutationGroup& group) {
  Permutation identity(static_cast<std::size_t>(group.degree()));
  std::iota(identity.begin(), identity.end(), 0);
  std::vector<Permutation> elements = {identity};
  std::set<Permutation> seen = {identity};
  for (std::size_t i = 0; i < elements.size(); ++i) {
    for (const Permutation& s : group.generators()) {
      Permutation product = Compose(elements[i], s);
      if (seen.insert(product).second) elements.push_back(std::move(product));
    }
  }
  std::map<int, int> orders;
  for (const Permutation& p : elements) ++orders[OrderOf(p)];
  return orders;
}

// The invariant factors, largest first, of an abelian group with these element orders: for a
// prime p, the number of elements x with x^(p^k) = 1 determines how many factors p^k divides.
std::string AbelianName(const std::map<int, int>& orders, int order) {
  std::vector<int> factors;
  for (int p = 2, rest = order; rest > 1; ++p) {
    if (rest % p != 0) continue;
    while (rest % p == 0) rest /= p;
    double last = 1;
    for (int power = p;; power *= p) {
      double count = 0;
      for (const auto& [o, n] : orders) count += power % o == 0 ? n : 0;
      const int rank = static_cast<int>(std::lround(std::log(count / last) / std::log(p)));
      if (rank == 0) break;
      if (static_cast<int>(factors.size()) < rank)
        factors.resize(static_cast<std::size_t>(rank), 1);
      for (int i = 0; i < rank; ++i) factors[i] *= p;
      last = count;
    }
  }
  std::string name;
  for (const int factor : factors) name += fmt::format("{}C{}", name.empty() ? "" : "x", factor);
  return name;
}

// n with n! = order, or 0.
int FactorialRoot(double order) {
  double factorial = 1;
  for (int n = 2; factorial < order; ++n) {
    factorial *= n;
    if (factorial == order) return n;
  }
  return 0;
}

}  // namespace

std::string GroupName(const PermutationGroup& group) {
  if (group.IsTrivial()) return "1";
  const double order = group.order();
  std::set<int> moved;
  for (const Permutation& p : group.generators()) {
    for (int i = 0; i < group.degree(); ++i) {
      if (p[i] != i) moved.insert(i);
    }
  }
  // A group of permutations of n points with n! elements is all of S_n, with n!/2 it is A_n.
  const int n = static_cast<int>(moved.size());
  if (n >= 3 && FactorialRoot(order) == n) return fmt::format("S{}", n);
  if (n >= 4 && FactorialRoot(2 * order) == n) return fmt::format("A{}", n);
  const std::string by_order = fmt::format("order {:.0f}", order);
  if (order > kMaxListed) return by_order;
  const std::map<int, int> orders = OrdersOfElements(group);
  const int size = static_cast<int>(order);
  if (group.IsAbelian()) return AbelianName(orders, size);
  // Groups of these orders are distinguished by the orders of their elements.
  const auto count = [&](int o) { return orders.contains(o) ? orders.at(o) : 0; };
  if (size == 6) return "S3";
  if (size == 8) return count(2) == 1 ? "Q8" : "D8";
  if (size == 12 && count(3) == 8) return "A4";
  if (size == 24 && count(4) == 6 && count(3) == 8 && count(2) == 9) return "S4";
  if (size == 60 && count(5) == 24 && count(3) == 20 && count(2) == 15) return "A5";
  if (size == 120 && count(5) == 24 && count(2) == 25) return "S5";
  // Half of it a cyclic group and all else of order 2: dihedral (an involution outside the cyclic
  // half inverts it, as every product with it is one too).
  const int half = size / 2;
  if (size % 2 == 0 && half >= 3 && count(half) > 0 && count(2) == half + (half % 2 == 0 ? 1 : 0)) {
    return fmt::format("D{}", size);
  }
  return by_order;
}

}  // namespace raspc
