#include "tests/lab/families/tasks/task_definitions.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

namespace raspc {
namespace {

using Text = std::string;
using MaybeText = std::optional<std::string>;
__extension__ typedef unsigned __int128 Number;

bool Has(const Text& text, char c) { return text.find(c) != Text::npos; }
bool IsMadeOf(const Text& text, const Text& symbols) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return Has(symbols, c); });
}
Text OneDigit(int value) { return std::to_string(value); }

MaybeText EvenPairs(const Text& w) {
  if (!IsMadeOf(w, "01")) return std::nullopt;
  return w.empty() || w.front() == w.back() ? "0" : "1";
}

// The value of digits with operators between them, by splitting at the last operator that binds
// least.
int SplitValue(const Text& w) {
  for (const char* operators : {"+-", "*"}) {
    const std::size_t at = w.find_last_of(operators);
    if (at == Text::npos) continue;
    const int left = SplitValue(w.substr(0, at)), right = SplitValue(w.substr(at + 1));
    return (w[at] == '+' ? left + right : w[at] == '-' ? left + 5 - right : left * right) % 5;
  }
  return std::stoi(w);
}

MaybeText SimpleArithmetic(const Text& w) {
  for (std::size_t i = 0; i < w.size(); ++i) {
    if (!Has(i % 2 == 0 ? "01234" : "+-*", w[i])) return std::nullopt;
  }
  if (w.empty() || Has("+-*", w.back())) return std::nullopt;
  return OneDigit(SplitValue(w));
}

MaybeText ParityCheck(const Text& w) {
  if (!IsMadeOf(w, "01")) return std::nullopt;
  bool odd = false;
  for (const char c : w) odd ^= c == '1';
  return odd ? "1" : "0";
}

MaybeText CycleNavigation(const Text& w) {
  if (!IsMadeOf(w, "012")) return std::nullopt;
  const auto forward = std::count(w.begin(), w.end(), '2');
  const auto back = std::count(w.begin(), w.end(), '0');
  return OneDigit(static_cast<int>((forward + 4 * back) % 5));
}

// By cancelling: a push followed by a pop does nothing, and neither does a pop before everything.
MaybeText StackManipulation(const Text& w) {
  bool acts = false;
  Text actions;
  for (const char c : w) {
    if (!Has("01234", c) || (acts && c < '2')) return std::nullopt;
    acts = acts || c >= '2';
    actions += c == '2' ? 'p' : c == '0' || c == '3' ? '0' : '1';
  }
  for (bool changed = true; changed;) {
    changed = false;
    const std::size_t pop = actions.find('p');
    if (pop == Text::npos) break;
    changed = true;
    actions.erase(pop == 0 ? 0 : pop - 1, pop == 0 ? 1 : 2);
  }
  std::reverse(actions.begin(), actions.end());
  actions += "2";
  while (actions.size() < w.size() + 1) actions += "0";
  return actions;
}

MaybeText ReverseString(const Text& w) {
  if (!IsMadeOf(w, "01")) return std::nullopt;
  Text reversed;
  for (const char c : w) reversed.insert(0, 1, c);
  return reversed;
}

// Recursive descent with positions: E at `at`, which is moved past it.
std::optional<int> ReadExpression(const Text& w, std::size_t& at, const Text& operators,
                                  bool& is_atom) {
  is_atom = true;
  const auto atom = [&]() -> std::optional<int> {
    const bool negative = at < w.size() && w[at] == '-';
    const std::size_t digit = at + (negative ? 1 : 0);
    if (digit >= w.size() || !Has("01234", w[digit])) return std::nullopt;
    at = digit + 1;
    return negative ? (5 - (w[digit] - '0')) % 5 : w[digit] - '0';
  };
  if (at >= w.size() || w[at] != '(') return atom();
  ++at;
  bool left_is_atom = false, ignored = false;
  const std::optional<int> left = ReadExpression(w, at, operators, left_is_atom);
  if (!left || at >= w.size()) return std::nullopt;
  is_atom = false;
  if (w[at] == ')') {
    ++at;
    return left_is_atom ? left : std::nullopt;
  }
  const char op = w[at++];
  if (!Has(operators, op)) return std::nullopt;
  const std::optional<int> right = ReadExpression(w, at, operators, ignored);
  if (!right || at >= w.size() || w[at++] != ')') return std::nullopt;
  return (op == '+' ? *left + *right : op == '-' ? *left + 5 - *right : *left * *right) % 5;
}

