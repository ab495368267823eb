// The catalogue against what is known about its languages, line by line, and its languages against
// their definitions. The figures in the table were determined independently of this code.
#include "lab/families/regular/catalogue.h"

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <set>

#include "automata/algebra/classify.h"
#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

struct TableRow {
  std::string language;
  int num_states, monoid_size;
  std::string verdicts;  // F C H P T: y yes, - no, l only with the verdict at the last symbol
  // J, L, DA, LT (locally testable), df, rdf, gdf (definite kinds), lR (locally R-trivial), R,
  // comm, grp:NAME. What they imply is not repeated.
  std::set<std::string> tags;
};

const std::vector<TableRow>& Table() {
  static const std::vector<TableRow> rows = {
      {"tomita_1", 2, 2, "yyyyy", {"J", "LT"}},
      {"tomita_2", 3, 6, "-yyyy", {"LT"}},
      {"tomita_3", 5, 26, "---yy", {"grp:C2"}},
      {"tomita_4", 4, 12, "--yyy", {"LT"}},
      {"tomita_5", 4, 4, "----y", {"grp:C2xC2", "comm"}},
      {"tomita_6", 3, 3, "----y", {"grp:C3", "comm"}},
      {"tomita_7", 5, 9, "yyyyy", {"J"}},
      {"parity", 2, 2, "----y", {"grp:C2"}},
      {"mod(3)", 3, 3, "----y", {"grp:C3"}},
      {"mod(6)", 6, 6, "----y", {"grp:C6"}},
      {"unary_mod(2)", 2, 2, "---yy", {"grp:C2"}},
      {"aa_star", 3, 3, "---yy", {"grp:C2"}},
      {"unary_mod(4)", 4, 4, "---yy", {"grp:C4"}},
      {"abab_star", 5, 10, "---yy", {"grp:C2"}},
      {"even_length", 2, 2, "---yy", {"grp:C2"}},
      {"d(1)", 3, 6, "-yyyy", {"LT"}},
      {"d(2)", 4, 15, "-yyyy", {}},
      {"d(3)", 5, 31, "-yyyy", {}},
      {"d(4)", 6, 56, "-yyyy", {}},
      {"d(5)", 7, 92, "-yyyy", {}},
      {"d(6)", 8, 141, "-yyyy", {}},
      {"d(7)", 9, 205, "-yyyy", {}},
      {"d(8)", 10, 286, "-yyyy", {}},
      {"d(9)", 11, 386, "-yyyy", {}},
      {"d(10)", 12, 507, "-yyyy", {}},
      {"d(11)", 13, 651, "-yyyy", {}},
      {"d(12)", 14, 820, "-yyyy", {}},
      {"first", 3, 3, "yyyyy", {"rdf"}},
      {"last", 2, 3, "llyyy", {"L", "DA", "df"}},
      {"last_neutral", 2, 3, "--yyy", {"L", "DA"}},
      {"a_to_b", 4, 5, "llyyy", {"DA", "gdf", "LT"}},
      {"bb_first", 4, 5, "yyyyy", {"rdf"}},
      {"lt_1", 2, 2, "yyyyy", {"J", "LT"}},
      {"contains_ab", 3, 5, "yyyyy", {"J", "LT"}},
      {"lt_2", 3, 6, "--yyy", {"LT"}},
      {"contains_bb", 3, 6, "--yyy", {"LT"}},
      {"no_bb", 3, 6, "--yyy", {"LT"}},
      {"pt_2", 3, 5, "yyyyy", {"J"}},
      {"a_star_b_star", 3, 5, "yyyyy", {"J", "LT"}},
      {"a_plus_b_plus", 4, 5, "yyyyy", {"J", "LT"}},
      {"alternating(5)", 7, 11, "yyyyy", {"J"}},
      {"ab_blocks(2)", 6, 9, "yyyyy", {"J"}},
      {"ab_blocks(3)", 8, 13, "yyyyy", {"J"}},
      {"blocks_a_to_e", 7, 17, "yyyyy", {"J", "LT"}},
      {"rdp_1", 4, 6, "--yyy", {"L", "DA"}},
      {"ldp_1", 3, 6, "yyyyy", {"R"}},
      {"ldp_2", 4, 22, "yyyyy", {"R"}},
      {"ab_d_bc", 3, 5, "yyyyy", {"J"}},
      {"last_not_2_is_0", 2, 3, "--yyy", {"L", "DA"}},
      {"c_ab_abd", 6, 14, "--yyy", {"DA", "lR"}},
      {"aaa_in_c", 5, 10, "yyyyy", {"J"}},
      {"ab_or_ba_star", 4, 15, "-yyyy", {}},
      {"ab_or_bbaa_star", 6, 36, "-yyyy", {"LT"}},
      {"ab_or_bba_star", 5, 26, "--yyy", {"LT"}},
      {"ab_or_aabb_star", 5, 21, "--yyy", {"LT"}},
      {"aa_or_bb_star", 4, 15, "---yy", {"grp:C2"}},
      {"a_or_bb_star", 3, 7, "---yy", {"grp:C2"}},
      {"from_end(3)", 8, 15, "--yyy", {"df"}},
      {"even_pairs", 5, 5, "llyyy", {"DA", "gdf"}},
      {"flip_flop", 2, 3, "--yyy", {"L", "DA"}},
      {"ffl", 9, 81, "--yyy", {}},
      {"grid(2)", 2, 3, "llyyy", {"df"}},
      {"grid(3)", 3, 8, "--yyy", {}},
      {"grid(4)", 4, 18, "--yyy", {}},
      {"grid(5)", 5, 35, "--yyy", {}},
      {"grid(9)", 9, 213, "--yyy", {}},
      {"adder_carry", 2, 3, "--yyy", {}},
      {"dyck(2,1)", 4, 11, "-yyyy", {"LT"}},
      {"dyck(2,2)", 8, 60, "-yyyy", {}},
      {"dyck(2,3)", 16, 285, "-yyyy", {}},
      {"dyck(3,2)", 14, 187, "-yyyy", {}},
      {"cycle_navigation(5)", 5, 5, "----y", {"grp:C5"}},
      {"c2xc2", 4, 4, "----y", {"grp:C2xC2"}},
      {"s3", 6, 6, "----y", {"grp:S3"}},
      {"s4", 24, 24, "----y", {"grp:S4"}},
      {"a4", 12, 12, "----y", {"grp:A4"}},
      {"dihedral(4)", 8, 8, "----y", {"grp:D8"}},
      {"dihedral(5)", 10, 10, "----y", {"grp:D10"}},
      {"q8", 8, 8, "----y", {"grp:Q8"}},
      {"a5", 60, 60, "----*", {"grp:A5"}},
      {"s5", 120, 120, "----*", {"grp:S5"}},
      {"a5_point", 5, 60, "----*", {"grp:A5"}},
      {"s5_point", 5, 120, "----*", {"grp:S5"}},
      {"modular_arithmetic", 51, 518, "----y", {"grp:C5", "grp:C4"}},
  };
  return rows;
}

