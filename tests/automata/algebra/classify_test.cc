// Every property against its definition, and the properties against each other.
#include "automata/algebra/classify.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "automata/algebra/dfa_classes.h"
#include "automata/nfa.h"
#include "automata/regex/regex.h"
#include "tests/automata/algebra/algebra_definitions.h"
#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

// Languages with small monoids: random automata, and random expressions, which have more structure.
std::vector<Dfa> SmallLanguages(int count) {
  std::mt19937_64 random(31);
  std::vector<Dfa> all;
  const std::vector<std::string> parts = {"a",     "b",      "c",        "(ab)*",  "a*",
                                          ".*",    "(a|bc)", "~(.*a.*)", "(aa)*",  "b?",
                                          "[ab]*", "(abc)*", "~b",       "(a|b)*b"};
  const auto part = [&] { return parts[random() % parts.size()]; };
  while (static_cast<int>(all.size()) < count) {
    const int kind = static_cast<int>(random() % 3);
    const std::string text = "regex:(" + part() + part() + (kind == 1 ? ")*" : ")") +
                             (kind == 2 ? "&" : "|") + part() + part();
    Dfa dfa = random() % 2 == 0 ? RandomMinimalDfa(random, 1 + static_cast<int>(random() % 4),
                                                   1 + static_cast<int>(random() % 3))
                                : MinimalOf(text, "abc");
    LanguageLimits limits;
    limits.max_monoid = 60;
    Diagnostics diag;
    if (TransitionMonoid::Enumerate(dfa, limits, diag)) all.push_back(std::move(dfa));
  }
  return all;
}

TEST_CASE("classes are those of their definitions") {
  std::map<std::string, int> num_members;
  const std::vector<Dfa> languages = SmallLanguages(400);
  for (std::size_t i = 0; i < languages.size(); ++i) {
    INFO("language " << i);
    const PlainMonoid plain(languages[i]);
    const DefinedClasses want = ClassesByDefinition(plain);
    const Classification got = Classify(languages[i], {});
    CHECK(got.monoid_size == plain.size());
    const std::vector<std::tuple<std::string, std::optional<bool>, bool>> compared = {
        {"aperiodic", got.aperiodic, want.aperiodic},
        {"r_trivial", got.r_trivial, want.r_trivial},
        {"l_trivial", got.l_trivial, want.l_trivial},
        {"j_trivial", got.j_trivial, want.j_trivial},
        {"da", got.da, want.da},
        {"r_omega", got.r_omega, want.r_omega},
        {"commutative", got.commutative, want.commutative},
        {"group", got.group, want.group},
        {"definite", got.definite, want.definite},
        {"reverse_definite", got.reverse_definite, want.reverse_definite},
        {"generalised_definite", got.generalised_definite, want.generalised_definite},
        {"locally_testable", got.locally_testable, want.locally_testable},
        {"locally_r_trivial", got.locally_r_trivial, want.locally_r_trivial},
        {"quasi_aperiodic", got.quasi_aperiodic, want.quasi_aperiodic},
        {"solvable", got.solvable, want.solvable},
    };
    for (const auto& [name, value, wanted] : compared) {
      INFO(name);
      CHECK(value == wanted);
      num_members[name] += wanted ? 1 : 0;
    }
  }
  // Every class has members and non-members among them, or this would show little. All are
  // solvable.
  for (const auto& [name, count] : num_members) {
    INFO(name << " has " << count);
    CHECK(count >= 5);
    if (name != "solvable") CHECK(count <= 395);
  }
}