std::optional<int> WholeValue(const Text& w, const Text& operators) {
  std::size_t at = 0;
  bool ignored = false;
  const std::optional<int> value = ReadExpression(w, at, operators, ignored);
  return at == w.size() ? value : std::nullopt;
}

MaybeText BracketArithmetic(const Text& w) {
  const std::optional<int> value = WholeValue(w, "+-*");
  return value ? MaybeText(OneDigit(*value)) : std::nullopt;
}

// By trying each digit.
MaybeText SolveEquation(const Text& w) {
  if (w.size() < 3 || w[w.size() - 2] != '=' || !Has("01234", w.back())) return std::nullopt;
  if (std::count(w.begin(), w.end(), 'x') != 1) return std::nullopt;
  for (char digit = '0'; digit <= '4'; ++digit) {
    Text left = w.substr(0, w.size() - 2);
    const std::size_t at = left.find('x');
    if (at == Text::npos) return std::nullopt;
    left[at] = digit;
    if (WholeValue(left, "+-") == w.back() - '0') return Text(1, digit);
  }
  return std::nullopt;
}

MaybeText DuplicateString(const Text& w) {
  if (!IsMadeOf(w, "01")) return std::nullopt;
  Text twice;
  for (std::size_t i = 0; i < 2 * w.size(); ++i) twice += w[i % w.size()];
  return twice;
}

// By trying both bits in the hole.
MaybeText MissingDuplicate(const Text& w) {
  const Text text = w.size() % 2 == 1 ? w.substr(0, w.size() - 1) : w;
  if (w.size() % 2 == 1 && w.back() != '3') return std::nullopt;
  if (std::count(text.begin(), text.end(), '2') != 1) return std::nullopt;
  for (const char bit : {'0', '1'}) {
    Text filled = text;
    std::replace(filled.begin(), filled.end(), '2', bit);
    const Text half = filled.substr(0, filled.size() / 2);
    if (IsMadeOf(half, "01") && filled == half + half) return Text(1, bit);
  }
  return std::nullopt;
}

MaybeText OddsFirst(const Text& w) {
  if (!IsMadeOf(w, "01")) return std::nullopt;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < w.size(); ++i) places.push_back(i);
  std::stable_partition(places.begin(), places.end(), [](std::size_t i) { return i % 2 == 1; });
  Text picked;
  for (const std::size_t i : places) picked += w[i];
  return picked;
}

std::optional<std::pair<Number, Number>> Operands(const Text& w) {
  if (!IsMadeOf(w, "012") || std::count(w.begin(), w.end(), '2') != 1) return std::nullopt;
  if (w.front() == '2' || w.back() == '2') return std::nullopt;
  Number numbers[2] = {0, 0}, unit = 1;
  int which = 0;
  for (const char c : w) {
    if (c == '2') {
      which = 1;
      unit = 1;
      continue;
    }
    if (c == '1') numbers[which] += unit;
    unit *= 2;
  }
  return std::pair(numbers[0], numbers[1]);
}

Text LowestFirst(Number number, std::size_t size) {
  Text bits;
  do {
    bits += number % 2 == 1 ? '1' : '0';
    number /= 2;
  } while (number > 0);
  bits += '2';
  while (bits.size() < size) bits += '0';
  return bits;
}

