// Membership in C-RASP: the weights add up along every edge, and where nothing is separated a
// different linear algebra, modulo a prime, finds no weights either.
#include "automata/algebra/c_rasp.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

constexpr std::int64_t kPrime = 2147483629;

// Rows modulo the prime, reduced as they are added.
class RowSpace {
 public:
  using Row = std::map<int, std::int64_t>;

  // Whether the row is a combination of earlier ones; adds it if not.
  bool Contains(Row row) {
    for (const auto& [pivot, other] : rows_) {
      const auto found = row.find(pivot);
      if (found == row.end()) continue;
      const std::int64_t factor = found->second;
      for (const auto& [column, entry] : other) {
        const std::int64_t value = (row[column] + (kPrime - factor) * entry) % kPrime;
        if (value == 0) {
          row.erase(column);
        } else {
          row[column] = value;
        }
      }
    }
    return row.empty();
  }
  void Add(Row row) {
    // Reduce as in Contains, then make the leading entry 1; pivots come in ascending order.
    for (const auto& [pivot, other] : rows_) {
      const std::int64_t factor = row.contains(pivot) ? row[pivot] : 0;
      if (factor == 0) continue;
      for (const auto& [column, entry] : other) {
        row[column] = (row[column] + (kPrime - factor) * entry) % kPrime;
      }
      std::erase_if(row, [](const auto& e) { return e.second == 0; });
    }
    if (row.empty()) return;
    const std::int64_t inverse = Power(row.begin()->second, kPrime - 2);
    for (auto& [column, entry] : row) entry = entry * inverse % kPrime;
    rows_.emplace(row.begin()->first, row);
  }

 private:
  static std::int64_t Power(std::int64_t base, std::int64_t exponent) {
    std::int64_t power = 1;
    for (; exponent > 0; exponent /= 2) {
      if (exponent % 2 == 1) power = power * base % kPrime;
      base = base * base % kPrime;
    }
    return power;
  }

  std::map<int, Row> rows_;  // by pivot, their first column
};

// The final number of classes of the states of a component. Unknowns are the weight of each label
// and the potential of each state, equations those of the edges; two states are separated unless
// their potentials are equal in every solution.
int NumClassesByEquations(const Dfa& dfa, const std::vector<StateId>& states) {
  const int n = static_cast<int>(states.size());
  std::map<StateId, int> place;
  for (int i = 0; i < n; ++i) place[states[i]] = i;
  std::vector<int> class_of(states.size(), 0);
  for (int num_classes = 1;;) {
    RowSpace equations;
    for (int i = 0; i < n; ++i) {
      for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
        const auto to = place.find(dfa.Next(states[i], a));
        if (to == place.end()) continue;
        RowSpace::Row row;
        row[i] += 1;
        row[to->second] += kPrime - 1;
        row[n + class_of[i] * dfa.num_symbols() + a] += 1;
        for (auto& [column, entry] : row) entry %= kPrime;
        std::erase_if(row, [](const auto& e) { return e.second == 0; });
        equations.Add(row);
      }
    }
    std::vector<int> refined(states.size(), -1);
    int count = 0;
    for (int i = 0; i < n; ++i) {
      if (refined[i] >= 0) continue;
      refined[i] = count++;
      for (int j = i + 1; j < n; ++j) {
        if (class_of[i] == class_of[j] && equations.Contains({{i, 1}, {j, kPrime - 1}})) {
          refined[j] = refined[i];
        }
      }
    }
    if (count == num_classes) return count;
    num_classes = count;
    class_of = refined;
  }
}

void CheckRounds(const Dfa& dfa, const BalancedComponent& component) {
  std::map<StateId, int> place;
  for (const StateId q : component.states) place.emplace(q, static_cast<int>(place.size()));
  std::vector<int> known(component.states.size(), 0);
  for (const BalancedRound& round : component.rounds) {
    CHECK(round.class_of == known);
    std::map<std::vector<std::int64_t>, int> numbers;
    std::vector<std::vector<std::int64_t>> keys;
    for (const int c : known) keys.push_back({c});
    for (const BalancedPotential& potential : round.potentials) {
      CHECK(potential.value[0] == 0);
      for (std::size_t i = 0; i < component.states.size(); ++i) {
        keys[i].push_back(potential.value[i]);
        for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
          const auto to = place.find(dfa.Next(component.states[i], a));
          if (to == place.end()) continue;
          CHECK(potential.value[to->second] ==
                potential.value[i] + potential.weight[known[i] * dfa.num_symbols() + a]);
        }
      }
    }
    known.clear();
    for (const auto& key : keys) {
      known.push_back(numbers.emplace(key, static_cast<int>(numbers.size())).first->second);
    }
  }
  const std::set<int> classes(known.begin(), known.end());
  CHECK(static_cast<int>(classes.size()) == component.num_classes);
}