TEST_CASE("groups on image sets agree with the monoid on aperiodic and solvable") {
  std::mt19937_64 random(32);
  int num_aperiodic = 0, num_unsolvable = 0;
  for (int i = 0; i < 400; ++i) {
    // Permutations and a map of smaller rank generate relevant groups.
    Dfa dfa = RandomDfa(random, 5, 3);
    for (SymbolId a = 0; a < static_cast<int>(random() % 3); ++a) {
      std::vector<StateId> permutation = {0, 1, 2, 3, 4};
      std::shuffle(permutation.begin(), permutation.end(), random);
      for (StateId q = 0; q < 5; ++q) dfa.next[3 * q + a] = permutation[q];
    }
    dfa = Minimised(dfa);
    Diagnostics diag;
    const auto monoid = TransitionMonoid::Enumerate(dfa, {}, diag);
    REQUIRE(monoid);
    const GreensRelations green = ComputeGreensRelations(*monoid);
    // The maximal subgroup at an idempotent permutes the idempotent's image.
    bool is_solvable = true;
    for (ElementId e = 0; e < monoid->size(); ++e) {
      if (!green.is_idempotent[e]) continue;
      std::vector<StateId> image;
      for (StateId q = 0; q < dfa.num_states(); ++q) {
        if (monoid->Apply(q, e) == q) image.push_back(q);
      }
      std::vector<Permutation> group;
      for (ElementId x = 0; x < monoid->size(); ++x) {
        if (green.h[x] != green.h[e]) continue;
        Permutation p;
        for (const StateId q : image) {
          p.push_back(static_cast<int>(std::find(image.begin(), image.end(), monoid->Apply(q, x)) -
                                       image.begin()));
        }
        group.push_back(p);
      }
      const auto generated =
          PermutationGroup::Generate(static_cast<int>(image.size()), group, 1 << 30);
      CHECK(generated->order() == static_cast<double>(group.size()));
      if (!DerivedSeries(*generated, 1 << 30)->back().IsTrivial()) is_solvable = false;
    }
    const auto groups = ImageGroups(dfa, {}, diag);
    REQUIRE(groups);
    const GroupSummary summary = Summarise(*groups, {});
    CHECK(summary.is_aperiodic == (green.num_h == monoid->size()));
    CHECK(summary.is_solvable == is_solvable);
    CHECK(summary.perfect.empty() == is_solvable);
    num_aperiodic += summary.is_aperiodic ? 1 : 0;
    num_unsolvable += is_solvable ? 0 : 1;
  }
  CHECK(num_aperiodic >= 20);
  CHECK(num_unsolvable >= 20);
}

TEST_CASE("properties relate as theorems say") {
  std::mt19937_64 random(33);
  std::vector<Dfa> languages = SmallLanguages(300);
  for (int i = 0; i < 300; ++i) {
    languages.push_back(RandomMinimalDfa(random, 2 + i % 5, 2 + i % 2));
  }
  for (std::size_t i = 0; i < languages.size(); ++i) {
    INFO("language " << i);
    const Classification c = Classify(languages[i], {});
    REQUIRE(c.refused.empty());
    const auto implies = [](bool a, bool b) { return !a || b; };
    // Aperiodic if and only if H-classes are trivial; J-trivial if and only if R- and L-trivial.
    CHECK(*c.aperiodic == (c.num_h == c.monoid_size));
    CHECK(*c.r_trivial == (c.num_r == c.monoid_size));
    CHECK(*c.l_trivial == (c.num_l == c.monoid_size));
    CHECK(*c.j_trivial == (c.num_j == c.monoid_size));
    CHECK(*c.j_trivial == (*c.r_trivial && *c.l_trivial));
    // R-trivial, C-RASP, R^omega, aperiodic, quasi-aperiodic, solvable: each in the next.
    CHECK(implies(*c.r_trivial, *c.c_rasp));
    CHECK(implies(*c.c_rasp, *c.r_omega));
    CHECK(implies(*c.r_omega, *c.aperiodic));
    CHECK(implies(*c.aperiodic, *c.quasi_aperiodic));
    CHECK(implies(*c.quasi_aperiodic, *c.solvable));
    CHECK(implies(*c.r_trivial || *c.l_trivial, *c.da));
    CHECK(implies(*c.da, *c.aperiodic));
    CHECK(implies(*c.definite || *c.reverse_definite, *c.generalised_definite));
    CHECK(implies(*c.generalised_definite, *c.locally_testable && *c.da));
    CHECK(implies(*c.locally_testable, *c.locally_r_trivial));
    CHECK(implies(*c.locally_r_trivial, *c.aperiodic));
    CHECK(implies(c.commutative && *c.aperiodic, *c.j_trivial));
    CHECK(implies(c.group && *c.aperiodic, c.monoid_size == 1));
    CHECK(implies(*c.r_trivial, *c.r_trivial_at_last));
    CHECK(implies(*c.c_rasp, *c.c_rasp_at_last));
    CHECK(implies(languages[i].num_states() <= 4, *c.solvable));
  }
}