// Of F, C, H, P and T; * where it is no unless complexity classes are equal.
std::string VerdictsOf(const Classification& c) {
  std::string text;
  for (const ModelVerdict& verdict : ModelVerdicts(c)) {
    if (std::string("FCHPT").find(verdict.key) == std::string::npos) continue;
    if (!verdict.unless.empty()) {
      text += '*';
      continue;
    }
    REQUIRE(verdict.recognises);
    REQUIRE(verdict.recognises_at_last);
    // What is recognised after the word is recognised at its last symbol.
    CHECK((!*verdict.recognises || *verdict.recognises_at_last));
    text += *verdict.recognises ? 'y' : *verdict.recognises_at_last ? 'l' : '-';
  }
  return text;
}

std::set<std::string> TagsOf(const Classification& c) {
  std::set<std::string> tags;
  const std::vector<std::pair<std::string, std::optional<bool>>> all = {
      {"J", c.j_trivial}, {"L", c.l_trivial},          {"R", c.r_trivial},
      {"DA", c.da},       {"LT", c.locally_testable},  {"lR", c.locally_r_trivial},
      {"df", c.definite}, {"rdf", c.reverse_definite}, {"gdf", c.generalised_definite}};
  for (const auto& [tag, holds] : all) {
    REQUIRE(holds);
    if (*holds) tags.insert(tag);
  }
  return tags;
}

// The tags and all that they imply.
std::set<std::string> Closure(std::set<std::string> tags) {
  static const std::map<std::string, std::vector<std::string>> implied = {
      {"J", {"R", "L"}},    {"R", {"DA", "lR"}},   {"L", {"DA"}},        {"LT", {"lR"}},
      {"df", {"gdf", "L"}}, {"rdf", {"gdf", "R"}}, {"gdf", {"LT", "DA"}}};
  for (std::size_t before = 0; before != tags.size();) {
    before = tags.size();
    for (const std::string& tag : std::set<std::string>(tags)) {
      const auto found = implied.find(tag);
      if (found != implied.end()) tags.insert(found->second.begin(), found->second.end());
    }
  }
  return tags;
}

