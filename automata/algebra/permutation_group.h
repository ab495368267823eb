// Groups of permutations, given by generators, by Schreier and Sims.
//
// A permutation of 0..degree-1 is a vector; they act from the right, so p*q is p first. Orders can
// exceed 64 bits and are doubles; a group's order below 2^53 is exact.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace raspc {

using Permutation = std::vector<int>;

bool IsIdentity(const Permutation& p);
// p first, then q.
Permutation Compose(const Permutation& p, const Permutation& q);
Permutation Inverse(const Permutation& p);

// A group with a base and strong generators: point base[i] is fixed by the generators of level
// i + 1, which generate all that fixes base[0..i].
class PermutationGroup {
 public:
  // The group the permutations generate. Nothing past `max_steps` numbers moved.
  static std::optional<PermutationGroup> Generate(int degree,
                                                  const std::vector<Permutation>& generators,
                                                  std::int64_t max_steps);

  int degree() const { return degree_; }
  // Of the generators given those that are not products of others before them; at most log2(order).
  const std::vector<Permutation>& generators() const { return generators_; }
  double order() const;
  bool Contains(const Permutation& p) const;
  bool IsTrivial() const { return generators_.empty(); }
  bool IsAbelian() const;

 private:
  struct Level {
    int point;
    std::vector<Permutation> generators;
    std::vector<int> orbit;
    std::vector<Permutation> to;  // [degree]: to[x] sends `point` to x; empty off the orbit
  };

  // Divides by coset representatives, from `level` on. What is left is the identity if and only if
  // the permutation is in the group the levels know; `level` is where it got stuck.
  Permutation Sift(Permutation p, std::size_t& level) const;
  bool Insert(const Permutation& p, std::size_t level);
  bool ExtendOrbit(std::size_t level);

  int degree_ = 0;
  std::vector<Permutation> generators_;
  std::vector<Level> levels_;
  mutable std::int64_t num_steps_ = 0;
  std::int64_t max_steps_ = 0;
};

// G = G0 > [G,G] > ... until it repeats: groups[i+1] is the commutator subgroup of groups[i]. The
// last is trivial if and only if G is solvable; otherwise it is perfect. Nothing past max_steps.
std::optional<std::vector<PermutationGroup>> DerivedSeries(const PermutationGroup& group,
                                                           std::int64_t max_steps);

// What the group is called: C4, C2xC2, S3, A5, D10 (of order 10), Q8, or `order 24`. A name up to
// isomorphism, for groups whose name follows from order, degree and orders of elements; it is
// never wrong.
std::string GroupName(const PermutationGroup& group);

}  // namespace raspc
