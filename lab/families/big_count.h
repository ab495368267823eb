// Exact numbers of words, and draws in proportion to them.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <random>
#include <vector>

namespace raspc {

using BigCount = boost::multiprecision::cpp_int;

// A number that is uniform in 0..count-1, the same on every machine. Requires count > 0.
BigCount UniformBelow(std::mt19937_64& random, const BigCount& count);

// The index of one of the weights, drawn in proportion to them. Requires one that is not 0.
std::size_t DrawByWeight(std::mt19937_64& random, const std::vector<BigCount>& weights);

}  // namespace raspc
