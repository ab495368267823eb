// R-trivial languages: a partially ordered automaton never returns to a state it has left.
//
// So the state before a symbol is q if q has been entered and not left, and both ask whether some
// earlier position did it: LTL with only "some time in the past" (Li, Cotterell 2025). All
// selectors are strict. If a state leads to only one other state, having left it means having
// entered that one, which saves a layer.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "automata/algebra/dfa_classes.h"
#include "frontends/regular/construction.h"

namespace raspc {
namespace {

class OrderWriter {
 public:
  OrderWriter(const Dfa& dfa, const TokenNames& names, RaspWriter& writer)
      : dfa_(dfa), names_(names), w_(writer) {}

  // Writes the statements for all states that are needed; returns the depth.
  int Write() {
    w_.Assign("before", SelectBefore());
    FindExits();
    for (const StateId q : InOrder()) {
      if (Needed(q)) WriteState(q);
    }
    WriteVerdict();
    return depth_;
  }

 private:
  // For each state the symbols that lead to each other state.
  void FindExits() {
    exits_.resize(static_cast<std::size_t>(dfa_.num_states()));
    for (StateId q = 0; q < dfa_.num_states(); ++q) {
      for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
        if (dfa_.Next(q, a) != q) ExitsOf(q)[dfa_.Next(q, a)].push_back(dfa_.alphabet.Symbol(a));
      }
    }
  }
  std::map<StateId, std::vector<std::string>>& ExitsOf(StateId q) {
    return exits_[static_cast<std::size_t>(q)];
  }

  // The states, none before one that leads to it.
  std::vector<StateId> InOrder() const {
    const Components components = StronglyConnectedComponents(dfa_.num_states(), EdgesOf(dfa_));
    std::vector<StateId> order;
    for (StateId q = 0; q < dfa_.num_states(); ++q) order.push_back(q);
    std::sort(order.begin(), order.end(), [&](StateId a, StateId b) {
      return components.of[static_cast<std::size_t>(a)] >
             components.of[static_cast<std::size_t>(b)];
    });
    return order;
  }

  // A word is accepted if it ends in an accepting state, or in none of the others; a sink need not
  // be computed if it is on the other side.
  bool IsListed(StateId q) const { return dfa_.accepting[q] == lists_accepting_; }
  bool Needed(StateId q) { return IsListed(q) || !ExitsOf(q).empty(); }

  static std::string EnteredName(StateId q) { return fmt::format("entered_{}", q); }
  static std::string LeftName(StateId q) { return fmt::format("left_{}", q); }
  static std::string BeforeName(StateId q) { return fmt::format("before_{}", q); }
  static Expr Entered(StateId q) { return Var(EnteredName(q)); }

  // `entered_q`, `left_q`, `before_q`: what holds before a position's own symbol is read.
  void WriteState(StateId q) {
    w_.Blank();
    const bool is_start = q == dfa_.start;
    int depth = is_start ? 0 : WriteEntered(q);
    std::vector<Expr> in_state;
    if (!is_start) in_state.push_back(Entered(q));
    if (!ExitsOf(q).empty()) {
      std::vector<std::string> symbols;
      for (const auto& [to, by] : ExitsOf(q)) symbols.insert(symbols.end(), by.begin(), by.end());
      const Expr reads = In(Tokens(), TextsOf(symbols));
      const Expr leaves =
          w_.Assign(fmt::format("leaves_{}", q), is_start ? reads : And(reads, Entered(q)));
      w_.Assign(LeftName(q), Exists(leaves));
      leaves_depth_[q] = depth;
      ++depth;
      in_state.push_back(Not(Var(LeftName(q))));
    }
    w_.Assign(BeforeName(q), in_state.empty() ? Indices() >= 0 : AllOf(in_state));
    before_depth_[q] = depth;
    depth_ = std::max(depth_, depth);
  }

  static Expr Exists(const Expr& what) { return HasFocus(And(SelectWhere(what), Var("before"))); }

  // The ways to enter a state are distinguished by their source; returns the depth.
  int WriteEntered(StateId q) {
    std::vector<Expr> ways;
    int depth = 0;
    for (StateId p = 0; p < dfa_.num_states(); ++p) {
      const auto found = ExitsOf(p).find(q);
      if (found == ExitsOf(p).end()) continue;
      if (ExitsOf(p).size() == 1) {  // whoever leaves p enters q
        ways.push_back(Var(LeftName(p)));
        depth = std::max(depth, leaves_depth_[p] + 1);
        continue;
      }
      const Expr enters =
          w_.Assign(fmt::format("enters_{}_{}", q, p),
                    And(Var(BeforeName(p)), In(Tokens(), TextsOf(found->second))));
      ways.push_back(w_.Assign(fmt::format("entered_{}_{}", q, p), Exists(enters)));
      depth = std::max(depth, before_depth_[p] + 1);
    }
    w_.Assign(EnteredName(q), AnyOf(ways));
    return depth;
  }

  void WriteVerdict() {
    std::vector<Expr> listed;
    for (StateId q = 0; q < dfa_.num_states(); ++q) {
      if (IsListed(q)) listed.push_back(Var(BeforeName(q)));
    }
    w_.Blank();
    w_.Assign("accept", lists_accepting_ ? AnyOf(listed) : Not(AnyOf(listed)));
  }

 public:
  void ListAccepting(bool accepting) { lists_accepting_ = accepting; }

 private:
  const Dfa& dfa_;
  const TokenNames& names_;
  RaspWriter& w_;
  bool lists_accepting_ = true;
  std::vector<std::map<StateId, std::vector<std::string>>> exits_;
  std::map<StateId, int> leaves_depth_, before_depth_;
  int depth_ = 0;
};

}  // namespace

std::optional<GeneratedProgram> ByOrderOfStates(const Dfa& dfa, const TokenNames& names) {
  if (!IsRTrivial(dfa)) return std::nullopt;
  std::optional<GeneratedProgram> best;
  for (const bool lists_accepting : {true, false}) {
    GeneratedProgram body;
    OrderWriter writer(dfa, names, body.statements);
    writer.ListAccepting(lists_accepting);
    body.depth = writer.Write();
    if (!best || body.depth < best->depth ||
        (body.depth == best->depth &&
         body.statements.text().size() < best->statements.text().size())) {
      best = std::move(body);
    }
  }
  best->construction = fmt::format("a partially ordered automaton of {} states", dfa.num_states());
  best->explanation =
      "The minimal automaton never returns to a state it has left. The state before each symbol "
      "follows from which states have been entered and left so far, that is, from whether some "
      "earlier position entered or left them.";
  return best;
}

}  // namespace raspc