TEST_CASE("reversal swaps R and L and the definite kinds, and keeps the rest") {
  const std::vector<Dfa> languages = SmallLanguages(200);
  for (std::size_t i = 0; i < languages.size(); ++i) {
    INFO("language " << i);
    Diagnostics diag;
    const std::optional<Dfa> reversed = ReversedMinimal(languages[i], {}, diag);
    REQUIRE(reversed);
    const Classification c = Classify(languages[i], {}), r = Classify(*reversed, {});
    CHECK(c.monoid_size == r.monoid_size);
    CHECK(c.num_r == r.num_l);
    CHECK(c.num_l == r.num_r);
    CHECK(c.num_j == r.num_j);
    CHECK(c.num_h == r.num_h);
    CHECK(c.r_trivial == r.l_trivial);
    CHECK(c.l_trivial == r.r_trivial);
    CHECK(c.definite == r.reverse_definite);
    CHECK(c.reverse_definite == r.definite);
    CHECK(c.j_trivial == r.j_trivial);
    CHECK(c.da == r.da);
    CHECK(c.locally_testable == r.locally_testable);
    CHECK(c.aperiodic == r.aperiodic);
    CHECK(c.solvable == r.solvable);
    CHECK(c.commutative == r.commutative);
    CHECK(c.quasi_aperiodic == r.quasi_aperiodic);
  }
}

TEST_CASE("a language and its complement have one monoid and one classification") {
  for (const Dfa& dfa : SmallLanguages(100)) {
    const Classification c = Classify(dfa, {});
    Classification other = Classify(Minimised(Complement(dfa)), {});
    for (FailingPair& pair : other.failing_pairs) pair.is_member_without_extra ^= true;
    CHECK(ToJson(c, dfa.alphabet) == ToJson(other, dfa.alphabet));
  }
}

TEST_CASE("failing pairs differ in membership however often they repeat, and show the failure") {
  int num_pairs = 0;
  std::vector<Dfa> languages = SmallLanguages(300);
  std::mt19937_64 random(35);
  for (int i = 0; i < 100; ++i) languages.push_back(RandomSmallGroupDfa(random));
  for (const Dfa& dfa : languages) {
    const Classification c = Classify(dfa, {});
    std::set<std::string> violated;
    for (const FailingPair& pair : c.failing_pairs) {
      violated.insert(pair.violates);
      ++num_pairs;
      CHECK_FALSE(pair.extra.empty());
      for (int n = 0; n < 6; ++n) {
        CHECK(dfa.Accepts(pair.WithoutExtra(n)) == pair.is_member_without_extra);
        CHECK(dfa.Accepts(pair.WithExtra(n)) == !pair.is_member_without_extra);
      }
      // A witness against aperiodic repeats a power of the extra word.
      if (pair.violates != "aperiodic") continue;
      CHECK(pair.repeated.size() >= 2 * pair.extra.size());
      for (std::size_t i = 0; i < pair.repeated.size(); ++i) {
        CHECK(pair.repeated[i] == pair.extra[i % pair.extra.size()]);
      }
    }
    CHECK(violated.empty() == *c.r_trivial);
    CHECK(violated.contains("aperiodic") == !*c.aperiodic);
    if (c.failing_pairs.size() == 2) CHECK_FALSE(c.failing_pairs[0].HasWordsOf(c.failing_pairs[1]));
  }
  CHECK(num_pairs >= 100);
}

TEST_CASE("a pair that shows two things is listed once") {
  const Classification parity = Classify(MinimalOf("parity"), {});
  REQUIRE(parity.failing_pairs.size() == 1);
  CHECK(parity.failing_pairs[0].violates == "aperiodic");
  CHECK(parity.failing_pairs[0].defeats == "FAUNWH");
  // Not R-trivial before it is not aperiodic.
  CHECK(Classify(MinimalOf("regex:(ab)*c(dd)*"), {}).failing_pairs.size() == 2);
}

