// Exact numbers of words, and sampling in proportion to them.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <random>
#include <vector>

namespace raspc {

using BigCount = boost::multiprecision::cpp_int;

// A uniform number in 0..count-1, the same on every machine. Requires count > 0.
BigCount UniformBelow(std::mt19937_64& random, const BigCount& count);

// A random index, with probability proportional to its weight. Requires a nonzero weight.
std::size_t DrawByWeight(std::mt19937_64& random, const std::vector<BigCount>& weights);

}  // namespace raspc