TEST_CASE("the catalogue is classified as it is known to be") {
  for (const TableRow& row : Table()) {
    INFO(row.language);
    const Classification c = Classify(MinimalOf(row.language), {});
    CHECK(c.num_states == row.num_states);
    CHECK(c.monoid_size == row.monoid_size);
    CHECK(VerdictsOf(c) == row.verdicts);
    CHECK(c.refused.empty());
    std::set<std::string> tags = row.tags;
    std::vector<std::string> groups;
    std::erase_if(tags, [&](const std::string& tag) {
      if (tag.starts_with("grp:")) groups.push_back(tag.substr(4));
      return tag.starts_with("grp:") || tag == "comm";
    });
    if (row.verdicts[0] == 'y') tags.insert("R");
    // The table shows these for some rows only.
    if (row.language == "adder_carry" || row.language == "flip_flop") tags.insert("L");
    const std::set<std::string> shown = Closure(tags);
    std::set<std::string> found = TagsOf(c);
    CHECK(found == shown);
    for (const std::string& group : groups) {
      CHECK(std::count(c.groups.begin(), c.groups.end(), group) == 1);
    }
    CHECK(c.groups.empty() == groups.empty());
    if (row.tags.contains("comm")) CHECK(c.commutative);
  }
}

TEST_CASE("every catalogue entry is in the table of what is known") {
  std::set<std::string> in_table;
  for (const TableRow& row : Table()) {
    in_table.insert(row.language.substr(0, row.language.find('(')));
  }
  std::set<std::string> in_catalogue;
  for (const CatalogueEntry& entry : Catalogue()) in_catalogue.insert(entry.name);
  CHECK(in_table == in_catalogue);
}

TEST_CASE("witnesses for the order of the classes are on the right side of R^omega") {
  CHECK(Classify(MinimalOf("ab_or_bba_star"), {}).r_omega == true);
  CHECK(Classify(MinimalOf("ab_or_aabb_star"), {}).r_omega == false);
  CHECK(Classify(MinimalOf("lt_2"), {}).r_omega == false);
  for (const char* name : {"grid(3)", "grid(4)", "grid(9)"}) {
    CHECK(Classify(MinimalOf(name), {}).r_omega == false);
  }
}

// Definitions, written without automata.
int Count(const std::string& w, char c) {
  return static_cast<int>(std::count(w.begin(), w.end(), c));
}
bool Has(const std::string& w, const std::string& part) {
  return w.find(part) != std::string::npos;
}

bool OddRunsAreKeptApart(const std::string& w) {
  // Runs as lengths; a run of 0s may not be odd directly after an odd run of 1s.
  std::vector<std::pair<char, int>> runs;
  for (const char c : w) {
    if (runs.empty() || runs.back().first != c) runs.emplace_back(c, 0);
    ++runs.back().second;
  }
  for (std::size_t i = 1; i < runs.size(); ++i) {
    if (runs[i].first == '0' && runs[i].second % 2 == 1 && runs[i - 1].second % 2 == 1)
      return false;
  }
  return true;
}

bool MatchesBrackets(const std::string& w, int max_depth) {
  std::string stack;
  for (const char c : w) {
    const std::size_t closing = std::string(")]}").find(c);
    if (closing == std::string::npos) {
      stack += c;
      if (static_cast<int>(stack.size()) > max_depth) return false;
    } else {
      if (stack.empty() || stack.back() != "([{"[closing]) return false;
      stack.pop_back();
    }
  }
  return stack.empty();
}

bool IsFlipFlopWord(const std::string& w) {
  if (w.empty() || w.size() % 2 != 0 || w[0] != 'w') return false;
  char memory = '?';
  for (std::size_t i = 0; i < w.size(); i += 2) {
    if (std::string("wri").find(w[i]) == std::string::npos) return false;
    if (w[i + 1] != '0' && w[i + 1] != '1') return false;
    if (w[i] == 'w') memory = w[i + 1];
    if (w[i] == 'r' && w[i + 1] != memory) return false;
  }
  return true;
}

bool EndsOnLastCell(const std::string& w, int num_cells) {
  int cell = 0;
  for (const char c : w) cell = std::clamp(cell + (c == 'R' ? 1 : -1), 0, num_cells - 1);
  return cell == num_cells - 1;
}

bool IsMultipleOfFive(const std::string& w) {
  if (w.size() % 2 == 0) return false;
  int sum = 0, term = 1, sign = 1;
  for (std::size_t i = 0; i < w.size(); ++i) {
    const bool is_digit = w[i] >= '0' && w[i] <= '4';
    if (is_digit != (i % 2 == 0)) return false;
    if (is_digit) {
      term *= w[i] - '0';
      continue;
    }
    if (w[i] == '*') continue;
    sum += sign * term;
    term = 1;
    sign = w[i] == '+' ? 1 : -1;
  }
  return (sum + sign * term) % 5 == 0;
}

