// The value of an expression with brackets in rounds that each remove half of its digits (parallel
// tree contraction; Abrahamson, Dadoun, Kirkpatrick, Przytycka 1989).
//
// Digits are leaves and operators inner nodes of a tree, of which each node knows its parent, by
// index. A node's value goes through a linear function a*x+b modulo 5 on its way to the parent; a
// leaf's function is constant. Removing a leaf u and its parent p lets their other child w take p's
// // place: with u's value known, p maps w's value by a linear function, which w composes with its
// own. // Leaves are numbered from left to right; in a round the odd ones are removed, first the
// left // children and then the right ones, so that no two of these interfere, and the numbers of
// the others // are halved. As a subtree's positions lie on one side of its parent's, a node is a
// left child if and // only if its parent comes after it.
#include "lab/families/tasks/tree_contraction.h"

#include <fmt/format.h>

#include <algorithm>

#include "lab/families/tasks/rounds.h"

namespace raspc {
namespace {

constexpr std::string_view kContractionTree = R"rasp(
# The level of the pair of brackets around each operand: a digit may have a pair to itself.
digit_value = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "+": 0, "-": 0, "*": 0, "(": 0, ")": 0,
    "$": 0}[tokens];
is_leaf = tokens in ["0", "1", "2", "3", "4"];
is_operator = tokens == "+" or tokens == "*" or is_minus;
following = aggregate(select(indices, indices + 1, ==), tokens, "$");
has_sign = aggregate(select(indices, indices - 1, ==), is_sign, False);
before_sign = aggregate(select(indices, indices - 2, ==), tokens, "$");
is_alone = following == ")" and (previous == "(" or (has_sign and before_sign == "("));
inner_level = depth if is_operator or (is_leaf and is_alone) else depth + 1;
outer_level = inner_level - 1;
outer_number = selector_width(up_to and select(level if opens else 0 - 1, outer_level, ==));

# The parent is the operator of that pair: its index, bit by bit, or -1.
of_pair = select(level if is_operator else 0 - 1, outer_level, ==)
    and select(number, outer_number, ==);
parent = indicator(has_focus(of_pair)) - 1;
for bit in bits {
  parent = parent + bit * indicator(has_focus(of_pair
      and select(indices % (2 * bit) >= bit, True, ==)));
}
leaf_number = selector_width(up_to and select(is_leaf, True, ==));
a = indicator(is_operator);
b = (5 - digit_value) % 5 if has_sign else digit_value;

# Removes leaves and their parents.
def contract(is_removed, is_left, parent, a, b) {
  of_child = select(parent if is_removed else 0 - 1, indices, ==);
  loses_child = has_focus(of_child);
  value = 0;
  for v in [1, 2, 3, 4] {
    value = value + v * indicator(has_focus(of_child and select(b, v, ==)));
  }
  # What becomes of the other child's value x: a * (value o x) + b, or a * (x o value) + b.
  scaled = a * value % 5;
  factor_minus = (5 - a) % 5 if is_left else a;
  factor = scaled if tokens == "*" else (factor_minus if tokens == "-" else a);
  summand_minus = scaled if is_left else (5 - scaled) % 5;
  summand = 0 if tokens == "*" else (summand_minus if tokens == "-" else scaled);
  next_a = factor if loses_child else 1;
  next_b = (b + summand) % 5 if loses_child else 0;
  next_parent = (parent if loses_child else 0) + (0 if loses_child else indices);
  # Every node follows its parent.
  at_parent = select(indices, parent, ==);
  behind_a = aggregate(at_parent, next_a, 1);
  behind_b = aggregate(at_parent, next_b, 0);
  new_parent = aggregate(at_parent, next_parent, 0 - 1);
  scaled_b = behind_a * b % 5;
  return new_parent, behind_a * a % 5, (scaled_b + behind_b) % 5;
}
)rasp";

constexpr std::string_view kContractionRounds = R"rasp(
for unit in {units} {{
  is_turn = is_leaf and leaf_number % (2 * unit) == unit;
  is_left = is_turn and parent > indices;
  is_right = is_turn and not is_left and parent >= 0;
  parent, a, b = contract(is_left, True, parent, a, b);
  parent, a, b = contract(is_right, False, parent, a, b);
}}

# What is left is a leaf: the one whose number is the greatest power of 2.
num_leaves = selector_width(select(is_leaf, True, ==));
is_whole = is_leaf and 2 * leaf_number > num_leaves and (leaf_number in {powers});
result = 0;
for v in [1, 2, 3, 4] {{
  result = result + v * indicator(has_focus(select(is_whole, True, ==) and select(b, v, ==)));
}}
answer = "01234"[result];
)rasp";

}  // namespace

TaskProgram ByTreeContraction(std::string pairs, const GeneratedProgramOptions& options) {
  // An operator and a pair of brackets for each digit except the first.
  const std::int64_t most_leaves = (options.max_length + 3) / 4;
  int num_rounds = 0;
  while ((std::int64_t{2} << num_rounds) <= most_leaves) ++num_rounds;
  const std::string powers = Distances(num_rounds + 1);
  if (options.num_rounds) num_rounds = std::min(*options.num_rounds, num_rounds);
  int num_bits = 1;
  while ((std::int64_t{1} << num_bits) <= options.max_length) ++num_bits;
  TaskProgram program;
  program.statements =
      std::move(pairs) + fmt::format("\nbits = {};\n", Distances(num_bits)) + std::string(kContractionTree) +
      fmt::format(kContractionRounds, fmt::arg("units", Distances(num_rounds)), fmt::arg("powers", powers));
  program.output = "answer";
  program.construction = "rounds of removing half of the digits, each with its operator";
  program.explanation =
      "Each node of the expression's tree knows its parent and a linear function that its value "
      "goes through. A round removes every other digit together with its operator.";
  program.promise = fmt::format(": {} rounds of 4, and 5 more", num_rounds);
  program.depth = 4 * num_rounds + 5;
  program.result_at = ResultAt::kLast;
  return program;
}

}  // namespace raspc
