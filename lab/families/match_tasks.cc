// Match2 and Match3: for each symbol, whether it and one or two others (possibly itself) add up to
// a multiple of a modulus (Sanford, Hsu, Telgarsky 2023).
#include <fmt/format.h>

#include "frontends/formulas/match3.h"
#include "lab/families/problem_parts.h"
#include "frontends/program_header.h"

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

// number = {"0": 0, "1": 1, ...}[tokens], which is not a residue at the end marker and at other
// tokens.
Expr AssignNumber(RaspWriter& w, int modulus, const std::vector<std::string>& others) {
  std::vector<std::pair<Expr, Expr>> rows;
  for (int r = 0; r < modulus; ++r) rows.emplace_back(fmt::format("{}", r), r);
  for (const std::string& other : others) rows.emplace_back(other, modulus);
  rows.emplace_back("$", modulus);
  return w.Assign("number", DictOf(rows)[Tokens()]);
}

// num_matches: whether (1) there is a y with x + y a multiple; or the number of residues of y for
// which there is a z with x + y + z a multiple; y and z are values of `number`.
Expr AssignMatches(RaspWriter& w, bool is_triple, int modulus, const Expr& number, const Expr& x) {
  const auto has = [&](const Expr& residue) { return HasFocus(Select(number, residue)); };
  if (!is_triple) return w.Assign("num_matches", Indicator(has((modulus - x) % modulus)));
  std::vector<Expr> matches;
  for (int r = 0; r < modulus; ++r) {
    const Expr has_it = w.Assign(fmt::format("has_{}", r), has(r));
    const Expr has_rest =
        w.Assign(fmt::format("has_rest_{}", r), has((2 * modulus - r - x) % modulus));
    matches.push_back(Indicator(And(has_it, has_rest)));
  }
  w.Blank();
  return w.Assign("num_matches", SumOf(matches));
}

GeneratedProgram MatchProgram(bool is_triple, int modulus) {
  GeneratedProgram body;
  body.construction =
      is_triple ? "which residues occur, and which of them complete a symbol to a multiple"
                : "whether the opposite residue occurs";
  if (is_triple) body.promise_rest += "; width linear in the modulus";
  body.explanation =
      is_triple ? "Each symbol asks, for every residue, whether it occurs and whether the residue "
                  "that completes the two to a multiple occurs."
                : "Each symbol looks for the residue that completes it to a multiple.";
  body.depth = 1;
  RaspWriter& w = body.statements;
  const Expr number = AssignNumber(w, modulus, {});
  const Expr num_matches = AssignMatches(w, is_triple, modulus, number, number);
  w.Assign("answer", Indicator(num_matches > 0));
  return body;
}

// Writes the answer symbol by symbol: after the end marker and t tokens, the one for symbol t.
std::optional<GeneratedProgram> MatchByWriting(bool is_triple, int modulus, const std::string& name,
                                               const GeneratedProgramOptions& options) {
  GeneratedProgram recogniser;
  ProgramHeader& header = recogniser.header;
  header.comments = {fmt::format("Solves {} by writing the answer symbol by symbol.", name),
                     "The end marker asks for the first symbol of the word, and each token written "
                     "for the next one. Whether it is matched is known at once, since the whole "
                     "word comes before. When the end marker is reached, the answer is complete."};
  for (int r = 0; r < modulus; ++r) header.alphabet.push_back(fmt::format("{}", r));
  header.end_marker = "$";
  header.more_tokens = {"end"};
  header.max_length = options.max_length;
  header.output = "next";
  header.generate = {{"end"}, options.max_length + 1};
  RaspWriter& w = recogniser.statements;
  w.Comment("The tokens written are not residues, although they look like them.");
  const Expr number = AssignNumber(w, modulus, {"end"});
  const Expr is_after_word = w.Assign("is_after_word", HasFocus(Select(Tokens(), "$")));
  w.Assign("number", If(is_after_word, modulus, number));
  const Expr num_asked = w.Assign("num_asked", SelectorWidth(SelectWhere(is_after_word)));
  const Expr asked =
      w.Assign("asked", Aggregate(Select(Indices() + 1, num_asked), number, modulus));
  w.Blank();
  const Expr num_matches = AssignMatches(w, is_triple, modulus, number, asked);
  const Expr answer = w.Assign("answer", If(num_matches > 0, "1", "0"));
  w.Assign("next", If(asked == modulus, "end", answer));

  recogniser.construction = "one symbol of the answer per step";
  recogniser.reason = "each symbol of the answer takes a constant number of layers";
  recogniser.depth = 3;
  recogniser.promise_rest = " whatever the length; n+1 steps";
  recogniser.result_at = ResultAt::kGenerated;
  return recogniser;
}

PartsEntry MatchEntry(bool is_triple) {
  PartsEntry entry;
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
    ProblemParts parts;
    parts.answer = [=](const Word& word) -> std::optional<Answer> {
      return is_triple ? Match3(word, modulus) : Match2(word, modulus);
    };
    parts.draw = [modulus](SamplerParts& source, const LanguageLimits&, Diagnostics&) {
      source.member = [modulus](int length, std::mt19937_64& random) -> std::optional<Word> {
        return AnyWord(length, modulus, random);
      };
      return true;
    };
    parts.direct = [=](std::int64_t) { return MatchProgram(is_triple, modulus); };
    parts.result_at = ResultAt::kFirst;
    parts.cot = [=](const std::string& name, const GeneratedProgramOptions& options, Diagnostics&) {
      return MatchByWriting(is_triple, modulus, name, options);
    };
    parts.theory_direct = {Expectation::kYes,
                           is_triple ? "the residues that occur; one layer without padding "
                                       "requires a width that grows with m"
                                     : "one head that looks for the opposite residue",
                           is_triple ? ", width linear in m" : "", kMatch};
    parts.theory_cot = {Expectation::kYes, "one symbol of the answer per step", "n+1 steps",
                        "Merrill, Sabharwal 2024"};
    if (is_triple) {
      parts.pad = [=](const std::string&, const GeneratedProgramOptions& options,
                      Diagnostics& diag) { return Match3ByPads(modulus, options, diag); };
      parts.theory_pad = {Expectation::kYes, "a padding token for each pair of positions",
                          "n^2 padding tokens, width independent of the pairs",
                          "Sanford, Hsu, Telgarsky 2023; Merrill, Sabharwal 2025, exact expressive "
                          "power"};
    }
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
