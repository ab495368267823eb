// How long classifying regular expressions takes: random ones over {a, b, c}, of 30 to 70
// characters.
//
//     build/bench/raspc_classify_bench [COUNT [SEED]]
//
// Prints the total time, the slowest one, the largest automaton and monoid, and how many left
// something open. The expressions are the same on every machine.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "automata/algebra/classify.h"
#include "lab/registry/language.h"

namespace raspc {
namespace {

constexpr std::size_t kMinLength = 30, kMaxLength = 70;

std::string RandomExpression(std::mt19937_64& random, int depth) {
  const auto below = [&](std::uint64_t n) { return random() % n; };
  static const std::vector<std::string> kOperands = {"a", "b", "c",    "a",   "b",
                                                     "c", ".", "[ab]", "[^a]"};
  static const std::vector<std::string> kSuffixes = {"*", "*",   "*",     "+",
                                                     "?", "{2}", "{1,3}", "{2,}"};
  if (depth == 0 || below(4) == 0) return kOperands[below(kOperands.size())];
  const std::string first = RandomExpression(random, depth - 1);
  const std::uint64_t kind = below(20);
  if (kind >= 19) return "~(" + first + ")";
  if (kind >= 13) return "(" + first + ")" + kSuffixes[below(kSuffixes.size())];
  const std::string second = RandomExpression(random, depth - 1);
  if (kind < 8) return first + second;
  return "(" + first + (kind < 12 ? "|" : "&") + second + ")";
}

int Run(int count, std::uint64_t seed) {
  using Clock = std::chrono::steady_clock;
  std::mt19937_64 random(seed);
  const Alphabet alphabet({"a", "b", "c"});
  const LanguageLimits limits;
  double total = 0, slowest = 0;
  int num_refused = 0, num_open = 0, max_states = 0, max_monoid = 0;
  for (int done = 0; done < count;) {
    const std::string text = RandomExpression(random, 8);
    if (text.size() < kMinLength || text.size() > kMaxLength) continue;
    ++done;
    const Clock::time_point start = Clock::now();
    Diagnostics diag;
    const std::optional<Language> language = ReadLanguage("regex:" + text, alphabet, limits, diag);
    if (!language) ++num_refused;
    if (language) {
      const Classification c = Classify(language->minimal, limits);
      max_states = std::max(max_states, c.num_states);
      max_monoid = std::max(max_monoid, c.monoid_size.value_or(0));
      num_open += c.refused.empty() ? 0 : 1;
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    total += seconds;
    slowest = std::max(slowest, seconds);
  }
  fmt::print("{} expressions (seed {}) in {:.2f} s, the slowest {:.2f} s\n", count, seed, total,
             slowest);
  fmt::print("states up to {}, monoids up to {}; {} refused, {} with something left open\n",
             max_states, max_monoid, num_refused, num_open);
  return 0;
}

}  // namespace
}  // namespace raspc

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 1500;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  return raspc::Run(count, seed);
}
