#include "lab/families/tasks/answers.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <utility>

#include "lab/families/tasks/expressions.h"

namespace raspc {
namespace {

using BigInt = boost::multiprecision::cpp_int;

bool HasOnly(std::string_view input, std::string_view symbols) {
  return input.find_first_not_of(symbols) == std::string_view::npos;
}
bool AreBits(std::string_view input) { return HasOnly(input, "01"); }

TaskAnswer Digit(int value) { return std::string(1, static_cast<char>('0' + value)); }

int Modulo(int a, int m) { return (a % m + m) % m; }

BigInt IntegerOf(std::string_view bits) {  // lowest first
  BigInt number = 0;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[i] == '1') bit_set(number, static_cast<unsigned>(i));
  }
  return number;
}

// Lowest bit first, at least one bit.
std::string BitsOf(const BigInt& number) {
  const unsigned size = number == 0 ? 1 : msb(number) + 1;
  std::string bits;
  for (unsigned i = 0; i < size; ++i) bits += bit_test(number, i) ? '1' : '0';
  return bits;
}

// The two numbers around the only 2; nothing if there are none.
std::optional<std::pair<BigInt, BigInt>> TwoNumbers(std::string_view input) {
  const std::size_t at = input.find('2');
  if (at == std::string_view::npos || at == 0 || at + 1 == input.size()) return std::nullopt;
  const std::string_view first = input.substr(0, at), second = input.substr(at + 1);
  if (!AreBits(first) || !AreBits(second)) return std::nullopt;
  return std::pair(IntegerOf(first), IntegerOf(second));
}

// Ended by 2 and filled up with zeros.
std::string Ended(std::string answer, std::size_t size) {
  answer += '2';
  answer.resize(std::max(size, answer.size()), '0');
  return answer;
}

}  // namespace

TaskAnswer EvenPairsAnswer(std::string_view input) {
  if (!AreBits(input)) return std::nullopt;
  int num_unequal = 0;
  for (std::size_t i = 1; i < input.size(); ++i) num_unequal += input[i - 1] != input[i];
  return Digit(num_unequal % 2);
}

TaskAnswer SimpleArithmeticAnswer(std::string_view input) {
  if (input.size() % 2 == 0) return std::nullopt;
  int total = 0, term = 1;  // term: the product that is open, with its sign
  for (std::size_t i = 0; i < input.size(); ++i) {
    if (!HasOnly(input.substr(i, 1), i % 2 == 0 ? "01234" : "+-*")) return std::nullopt;
    if (i % 2 == 0) {
      term = Modulo(term * (input[i] - '0'), kModulus);
    } else if (input[i] != '*') {
      total += term;
      term = input[i] == '-' ? -1 : 1;
    }
  }
  return Digit(Modulo(total + term, kModulus));
}

TaskAnswer ParityCheckAnswer(std::string_view input) {
  if (!AreBits(input)) return std::nullopt;
  return Digit(static_cast<int>(std::count(input.begin(), input.end(), '1') % 2));
}

TaskAnswer CycleNavigationAnswer(std::string_view input) {
  if (!HasOnly(input, "012")) return std::nullopt;
  int place = 0;
  for (const char c : input) place = Modulo(place + (c - '1'), 5);
  return Digit(place);
}

TaskAnswer StackManipulationAnswer(std::string_view input) {
  const std::size_t size = std::min(input.find_first_not_of("01"), input.size());
  if (!HasOnly(input.substr(size), "234")) return std::nullopt;
  std::string stack(input.substr(0, size));
  for (const char action : input.substr(size)) {
    if (action != '2') {
      stack += action == '3' ? '0' : '1';
    } else if (!stack.empty()) {
      stack.pop_back();
    }
  }
  return Ended({stack.rbegin(), stack.rend()}, input.size() + 1);
}

TaskAnswer ReverseStringAnswer(std::string_view input) {
  if (!AreBits(input)) return std::nullopt;
  return std::string(input.rbegin(), input.rend());
}

TaskAnswer BracketArithmeticAnswer(std::string_view input) {
  if (!HasOnly(input, "01234+-*()")) return std::nullopt;
  const std::optional<LinearValue> value = ValueOfExpression(input, "+-*");
  if (!value) return std::nullopt;
  return Digit(value->constant);
}

TaskAnswer SolveEquationAnswer(std::string_view input) {
  const std::size_t size = input.find('=');
  if (size == std::string_view::npos || std::count(input.begin(), input.end(), 'x') != 1) {
    return std::nullopt;
  }
  const std::string_view right = input.substr(size + 1);
  if (right.size() != 1 || !HasOnly(right, "01234")) return std::nullopt;
  const std::optional<LinearValue> left = ValueOfExpression(input.substr(0, size), "+-");
  if (!left) return std::nullopt;
  for (int x = 0; x < kModulus; ++x) {
    if (Modulo(left->constant + left->coefficient * x, kModulus) == right[0] - '0') return Digit(x);
  }
  return std::nullopt;
}

TaskAnswer DuplicateStringAnswer(std::string_view input) {
  if (!AreBits(input)) return std::nullopt;
  return std::string(input) + std::string(input);
}

TaskAnswer MissingDuplicateAnswer(std::string_view input) {
  if (input.size() % 2 == 1) {
    if (input.back() != '3') return std::nullopt;
    input.remove_suffix(1);
  }
  const std::size_t hole = input.find('2'), half = input.size() / 2;
  if (hole == std::string_view::npos) return std::nullopt;
  std::string whole(input);
  const char missing = input[hole < half ? hole + half : hole - half];
  whole[hole] = missing;
  if (!AreBits(whole) || whole.substr(0, half) != whole.substr(half)) return std::nullopt;
  return std::string(1, missing);
}

TaskAnswer OddsFirstAnswer(std::string_view input) {
  if (!AreBits(input)) return std::nullopt;
  std::string odd, even;
  for (std::size_t i = 0; i < input.size(); ++i) (i % 2 == 1 ? odd : even) += input[i];
  return odd + even;
}

TaskAnswer BinaryAdditionAnswer(std::string_view input) {
  const auto numbers = TwoNumbers(input);
  if (!numbers) return std::nullopt;
  return Ended(BitsOf(numbers->first + numbers->second), input.size() + 1);
}

TaskAnswer BinaryMultiplicationAnswer(std::string_view input) {
  const auto numbers = TwoNumbers(input);
  if (!numbers) return std::nullopt;
  return Ended(BitsOf(numbers->first * numbers->second), input.size());
}

TaskAnswer ComputeSqrtAnswer(std::string_view input) {
  if (!AreBits(input)) return std::nullopt;
  const BigInt number = IntegerOf(std::string(input.rbegin(), input.rend()));
  std::string bits = BitsOf(sqrt(number));
  bits.resize((input.size() + 1) / 2, '0');
  return std::string(bits.rbegin(), bits.rend());
}

TaskAnswer BucketSortAnswer(std::string_view input) {
  if (!HasOnly(input, "01234")) return std::nullopt;
  std::string sorted(input);
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace raspc
