// The maps of all factors of length 2^k, round by round (Liu et al. 2023, theorem 1).
//
// After round l a position holds the map of the 2^l symbols before it, its own left out, so that
// the end mark, after K rounds, has that of the last 2^K symbols. The first round looks two symbols
// up; each further one composes the map at a position with the map 2^(l-1) to the left. A map is
// one number, an element of the transition monoid, composed by a table; or one state for each
// state, composed by selecting among them.
#include <fmt/format.h>

#include "languages/algebra/transition_monoid.h"
#include "languages/recognise/construction.h"

namespace raspc {
namespace {

// ceil(log2(max_length)), but at least 1.
int RoundsFor(std::int64_t max_length) {
  int rounds = 1;
  while ((std::int64_t{1} << rounds) < max_length) ++rounds;
  return rounds;
}

std::string AtDistance(std::int64_t distance, const std::string& values,
                       const std::string& missing) {
  return fmt::format("aggregate(select(indices, indices - {}, ==), {}, {})", distance, values,
                     missing);
}

std::string Left(int round, const std::string& values, const std::string& missing) {
  return AtDistance(std::int64_t{1} << round, values, missing);
}

// The two symbols before a position; the end mark, which stands behind all of them, where there is
// none.
void WriteLastSymbols(const TokenNames& names, RaspWriter& w) {
  w.Comment(
      "The symbol before a position and the one before that; the end mark where there is none.");
  w.Assign("last", AtDistance(1, "tokens", Literal(names.end)));
  w.Assign("second_last", AtDistance(2, "tokens", Literal(names.end)));
}

// WriteLastSymbols comes first.
void ByElements(const Dfa& dfa, const TokenNames& names, const TransitionMonoid& monoid, int rounds,
                RaspWriter& w) {
  const auto element = [](ElementId i) { return fmt::format("m{}", i); };
  w.Comment(
      "What a symbol does to the states, as an element of the transition monoid; nothing, m0, for "
      "the end mark.");
  RaspWriter::Rows letters;
  for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
    letters.emplace_back(dfa.alphabet.Symbol(a), element(monoid.Letter(a)));
  }
  letters.emplace_back(names.end, element(TransitionMonoid::kIdentity));
  w.Table("letter", letters);
  RaspWriter::Rows products;
  for (ElementId i = 0; i < monoid.size(); ++i) {
    for (ElementId j = 0; j < monoid.size(); ++j) {
      products.emplace_back(element(i) + " " + element(j), element(monoid.Multiply(i, j)));
    }
  }
  w.Table("product", products);
  w.Assign("map_1", "product[letter[second_last] + \" \" + letter[last]]");
  for (int l = 1; l < rounds; ++l) {
    w.Blank();
    w.Assign(fmt::format("left_{}", l),
             Left(l, fmt::format("map_{}", l), Literal(element(TransitionMonoid::kIdentity))));
    w.Assign(fmt::format("map_{}", l + 1), fmt::format("product[left_{} + \" \" + map_{}]", l, l));
  }
  std::vector<std::string> accepting;
  for (ElementId i = 0; i < monoid.size(); ++i) {
    if (dfa.accepting[monoid.Apply(dfa.start, i)]) accepting.push_back(element(i));
  }
  w.Blank();
  w.Assign("accept", fmt::format("map_{} in {}", rounds, LiteralList(accepting)));
}

bool IsFixed(const Dfa& dfa, StateId q) {
  for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
    if (dfa.Next(q, a) != q) return false;
  }
  return true;
}

std::string AfterName(StateId q, int round) { return fmt::format("after_{}_{}", q, round); }

