// The maps of all factors of length 2^k, round by round (Liu et al. 2023, theorem 1).
//
// Round l composes the map of the 2^l symbols that end at a position with that of the 2^l before
// them. After K rounds the end mark, itself the identity, holds the map of the last 2^K - 1
// symbols. A map is one number, an element of the transition monoid, composed by a table; or one
// state for each state, composed by selecting among them.
#include <fmt/format.h>

#include "languages/algebra/transition_monoid.h"
#include "languages/recognise/construction.h"

namespace raspc {
namespace {

int RoundsFor(std::int64_t num_positions) {
  int rounds = 0;
  while ((std::int64_t{1} << rounds) < num_positions) ++rounds;
  return rounds;
}

std::string Left(int round, const std::string& values, const std::string& missing) {
  return fmt::format("aggregate(select(indices, indices - {}, ==), {}, {})",
                     std::int64_t{1} << round, values, missing);
}

void ByElements(const Dfa& dfa, const TokenNames& names, const TransitionMonoid& monoid, int rounds,
                RaspWriter& w) {
  const auto element = [](ElementId i) { return fmt::format("m{}", i); };
  w.Comment(
      "What a symbol does to the states, as an element of the transition monoid; m0, the "
      "identity, at the end mark.");
  RaspWriter::Rows letters;
  for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
    letters.emplace_back(dfa.alphabet.Symbol(a), element(monoid.Letter(a)));
  }
  letters.emplace_back(names.end, element(TransitionMonoid::kIdentity));
  w.AssignByTable("map_0", letters, "tokens");
  RaspWriter::Rows products;
  for (ElementId i = 0; i < monoid.size(); ++i) {
    for (ElementId j = 0; j < monoid.size(); ++j) {
      products.emplace_back(element(i) + " " + element(j), element(monoid.Multiply(i, j)));
    }
  }
  w.Table("product", products);
  for (int l = 0; l < rounds; ++l) {
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
             Left(round, AfterName(q, round), fmt::format("{}", q)));
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

void ByStates(const Dfa& dfa, const TokenNames& names, int rounds, RaspWriter& w) {
  w.Comment(
      "after_q_l: the state that 2^l symbols lead to from state q. Of the terms of a sum one "
      "at most is not 0, so that it is a state as well, and the last line of each says so.");
  std::vector<StateId> all;
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    all.push_back(q);
    if (IsFixed(dfa, q)) continue;
    std::string table;
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      table += fmt::format("{}: {}, ", Literal(dfa.alphabet.Symbol(a)), dfa.Next(q, a));
    }
    w.Assign(AfterName(q, 0), fmt::format("{{{}{}: {}}}[tokens]", table, Literal(names.end), q));
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
  const int enough = RoundsFor(options.max_length + 1);
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
  body.promise = fmt::format("ceil(log2(N+1)) = {} rounds, one attention layer each", enough);
  body.explanation = fmt::format(
      "Each round composes what two neighbouring factors do to the states, so that factors double "
      "in length. {} rounds decide words of up to {} symbols.",
      rounds, (std::int64_t{1} << rounds) - 1);
  body.depth = rounds;
  if (!monoid) body.max_domain = kSmallDomain;
  if (monoid) {
    ByElements(dfa, names, *monoid, rounds, body.statements);
  } else {
    ByStates(dfa, names, rounds, body.statements);
  }
  return body;
}

}  // namespace raspc