// All automata of up to 3 states over a and b, minimal.
std::vector<Dfa> AllSmallAutomata() {
  std::vector<Dfa> all;
  for (int states = 1; states <= 3; ++states) {
    int num_moves = 1;
    for (int i = 0; i < 2 * states; ++i) num_moves *= states;
    for (int moves = 0; moves < num_moves; ++moves) {
      for (int verdicts = 0; verdicts < 1 << states; ++verdicts) {
        int rest = moves;
        std::vector<StateId> next;
        for (int i = 0; i < 2 * states; ++i, rest /= states) next.push_back(rest % states);
        const Dfa dfa = Minimised(MakeDfa(
            SmallLetters(2), states, 0, [&](StateId q, SymbolId a) { return next[2 * q + a]; },
            [&](StateId q) { return (verdicts >> q & 1) != 0; }));
        if (std::find(all.begin(), all.end(), dfa) == all.end()) all.push_back(dfa);
      }
    }
  }
  return all;
}

// Whether repeating a symbol immediately changes nothing, on all words of up to 7 symbols.
bool IsStutterInvariantByWords(const Dfa& dfa) {
  for (const Word& word : WordsUpTo(2, 7)) {
    for (std::size_t i = 0; i < word.size(); ++i) {
      Word longer = word;
      longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), word[i]);
      if (dfa.Accepts(longer) != dfa.Accepts(word)) return false;
    }
  }
  return true;
}

bool TellsRunsApartByWords(const Dfa& dfa) {
  for (SymbolId a = 0; a < 2; ++a) {
    for (std::size_t n = 2; n <= 8; ++n) {
      if (dfa.Accepts(Word(n, a)) != dfa.Accepts({a})) return true;
    }
  }
  return false;
}

// The verdict at the end marker of a network in which each position only knows what holds somewhere
// at or before it: whether a state has been entered, and whether it has been left.
class NonStrictNetwork {
 public:
  explicit NonStrictNetwork(const Dfa& dfa) : dfa_(dfa) {}

  bool Accepts(const Word& word) const {
    for (StateId q = 0; q < dfa_.num_states(); ++q) {
      const auto end = static_cast<int>(word.size());
      if (dfa_.accepting[q] && Entered(q, word, end) && !Left(q, word, end)) return true;
    }
    return false;
  }

 private:
  // Before position `end`.
  bool Entered(StateId q, const Word& word, int end) const {
    if (q == dfa_.start) return true;
    for (int j = 0; j < end; ++j) {
      for (StateId p = 0; p < dfa_.num_states(); ++p) {
        if (p != q && dfa_.Next(p, word[j]) == q && EnteredAtOrBefore(p, word, j) &&
            !LeftByAnother(p, word[j], word, j)) {
          return true;
        }
      }
    }
    return false;
  }
  bool EnteredAtOrBefore(StateId q, const Word& word, int at) const {
    return Entered(q, word, at + 1);
  }
  bool Left(StateId q, const Word& word, int end) const {
    for (int j = 0; j < end; ++j) {
      if (dfa_.Next(q, word[j]) != q && EnteredAtOrBefore(q, word, j)) return true;
    }
    return false;
  }
  // At or before the position, by another symbol than a.
  bool LeftByAnother(StateId q, SymbolId a, const Word& word, int at) const {
    for (int j = 0; j <= at; ++j) {
      if (word[j] != a && dfa_.Next(q, word[j]) != q && EnteredAtOrBefore(q, word, j)) return true;
    }
    return false;
  }

  const Dfa& dfa_;
};