TEST_CASE("weights add up along every edge, and no others separate more") {
  std::mt19937_64 random(51);
  std::vector<Dfa> languages;
  for (int i = 0; i < 300; ++i) languages.push_back(RandomMinimalDfa(random, 2 + i % 7, 1 + i % 3));
  // Random automata are seldom separated; closed walks on a line are.
  const std::vector<std::string> words = {"ab", "ba",  "aabb", "bbaa", "abc",
                                          "ac", "cab", "bca",  "aab",  "bba"};
  for (int i = 0; i < 300; ++i) {
    std::string text = "regex:(" + words[random() % words.size()];
    for (std::size_t more = random() % 3; more > 0; --more)
      text += "|" + words[random() % words.size()];
    languages.push_back(MinimalOf(text + ")*", "abc"));
  }
  int num_members = 0, num_rounds = 0;
  for (std::size_t i = 0; i < languages.size(); ++i) {
    INFO("language " << i);
    Diagnostics diag;
    const std::optional<CRaspAnalysis> analysis = AnalyseCRasp(languages[i], {}, diag);
    REQUIRE(analysis);
    for (const BalancedComponent& component : analysis->components) {
      CheckRounds(languages[i], component);
      CHECK(component.num_classes == NumClassesByEquations(languages[i], component.states));
      num_rounds = std::max(num_rounds, static_cast<int>(component.rounds.size()));
    }
    num_members += analysis->is_member ? 1 : 0;
  }
  CHECK(num_members >= 50);
  CHECK(num_members <= 550);
  CHECK(num_rounds >= 2);
}

TEST_CASE("bounded brackets need one round, or two if kinds must be distinguished") {
  const auto rounds = [](const std::string& name) {
    Diagnostics diag;
    const auto analysis = AnalyseCRasp(MinimalOf(name), {}, diag);
    REQUIRE(analysis);
    CHECK(analysis->is_member);
    REQUIRE(analysis->components.size() == 1);
    return analysis->components[0].rounds.size();
  };
  CHECK(rounds("d(1)") == 1);
  CHECK(rounds("d(9)") == 1);
  CHECK(rounds("dyck(2,1)") == 1);
  CHECK(rounds("dyck(2,2)") == 2);
  CHECK(rounds("dyck(2,3)") == 2);
  CHECK(rounds("dyck(3,2)") == 2);
  CHECK(rounds("ab_or_bbaa_star") == 2);
}

TEST_CASE("membership is decided even where weights are beyond 64 bits") {
  // A word is a letter and k times the next one, so each letter weighs -k times the next one.
  const auto analyse = [](int num_words, int k) {
    std::string text = "regex:(", alphabet = "a";
    for (int i = 0; i < num_words; ++i) {
      const char letter = static_cast<char>('a' + i), next = static_cast<char>(letter + 1);
      text += (i > 0 ? "|" : "") + std::string(1, letter) + std::string(k, next);
      alphabet += next;
    }
    const Dfa dfa = MinimalOf(text + ")*", alphabet);
    Diagnostics diag;
    const std::optional<CRaspAnalysis> analysis = AnalyseCRasp(dfa, {}, diag);
    REQUIRE(analysis);
    REQUIRE(analysis->components.size() == 1);
    CHECK(analysis->components[0].num_classes ==
          NumClassesByEquations(dfa, analysis->components[0].states));
    if (analysis->has_all_potentials) CheckRounds(dfa, analysis->components[0]);
    return *analysis;
  };
  // 7^22 is below 2^63, but intermediate numbers are not.
  const CRaspAnalysis large = analyse(22, 7);
  CHECK(large.is_member);
  CHECK(large.has_all_potentials);
  CHECK(large.components[0].rounds[0].potentials[0].weight.back() != 0);
  const CRaspAnalysis too_large = analyse(20, 9);
  CHECK(too_large.is_member);
  CHECK_FALSE(too_large.has_all_potentials);
}

TEST_CASE("linear algebra that takes too long is refused") {
  LanguageLimits limits;
  limits.max_steps = 100;
  Diagnostics diag;
  CHECK_FALSE(AnalyseCRasp(MinimalOf("dyck(2,3)"), limits, diag));
  CHECK(FirstError(diag) == "deciding membership in C-RASP takes more than 100 steps, the limit");
}

}  // namespace
}  // namespace raspc
