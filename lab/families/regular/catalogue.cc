// The entries, in the order in which tables show them.
#include "lab/families/regular/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "automata/regex/regex.h"
#include "lab/families/regular/explore.h"

namespace raspc {
namespace {

using Arguments = std::vector<int>;
using Builder =
    std::function<std::optional<Dfa>(const Arguments&, const LanguageLimits&, Diagnostics&)>;

Alphabet Letters(const std::string& text) {
  std::vector<std::string> symbols;
  for (const char c : text) symbols.emplace_back(1, c);
  return Alphabet(std::move(symbols));
}

// An entry given by a regular expression, which may depend on the arguments.
CatalogueEntry Expression(std::string name, std::vector<FamilyParameter> parameters,
                          const Alphabet& alphabet, std::string symbols, std::string definition,
                          std::vector<Arguments> examples,
                          const std::function<std::string(const Arguments&)>& expression) {
  const auto build = [alphabet, expression](const Arguments& arguments,
                                            const std::optional<Alphabet>& given,
                                            const LanguageLimits& limits, Diagnostics& diag) {
    const std::optional<Regex> regex = ParseRegex(expression(arguments), diag);
    return regex ? CompileRegex(*regex, given.value_or(alphabet), limits, diag) : std::nullopt;
  };
  return {{std::move(name), std::move(parameters), ProblemKind::kLanguage, "regular",
           std::move(symbols), std::move(definition), std::move(examples)},
          build,
          true};
}

// One language whose definition is its expression.
CatalogueEntry Expression(const std::string& name, const Alphabet& alphabet,
                          const std::string& expression, const std::string& definition = "") {
  std::string symbols;
  for (const std::string& symbol : alphabet.symbols()) {
    symbols += (symbols.empty() ? "" : " ") + symbol;
  }
  return Expression(name, {}, alphabet, symbols, definition.empty() ? expression : definition, {{}},
                    [expression](const Arguments&) { return expression; });
}

CatalogueEntry Automaton(std::string name, std::vector<FamilyParameter> parameters,
                         std::string symbols, std::string definition,
                         std::vector<Arguments> examples, const Builder& builder) {
  const auto build = [builder](const Arguments& arguments, const std::optional<Alphabet>&,
                               const LanguageLimits& limits,
                               Diagnostics& diag) { return builder(arguments, limits, diag); };
  return {{std::move(name), std::move(parameters), ProblemKind::kLanguage, "regular",
           std::move(symbols), std::move(definition), std::move(examples)},
          build,
          false};
}

std::string Repeated(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

// Counts modulo k: the state is the count, and symbol a adds amounts[a].
Dfa CountModulo(const Alphabet& alphabet, int k, const std::vector<int>& amounts) {
  return MakeDfa(
      alphabet, k, 0, [&](StateId q, SymbolId a) { return ((q + amounts[a]) % k + k) % k; },
      [](StateId q) { return q == 0; });
}

using Permutation = std::vector<int>;

// Words over permutations whose product is the identity.
std::optional<Dfa> WordProblem(const Alphabet& alphabet, const std::vector<Permutation>& letters,
                               const LanguageLimits& limits, Diagnostics& diag) {
  Permutation identity(letters[0].size());
  std::iota(identity.begin(), identity.end(), 0);
  const auto step = [&](Permutation p, SymbolId a) {
    for (int& point : p) point = letters[a][point];
    return p;
  };
  return Explore(
      alphabet, identity, step, [&](const Permutation& p) { return p == identity; }, limits, diag);
}

// Words over permutations that send the point 0 to itself.
Dfa PointProblem(const Alphabet& alphabet, const std::vector<Permutation>& letters) {
  return MakeDfa(
      alphabet, static_cast<int>(letters[0].size()), 0,
      [&](StateId q, SymbolId a) { return letters[a][q]; }, [](StateId q) { return q == 0; });
}

// The cycle 0 -> 1 -> ... -> n-1 -> 0, and the swap of 0 and 1: they generate S_n.
std::vector<Permutation> SymmetricGenerators(int n) {
  Permutation cycle, swap;
  for (int i = 0; i < n; ++i) {
    cycle.push_back((i + 1) % n);
    swap.push_back(i < 2 ? 1 - i : i);
  }
  return {cycle, swap};
}

const std::vector<Permutation>& AlternatingGenerators(int n) {
  // A4: (0 1 2) and (0 1)(2 3); A5: (0 1 2 3 4) and (0 1 2).
  static const std::vector<Permutation> four = {{1, 2, 0, 3}, {1, 0, 3, 2}};
  static const std::vector<Permutation> five = {{1, 2, 3, 4, 0}, {1, 2, 0, 3, 4}};
  return n == 4 ? four : five;
}

void AddTomita(std::vector<CatalogueEntry>& entries) {
  const Alphabet bits = Letters("01");
  entries.push_back(Expression("tomita_1", bits, "1*"));
  entries.push_back(Expression("tomita_2", bits, "(10)*"));
  entries.push_back(
      Automaton("tomita_3", {}, "0 1", "no odd run of 1s directly followed by an odd run of 0s",
                {{}}, [bits](const Arguments&, const LanguageLimits&, Diagnostics&) {
                  // 0: not ending in an odd run of 1s; 1: an odd run of 1s; 3 and 2: an odd and an
                  // even run of 0s after such a run; 4: the sink.
                  static constexpr int kNext[5][2] = {{0, 1}, {3, 0}, {3, 1}, {2, 4}, {4, 4}};
                  return MakeDfa(
                      bits, 5, 0, [](StateId q, SymbolId a) { return kNext[q][a]; },
                      [](StateId q) { return q <= 2; });
                }));
  entries.push_back(Expression("tomita_4", bits, "~(.*000.*)", "no factor 000"));
  entries.push_back(Automaton("tomita_5", {}, "0 1",
                              "an even number of 0s and an even number of 1s", {{}},
                              [bits](const Arguments&, const LanguageLimits&, Diagnostics&) {
                                return MakeDfa(
                                    bits, 4, 0, [](StateId q, SymbolId a) { return q ^ (1 << a); },
                                    [](StateId q) { return q == 0; });
                              }));
  entries.push_back(Automaton("tomita_6", {}, "0 1",
                              "the number of 0s minus that of 1s is a multiple of 3", {{}},
                              [bits](const Arguments&, const LanguageLimits&, Diagnostics&) {
                                return CountModulo(bits, 3, {1, -1});
                              }));
  entries.push_back(Expression("tomita_7", bits, "0*1*0*1*"));
}

void AddCounting(std::vector<CatalogueEntry>& entries) {
  entries.push_back(Automaton("parity", {}, "a b", "an even number of b", {{}},
                              [](const Arguments&, const LanguageLimits&, Diagnostics&) {
                                return CountModulo(Letters("ab"), 2, {0, 1});
                              }));
  entries.push_back(Automaton("mod", {{"k", 1, 1000}}, "0 1", "the number of 1s is a multiple of k",
                              {{3}, {6}},
                              [](const Arguments& k, const LanguageLimits&, Diagnostics&) {
                                return CountModulo(Letters("01"), k[0], {0, 1});
                              }));
  entries.push_back(Automaton("unary_mod", {{"k", 1, 1000}}, "a",
                              "a^n with n a multiple of k: (a^k)* over one letter", {{2}, {4}},
                              [](const Arguments& k, const LanguageLimits&, Diagnostics&) {
                                return CountModulo(Letters("a"), k[0], {1});
                              }));
  entries.push_back(Expression("aa_star", Letters("ab"), "(aa)*"));
  entries.push_back(Expression("abab_star", Letters("ab"), "(abab)*"));
  entries.push_back(Expression("even_length", Letters("ab"), "(..)*"));
}

// The words whose brackets match, nested at most `depth` deep.
std::optional<Dfa> BoundedDyck(const Alphabet& alphabet, int depth, const LanguageLimits& limits,
                               Diagnostics& diag) {
  // Symbols alternate: opening and closing bracket of a kind. The state is the stack; {-1} is the
  // sink.
  const std::vector<int> sink = {-1};
  const auto step = [&](std::vector<int> stack, SymbolId a) {
    if (stack == sink) return stack;
    const int kind = a / 2;
    if (a % 2 == 0) {
      if (static_cast<int>(stack.size()) == depth) return sink;
      stack.push_back(kind);
      return stack;
    }
    if (stack.empty() || stack.back() != kind) return sink;
    stack.pop_back();
    return stack;
  };
  return Explore(
      alphabet, std::vector<int>{}, step,
      [](const std::vector<int>& stack) { return stack.empty(); }, limits, diag);
}

void AddDyck(std::vector<CatalogueEntry>& entries) {
  entries.push_back(
      Automaton("d", {{"n", 0, 1000}}, "a b",
                "D_0 = {ε}, D_n = (a D_{n-1} b)*: brackets a b nested at most n deep",
                {{1}, {2}, {3}, {4}, {12}},
                [](const Arguments& n, const LanguageLimits& limits, Diagnostics& diag) {
                  return BoundedDyck(Letters("ab"), n[0], limits, diag);
                }));
  entries.push_back(Automaton(
      "dyck", {{"k", 1, 100}, {"d", 0, 1000}}, "k pairs of brackets",
      "balanced brackets of k kinds, nested at most d deep", {{2, 1}, {2, 2}, {2, 3}, {3, 2}},
      [](const Arguments& k_d, const LanguageLimits& limits, Diagnostics& diag) {
        return BoundedDyck(BracketAlphabet(k_d[0]), k_d[1], limits, diag);
      }));
}

void AddPatterns(std::vector<CatalogueEntry>& entries) {
  const Alphabet ab = Letters("ab"), abc = Letters("abc"), abcd = Letters("abcd");
  entries.push_back(Expression("first", Letters("01"), "1.*", "the first symbol is 1"));
  entries.push_back(Expression("last", ab, ".*b", "the last symbol is b"));
  entries.push_back(
      Expression("last_neutral", Letters("abe"), ".*be*", "the last symbol other than e is b"));
  entries.push_back(Expression("a_to_b", ab, "a.*b", "the first symbol is a, the last is b"));
  entries.push_back(Expression("bb_first", ab, "bb.*", "begins with bb"));
  entries.push_back(Expression("lt_1", ab, ".*a.*", "contains a"));
  entries.push_back(Expression("contains_ab", ab, ".*ab.*", "contains ab"));
  entries.push_back(Expression("lt_2", abc, ".*ab.*", "contains ab, over three letters"));
  entries.push_back(Expression("contains_bb", ab, ".*bb.*", "contains bb"));
  entries.push_back(Expression("no_bb", ab, "~(.*bb.*)", "does not contain bb"));
  entries.push_back(Expression("pt_2", abc, ".*a.*b.*", "contains a and, somewhere after it, b"));
  entries.push_back(Expression("a_star_b_star", ab, "a*b*"));
  entries.push_back(Expression("a_plus_b_plus", ab, "a+b+"));
  entries.push_back(Expression("alternating", {{"k", 1, 1000}}, ab, "a b",
                               "k alternating blocks: a+b+a+...", {{5}}, [](const Arguments& k) {
                                 std::string text;
                                 for (int i = 0; i < k[0]; ++i) text += i % 2 == 0 ? "a+" : "b+";
                                 return text;
                               }));
  entries.push_back(Expression("ab_blocks", {{"k", 1, 1000}}, ab, "a b", "(a+b+)^k", {{2}, {3}},
                               [](const Arguments& k) { return Repeated("a+b+", k[0]); }));
  entries.push_back(Expression("blocks_a_to_e", Letters("abcde"), "a+b+c+d+e+"));
  const Alphabet rdp({"a", "b0", "b1", "c"});
  entries.push_back(Expression("rdp_1", rdp, R"([^\<b0>]*a[^a\<b1>]*)",
                               "(Σ-b0)* a (Σ-{a,b1})*, right-deterministic"));
  entries.push_back(Expression("ldp_1", rdp, R"([^a\<b0>]*a[^\<b1>]*)",
                               "(Σ-{a,b0})* a (Σ-b1)*, left-deterministic"));
  entries.push_back(Expression("ldp_2", Alphabet({"a1", "a2", "b0", "b1", "b2", "c"}),
                               R"([^\<a1>\<b0>]*\<a1>[^\<a2>\<b1>]*\<a2>[^\<b2>]*)",
                               "(Σ-{a1,b0})* a1 (Σ-{a2,b1})* a2 (Σ-b2)*"));
  entries.push_back(Expression("ab_d_bc", abcd, "[ab]*d[bc]*"));
  entries.push_back(Expression("last_not_2_is_0", Letters("012"), "[012]*02*",
                               "[012]*02*: the last symbol other than 2 is 0"));
  entries.push_back(Expression("c_ab_abd", abcd, "c[ab]*abd[abd]*"));
  entries.push_back(Expression("aaa_in_c", Letters("ac"), "c*aaac*"));
  entries.push_back(Expression("ab_or_ba_star", ab, "(ab|ba)*"));
  entries.push_back(Expression("ab_or_bbaa_star", ab, "(ab|bbaa)*"));
  entries.push_back(Expression("ab_or_bba_star", ab, "(ab|bba)*"));
  entries.push_back(Expression("ab_or_aabb_star", ab, "(ab|aabb)*"));
  entries.push_back(Expression("aa_or_bb_star", ab, "(aa|bb)*"));
  entries.push_back(Expression("a_or_bb_star", ab, "(a|bb)*"));
  entries.push_back(Expression("from_end", {{"k", 1, 30}}, ab, "a b",
                               "the k-th symbol from the end is a", {{3}},
                               [](const Arguments& k) { return ".*a" + Repeated(".", k[0] - 1); }));
  entries.push_back(Expression("even_pairs", Letters("01"), "()|0|1|0.*0|1.*1",
                               "the first symbol equals the last, or the word is empty"));
}

// Alternating instructions and bits: w writes the bit after it, i ignores it, and the bit after r
// must be the one written last. Begins with w.
std::optional<Dfa> FlipFlopLanguage(const LanguageLimits& limits, Diagnostics& diag) {
  // {pending instruction or '-' where an instruction is next, bit or -1 before the first}
  using State = std::pair<char, int>;
  const Alphabet alphabet = Letters("wri01");
  const State sink = {'!', 0};
  const auto step = [&](State state, SymbolId symbol) -> State {
    const char c = alphabet.Symbol(symbol)[0];
    const bool is_bit = c == '0' || c == '1';
    if (state == sink || is_bit == (state.first == '-')) return sink;
    if (!is_bit) return state.second < 0 && c != 'w' ? sink : State{c, state.second};
    const int bit = c - '0';
    if (state.first == 'w') return {'-', bit};
    if (state.first == 'r' && bit != state.second) return sink;
    return {'-', state.second};
  };
  return Explore(
      alphabet, State{'-', -1}, step,
      [](const State& state) { return state.first == '-' && state.second >= 0; }, limits, diag);
}

void AddMemory(std::vector<CatalogueEntry>& entries) {
  entries.push_back(Automaton(
      "flip_flop", {}, "w0 w1 r", "the last write is w1; initially the memory is 0", {{}},
      [](const Arguments&, const LanguageLimits&, Diagnostics&) {
        return MakeDfa(
            Alphabet({"w0", "w1", "r"}), 2, 0, [](StateId q, SymbolId a) { return a == 2 ? q : a; },
            [](StateId q) { return q == 1; });
      }));
  entries.push_back(Automaton(
      "ffl", {}, "w r i 0 1",
      "pairs of an instruction and a bit, w first; the bit after each r is the one after the last "
      "w",
      {{}}, [](const Arguments&, const LanguageLimits& limits, Diagnostics& diag) {
        return FlipFlopLanguage(limits, diag);
      }));
  entries.push_back(Automaton(
      "grid", {{"n", 2, 1000}}, "L R",
      "a walk on cells 0 to n-1, clamped at the ends, leads from 0 to n-1",
      {{2}, {3}, {4}, {5}, {9}}, [](const Arguments& n, const LanguageLimits&, Diagnostics&) {
        const int last = n[0] - 1;
        return MakeDfa(
            Letters("LR"), n[0], 0,
            [last](StateId q, SymbolId a) {
              return a == 0 ? std::max(q - 1, 0) : std::min(q + 1, last);
            },
            [last](StateId q) { return q == last; });
      }));
  entries.push_back(Automaton("adder_carry", {}, "0 1 2 3",
                              "binary addition, a column of bits x, y written as x+2y: the last "
                              "carry is 1",
                              {{}}, [](const Arguments&, const LanguageLimits&, Diagnostics&) {
                                return MakeDfa(
                                    Letters("0123"), 2, 0,
                                    [](StateId carry, SymbolId a) {
                                      return (a & 1) + (a >> 1) + carry >= 2 ? 1 : 0;
                                    },
                                    [](StateId carry) { return carry == 1; });
                              }));
}

// Direction and place on a ring of n: t turns around, d drives.
std::optional<Dfa> DihedralProblem(int n, const LanguageLimits& limits, Diagnostics& diag) {
  using State = std::pair<bool, int>;
  return Explore(
      Letters("01"), State{false, 0},
      [n](State state, SymbolId a) -> State {
        if (a == 0) return {!state.first, state.second};
        return {state.first, (state.second + (state.first ? n - 1 : 1)) % n};
      },
      [](const State& state) {
        return state == State{false, 0};
      },
      limits, diag);
}

// The product of quaternion units is 1.
std::optional<Dfa> QuaternionProblem(const LanguageLimits& limits, Diagnostics& diag) {
  // A unit is {sign, which of 1 i j k}. kProduct[x][y] is x*y; negative means with a minus.
  static constexpr int kUnit[4][4] = {{0, 1, 2, 3}, {1, 0, 3, 2}, {2, 3, 0, 1}, {3, 2, 1, 0}};
  static constexpr int kSign[4][4] = {{0, 0, 0, 0}, {0, 1, 0, 1}, {0, 1, 1, 0}, {0, 0, 1, 1}};
  using State = std::pair<int, int>;
  return Explore(
      Letters("1ijk"), State{0, 0},
      [](State state, SymbolId a) -> State {
        return {state.first ^ kSign[state.second][a], kUnit[state.second][a]};
      },
      [](const State& state) {
        return state == State{0, 0};
      },
      limits, diag);
}

// Alternating digits and operators; times binds tighter. The state is the sum of the complete
// terms, and the factor for the next digit (after an operator) or the term so far.
std::optional<Dfa> ModularArithmetic(const LanguageLimits& limits, Diagnostics& diag) {
  using State = std::array<int, 3>;  // {after a digit, sum, factor or term}; the sink is {-1, 0, 0}
  const State sink = {-1, 0, 0};
  return Explore(
      Letters("01234+-*"), State{0, 0, 1},
      [&](State state, SymbolId a) -> State {
        const bool is_digit = a < 5;
        if (state == sink || is_digit == (state[0] == 1)) return sink;
        if (is_digit) return {1, state[1], state[2] * a % 5};
        if (a == 7) return {0, state[1], state[2]};
        return {0, (state[1] + state[2]) % 5, a == 5 ? 1 : 4};
      },
      [](const State& state) { return state[0] == 1 && (state[1] + state[2]) % 5 == 0; }, limits,
      diag);
}

void AddGroups(std::vector<CatalogueEntry>& entries) {
  entries.push_back(Automaton("cycle_navigation", {{"k", 2, 1000}}, "- 0 +",
                              "a walk of steps -1, 0 and +1 on a ring of k positions returns to "
                              "the start",
                              {{5}}, [](const Arguments& k, const LanguageLimits&, Diagnostics&) {
                                return CountModulo(Letters("-0+"), k[0], {-1, 0, 1});
                              }));
  entries.push_back(Automaton("c2xc2", {}, "a b", "an even number of a and an even number of b",
                              {{}}, [](const Arguments&, const LanguageLimits&, Diagnostics&) {
                                return MakeDfa(
                                    Letters("ab"), 4, 0,
                                    [](StateId q, SymbolId a) { return q ^ (1 << a); },
                                    [](StateId q) { return q == 0; });
                              }));
  for (const int n : {3, 4, 5}) {
    entries.push_back(Automaton(
        fmt::format("s{}", n), {}, "s t",
        fmt::format(
            "the product is 1 in S{}, where s is the cycle (0 1 ... {}) and t swaps 0 and 1", n,
            n - 1),
        {{}}, [n](const Arguments&, const LanguageLimits& limits, Diagnostics& diag) {
          return WordProblem(Letters("st"), SymmetricGenerators(n), limits, diag);
        }));
  }
  for (const int n : {4, 5}) {
    entries.push_back(
        Automaton(fmt::format("a{}", n), {}, "s t",
                  n == 4 ? "the product is 1 in A4, where s = (0 1 2) and t = (0 1)(2 3)"
                         : "the product is 1 in A5, where s = (0 1 2 3 4) and t = (0 1 2)",
                  {{}}, [n](const Arguments&, const LanguageLimits& limits, Diagnostics& diag) {
                    return WordProblem(Letters("st"), AlternatingGenerators(n), limits, diag);
                  }));
  }
  entries.push_back(Automaton(
      "dihedral", {{"n", 3, 1000}}, "0 1",
      "on a ring of n, 0 turns around and 1 moves a step: back at the start, facing the same way",
      {{4}, {5}}, [](const Arguments& n, const LanguageLimits& limits, Diagnostics& diag) {
        return DihedralProblem(n[0], limits, diag);
      }));
  entries.push_back(Automaton("q8", {}, "1 i j k", "the product of the quaternion units is 1", {{}},
                              [](const Arguments&, const LanguageLimits& limits,
                                 Diagnostics& diag) { return QuaternionProblem(limits, diag); }));
  entries.push_back(Automaton("a5_point", {}, "s t",
                              "the product in A5 sends the point 0 to itself", {{}},
                              [](const Arguments&, const LanguageLimits&, Diagnostics&) {
                                return PointProblem(Letters("st"), AlternatingGenerators(5));
                              }));
  entries.push_back(Automaton("s5_point", {}, "s t",
                              "the product in S5 sends the point 0 to itself", {{}},
                              [](const Arguments&, const LanguageLimits&, Diagnostics&) {
                                return PointProblem(Letters("st"), SymmetricGenerators(5));
                              }));
  entries.push_back(
      Automaton("modular_arithmetic", {}, "0 1 2 3 4 + - *",
                "alternating digits and operators whose value is a multiple of 5; * binds tighter",
                {{}}, [](const Arguments&, const LanguageLimits& limits, Diagnostics& diag) {
                  return ModularArithmetic(limits, diag);
                }));
}

const CatalogueEntry* FindEntry(const std::string& name, Diagnostics& diag) {
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : Catalogue()) {
    if (entry.name == name) return &entry;
    names.push_back(entry.name);
  }
  const std::string closest = ClosestName(name, names);
  diag.Error(ErrorKind::kUndefined, {},
             fmt::format("there is no language '{}' in the catalogue{}", name,
                         closest.empty() ? "" : fmt::format("; did you mean '{}'?", closest)));
  return nullptr;
}

}  // namespace

const std::vector<CatalogueEntry>& Catalogue() {
  static const std::vector<CatalogueEntry> entries = [] {
    std::vector<CatalogueEntry> all;
    AddTomita(all);
    AddCounting(all);
    AddDyck(all);
    AddPatterns(all);
    AddMemory(all);
    AddGroups(all);
    return all;
  }();
  return entries;
}

Alphabet BracketAlphabet(int num_kinds) {
  static const std::vector<std::string> kBrackets = {"(", ")", "[", "]", "{", "}", "<", ">"};
  std::vector<std::string> symbols;
  for (int kind = 0; kind < num_kinds; ++kind) {
    if (kind < 4) {
      symbols.push_back(kBrackets[2 * kind]);
      symbols.push_back(kBrackets[2 * kind + 1]);
    } else {
      symbols.push_back(fmt::format("({}", kind + 1));
      symbols.push_back(fmt::format("){}", kind + 1));
    }
  }
  return Alphabet(std::move(symbols));
}

std::optional<Dfa> CatalogueLanguage(const std::string& name,
                                     const std::optional<Alphabet>& alphabet,
                                     const LanguageLimits& limits, Diagnostics& diag) {
  const std::optional<FamilyName> parsed = ParseFamilyName(name, diag);
  if (!parsed) return std::nullopt;
  const CatalogueEntry* entry = FindEntry(parsed->name, diag);
  if (entry == nullptr) return std::nullopt;
  const std::optional<Arguments> arguments = ReadArguments(*parsed, entry->parameters, diag);
  if (!arguments) return std::nullopt;
  const std::optional<Dfa> dfa = entry->build(*arguments, alphabet, limits, diag);
  if (!dfa) return std::nullopt;
  if (!CheckAlphabetIs(dfa->alphabet, alphabet, "the language " + name, diag)) return std::nullopt;
  return Minimised(*dfa);
}

}  // namespace raspc