TEST_CASE("catalogue languages hold the words of their definitions") {
  using Definition = std::function<bool(const std::string&)>;
  const std::vector<std::pair<std::string, Definition>> definitions = {
      {"tomita_3", OddRunsAreKeptApart},
      {"tomita_4", [](auto& w) { return !Has(w, "000"); }},
      {"tomita_5", [](auto& w) { return Count(w, '0') % 2 == 0 && Count(w, '1') % 2 == 0; }},
      {"tomita_6", [](auto& w) { return (Count(w, '0') - Count(w, '1')) % 3 == 0; }},
      {"parity", [](auto& w) { return Count(w, 'b') % 2 == 0; }},
      {"mod(4)", [](auto& w) { return Count(w, '1') % 4 == 0; }},
      {"d(2)",
       [](const std::string& w) {
         std::string brackets;
         for (const char c : w) brackets += c == 'a' ? '(' : ')';
         return MatchesBrackets(brackets, 2);
       }},
      {"dyck(2,2)", [](auto& w) { return MatchesBrackets(w, 2); }},
      {"dyck(3,1)", [](auto& w) { return MatchesBrackets(w, 1); }},
      {"dyck(1,3)", [](auto& w) { return MatchesBrackets(w, 3); }},
      {"last_neutral",
       [](std::string w) {
         std::erase(w, 'e');
         return w.ends_with('b');
       }},
      {"no_bb", [](auto& w) { return !Has(w, "bb"); }},
      {"from_end(3)", [](auto& w) { return w.size() >= 3 && w[w.size() - 3] == 'a'; }},
      {"even_pairs", [](auto& w) { return w.empty() || w.front() == w.back(); }},
      {"ffl", IsFlipFlopWord},
      {"grid(4)", [](auto& w) { return EndsOnLastCell(w, 4); }},
      {"adder_carry",
       [](auto& w) {
         int carry = 0;
         for (const char c : w) carry = ((c - '0') % 2 + (c - '0') / 2 + carry) / 2;
         return carry == 1;
       }},
      {"cycle_navigation(3)", [](auto& w) { return (Count(w, '+') - Count(w, '-')) % 3 == 0; }},
      {"modular_arithmetic", IsMultipleOfFive},
  };
  for (const auto& [name, contains] : definitions) {
    const Dfa dfa = MinimalOf(name);
    const int max_length = dfa.num_symbols() <= 3 ? 9 : 5;
    for (const Word& word : WordsUpTo(dfa.num_symbols(), max_length)) {
      const std::string text = ToText(dfa.alphabet, word);
      if (dfa.Accepts(word) != contains(text)) FAIL(name << " is wrong about '" << text << "'");
    }
  }
}

TEST_CASE("a wrong catalogue name or argument is named, with what would be right") {
  const auto error = [](const std::string& name) {
    Diagnostics diag;
    CHECK_FALSE(CatalogueLanguage(name, std::nullopt, {}, diag));
    return FirstError(diag);
  };
  CHECK(error("party") == "there is no language 'party' in the catalogue; did you mean 'parity'?");
  CHECK(error("dyck") == "wrong number of parameters for 'dyck': write dyck(k,d)");
  CHECK(error("parity(2)") == "wrong number of parameters for 'parity': write parity");
  CHECK(error("dyck(2,x)") == "in dyck(k,d), d must be an integer from 0 to 1000, not 'x'");
  CHECK(error("grid(1)") == "in grid(n), n must be an integer from 2 to 1000, not '1'");
  CHECK(error("mod(99999999999)") ==
        "in mod(k), k must be an integer from 1 to 1000, not '99999999999'");
  CHECK(error("dyck(2,3") == "'dyck(2,3' has a '(' without a ')' at its end");
  CHECK(error("dyck(9,9)") == "the automaton has more than 100000 states, the limit");
  CHECK(error("") == "there is no language '' in the catalogue");
}

TEST_CASE("an expression of the catalogue is read over the alphabet given") {
  CHECK(MinimalOf("aa_star", "a") == MinimalOf("unary_mod(2)"));
  CHECK(MinimalOf("contains_ab", "abc") == MinimalOf("lt_2"));
  Diagnostics diag;
  CHECK_FALSE(CatalogueLanguage("parity", SmallLetters(3), {}, diag));
  CHECK(FirstError(diag) ==
        "the language parity is defined over the alphabet [\"a\", \"b\"], not [\"a\", \"b\", "
        "\"c\"]");
}

}  // namespace
}  // namespace raspc
