// Arithmetic modulo 5 with brackets, and equations.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "frontends/rasp_writer.h"
#include "lab/families/tasks/bracket_pairs.h"
#include "lab/families/tasks/expressions.h"
#include "lab/families/tasks/generation.h"
#include "lab/families/tasks/task_programs.h"
#include "lab/families/tasks/tree_contraction.h"

namespace raspc {
namespace {

// The part of each position in a sum of digits with signs: a minus sign between operands turns the
// signs of all digits up to the bracket that closes its own pair; one before a digit that of the
// digit.
Expr WriteIsNegative(const BracketPairs& pairs, RaspWriter& w) {
  w.Comment("How many minus signs apply to a position: each applies to the end of its pair.");
  const Expr minus_level = w.Assign("minus_level", If(pairs.is_minus, pairs.level, -1));
  const Expr same_pair =
      And(Select(minus_level, pairs.level), Select(pairs.number, pairs.number));
  const Expr ends_minus = w.Assign("ends_minus", And(pairs.closes, HasFocus(same_pair)));
  const Expr mean = Aggregate(pairs.up_to, Indicator(pairs.is_minus) - Indicator(ends_minus));
  const Expr num_minus = w.Assign("num_minus", Round((Indices() + 1) * mean));
  const Expr has_sign = w.Assign("has_sign", ValueAt(Indices() - 1, pairs.is_sign, false));
  return w.Assign("is_negative", (num_minus + Indicator(has_sign)) % 2 == 1);
}

// Without products the value is a sum of digits with signs.
void WriteEquation(RaspWriter& w) {
  const BracketPairs pairs = WriteBracketPairs(w);
  w.Blank();
  const Expr is_negative = WriteIsNegative(pairs, w);
  w.Blank();
  w.Comment("The right-hand side minus the left, without x.");
  std::vector<std::pair<Expr, Expr>> digits;
  for (int d = 0; d < kModulus; ++d) digits.emplace_back(fmt::format("{}", d), d);
  for (const char* other : {"+", "-", "(", ")", "x", "=", "$"}) digits.emplace_back(other, 0);
  const Expr digit = w.Assign("digit", DictOf(digits)[Tokens()]);
  const Expr summand = w.Assign(
      "summand", If(Or(is_negative, pairs.previous == "="), digit, (5 - digit) % 5));
  const Expr rest =
      w.Assign("rest", Round(Length() * Aggregate(Var("full_s"), summand)) % 5);
  const Expr is_x_negative = w.Assign(
      "is_x_negative", HasFocus(SelectWhere(And(Tokens() == "x", is_negative))));
  w.Assign("answer", Expr("01234")[If(is_x_negative, (5 - rest) % 5, rest)]);
}

GeneratedProgram EquationBySigns() {
  GeneratedProgram program = NewTaskProgram();
  WriteEquation(program.statements);
  program.explanation =
      "The minus signs that apply to a digit give its sign, and x is the difference that remains.";
  program.construction = "the sign of each digit from the minus signs that apply to it";
  program.depth = 5;
  program.result_at = ResultAt::kLast;
  return program;
}

Expr Digits() { return TextsOf({"0", "1", "2", "3", "4"}); }

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

// The tables of a program, by name.
struct Tables {
  Expr operand_of;  // the operand that ends at a token
  Expr value_of;    // of a pair, by its operator and operands
  Expr answer_of;
};

Tables WriteTables(const Forms& forms, const std::string& symbols, std::string_view operators,
                   bool with_x, RaspWriter& w) {
  w.Comment("The operand that ends at a token, possibly signed: its value, or a pair.");
  const Expr operand_of = w.Table("operand_of", OperandRows(forms, symbols));
  w.Comment("The value of a pair, by its operator and operands.");
  const Expr value_of = w.Table("value_of", ValueRows(forms, operators));
  w.Comment(with_x ? "The answer, by the values of the left-hand and right-hand sides."
                   : "The answer, by the value of the whole expression.");
  return {operand_of, value_of, w.Table("answer_of", AnswerRows(forms, with_x))};
}

// The pairs' numbers, as tokens and as numbers.
struct PairNames {
  Expr names, number_of;
};

std::int64_t NumNameRows(std::int64_t most_pairs) { return 2 * (most_pairs + 1); }

PairNames WritePairNames(std::int64_t most_pairs, RaspWriter& w) {
  std::vector<Expr> texts;
  for (std::int64_t i = 0; i <= most_pairs; ++i) texts.emplace_back(fmt::format("{}", i));
  const Expr names = w.Assign("names", ListOf(texts));
  const Expr i = Var("i");
  w.CountRows(NumNameRows(most_pairs));
  return {names, w.Assign("number_of", DictFor(names[i], i, "i", Range(Len(names))))};
}

Expr WriteOperand(const BracketPairs& pairs, const Tables& tables, const std::string& symbols,
                  RaspWriter& w) {
  w.Comment(
      "The operand that ends before an operator, a closing bracket or the end of the expression.");
  const Expr before_is_sign =
      w.Assign("before_is_sign", ValueAt(Indices() - 2, pairs.is_sign, false));
  const Expr is_known = In(pairs.previous, TextsOf(Characters(symbols)));
  const Expr known = w.Assign("known", If(is_known, pairs.previous, kEndMarker));
  return w.Assign("operand", tables.operand_of[known + If(before_is_sign, " signed", "")]);
}

// The pair that closes next.
struct NextPair {
  Expr num_closed;  // how many have been closed at each position
  // The pair's operator, its operands, and how many pairs had been closed where the left one ends.
  Expr op, left, right, num_closed_left;
};

NextPair WriteNextPair(const BracketPairs& pairs, const PairNames& names, const Expr& operand,
                       const Expr& place, RaspWriter& w) {
  w.Comment(
      "For each closing bracket: the operator of its pair, the operand before that, and how many "
      "pairs had been closed there.");
  const Expr num_closed = w.Assign("num_closed", SelectorWidth(SelectWhere(pairs.closes)));
  const Expr is_operator =
      w.Assign("is_operator", Or(Tokens() == "+", Tokens() == "*", pairs.is_minus));
  const Expr same_pair =
      w.Assign("same_pair", And(Select(If(is_operator, pairs.level, -1), pairs.level),
                                Select(pairs.number, pairs.number)));
  const Expr op = w.Assign("operator", Aggregate(same_pair, Tokens(), "none"));
  const Expr left = w.Assign("left", Aggregate(same_pair, operand, "pair"));
  const Expr name =
      w.Assign("name", names.names[If(num_closed < Len(names.names), num_closed, 0)]);
  const Expr num_closed_left = w.Assign("num_closed_left", Aggregate(same_pair, name, "0"));
  w.Blank();
  w.Comment(
      "The same for the pair that closes next. If an operand is a pair, its value has been "
      "written; that of the right operand is the last one written.");
  const Expr is_next =
      w.Assign("is_next", Select(If(pairs.closes, num_closed, -1), place + 1));
  const Expr next_op = w.Assign("next_operator", Aggregate(is_next, op, "none"));
  const Expr next_left = w.Assign("next_left", Aggregate(is_next, left, "pair"));
  const Expr next_right = w.Assign("next_right", Aggregate(is_next, operand, "pair"));
  const Expr place_left =
      w.Assign("place_left", names.number_of[Aggregate(is_next, num_closed_left, "0")]);
  return {num_closed, next_op, next_left, next_right, place_left};
}

// The value of the pair that closes next, and of the last one written.
struct PairValues {
  Expr thought, written;
};

PairValues WriteValues(const Forms& forms, const Tables& tables, const NextPair& next,
                       const Expr& place, RaspWriter& w) {
  const std::string zero = forms.Token(0);
  const Expr written =
      w.Assign("written", If(In(Tokens(), TextsOf(forms.Tokens())), Tokens(), zero));
  const Expr left_pair =
      w.Assign("left_pair", ValueAt(Indices() - place + next.num_closed_left, written, zero));
  const Expr left_value = w.Assign("left_value", If(next.left == "pair", left_pair, next.left));
  const Expr right_value =
      w.Assign("right_value", If(next.right == "pair", written, next.right));
  const Expr key = next.op + " " + left_value + " " + right_value;
  return {w.Assign("thought", tables.value_of[key]), written};
}

Expr WriteAnswer(const Forms& forms, bool with_x, const Tables& tables, const Expr& operand,
                 const Expr& written, const Expr& place, RaspWriter& w) {
  w.Comment("The value of the whole expression is that of the last pair, or of the only operand.");
  const Expr is_end = Select(Tokens(), with_x ? "=" : kEndMarker);
  const Expr whole = w.Assign("whole", Aggregate(is_end, operand, "pair"));
  const Expr last_written =
      w.Assign("last_written", ValueAt(Indices() - 1, written, forms.Token(0)));
  const Expr result = w.Assign("result", If(whole == "pair", last_written, whole));
  if (!with_x) return w.Assign("answer", tables.answer_of[result]);
  const Expr last = w.Assign("last", ValueAt(Indices() - place - 1, Tokens(), "0"));
  const Expr right_side = w.Assign("right_side", If(In(last, Digits()), last, "0"));
  return w.Assign("answer", tables.answer_of[result + " " + right_side]);
}

// One value per pair of brackets, in the order in which they close.
std::optional<GeneratedProgram> ValuesOfPairs(const std::string& symbols,
                                              std::string_view operators,
                                              bool with_x, const GeneratedProgramOptions& options,
                                              Diagnostics& diag) {
  const Forms forms(with_x);
  // A pair of brackets takes three tokens.
  const std::int64_t most_pairs = options.max_length / 3;
  GeneratedProgram program = NewTaskProgram();
  RaspWriter& w = program.statements;
  const Expr place = WritePlaces(w).place;
  w.Blank();
  const Tables tables = WriteTables(forms, symbols, operators, with_x, w);
  if (!CheckRows(w.num_rows() + NumNameRows(most_pairs), options, diag)) return std::nullopt;
  const PairNames names = WritePairNames(most_pairs, w);
  w.Blank();
  const BracketPairs pairs = WriteBracketPairs(w);
  w.Blank();
  const Expr operand = WriteOperand(pairs, tables, symbols, w);
  w.Blank();
  const NextPair next = WriteNextPair(pairs, names, operand, place, w);
  w.Blank();
  const PairValues values = WriteValues(forms, tables, next, place, w);
  w.Blank();
  const Expr answer = WriteAnswer(forms, with_x, tables, operand, values.written, place, w);
  const Expr thought = If(place < next.num_closed, values.thought, kAnswerMark);
  const Expr after_mark = w.Assign("after_mark", If(Tokens() == kAnswerMark, answer, thought));
  w.Assign("next", If(In(Tokens(), Digits()), kStopToken, after_mark));
  program.construction = "the value of a pair of brackets per step";
  program.explanation =
      "Each step writes the value of the pair that closes next, from the values written for its "
      "operands; then come the answer mark and the answer.";
  program.promise_rest = " whatever the length; at most n/3 + 3 steps";
  program.depth = 5;
  program.answer_mark = kAnswerMark;
  program.header.more_tokens = forms.Tokens();
  Generates(most_pairs + 3, program);
  program.header.max_domain = 10'000;
  return program;
}

}  // namespace

std::optional<GeneratedProgram> BracketArithmeticProgram(const GeneratedProgramOptions& options,
                                                         Diagnostics& diag) {
  if (options.mechanism == Mechanism::kLogDepth) {
    return ByTreeContraction(options);
  }
  if (options.mechanism != Mechanism::kCot) return std::nullopt;
  return ValuesOfPairs("01234+-*()", "+-*", /*with_x=*/false, options, diag);
}

std::optional<GeneratedProgram> SolveEquationProgram(const GeneratedProgramOptions& options,
                                                     Diagnostics& diag) {
  if (options.mechanism == Mechanism::kCot) {
    return ValuesOfPairs("01234+-()x=", "+-", /*with_x=*/true, options, diag);
  }
  return EquationBySigns();
}

}  // namespace raspc
