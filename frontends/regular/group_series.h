// Decomposes a solvable group into sums modulo numbers.
//
// With N = [G,G], the quotient G/N is a product of cyclic groups, so a running product there is a
// number of running sums. With a representative t of the coset so far, a factor g becomes the
// element t g u^-1 of N, u being the representative after it; the running product of these and t
// give that of the g. N is decomposed in the same way.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "automata/algebra/permutation_group.h"

namespace raspc {

// All elements of the group, the identity first; nothing past `most`.
std::optional<std::vector<Permutation>> ElementsOf(int degree,
                                                   const std::vector<Permutation>& generators,
                                                   std::size_t most);

// G/N of one step of the derived series.
struct AbelianQuotient {
  std::vector<Permutation> elements;  // of G, the identity first
  std::vector<int> orders;            // of the cyclic factors of G/N
  // For each element of G: its coset in G/N as one exponent per factor, packed as a number with the
  // first factor the least significant digit.
  std::map<Permutation, int> coset;
  std::vector<Permutation> representatives;  // [number of cosets]; for N itself, the identity

  int num_cosets() const { return static_cast<int>(representatives.size()); }
  // The exponents that make up a packed number.
  std::vector<int> Exponents(int coset_number) const;
  int Pack(const std::vector<int>& exponents) const;
  // The coset of a product.
  int Add(int a, int b) const;
};

// The quotients of the derived series, G/G', G'/G'', and so on; empty for the trivial group.
// Nothing if the group is not solvable or has more than `most` elements.
std::optional<std::vector<AbelianQuotient>> AbelianQuotients(
    int degree, const std::vector<Permutation>& generators, std::size_t most);

}  // namespace raspc
