// Match2 and Match3: for each symbol, whether it and one or two others, itself among them perhaps,
// add up to a multiple of a modulus (Sanford, Hsu, Telgarsky 2023).
#include <fmt/format.h>

#include "languages/nonregular/nonregular_language.h"

namespace raspc {
namespace {

constexpr const char* kMatch = "Sanford, Hsu, Telgarsky 2023";

int Negative(int residue, int modulus) { return (modulus - residue) % modulus; }

Alphabet Residues(int modulus) {
  std::vector<std::string> symbols;
  for (int r = 0; r < modulus; ++r) symbols.push_back(fmt::format("{}", r));
  return Alphabet(std::move(symbols));
}

// Whether each residue of the word is in `reachable`, as an answer.
Answer AnswerFrom(const Word& word, const std::vector<bool>& reachable) {
  Answer answer;
  for (const SymbolId x : word)
    answer.push_back(reachable[static_cast<std::size_t>(x)] ? "1" : "0");
  return answer;
}

Answer Match2(const Word& word, int modulus) {
  std::vector<bool> matched(static_cast<std::size_t>(modulus));
  for (const SymbolId x : word) matched[static_cast<std::size_t>(Negative(x, modulus))] = true;
  return AnswerFrom(word, matched);
}

Answer Match3(const Word& word, int modulus) {
  std::vector<bool> present(static_cast<std::size_t>(modulus)), matched = present;
  for (const SymbolId x : word) present[static_cast<std::size_t>(x)] = true;
  for (int r = 0; r < modulus; ++r) {
    for (int s = r; s < modulus; ++s) {
      if (!present[static_cast<std::size_t>(r)] || !present[static_cast<std::size_t>(s)]) continue;
      matched[static_cast<std::size_t>(Negative((r + s) % modulus, modulus))] = true;
    }
  }
  return AnswerFrom(word, matched);
}

// number = {"0": 0, "1": 1, ...}[tokens], which is no residue at the end mark.
void AssignNumber(RaspWriter& w, int modulus) {
  std::string rows;
  for (int r = 0; r < modulus; ++r) rows += fmt::format("\"{}\": {}, ", r, r);
  w.Assign("number", fmt::format("{{{}\"$\": {}}}[tokens]", rows, modulus));
}

ProgramBody Match2Program(int modulus) {
  ProgramBody body;
  body.construction = "whether the opposite residue occurs";
  body.promise = "1 attention layer";
  body.explanation = "Each symbol looks for what makes it up to a multiple.";
  body.depth = 1;
  RaspWriter& w = body.statements;
  AssignNumber(w, modulus);
  w.Assign("opposite", fmt::format("({} - number) % {}", modulus, modulus));
  w.Assign("answer", "indicator(has_focus(select(number, opposite, ==)))");
  return body;
}

ProgramBody Match3Program(int modulus) {
  ProgramBody body;
  body.construction = "the residues that occur, and those that with one of them match a symbol";
  body.promise = "1 attention layer; width linear in the modulus";
  body.explanation =
      "Each symbol asks, for every residue, whether it occurs, and whether that occurs which makes "
      "up the two to a multiple.";
  body.depth = 1;
  RaspWriter& w = body.statements;
  AssignNumber(w, modulus);
  std::string matches;
  for (int r = 0; r < modulus; ++r) {
    w.Assign(fmt::format("has_{}", r), fmt::format("has_focus(select(number, {}, ==))", r));
    w.Assign(
        fmt::format("has_rest_{}", r),
        fmt::format("has_focus(select(number, ({} - number) % {}, ==))", 2 * modulus - r, modulus));
    matches +=
        fmt::format("{}indicator(has_{} and has_rest_{})", matches.empty() ? "" : " + ", r, r);
  }
  w.Blank();
  w.Assign("num_matches", matches);
  w.Assign("answer", "indicator(num_matches > 0)");
  return body;
}

NonregularEntry MatchEntry(bool is_triple) {
  NonregularEntry entry;
  entry.name = is_triple ? "match3" : "match2";
  entry.kind = ProblemKind::kTask;
  entry.parameters = {{"m", 2, 64}};
  entry.level = "regular";
  entry.symbols = "0 ... m-1";
  entry.definition =
      is_triple ? "for each symbol x, 1 if there are y and z in the word, x itself or not, with "
                  "x + y + z a multiple of m; else 0"
                : "for each symbol x, 1 if there is a y in the word, x itself or not, with x + y a "
                  "multiple of m; else 0";
  entry.examples = {{16}};
  entry.alphabet = [](const std::vector<int>& m) { return Residues(m[0]); };
  entry.parts = [is_triple](const std::vector<int>& m, const Alphabet&) {
    const int modulus = m[0];
    NonregularParts parts;
    parts.answer = [=](const Word& word) -> std::optional<Answer> {
      return is_triple ? Match3(word, modulus) : Match2(word, modulus);
    };
    parts.draw = [modulus](SourceParts& source, const LanguageLimits&, Diagnostics&) {
      source.member = [modulus](int length, std::mt19937_64& random) -> std::optional<Word> {
        return AnyWord(length, modulus, random);
      };
      return true;
    };
    parts.direct = [=](std::int64_t) {
      return is_triple ? Match3Program(modulus) : Match2Program(modulus);
    };
    parts.result_at = ResultAt::kFirst;
    parts.theory_direct =
        is_triple
            ? MechanismTheory{Expectation::kYes,
                              "the residues that occur; one layer takes a width that grows with m",
                              "1 attention layer, width linear in m", kMatch}
            : MechanismTheory{Expectation::kYes, "one head that looks for the opposite residue",
                              "1 attention layer", kMatch};
    return parts;
  };
  return entry;
}

}  // namespace

void AddMatchTasks(std::vector<ProblemEntry>& entries) {
  entries.push_back(MakeEntry(MatchEntry(/*is_triple=*/false)));
  entries.push_back(MakeEntry(MatchEntry(/*is_triple=*/true)));
}

}  // namespace raspc