MaybeText BinaryAddition(const Text& w) {
  const auto numbers = Operands(w);
  return numbers ? MaybeText(LowestFirst(numbers->first + numbers->second, w.size() + 1))
                 : std::nullopt;
}

MaybeText BinaryMultiplication(const Text& w) {
  const auto numbers = Operands(w);
  return numbers ? MaybeText(LowestFirst(numbers->first * numbers->second, w.size()))
                 : std::nullopt;
}

// By bisection.
MaybeText ComputeSqrt(const Text& w) {
  if (!IsMadeOf(w, "01")) return std::nullopt;
  Number number = 0;
  for (const char c : w) number = 2 * number + (c == '1' ? 1 : 0);
  Number low = 0, high = Number(1) << 33;
  while (high - low > 1) {
    const Number middle = (low + high) / 2;
    (middle * middle <= number ? low : high) = middle;
  }
  Text bits;
  for (std::size_t i = 0; i < (w.size() + 1) / 2; ++i, low /= 2) {
    bits.insert(0, 1, low % 2 == 1 ? '1' : '0');
  }
  return bits;
}

MaybeText BucketSort(const Text& w) {
  if (!IsMadeOf(w, "01234")) return std::nullopt;
  const std::multiset<char> sorted(w.begin(), w.end());
  return Text(sorted.begin(), sorted.end());
}

std::map<std::string, int> MakeExpressions(int length, const std::string& operators) {
  std::map<std::string, int> made;
  for (int digit = 0; digit < 5; ++digit) {
    const Text d = OneDigit(digit);
    if (length == 1) made[d] = digit;
    if (length == 2) made["-" + d] = (5 - digit) % 5;
    if (length == 3) made["(" + d + ")"] = digit;
    if (length == 4) made["(-" + d + ")"] = (5 - digit) % 5;
  }
  for (int left = 1; left + 4 <= length; ++left) {
    for (const auto& [l, a] : ExpressionsOf(left, operators)) {
      for (const auto& [r, b] : ExpressionsOf(length - 3 - left, operators)) {
        for (const char op : operators) {
          made["(" + l + op + r + ")"] = (op == '+' ? a + b : op == '-' ? a + 5 - b : a * b) % 5;
        }
      }
    }
  }
  return made;
}

}  // namespace

const std::vector<TaskDefinition>& TaskDefinitions() {
  static const std::vector<TaskDefinition> definitions = {
      {"even_pairs_task", EvenPairs},
      {"modular_arithmetic_simple", SimpleArithmetic},
      {"parity_check", ParityCheck},
      {"cycle_navigation_task", CycleNavigation},
      {"stack_manipulation", StackManipulation},
      {"reverse_string", ReverseString},
      {"modular_arithmetic_brackets", BracketArithmetic},
      {"solve_equation", SolveEquation},
      {"duplicate_string", DuplicateString},
      {"missing_duplicate", MissingDuplicate},
      {"odds_first", OddsFirst},
      {"binary_addition", BinaryAddition},
      {"binary_multiplication", BinaryMultiplication},
      {"compute_sqrt", ComputeSqrt},
      {"bucket_sort", BucketSort}};
  return definitions;
}

const std::map<std::string, int>& ExpressionsOf(int length, const std::string& operators) {
  static std::map<std::pair<int, std::string>, std::map<std::string, int>> known;
  const auto key = std::pair(length, operators);
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  std::map<std::string, int> made = MakeExpressions(length, operators);
  return known.emplace(key, std::move(made)).first->second;
}

std::vector<std::string> EquationsOf(int length) {
  std::set<std::string> made;
  for (const auto& [text, value] : ExpressionsOf(length - 2, "+-")) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (!Has("01234", text[i])) continue;
      for (char right = '0'; right <= '4'; ++right) {
        Text left = text;
        left[i] = 'x';
        made.insert(left + "=" + right);
      }
    }
  }
  return {made.begin(), made.end()};
}

}  // namespace raspc
