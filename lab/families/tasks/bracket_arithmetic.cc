// Arithmetic modulo 5 with brackets, and equations.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "frontends/rasp_writer.h"
#include "lab/families/tasks/expressions.h"
#include "lab/families/tasks/generation.h"
#include "lab/families/tasks/task_programs.h"
#include "lab/families/tasks/tree_contraction.h"

namespace raspc {
namespace {

// For each position its depth; the level of its pair of brackets, if it is a bracket or the
// operator between two operands, and the number of that pair among those of its level; and which
// minus signs are between operands, and which before a digit.
constexpr std::string_view kPairs = R"rasp(
# How deep each position is; the level of the pair that a bracket or the operator in it belongs to;
# and the number of that pair among those of its level.
up_to = select(indices, indices, <=);
opens = tokens == "(";
closes = tokens == ")";
depth = round((indices + 1) * aggregate(up_to, indicator(opens) - indicator(closes)));
level = depth + indicator(closes);
number = selector_width(up_to and select(level if opens else 0 - 1, level, ==));

# Minus signs between operands, and signs before a digit.
previous = aggregate(select(indices, indices - 1, ==), tokens, "(");
is_minus = tokens == "-" and previous != "(" and previous != "+" and previous != "-"
    and previous != "*";
is_sign = tokens == "-" and not is_minus;
)rasp";

// Without products the value is a sum of digits with signs. A minus sign between operands turns the
// signs of all digits up to the bracket that closes its own pair; one before a digit that of the
// digit.
TaskProgram EquationBySigns() {
  TaskProgram program;
  program.statements = std::string(kPairs) + R"rasp(
# How many minus signs reach a position: each reaches to the end of its pair.
minus_level = level if is_minus else 0 - 1;
ends_minus = closes
    and has_focus(select(minus_level, level, ==) and select(number, number, ==));
num_minus = round((indices + 1) * aggregate(up_to, indicator(is_minus) - indicator(ends_minus)));
has_sign = aggregate(select(indices, indices - 1, ==), is_sign, False);
is_negative = (num_minus + indicator(has_sign)) % 2 == 1;

# The right-hand side less the left, but for x.
digit = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "+": 0, "-": 0, "(": 0, ")": 0, "x": 0, "=": 0,
    "$": 0}[tokens];
summand = digit if is_negative or previous == "=" else (5 - digit) % 5;
rest = round(length * aggregate(full_s, summand)) % 5;
is_x_negative = has_focus(select(tokens == "x" and is_negative, True, ==));
answer = "01234"[(5 - rest) % 5 if is_x_negative else rest];
)rasp";
  program.output = "answer";
  program.explanation =
      "Each digit counts with the sign that the minus signs which reach it give it, and x is what "
      "the rest leaves.";
  program.construction = "the sign of each digit by the minus signs that reach it";
  program.depth = 5;
  program.result_at = ResultAt::kLast;
  return program;
}

// Values as tokens: a number, or in an equation a number plus or minus x.
class Forms {
 public:
  explicit Forms(bool with_x) : coefficients_(with_x ? 3 : 1) {}

  int size() const { return kModulus * coefficients_; }
  // -1, 0 or 1 times x, in the order 0, 1, -1.
  int Coefficient(int form) const { return form / kModulus == 2 ? -1 : form / kModulus; }
  int Constant(int form) const { return form % kModulus; }
  // Nothing where x would occur twice.
  std::optional<int> Of(int constant, int coefficient) const {
    if (coefficient < -1 || coefficient > 1) return std::nullopt;
    return (constant % kModulus + kModulus) % kModulus + kModulus * ((coefficient + 3) % 3);
  }
  std::string Token(int form) const {
    const int coefficient = Coefficient(form);
    return fmt::format("v{}{}", Constant(form),
                       coefficient == 0  ? ""
                       : coefficient > 0 ? "+x"
                                         : "-x");
  }
  std::vector<std::string> Tokens() const {
    std::vector<std::string> tokens;
    for (int form = 0; form < size(); ++form) tokens.push_back(Token(form));
    return tokens;
  }

 private:
  int coefficients_;
};

