#include "lab/families/big_count.h"

namespace raspc {

BigCount UniformBelow(std::mt19937_64& random, const BigCount& count) {
  const unsigned num_bits = boost::multiprecision::msb(count) + 1;
  for (;;) {
    BigCount drawn = 0;
    for (unsigned bit = 0; bit < num_bits; bit += 64) drawn = (drawn << 64) | random();
    drawn >>= (64 - num_bits % 64) % 64;
    if (drawn < count) return drawn;
  }
}

std::size_t DrawByWeight(std::mt19937_64& random, const std::vector<BigCount>& weights) {
  BigCount total = 0;
  for (const BigCount& weight : weights) total += weight;
  BigCount rest = UniformBelow(random, total);
  for (std::size_t i = 0;; ++i) {
    if (rest < weights[i]) return i;
    rest -= weights[i];
  }
}

}  // namespace raspc
