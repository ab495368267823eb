// The value of an expression with brackets in rounds that each remove half of its digits (parallel
// tree contraction; Abrahamson, Dadoun, Kirkpatrick, Przytycka 1989).
//
// Digits are leaves and operators inner nodes of a tree, of which each node knows its parent, by
// index. A node's value goes through a linear function a*x+b modulo 5 on its way to the parent; a
// leaf's function is constant. Removing a leaf u and its parent p lets their other child w take p's
// place: with u's value known, p maps w's value by a linear function, which w composes with its
// own. Leaves are numbered from left to right; in a round the odd ones are removed, first the
// left children and then the right ones, so that no two of these interfere, and the numbers of
// the others are halved. As a subtree's positions lie on one side of its parent's, a node is a
// left child if and only if its parent comes after it.
#include "lab/families/tasks/tree_contraction.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "lab/families/tasks/bracket_pairs.h"
#include "lab/families/tasks/expressions.h"
#include "lab/families/tasks/rounds.h"

namespace raspc {
namespace {

// What a node's value goes through on the way to its parent, and the parent's index, or -1.
struct Nodes {
  Expr is_leaf, leaf_number, parent, a, b;
};

// The level of the pair of brackets around each operand, which is the outer one of those it ends.
Expr WriteOuterLevel(const BracketPairs& pairs, const Expr& is_leaf, const Expr& is_operator,
                     RaspWriter& w) {
  const Expr following = w.Assign("following", ValueAt(Indices() + 1, Tokens(), kEndMarker));
  const Expr has_sign = w.Assign("has_sign", ValueAt(Indices() - 1, pairs.is_sign, false));
  const Expr before_sign = w.Assign("before_sign", ValueAt(Indices() - 2, Tokens(), kEndMarker));
  const Expr opens_before = Or(pairs.previous == "(", And(has_sign, before_sign == "("));
  const Expr is_alone = w.Assign("is_alone", And(following == ")", opens_before));
  const Expr is_inside = Or(is_operator, And(is_leaf, is_alone));
  const Expr inner_level =
      w.Assign("inner_level", If(is_inside, pairs.depth, pairs.depth + 1));
  return w.Assign("outer_level", inner_level - 1);
}

Expr WriteParent(const BracketPairs& pairs, const Expr& is_operator, const Expr& outer_level,
                 RaspWriter& w) {
  const Expr level_if_open = If(pairs.opens, pairs.level, -1);
  const Expr outer_number =
      w.Assign("outer_number", SelectorWidth(And(pairs.up_to, Select(level_if_open, outer_level))));
  w.Blank();
  w.Comment("The parent is the operator of that pair: its index, bit by bit, or -1.");
  const Expr of_pair =
      w.Assign("of_pair", And(Select(If(is_operator, pairs.level, -1), outer_level),
                              Select(pairs.number, outer_number)));
  const Expr parent = w.Assign("parent", Indicator(HasFocus(of_pair)) - 1), bit = Var("bit");
  w.For({"bit"}, Var("bits"), [&] {
    const Expr has_bit = SelectWhere(Indices() % (2 * bit) >= bit);
    w.Assign("parent", parent + bit * Indicator(HasFocus(And(of_pair, has_bit))));
  });
  return parent;
}

Nodes WriteNodes(const BracketPairs& pairs, RaspWriter& w) {
  w.Comment(
      "The level of the pair of brackets around each operand; a digit may have a pair of its own.");
  std::vector<std::pair<Expr, Expr>> digits;
  for (int d = 0; d < kModulus; ++d) digits.emplace_back(fmt::format("{}", d), d);
  for (const char* other : {"+", "-", "*", "(", ")", "$"}) digits.emplace_back(other, 0);
  const Expr digit_value = w.Assign("digit_value", DictOf(digits)[Tokens()]);
  const Expr is_leaf =
      w.Assign("is_leaf", In(Tokens(), TextsOf({"0", "1", "2", "3", "4"})));
  const Expr is_operator =
      w.Assign("is_operator", Or(Tokens() == "+", Tokens() == "*", pairs.is_minus));
  const Expr outer_level = WriteOuterLevel(pairs, is_leaf, is_operator, w);
  const Expr parent = WriteParent(pairs, is_operator, outer_level, w);
  const Expr leaf_number =
      w.Assign("leaf_number", SelectorWidth(And(pairs.up_to, SelectWhere(is_leaf))));
  const Expr a = w.Assign("a", Indicator(is_operator));
  const Expr b = w.Assign("b", If(Var("has_sign"), (5 - digit_value) % 5, digit_value));
  return {is_leaf, leaf_number, parent, a, b};
}

// `value = 0`, and then the number from 1 to 4 for which the condition holds anywhere, if there is
// one.
Expr WriteNumberWhere(const std::string& name, const std::function<Expr(const Expr& v)>& selector,
                      RaspWriter& w) {
  const Expr value = w.Assign(name, 0), v = Var("v");
  w.For({"v"}, ListOf({1, 2, 3, 4}),
        [&] { w.Assign(name, value + v * Indicator(HasFocus(selector(v)))); });
  return value;
}

// The body of contract(is_removed, is_left, parent, a, b).
std::vector<Expr> WriteContract(RaspWriter& w) {
  const Expr is_left = Var("is_left"), parent = Var("parent"), a = Var("a"), b = Var("b");
  const Expr of_child =
      w.Assign("of_child", Select(If(Var("is_removed"), parent, -1), Indices()));
  const Expr loses_child = w.Assign("loses_child", HasFocus(of_child));
  const Expr value =
      WriteNumberWhere("value", [&](const Expr& v) { return And(of_child, Select(b, v)); }, w);
  w.Comment(
      "What happens to the other child's value x: a * (value o x) + b, or a * (x o value) + b.");
  const auto by_operator = [](const Expr& times, const Expr& minus, const Expr& plus) {
    return If(Tokens() == "*", times, If(Tokens() == "-", minus, plus));
  };
  const Expr scaled = w.Assign("scaled", a * value % 5);
  const Expr factor_minus = w.Assign("factor_minus", If(is_left, (5 - a) % 5, a));
  const Expr factor = w.Assign("factor", by_operator(scaled, factor_minus, a));
  const Expr summand_minus =
      w.Assign("summand_minus", If(is_left, scaled, (5 - scaled) % 5));
  const Expr summand = w.Assign("summand", by_operator(0, summand_minus, scaled));
  const Expr next_a = w.Assign("next_a", If(loses_child, factor, 1));
  const Expr next_b = w.Assign("next_b", If(loses_child, (b + summand) % 5, 0));
  const Expr next_parent =
      w.Assign("next_parent", If(loses_child, parent, 0) + If(loses_child, 0, Indices()));
  w.Comment("Every node follows its parent.");
  const Expr at_parent = w.Assign("at_parent", Select(Indices(), parent));
  const Expr parent_a = w.Assign("parent_a", Aggregate(at_parent, next_a, 1));
  const Expr parent_b = w.Assign("parent_b", Aggregate(at_parent, next_b, 0));
  const Expr new_parent = w.Assign("new_parent", Aggregate(at_parent, next_parent, -1));
  const Expr scaled_b = w.Assign("scaled_b", parent_a * b % 5);
  return {new_parent, parent_a * a % 5, (scaled_b + parent_b) % 5};
}

void WriteRounds(const Nodes& nodes, const Expr& units, RaspWriter& w) {
  const Expr unit = Var("unit");
  const std::vector<std::string> changed = {"parent", "a", "b"};
  w.For({"unit"}, units, [&] {
    const Expr is_turn =
        w.Assign("is_turn", And(nodes.is_leaf, nodes.leaf_number % (2 * unit) == unit));
    const Expr is_left = w.Assign("is_left", And(is_turn, nodes.parent > Indices()));
    const Expr is_right =
        w.Assign("is_right", And(is_turn, Not(is_left), nodes.parent >= 0));
    w.Assign(changed, Call("contract", {is_left, true, nodes.parent, nodes.a, nodes.b}));
    w.Assign(changed, Call("contract", {is_right, false, nodes.parent, nodes.a, nodes.b}));
  });
}

// `powers`: of 2, up to the number of leaves.
void WriteResult(const Nodes& nodes, const Expr& powers, RaspWriter& w) {
  w.Comment("One leaf remains: the one whose number is the greatest power of 2.");
  const Expr num_leaves =
      w.Assign("num_leaves", SelectorWidth(SelectWhere(nodes.is_leaf)));
  const Expr is_whole =
      w.Assign("is_whole", And(nodes.is_leaf, 2 * nodes.leaf_number > num_leaves,
                               In(nodes.leaf_number, powers)));
  const Expr result = WriteNumberWhere(
      "result", [&](const Expr& v) { return And(SelectWhere(is_whole), Select(nodes.b, v)); }, w);
  w.Assign("answer", Expr("01234")[result]);
}

}  // namespace

GeneratedProgram ByTreeContraction(const GeneratedProgramOptions& options) {
  // An operator and a pair of brackets for each digit except the first.
  const std::int64_t most_leaves = (options.max_length + 3) / 4;
  int num_rounds = 0;
  while ((std::int64_t{2} << num_rounds) <= most_leaves) ++num_rounds;
  const Expr powers = Distances(num_rounds + 1);
  if (options.num_rounds) num_rounds = std::min(*options.num_rounds, num_rounds);
  int num_bits = 1;
  while ((std::int64_t{1} << num_bits) <= options.max_length) ++num_bits;
  GeneratedProgram program = NewTaskProgram();
  RaspWriter& w = program.statements;
  const BracketPairs pairs = WriteBracketPairs(w);
  w.Blank();
  w.Assign("bits", Distances(num_bits));
  w.Blank();
  const Nodes nodes = WriteNodes(pairs, w);
  w.Blank();
  w.Comment("Removes leaves and their parents.");
  w.Define("contract", {"is_removed", "is_left", "parent", "a", "b"},
           [&] { return WriteContract(w); });
  w.Blank();
  WriteRounds(nodes, Distances(num_rounds), w);
  w.Blank();
  WriteResult(nodes, powers, w);
  program.construction = "rounds of removing half of the digits, each with its operator";
  program.explanation =
      "Each node of the expression's tree has its parent and a linear function to apply to its "
      "value. A round removes every other digit, together with its operator.";
  program.promise_rest = fmt::format(": {} rounds of 4, and 5 more", num_rounds);
  program.depth = 4 * num_rounds + 5;
  program.result_at = ResultAt::kLast;
  return program;
}

}  // namespace raspc