// The operand that ends before a position, by the token before it and whether a minus sign stands
// before that: its value, or `pair`, that of the last pair of brackets.
RaspWriter::Rows OperandRows(const Forms& forms, std::string_view symbols) {
  RaspWriter::Rows rows;
  for (const char c : symbols) {
    for (const int sign : {1, -1}) {
      std::string operand = "pair";
      if (c >= '0' && c < '0' + kModulus) operand = forms.Token(*forms.Of(sign * (c - '0'), 0));
      if (c == 'x') operand = forms.Token(*forms.Of(0, sign));
      rows.emplace_back(std::string(1, c) + (sign > 0 ? "" : " signed"), operand);
    }
  }
  for (const char* other : {"$", "$ signed"}) rows.emplace_back(other, "pair");
  return rows;
}

// The value of a pair by its operator and the values of its operands; without an operator, that of
// the one operand. If x would occur twice, which no input causes, that of the first.
RaspWriter::Rows ValueRows(const Forms& forms, std::string_view operators) {
  RaspWriter::Rows rows;
  for (int right = 0; right < forms.size(); ++right) {
    for (int left = 0; left < forms.size(); ++left) {
      const std::string operands = " " + forms.Token(left) + " " + forms.Token(right);
      const int a = forms.Constant(left), b = forms.Constant(right);
      const int x = forms.Coefficient(left), y = forms.Coefficient(right);
      for (const char op : operators) {
        const std::optional<int> value = op == '+'   ? forms.Of(a + b, x + y)
                                         : op == '-' ? forms.Of(a - b, x - y)
                                                     : forms.Of(a * b, 0);
        rows.emplace_back(op + operands, forms.Token(value.value_or(left)));
      }
      rows.emplace_back("none" + operands, forms.Token(right));
    }
  }
  return rows;
}

// The answer by the value of the whole expression and, in an equation, the number after the `=`.
RaspWriter::Rows AnswerRows(const Forms& forms, bool with_x) {
  RaspWriter::Rows rows;
  for (int form = 0; form < forms.size(); ++form) {
    const int constant = forms.Constant(form), coefficient = forms.Coefficient(form);
    if (!with_x)
      rows.emplace_back(forms.Token(form), std::string(1, static_cast<char>('0' + constant)));
    for (int right = 0; with_x && right < kModulus; ++right) {
      const int x = ((right - constant) * coefficient % kModulus + kModulus) % kModulus;
      rows.emplace_back(fmt::format("{} {}", forms.Token(form), right), fmt::format("{}", x));
    }
  }
  return rows;
}

// What a closing bracket needs to know about its pair, where numbers are gathered as `names`.
constexpr std::string_view kOperands = R"rasp(
# The operand that ends before an operator, a closing bracket or the end of the expression.
before_is_sign = aggregate(select(indices, indices - 2, ==), is_sign, False);
known = previous if previous in symbols else "$";
operand = operand_of[known + (" signed" if before_is_sign else "")];

# For a closing bracket the operator of its pair, the operand in front of that, and how many pairs
# had been closed there.
num_closed = selector_width(select(closes, True, ==));
is_operator = tokens == "+" or tokens == "*" or is_minus;
same_pair = select(level if is_operator else 0 - 1, level, ==) and select(number, number, ==);
operator = aggregate(same_pair, tokens, "none");
left = aggregate(same_pair, operand, "pair");
name = names[num_closed if num_closed < len(names) else 0];
num_closed_left = aggregate(same_pair, name, "0");

# All that for the pair that closes next. The value of an operand that is a pair has been written:
# that of the right one last.
is_next = select(num_closed if closes else 0 - 1, place + 1, ==);
next_operator = aggregate(is_next, operator, "none");
next_left = aggregate(is_next, left, "pair");
next_right = aggregate(is_next, operand, "pair");
place_left = number_of[aggregate(is_next, num_closed_left, "0")];
)rasp";

constexpr std::string_view kAnswerOfExpression = "answer = answer_of[result];";
constexpr std::string_view kAnswerOfEquation =
    R"rasp(last = aggregate(select(indices, indices - place - 1, ==), tokens, "0");