TEST_CASE("all automata of up to 3 states over 2 letters are classified as definitions say") {
  const std::vector<Dfa> all = AllSmallAutomata();
  CHECK(all.size() >= 500);
  std::map<std::string, std::pair<int, int>> counts;  // yes, no
  for (std::size_t i = 0; i < all.size(); ++i) {
    INFO("automaton " << i);
    const Classification got = Classify(all[i], {});
    const DefinedClasses want = ClassesByDefinition(PlainMonoid(all[i]));
    const bool stutters = IsStutterInvariantByWords(all[i]);
    const bool tells_runs = TellsRunsApartByWords(all[i]);
    bool r_at_last = true;
    for (SymbolId a = 0; a < 2; ++a) {
      const Dfa quotient = Minimised(RightQuotient(all[i], a));
      r_at_last = r_at_last && ClassesByDefinition(PlainMonoid(quotient)).r_trivial;
    }
    const auto non_strict = [&](bool strict) {
      return !strict    ? std::optional<bool>(false)
             : stutters ? std::optional<bool>(true)
                        : std::nullopt;
    };
    const std::optional<bool> at_last =
        tells_runs ? std::optional<bool>(false) : non_strict(r_at_last);
    const std::vector<std::tuple<std::string, std::optional<bool>, std::optional<bool>>> compared =
        {{"r_trivial", got.r_trivial, want.r_trivial},
         {"r_trivial_at_last", got.r_trivial_at_last, r_at_last},
         {"non_strict", got.non_strict, non_strict(want.r_trivial)},
         {"non_strict_at_last", got.non_strict_at_last, at_last},
         {"stutter_invariant", IsStutterInvariant(all[i]), stutters},
         {"tells_no_runs_apart", TellsNoRunsApart(all[i]), !tells_runs},
         {"locally_r_trivial", got.locally_r_trivial, want.locally_r_trivial},
         {"aperiodic", got.aperiodic, want.aperiodic},
         {"quasi_aperiodic", got.quasi_aperiodic, want.quasi_aperiodic},
         {"nc1_complete", got.Nc1Complete() == true, false}};
    for (const auto& [name, value, wanted] : compared) {
      INFO(name);
      CHECK(value == wanted);
      if (wanted) ++(*wanted ? counts[name].first : counts[name].second);
    }
    if (got.non_strict != true) continue;
    const NonStrictNetwork network(all[i]);
    for (const Word& word : WordsUpTo(2, 7)) {
      if (network.Accepts(word) != all[i].Accepts(word)) {
        FAIL("the network is wrong about " << ToText(all[i].alphabet, word));
      }
    }
  }
  for (const auto& [name, count] : counts) {
    INFO(name << ": " << count.first << " yes, " << count.second << " no");
    if (name != "nc1_complete") CHECK((count.first >= 5 && count.second >= 5));
  }
}

std::map<std::string, ModelVerdict> VerdictsByKey(const Classification& c) {
  std::map<std::string, ModelVerdict> verdicts;
  for (const ModelVerdict& verdict : ModelVerdicts(c)) verdicts.emplace(verdict.key, verdict);
  return verdicts;
}

TEST_CASE("conclusions that rest on a conjecture always name it") {
  for (const char* name : {"s5", "a5", "s5_point", "a5_point"}) {
    INFO(name);
    const Classification c = Classify(MinimalOf(name), {});
    const ModelVerdict compiled = VerdictsByKey(c).at("T");
    CHECK_FALSE(compiled.recognises);
    CHECK_FALSE(compiled.recognises_at_last);
    CHECK(compiled.unless == "TC0 = NC1");
    CHECK(VerdictText(compiled.recognises, compiled.unless) == "no, unless TC0 = NC1");
    for (const MechanismVerdict& verdict : MechanismVerdicts(c)) {
      INFO(verdict.name);
      CHECK((verdict.applies == true) == verdict.unless.empty());
      if (verdict.applies != true) {
        CHECK(verdict.construction.find("unless TC0 = NC1") != std::string::npos);
      }
    }
    CHECK(c.Nc1Complete() == true);
  }
  // In ACC0 and not in AC0, of which only the latter is known to be smaller than NC1.
  CHECK_FALSE(Classify(MinimalOf("s3"), {}).Nc1Complete());
  CHECK(Classify(MinimalOf("aa_star"), {}).Nc1Complete() == false);
  CHECK(Classify(MinimalOf("lt_2"), {}).Nc1Complete() == false);
}

TEST_CASE("C-RASP at the end marker and at the last symbol are two properties") {
  // The result of the published decider, which is about the end marker.
  const std::vector<std::tuple<std::string, bool, bool>> cases = {
      {"(a|b)*b", false, true}, {"b(a|b)*b", false, true}, {"(a|b)*a(a|b)", false, false},
      {"(ab)*", true, true},    {"a(a|b)*", true, true},   {"(a|b)*ab(a|b)*", true, true}};
  for (const auto& [expression, at_end, at_last] : cases) {
    INFO(expression);
    const Classification c = Classify(MinimalOf("regex:" + expression), {});
    CHECK(c.c_rasp == at_end);
    CHECK(c.c_rasp_at_last == at_last);
    const ModelVerdict counting = VerdictsByKey(c).at("C");
    CHECK(counting.recognises == at_end);
    CHECK(counting.recognises_at_last == at_last);
  }
}