void WriteRound(const Dfa& dfa, int round, const std::vector<StateId>& wanted, RaspWriter& w) {
  w.Blank();
  for (const StateId q : wanted) {
    if (IsFixed(dfa, q)) continue;
    w.Assign(fmt::format("left_{}_{}", q, round),
             round == 0 ? fmt::format("from_{}[second_last]", q)
                        : Left(round, AfterName(q, round), fmt::format("{}", q)));
  }
  for (const StateId q : wanted) {
    if (IsFixed(dfa, q)) continue;
    std::string sum;
    for (StateId p = 1; p < dfa.num_states(); ++p) {  // what goes to state 0 adds nothing
      const std::string value = IsFixed(dfa, p) ? fmt::format("{}", p) : AfterName(p, round);
      sum += fmt::format("{}({} if left_{}_{} == {} else 0)", sum.empty() ? "" : " + ", value, q,
                         round, p);
    }
    const std::string value = IsFixed(dfa, 0) ? "0" : AfterName(0, round);
    sum +=
        fmt::format("{}({} if left_{}_{} == 0 else 0)", sum.empty() ? "" : " + ", value, q, round);
    const std::string name = fmt::format("sum_{}_{}", q, round);
    w.Assign(name, sum);
    w.Assign(AfterName(q, round + 1), fmt::format("{} if {} < {} else {}", name, name,
                                                  dfa.num_states() - 1, dfa.num_states() - 1));
  }
}

// WriteLastSymbols comes first.
void ByStates(const Dfa& dfa, const TokenNames& names, int rounds, RaspWriter& w) {
  w.Comment(
      "from_q: the state that a symbol leads to from state q, q itself for the end mark. "
      "after_q_l: "
      "the state that 2^l symbols lead to from there. Of the terms of a sum one "
      "at most is not 0, so that it is a state as well, and the last line of each says so.");
  std::vector<StateId> all;
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    all.push_back(q);
    if (IsFixed(dfa, q)) continue;
    std::string table;
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      table += fmt::format("{}: {}, ", Literal(dfa.alphabet.Symbol(a)), dfa.Next(q, a));
    }
    w.Assign(fmt::format("from_{}", q), fmt::format("{{{}{}: {}}}", table, Literal(names.end), q));
    w.Assign(AfterName(q, 0), fmt::format("from_{}[last]", q));
  }
  for (int l = 0; l < rounds; ++l) {
    WriteRound(dfa, l, l + 1 < rounds ? all : std::vector<StateId>{dfa.start}, w);
  }
  std::string accepting;
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    if (dfa.accepting[q]) accepting += fmt::format("{}{}", accepting.empty() ? "" : ", ", q);
  }
  w.Blank();
  w.Assign("accept", fmt::format("{} in [{}]", AfterName(dfa.start, rounds), accepting));
}

}  // namespace

std::optional<ProgramBody> Composition(const Dfa& dfa, const TokenNames& names,
                                       const RecogniserOptions& options, Diagnostics& diag) {
  ProgramBody body;
  const int enough = RoundsFor(options.max_length);
  const int rounds = options.num_rounds.value_or(enough);
  const std::int64_t q = dfa.num_states();
  const std::int64_t by_states = q * q * q;
  // Past the smaller of both there is no need to list the monoid to the end.
  LanguageLimits limits = options.limits;
  Diagnostics too_large;
  while (limits.max_monoid > 1 && limits.max_monoid * limits.max_monoid > by_states) {
    limits.max_monoid = limits.max_monoid * 2 / 3;
  }
  const auto monoid = TransitionMonoid::Enumerate(dfa, limits, too_large);
  const std::int64_t rows =
      monoid ? static_cast<std::int64_t>(monoid->size()) * monoid->size() : by_states;
  if (rows * rounds > options.max_rows) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("{} rounds of composition take {} rows each, together more than {}, the "
                           "limit",
                           rounds, rows, options.max_rows));
    return std::nullopt;
  }
  body.construction =
      fmt::format("{} rounds of composition, by {}", rounds,
                  monoid ? fmt::format("the {} elements of the monoid", monoid->size())
                         : fmt::format("{} states each", q));
  body.promise = fmt::format("ceil(log2 N) = {} rounds, one attention layer each", enough);
  body.explanation = fmt::format(
      "Each round composes what two neighbouring factors do to the states, so that factors double "
      "in length. {} rounds decide words of up to {} symbols.",
      rounds, std::int64_t{1} << rounds);
  body.depth = rounds;
  if (!monoid) body.max_domain = kSmallDomain;
  WriteLastSymbols(names, body.statements);
  if (monoid) {
    ByElements(dfa, names, *monoid, rounds, body.statements);
  } else {
    ByStates(dfa, names, rounds, body.statements);
  }
  return body;
}

}  // namespace raspc