right_side = last if last in ["0", "1", "2", "3", "4"] else "0";
answer = answer_of[result + " " + right_side];)rasp";

// One value per pair of brackets, in the order in which they close.
std::optional<TaskProgram> ValuesOfPairs(const std::string& symbols, std::string_view operators,
                                         bool with_x, const GeneratedProgramOptions& options,
                                         Diagnostics& diag) {
  const Forms forms(with_x);
  RaspWriter tables;
  tables.Blank();
  tables.Comment("The operand that ends at a token, which may have a sign: its value, or a pair.");
  tables.Table("operand_of", OperandRows(forms, symbols));
  tables.Comment("The value of a pair by its operator and its operands.");
  tables.Table("value_of", ValueRows(forms, operators));
  tables.Comment(with_x ? "The answer by the value of the left-hand side, and the right-hand one."
                        : "The answer by the value of the whole.");
  tables.Table("answer_of", AnswerRows(forms, with_x));
  // A pair of brackets takes three tokens.
  const std::int64_t most_pairs = options.max_length / 3;
  const std::int64_t num_rows = tables.num_rows() + 2 * (most_pairs + 1);
  if (!CheckRows(num_rows, options, diag)) return std::nullopt;
  std::string names;
  for (std::int64_t i = 0; i <= most_pairs; ++i) {
    names += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", i);
  }
  TaskProgram program;
  program.num_rows = num_rows;
  program.statements =
      std::string(kPlaces) + tables.text() +
      fmt::format("symbols = {};\nnames = [{}];\n", LiteralList(Characters(symbols)), names) +
      "number_of = {names[i]: i for i in range(len(names))};\n" + std::string(kPairs) +
      std::string(kOperands) +
      fmt::format(R"rasp(
written = tokens if tokens in {values} else {zero};
left_pair = aggregate(select(indices, indices - place + place_left, ==), written, {zero});
left_value = left_pair if next_left == "pair" else next_left;
right_value = written if next_right == "pair" else next_right;
thought = value_of[next_operator + " " + left_value + " " + right_value];

# The value of the whole is that of the last pair, or of the only operand.
whole = aggregate(select(tokens, {end}, ==), operand, "pair");
last_written = aggregate(select(indices, indices - 1, ==), written, {zero});
result = last_written if whole == "pair" else whole;
{answer}
behind_mark = answer if tokens == "=>" else (thought if place < num_closed else "=>");
next = "." if tokens in ["0", "1", "2", "3", "4"] else behind_mark;
)rasp",
                  fmt::arg("values", LiteralList(forms.Tokens())),
                  fmt::arg("zero", Literal(forms.Token(0))),
                  fmt::arg("end", Literal(with_x ? "=" : kEndMark)),
                  fmt::arg("answer", with_x ? kAnswerOfEquation : kAnswerOfExpression));
  program.output = "next";
  program.construction = "the value of a pair of brackets per step";
  program.explanation =
      "Each step writes the value of the pair that closes next, from those written for its "
      "operands; then the answer mark and the answer.";
  program.promise = " whatever the length; at most n/3 + 3 steps";
  program.depth = 5;
  program.result_at = ResultAt::kGenerated;
  program.has_answer_mark = true;
  program.more_tokens = forms.Tokens();
  program.max_steps = most_pairs + 3;
  program.max_domain = 10'000;
  return program;
}

}  // namespace

std::optional<TaskProgram> BracketArithmeticProgram(const GeneratedProgramOptions& options,
                                                    Diagnostics& diag) {
  if (options.mechanism == Mechanism::kDepth) {
    return ByTreeContraction(std::string(kPairs), options);
  }
  if (options.mechanism != Mechanism::kCot) return std::nullopt;
  return ValuesOfPairs("01234+-*()", "+-*", /*with_x=*/false, options, diag);
}

std::optional<TaskProgram> SolveEquationProgram(const GeneratedProgramOptions& options,
                                                Diagnostics& diag) {
  if (options.mechanism == Mechanism::kCot) {
    return ValuesOfPairs("01234+-()x=", "+-", /*with_x=*/true, options, diag);
  }
  return EquationBySigns();
}

}  // namespace raspc
