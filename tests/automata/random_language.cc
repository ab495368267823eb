#include "tests/automata/random_language.h"

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

using StateMap = std::vector<StateId>;

StateMap Identity(int size) {
  StateMap map(static_cast<std::size_t>(size));
  std::iota(map.begin(), map.end(), 0);
  return map;
}

// Of the first `size` numbers; the same on every machine.
void Shuffle(StateMap& map, std::size_t size, std::mt19937_64& random) {
  for (std::size_t i = size; i > 1; --i) std::swap(map[i - 1], map[random() % i]);
}

Dfa MinimalByMaps(const std::vector<StateMap>& maps, std::uint64_t verdicts) {
  return Minimised(MakeDfa(
      SmallLetters(static_cast<int>(maps.size())), static_cast<int>(maps[0].size()), 0,
      [&](StateId q, SymbolId a) {
        return maps[static_cast<std::size_t>(a)][static_cast<std::size_t>(q)];
      },
      [&](StateId q) { return (verdicts >> q & 1) == 1; }));
}

// A permutation of `num_blocks` blocks of `size` states, and of the states in each.
StateMap WreathElement(int num_blocks, int size, std::mt19937_64& random) {
  StateMap blocks = Identity(num_blocks), map;
  Shuffle(blocks, blocks.size(), random);
  for (const StateId block : blocks) {
    StateMap inside = Identity(size);
    Shuffle(inside, inside.size(), random);
    for (const StateId place : inside) map.push_back(block * size + place);
  }
  return map;
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
  std::vector<StateMap> maps;
  for (SymbolId a = 0; a < num_symbols; ++a) {
    StateMap map = Identity(num_states);
    if (random() % 2 == 0) {
      Shuffle(map, map.size(), random);
    } else {
      for (StateId& q : map) q = static_cast<StateId>(random() % map.size());
    }
    maps.push_back(std::move(map));
  }
  return MinimalByMaps(maps, random());
}

Dfa RandomWreathDfa(std::mt19937_64& random) {
  const std::size_t num_symbols = 2 + random() % 3;
  const std::uint64_t kind = random() % 3;
  std::vector<StateMap> maps;
  while (maps.size() < num_symbols) {
    StateMap map = Identity(6);
    if (random() % 5 < 3) {
      if (kind < 2) {
        map = kind == 0 ? WreathElement(2, 3, random) : WreathElement(3, 2, random);
      } else {
        Shuffle(map, 4, random);
        if (random() % 2 == 0) std::swap(map[4], map[5]);
      }
    } else {
      if (random() % 2 == 0) Shuffle(map, map.size(), random);
      for (std::uint64_t joined = 1 + random() % 2; joined > 0; --joined) {
        map[random() % 6] = static_cast<StateId>(random() % 6);
      }
    }
    maps.push_back(std::move(map));
  }
  return MinimalByMaps(maps, random());
}

SmallExpression RandomSmallExpression(std::mt19937_64& random) {
  const int num_symbols = 2 + static_cast<int>(random() % 2);
  const int num_operators = 3 + static_cast<int>(random() % 6);
  return {"regex:" + RandomExpression(random, num_operators, num_symbols),
          num_symbols == 2 ? "ab" : "abc"};
}

}  // namespace raspc
