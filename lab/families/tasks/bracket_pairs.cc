#include "lab/families/tasks/bracket_pairs.h"

namespace raspc {

BracketPairs WriteBracketPairs(RaspWriter& w) {
  w.Comment(
      "The depth of each position; the level of the pair to which a bracket, or the operator in "
      "it, belongs; and the number of that pair among those of its level.");
  const Expr up_to = w.Assign("up_to", SelectUpToHere());
  const Expr opens = w.Assign("opens", Tokens() == "(");
  const Expr closes = w.Assign("closes", Tokens() == ")");
  const Expr mean = Aggregate(up_to, Indicator(opens) - Indicator(closes));
  const Expr depth = w.Assign("depth", Round((Indices() + 1) * mean));
  const Expr level = w.Assign("level", depth + Indicator(closes));
  const Expr number =
      w.Assign("number", SelectorWidth(And(up_to, Select(If(opens, level, -1), level))));
  w.Blank();
  w.Comment("Minus signs between operands, and signs before a digit.");
  const Expr previous = w.Assign("previous", ValueAt(Indices() - 1, Tokens(), "("));
  const Expr is_minus =
      w.Assign("is_minus", And(Tokens() == "-", previous != "(", previous != "+",
                               previous != "-", previous != "*"));
  const Expr is_sign = w.Assign("is_sign", And(Tokens() == "-", Not(is_minus)));
  return {up_to, opens, closes, depth, level, number, previous, is_minus, is_sign};
}

}  // namespace raspc