TEST_CASE("non-strict masks are reported as far as is known") {
  const auto verdict = [](const std::string& text) {
    const ModelVerdict found = VerdictsByKey(Classify(MinimalOf(text), {})).at("N");
    return std::pair(found.recognises, found.recognises_at_last);
  };
  using Known = std::optional<bool>;
  CHECK(verdict("first") == std::pair<Known, Known>(true, true));
  CHECK(verdict("last") == std::pair<Known, Known>(false, true));
  CHECK(verdict("parity") == std::pair<Known, Known>(false, false));
  CHECK(verdict("bb_first") == std::pair<Known, Known>(std::nullopt, false));
}

TEST_CASE("a monoid past the limit leaves open only what needs it") {
  LanguageLimits limits;
  limits.max_monoid = 100;
  const Classification c = Classify(MinimalOf("s5_point"), limits);
  CHECK_FALSE(c.monoid_size);
  CHECK_FALSE(c.num_j);
  CHECK(c.aperiodic == false);
  CHECK(c.da == false);  // as DA is aperiodic
  CHECK(c.solvable == false);
  CHECK(c.Nc1Complete() == true);
  CHECK(c.quasi_aperiodic == false);
  CHECK(c.r_trivial == false);
  CHECK(c.l_trivial == false);
  CHECK(c.c_rasp == false);
  REQUIRE_FALSE(c.refused.empty());
  CHECK(c.refused[0].second == "the transition monoid has more than 100 elements, the limit");
  for (const auto& [field, reason] : c.refused) CHECK(field != "quasi_aperiodic");
  REQUIRE_FALSE(c.failing_pairs.empty());  // the groups are witnesses against aperiodic
  CHECK(c.failing_pairs.back().violates == "aperiodic");
  const Classification aperiodic = Classify(MinimalOf("grid(9)"), limits);
  CHECK(aperiodic.aperiodic == true);
  CHECK(aperiodic.solvable == true);
  CHECK(aperiodic.quasi_aperiodic == true);
  CHECK_FALSE(aperiodic.da);
  CHECK_FALSE(aperiodic.locally_testable);
  CHECK(std::count(aperiodic.refused.begin(), aperiodic.refused.end(),
                   std::pair<std::string, std::string>(
                       "da", "the transition monoid has more than 100 elements, the limit")) == 1);
}

TEST_CASE("no limit makes an answer wrong") {
  std::mt19937_64 random(34);
  std::vector<Dfa> languages = SmallLanguages(100);
  for (int i = 0; i < 60; ++i) languages.push_back(RandomMinimalDfa(random, 6, 2));
  for (const Dfa& dfa : languages) {
    const Classification all = Classify(dfa, {});
    for (const std::int64_t steps : {10, 100, 1000, 10000, 100000}) {
      LanguageLimits limits;
      limits.max_steps = steps;
      limits.max_monoid = steps / 10;
      limits.max_states = steps / 5;
      const Classification some = Classify(dfa, limits);
      const auto agrees = [](const auto& a, const auto& b) { return !a || a == b; };
      CHECK(agrees(some.aperiodic, all.aperiodic));
      CHECK(agrees(some.solvable, all.solvable));
      CHECK(agrees(some.l_trivial, all.l_trivial));
      CHECK(agrees(some.c_rasp, all.c_rasp));
      CHECK(agrees(some.c_rasp_at_last, all.c_rasp_at_last));
      CHECK(agrees(some.monoid_size, all.monoid_size));
      CHECK(agrees(some.da, all.da));
      CHECK(agrees(some.r_omega, all.r_omega));
      CHECK(agrees(some.definite, all.definite));
      CHECK(agrees(some.reverse_definite, all.reverse_definite));
      CHECK(agrees(some.generalised_definite, all.generalised_definite));
      CHECK(agrees(some.locally_testable, all.locally_testable));
      CHECK(agrees(some.locally_r_trivial, all.locally_r_trivial));
      CHECK(agrees(some.quasi_aperiodic, all.quasi_aperiodic));
    }
  }
}

}  // namespace
}  // namespace raspc
