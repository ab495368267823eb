// Commutative languages, by the number of each symbol: one attention layer.
//
// The powers of a symbol's map on the states are a^0, ..., a^(t-1) and then a cycle of some period
// p, so the number c of occurrences has only t + p distinct effects: itself below t, and its place
// on the cycle from there on.
#include <fmt/format.h>

#include <map>

#include "automata/algebra/dfa_classes.h"
#include "frontends/regular/construction.h"

namespace raspc {
namespace {

// The powers of a symbol's map: the number before the cycle, and its length.
struct Powers {
  int threshold = 0, period = 1;
  int size() const { return threshold + period; }
};

// Nothing past `most` powers.
std::optional<Powers> PowersOf(const Dfa& dfa, SymbolId a, std::int64_t most) {
  std::map<std::vector<StateId>, int> seen;
  std::vector<StateId> power(static_cast<std::size_t>(dfa.num_states()));
  for (StateId q = 0; q < dfa.num_states(); ++q) power[static_cast<std::size_t>(q)] = q;
  for (int i = 0; i <= most; ++i) {
    const auto [at, is_new] = seen.emplace(power, i);
    if (!is_new) return Powers{at->second, i - at->second};
    for (StateId& q : power) q = dfa.Next(q, a);
  }
  return std::nullopt;
}

Expr ReducedCount(const Expr& count, const Powers& powers) {
  if (powers.threshold == 0) return powers.period == 1 ? Expr(0) : count % powers.period;
  const Expr on_cycle = powers.period == 1 ? Expr(powers.threshold)
                                           : (count - powers.threshold) % powers.period +
                                                 powers.threshold;
  return If(count < powers.threshold, count, on_cycle);
}

}  // namespace

std::optional<GeneratedProgram> BySymbolCounts(const Dfa& dfa, const TokenNames&,
                                               std::int64_t max_rows) {
  if (!IsCommutative(dfa)) return std::nullopt;
  std::vector<SymbolId> counted;
  std::vector<Powers> powers;
  std::int64_t rows = 1;
  for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
    const auto found = PowersOf(dfa, a, max_rows);
    if (!found || rows * found->size() > max_rows) return std::nullopt;
    if (found->size() == 1) continue;  // it does nothing
    rows *= found->size();
    counted.push_back(a);
    powers.push_back(*found);
  }
  GeneratedProgram body;
  body.construction =
      fmt::format("counts of {} symbol{}", counted.size(), counted.size() == 1 ? "" : "s");
  body.promise_rest = ": counts, and a function of them";
  body.explanation =
      "The order of symbols does not matter, only how often each occurs, up to a threshold and a "
      "period.";
  body.depth = 1;
  body.header.reduce_counts_first = counted.size() > 1;
  RaspWriter& w = body.statements;
  const Expr before = w.Assign("before", SelectBefore());
  std::vector<Expr> key;
  std::int64_t unit = 1;
  std::vector<std::int64_t> units;
  for (std::size_t k = 0; k < counted.size(); ++k) {
    const Expr earlier = And(before, Select(Tokens(), dfa.alphabet.Symbol(counted[k])));
    const std::string name = fmt::format("reduced_{}", k + 1);
    if (powers[k].threshold == 1 && powers[k].period == 1) {  // whether it occurs
      w.Assign(name, Indicator(HasFocus(earlier)));
    } else {
      const Expr num = w.Assign(fmt::format("num_{}", k + 1), SelectorWidth(earlier));
      w.Assign(name, ReducedCount(num, powers[k]));
    }
    key.push_back(unit == 1 ? Var(name) : unit * Var(name));
    units.push_back(unit);
    unit *= powers[k].size();
  }
  std::vector<Expr> accepting;
  for (std::int64_t row = 0; row < rows; ++row) {
    StateId q = dfa.start;
    for (std::size_t k = 0; k < counted.size(); ++k) {
      const std::int64_t times = row / units[k] % powers[k].size();
      for (std::int64_t i = 0; i < times; ++i) q = dfa.Next(q, counted[k]);
    }
    if (dfa.accepting[q]) accepting.emplace_back(row);
  }
  w.Blank();
  w.Comment("The counts as one number.");
  const Expr combined = w.Assign("combined", SumOf(key));
  w.Assign("accept", In(combined, ListOf(accepting)));
  return body;
}

}  // namespace raspc
