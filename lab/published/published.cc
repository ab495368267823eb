// The rows.
#include "lab/published/published.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/diagnostics.h"
#include "lab/problem/family_name.h"

namespace raspc {
namespace {

// The problem of a row.
struct Subject {
  std::string family;
  std::vector<int> arguments;
};

struct PublishedRow {
  Subject subject;
  PublishedResult result;
};

PublishedResult Empty(const std::string& source, const std::string& what) {
  PublishedResult result;
  result.source = source;
  result.what = what;
  return result;
}

// A figure, and whether it counts as learned by the publication's own threshold.
void SetValue(PublishedResult& result, double value, double learned_from) {
  result.value = value;
  result.learned_from = learned_from;
  result.learned = value >= learned_from;
}

// A finding in words.
PublishedResult InWords(const std::string& source, const std::string& what,
                        const std::string& table, const std::string& finding,
                        std::optional<bool> learned) {
  PublishedResult result = Empty(source, what);
  result.table = table;
  result.finding = finding;
  if (learned) result.learned = *learned;
  return result;
}

// Li, Cotterell, "Characterizing the expressivity of fixed-precision transformer language models",
// 2025, table 1: the transformer's best run, the mean and the standard deviation. The LSTM's best
// run is 100 in every row except those of the mask ablation (F.2, in the text), where none is
// given. "Learned" means right on every word.
struct LiCotterellRow {
  Subject subject;
  double best, mean, sd;
  const char* mask;  // of the ablation; else null
};

void AddLiCotterell(std::vector<PublishedRow>& rows) {
  const LiCotterellRow table[] = {
      {{"a_n_b_n", {}}, 83.3, 53.6, 8.6, nullptr},
      {{"parity", {}}, 52.1, 50.6, 0.8, nullptr},
      {{"d", {2}}, 83.4, 64.2, 8.0, nullptr},
      {{"dyck", {1, 2}}, 83.4, 64.2, 8.0, nullptr},
      {{"d", {1}}, 87.7, 71.5, 9.3, nullptr},
      {{"dyck", {1, 1}}, 87.7, 71.5, 9.3, nullptr},
      {{"lt_2", {}}, 62.1, 57.9, 2.3, nullptr},
      {{"rdp_1", {}}, 90.0, 71.1, 11.5, nullptr},
      {{"last", {}}, 64.8, 57.3, 2.7, nullptr},
      {{"pt_2", {}}, 100, 98.3, 3.5, nullptr},
      {{"lt_1", {}}, 100, 88.8, 11.8, nullptr},
      {{"ldp_2", {}}, 100, 100, 0, nullptr},
      {{"ldp_1", {}}, 100, 97.3, 6.0, nullptr},
      {{"first", {}}, 100, 99.4, 1.4, nullptr},
      {{"bb_first", {}}, 100, 96.3, 5.8, "strict"},
      {{"bb_first", {}}, 95.8, 74.4, 8.2, "non-strict"},
  };
  for (const LiCotterellRow& row : table) {
    const std::string mask = row.mask == nullptr ? "strict" : row.mask;
    PublishedResult result =
        Empty("Li, Cotterell 2025",
              fmt::format("transformer, 5 layers, width 64, no positions, {} mask", mask));
    result.table = row.mask == nullptr ? "table 1" : "text, F.2";
    result.test = row.mask == nullptr ? "trained to length 40, tested at 41-500; best of 15 runs"
                                      : "trained to length 40, tested at 41-500";
    SetValue(result, row.best, 100);
    result.mean = row.mean;
    result.sd = row.sd;
    result.chance = 50;
    if (row.mask == nullptr) result.others.push_back({"LSTM", 100});
    rows.push_back({row.subject, std::move(result)});
  }
}

// Table 3: the same languages, by language models.
void AddLiCotterellLanguageModels(std::vector<PublishedRow>& rows) {
  const struct {
    const char* language;
    double value;
  } table[] = {{"rdp_1", 98.3}, {"ldp_1", 100}, {"ldp_2", 100}};
  for (const auto& row : table) {
    PublishedResult result = Empty("Li, Cotterell 2025", "transformer, as a language model");
    result.table = "table 3";
    SetValue(result, row.value, 100);
    rows.push_back({{row.language, {}}, std::move(result)});
  }
}

// Delétang et al., "Neural networks and the Chomsky hierarchy", 2023: per cent of output tokens,
// the best run of 10 seeds, 3 learning rates and, for transformers, 5 positional encodings (section
// 4, A.4). "Learned" means right on 90 (B.1, B.3.2). RNN, Stack-RNN, Tape-RNN, transformer,
// LSTM.
struct ChomskyRow {
  const char* task;
  double chance;
  double rnn, stack_rnn, tape_rnn, transformer, lstm;
};

constexpr const char* kChomsky = "Delétang et al. 2023";
constexpr const char* kChomskyModel = "transformer encoder, no causal mask, not autoregressive";
constexpr double kChomskyLearnedFrom = 90;

PublishedResult ChomskyFigure(double chance, double value) {
  PublishedResult result = Empty(kChomsky, kChomskyModel);
  result.test =
      "trained to length 40, tested at 41-500; best of 150 runs (10 seeds, 3 learning rates, 5 "
      "positional encodings), per output token";
  result.chance = chance;
  SetValue(result, value, kChomskyLearnedFrom);
  return result;
}

void AddChomskyHierarchy(std::vector<PublishedRow>& rows) {
  const ChomskyRow table[] = {
      {"modular_arithmetic_simple", 20, 100, 100, 100, 24.2, 100},
      {"parity_check", 50, 100, 100, 100, 52.0, 100},
      {"stack_manipulation", 50, 56.0, 100, 100, 57.5, 59.1},
      {"reverse_string", 50, 62.0, 100, 100, 62.3, 60.9},
      {"duplicate_string", 50, 50.3, 52.8, 100, 52.8, 57.6},
      {"odds_first", 50, 51.0, 51.9, 100, 52.8, 55.6},
  };
  for (const ChomskyRow& row : table) {
    PublishedResult result = ChomskyFigure(row.chance, row.transformer);
    result.others = {{"RNN", row.rnn},
                     {"Stack-RNN", row.stack_rnn},
                     {"Tape-RNN", row.tape_rnn},
                     {"LSTM", row.lstm}};
    rows.push_back({{row.task, {}}, std::move(result)});
  }
  PublishedResult cycle = ChomskyFigure(20, 61.9);
  cycle.table = "text, B.3.2";
  rows.push_back({{"cycle_navigation_task", {}}, std::move(cycle)});
}

// For the other tasks, what the text says in words: the figures were not available.
void AddChomskyHierarchyInWords(std::vector<PublishedRow>& rows) {
  constexpr const char* kNotAmong = "not among the tasks that transformers solve";
  const struct {
    const char* task;
    double chance;
    bool learned;
    const char* finding;
  } table[] = {
      {"even_pairs_task", 50, true, "one of the two tasks solved, that is, right on 90 or more"},
      {"bucket_sort", 20, true, "one of the two tasks solved, that is, right on 90 or more"},
      {"modular_arithmetic_brackets", 20, false, kNotAmong},
      {"solve_equation", 20, false, kNotAmong},
      {"missing_duplicate", 50, false, kNotAmong},
      {"binary_addition", 50, false, kNotAmong},
      {"binary_multiplication", 50, false, kNotAmong},
      {"compute_sqrt", 50, false, kNotAmong},
  };
  for (const auto& row : table) {
    PublishedResult result = InWords(kChomsky, kChomskyModel, "text", row.finding, row.learned);
    result.test = "trained to length 40, tested at 41-500";
    result.chance = row.chance;
    rows.push_back({{row.task, {}}, std::move(result)});
  }
  const std::string autoregressive = "transformer, autoregressive";
  rows.push_back({{"duplicate_string", {}},
                  InWords(kChomsky, autoregressive, "text, B.7.2",
                          "solved where the answer is written token by token", true)});
  rows.push_back({{"bucket_sort", {}},
                  InWords(kChomsky, autoregressive, "text, B.7.2",
                          "not solved where the answer is written token by token", false)});
}

// Yang, Cadilhac, Chiang, "Knee-deep in C-RASP", 2025: accuracy on k alternating blocks by the
// number of layers, from one on; k - 2 were enough.
void AddAlternatingBlocks(std::vector<PublishedRow>& rows) {
  const struct {
    int k;
    double best;
    const char* finding;
  } table[] = {
      {3, 100, "100 from 1 layer on"},
      {4, 100, "21.7 with 1 layer, 100 from 2 on"},
      {5, 100, "11.3 with 1 layer, 50.6 with 2, 100 from 3 on"},
  };
  for (const auto& row : table) {
    PublishedResult result =
        Empty("Yang, Cadilhac, Chiang 2025", "transformer, by number of layers");
    SetValue(result, row.best, 100);
    result.test = "words of the language alone, labelled at every symbol";
    result.finding = row.finding;
    rows.push_back({{"alternating", {row.k}}, std::move(result)});
  }
}

// Yang et al., 2026 (arXiv 2608.13433): the state after every symbol of a word, to ten times the
// lengths of training. They find that languages of C-RASP are learned that Li and Cotterell's
// transformers do not learn, and discuss it.
void AddStateTracking(std::vector<PublishedRow>& rows) {
  const std::string source = "Yang et al. 2026";
  const std::string what = "transformer, predicting the state after every symbol";
  const std::string test = "tested at 51-500";
  const Subject learned[] = {{"first", {}},         {"ldp_1", {}},     {"ldp_2", {}},
                             {"lt_1", {}},          {"d", {1}},        {"dyck", {1, 1}},
                             {"ab_or_ba_star", {}}, {"ab_blocks", {3}}};
  for (const Subject& subject : learned) {
    PublishedResult result = Empty(source, what);
    result.test = test;
    SetValue(result, 100, 100);
    rows.push_back({subject, std::move(result)});
  }
  for (const char* name : {"parity", "aa_star", "last", "last_neutral", "rdp_1", "ab_or_bba_star",
                           "ab_or_aabb_star"}) {
    PublishedResult result = InWords(source, what, "", "not learned", false);
    result.test = test;
    rows.push_back({{name, {}}, std::move(result)});
  }
  PublishedResult beyond = Empty(source, what);
  beyond.test = test;
  beyond.finding = "not learned, though it is in C-RASP";
  SetValue(beyond, 28, 100);
  rows.push_back({{"ab_or_bbaa_star", {}}, std::move(beyond)});
  for (const Subject& subject : {Subject{"d", {2}}, Subject{"dyck", {1, 2}}}) {
    PublishedResult result =
        InWords(source, what, "", "84 on average: weaker than D_1", std::nullopt);
    result.test = test;
    rows.push_back({subject, std::move(result)});
  }
}

// Bhattamishra, Ahuja, Goyal, "Ability and limitations of transformers to recognize formal
// languages", 2020: findings in words only, on what was tested there.
void AddBhattamishra(std::vector<PublishedRow>& rows) {
  const struct {
    Subject subject;
    bool learned;
    const char* finding;
  } table[] = {
      {{"dyck", {1}}, true, "learned near perfectly"},
      {{"shuffle_dyck", {2}}, true, "learned near perfectly"},
      {{"boolean_expression", {}}, true, "learned"},
      {{"a_n_b_n_c_n", {}}, true, "learned"},
      {{"parity", {}}, false, "learned poorly"},
      {{"unary_mod", {2}}, false, "learned poorly"},
      {{"aa_star", {}}, false, "learned poorly"},
      {{"d", {2}}, false, "learned poorly"},
      {{"d", {4}}, false, "learned poorly"},
  };
  for (const auto& row : table) {
    rows.push_back({row.subject, InWords("Bhattamishra, Ahuja, Goyal 2020", "transformer", "text",
                                         row.finding, row.learned)});
  }
}

// Butoi et al., "Training neural networks as recognizers of formal languages", 2025: whether an
// architecture is right on every longer word. Among non-regular languages that is only majority,
// for any of the three architectures; the figures were not available.
void AddFlare(std::vector<PublishedRow>& rows) {
  for (const char* name : {"marked_copy", "marked_palindromes"}) {
    PublishedResult result =
        InWords("Butoi et al. 2025", "transformer, causal, as a recogniser", "figure 1",
                "no perfect length generalisation, nor that of an RNN or an LSTM", false);
    rows.push_back({{name, {}}, std::move(result)});
  }
}

// Merrill, Sabharwal, "A little depth goes a long way", 2025: what it took to learn A5's words.
// "Learned" means right on 95 of a hundred symbols.
void AddLittleDepth(std::vector<PublishedRow>& rows) {
  PublishedResult result = InWords(
      "Merrill, Sabharwal 2025, a little depth", "transformer, by depth and width", "fits",
      "at width 512 learned to length n with 4.8 log2 n - 15.8 layers (R^2 0.93); at depth 6 with "
      "a width of 2^((n + 41.7) / 7.2) (R^2 0.98)",
      std::nullopt);
  result.test =
      "the state after every symbol of words over all 60 elements, not over two generators as "
      "here; lengths of training, to 1,024";
  result.learned_from = 95;
  rows.push_back({{"a5", {}}, std::move(result)});
}

const std::vector<PublishedRow>& Rows() {
  static const std::vector<PublishedRow> rows = [] {
    std::vector<PublishedRow> all;
    AddLiCotterell(all);
    AddLiCotterellLanguageModels(all);
    AddChomskyHierarchy(all);
    AddChomskyHierarchyInWords(all);
    AddAlternatingBlocks(all);
    AddStateTracking(all);
    AddBhattamishra(all);
    AddFlare(all);
    AddLittleDepth(all);
    return all;
  }();
  return rows;
}

bool IsAbout(const Subject& subject, const FamilyName& name) {
  if (subject.family != name.name) return false;
  Diagnostics diag;  // other arguments are irrelevant here
  const auto arguments = ReadArguments(
      name, std::vector<FamilyParameter>(subject.arguments.size(), {"", 0, 1'000'000}), diag);
  return arguments && *arguments == subject.arguments;
}

}  // namespace

double ValueOf(const PublishedFigure& figure) {
  return std::visit([](auto value) { return static_cast<double>(value); }, figure);
}

std::vector<PublishedResult> PublishedResults(const std::string& problem_name) {
  std::vector<PublishedResult> results;
  Diagnostics diag;  // a name that is not a member of a family has no results
  const std::optional<FamilyName> name = ParseFamilyName(problem_name, diag);
  if (!name) return results;
  for (const PublishedRow& row : Rows()) {
    if (IsAbout(row.subject, *name)) results.push_back(row.result);
  }
  return results;
}

std::vector<std::string> PublishedProblems() {
  std::vector<std::string> names;
  for (const PublishedRow& row : Rows()) {
    const std::string name = FamilyMember(row.subject.family, row.subject.arguments);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace raspc
