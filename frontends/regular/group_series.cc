// Groups are listed element by element; the recognisers that use them have equally large tables.
#include "frontends/regular/group_series.h"

#include <algorithm>
#include <set>

namespace raspc {
namespace {

Permutation Identity(int degree) {
  Permutation p(static_cast<std::size_t>(degree));
  for (int i = 0; i < degree; ++i) p[static_cast<std::size_t>(i)] = i;
  return p;
}

// Generators of the commutator subgroup: it is closed under conjugation by the generators of G.
std::vector<Permutation> CommutatorGenerators(int degree,
                                              const std::vector<Permutation>& generators,
                                              std::size_t most) {
  std::vector<Permutation> found;
  for (const Permutation& x : generators) {
    for (const Permutation& y : generators) {
      Permutation c = Compose(Compose(Inverse(x), Inverse(y)), Compose(x, y));
      if (!IsIdentity(c)) found.push_back(std::move(c));
    }
  }
  std::vector<Permutation> kept;
  std::set<Permutation> known{Identity(degree)};
  for (std::size_t next = 0; next < found.size(); ++next) {
    if (known.contains(found[next])) continue;
    kept.push_back(found[next]);
    const std::vector<Permutation> elements = ElementsOf(degree, kept, most).value_or(kept);
    known = std::set<Permutation>(elements.begin(), elements.end());
    for (const Permutation& s : generators) {
      found.push_back(Compose(Compose(Inverse(s), found[next]), s));
    }
  }
  return kept;
}

// A finite abelian group by its multiplication table, 0 the identity.
class AbelianTable {
 public:
  AbelianTable(const std::vector<Permutation>& elements, const std::vector<Permutation>& normal) {
    for (const Permutation& x : elements) {
      if (number_.contains(x)) continue;
      for (const Permutation& n : normal) number_[Compose(n, x)] = size();
      of_.push_back(x);
    }
  }

  int size() const { return static_cast<int>(of_.size()); }
  int Multiply(int a, int b) const {
    return number_.at(Compose(of_[static_cast<std::size_t>(a)], of_[static_cast<std::size_t>(b)]));
  }
  int OrderOf(int a) const {
    int order = 1;
    for (int power = a; power != 0; power = Multiply(power, a)) ++order;
    return order;
  }
  int NumberOf(const Permutation& x) const { return number_.at(x); }
  const Permutation& Representative(int a) const { return of_[static_cast<std::size_t>(a)]; }

 private:
  std::map<Permutation, int> number_;
  std::vector<Permutation> of_;
};

// Independent generators whose orders multiply to the group's. The element of largest order that is
// independent of those chosen is a direct factor of the rest (the quotient by them has an element
// of its exponent, and no independent one has a larger order). `packed[i]` is the group's element
// with the packed exponents i.
struct Factors {
  std::vector<int> orders;
  std::vector<int> packed{0};
};

Factors Decompose(const AbelianTable& group) {
  std::vector<std::pair<int, int>> by_order;  // -order, element
  for (int a = 1; a < group.size(); ++a) by_order.emplace_back(-group.OrderOf(a), a);
  std::sort(by_order.begin(), by_order.end());
  Factors factors;
  for (const auto& [negative, b] : by_order) {
    const std::set<int> chosen(factors.packed.begin(), factors.packed.end());
    bool is_independent = true;
    for (int power = b; power != 0 && is_independent; power = group.Multiply(power, b)) {
      is_independent = !chosen.contains(power);
    }
    if (!is_independent) continue;
    factors.orders.push_back(-negative);
    const std::vector<int> before = factors.packed;
    int power = b;
    for (int exponent = 1; exponent < -negative; ++exponent, power = group.Multiply(power, b)) {
      for (const int a : before) factors.packed.push_back(group.Multiply(a, power));
    }
  }
  return factors;
}

AbelianQuotient QuotientBy(const std::vector<Permutation>& elements,
                           const std::vector<Permutation>& normal) {
  const AbelianTable group(elements, normal);
  const Factors factors = Decompose(group);
  AbelianQuotient quotient;
  quotient.elements = elements;
  quotient.orders = factors.orders;
  std::vector<int> packed_of(static_cast<std::size_t>(group.size()));
  for (std::size_t i = 0; i < factors.packed.size(); ++i) {
    packed_of[static_cast<std::size_t>(factors.packed[i])] = static_cast<int>(i);
    quotient.representatives.push_back(group.Representative(factors.packed[i]));
  }
  for (const Permutation& x : elements) {
    quotient.coset[x] = packed_of[static_cast<std::size_t>(group.NumberOf(x))];
  }
  return quotient;
}

}  // namespace

std::optional<std::vector<Permutation>> ElementsOf(int degree,
                                                   const std::vector<Permutation>& generators,
                                                   std::size_t most) {
  std::vector<Permutation> elements{Identity(degree)};
  std::set<Permutation> known{elements[0]};
  for (std::size_t next = 0; next < elements.size(); ++next) {
    for (const Permutation& g : generators) {
      Permutation product = Compose(elements[next], g);
      if (!known.insert(product).second) continue;
      if (elements.size() >= most) return std::nullopt;
      elements.push_back(std::move(product));
    }
  }
  return elements;
}

std::vector<int> AbelianQuotient::Exponents(int coset_number) const {
  std::vector<int> exponents;
  for (const int order : orders) {
    exponents.push_back(coset_number % order);
    coset_number /= order;
  }
  return exponents;
}

int AbelianQuotient::Pack(const std::vector<int>& exponents) const {
  int packed = 0, unit = 1;
  for (std::size_t m = 0; m < orders.size(); ++m) {
    packed += unit * exponents[m];
    unit *= orders[m];
  }
  return packed;
}

int AbelianQuotient::Add(int a, int b) const {
  std::vector<int> sum = Exponents(a);
  const std::vector<int> other = Exponents(b);
  for (std::size_t m = 0; m < sum.size(); ++m) sum[m] = (sum[m] + other[m]) % orders[m];
  return Pack(sum);
}

std::optional<std::vector<AbelianQuotient>> AbelianQuotients(
    int degree, const std::vector<Permutation>& generators, std::size_t most) {
  std::vector<AbelianQuotient> series;
  std::vector<Permutation> current = generators;
  std::optional<std::vector<Permutation>> elements = ElementsOf(degree, current, most);
  while (elements && elements->size() > 1) {
    std::vector<Permutation> next = CommutatorGenerators(degree, current, most);
    std::optional<std::vector<Permutation>> normal = ElementsOf(degree, next, most);
    if (!normal || normal->size() == elements->size()) return std::nullopt;
    series.push_back(QuotientBy(*elements, *normal));
    current = std::move(next);
    elements = std::move(normal);
  }
  if (!elements) return std::nullopt;
  return series;
}

}  // namespace raspc
