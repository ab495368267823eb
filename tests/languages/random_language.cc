#include "tests/languages/random_language.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace raspc {
namespace {

// An expression over a and b, or a, b and c, of the given number of operators.
std::string RandomExpression(std::mt19937_64& random, int num_operators, int num_symbols) {
  if (num_operators == 0) return std::string(1, static_cast<char>('a' + random() % num_symbols));
  const int left = static_cast<int>(random() % num_operators);
  const auto part = [&](int size) { return RandomExpression(random, size, num_symbols); };
  switch (random() % 4) {
    case 0:
      return "(" + part(num_operators - 1) + ")*";
    case 1:
      return "(" + part(left) + "|" + part(num_operators - 1 - left) + ")";
    default:
      return part(left) + part(num_operators - 1 - left);
  }
}

int SmallSize(std::mt19937_64& random) { return 2 + static_cast<int>(random() % 5); }

}  // namespace

Alphabet SmallLetters(int size) {
  std::vector<std::string> symbols;
  for (int i = 0; i < size; ++i) symbols.emplace_back(1, static_cast<char>('a' + i));
  return Alphabet(std::move(symbols));
}

Dfa RandomDfa(std::mt19937_64& random, int num_states, int num_symbols) {
  std::uniform_int_distribution<int> state(0, num_states - 1), coin(0, 1);
  return MakeDfa(
      SmallLetters(num_symbols), num_states, 0, [&](StateId, SymbolId) { return state(random); },
      [&](StateId) { return coin(random) == 1; });
}

Dfa RandomMinimalDfa(std::mt19937_64& random, int num_states, int num_symbols) {
  return Minimised(RandomDfa(random, num_states, num_symbols));
}

Dfa RandomSmallDfa(std::mt19937_64& random) {
  const int num_states = SmallSize(random);
  const int num_symbols = 2 + static_cast<int>(random() % 2);
  return RandomMinimalDfa(random, num_states, num_symbols);
}

Dfa RandomSmallGroupDfa(std::mt19937_64& random) {
  const int num_states = SmallSize(random);
  const int num_symbols = 2 + static_cast<int>(random() % 2);
  std::vector<std::vector<StateId>> maps;
  for (SymbolId a = 0; a < num_symbols; ++a) {
    std::vector<StateId> map(static_cast<std::size_t>(num_states));
    if (random() % 2 == 0) {
      std::iota(map.begin(), map.end(), 0);
      for (std::size_t i = map.size(); i > 1; --i) std::swap(map[i - 1], map[random() % i]);
    } else {
      for (StateId& q : map) q = static_cast<StateId>(random() % static_cast<unsigned>(num_states));
    }
    maps.push_back(std::move(map));
  }
  const std::uint64_t verdicts = random();
  return Minimised(MakeDfa(
      SmallLetters(num_symbols), num_states, 0,
      [&](StateId q, SymbolId a) {
        return maps[static_cast<std::size_t>(a)][static_cast<std::size_t>(q)];
      },
      [&](StateId q) { return (verdicts >> q & 1) == 1; }));
}

SmallExpression RandomSmallExpression(std::mt19937_64& random) {
  const int num_symbols = 2 + static_cast<int>(random() % 2);
  const int num_operators = 3 + static_cast<int>(random() % 6);
  return {"regex:" + RandomExpression(random, num_operators, num_symbols),
          num_symbols == 2 ? "ab" : "abc"};
}

}  // namespace raspc
