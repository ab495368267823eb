#include "lab/families/tasks/task_samplers.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <memory>
#include <utility>

#include "automata/sample.h"
#include "lab/families/tasks/expressions.h"

namespace raspc {
namespace {

std::string Random(int length, std::string_view symbols, std::mt19937_64& random) {
  std::string text;
  for (int i = 0; i < length; ++i) {
    text +=
        symbols[static_cast<std::size_t>(UniformBelow(random, static_cast<int>(symbols.size())))];
  }
  return text;
}

// A repeated pattern of up to three symbols, in three of four cases with one symbol, or the last,
// replaced at random.
std::string Patterned(int length, std::string_view symbols, std::mt19937_64& random) {
  const std::string pattern = Random(1 + UniformBelow(random, 3), symbols, random);
  std::string text;
  for (int i = 0; i < length; ++i) text += pattern[static_cast<std::size_t>(i) % pattern.size()];
  const int kind = UniformBelow(random, 4);
  if (length == 0 || kind == 0) return text;
  const int at = kind == 1 ? length - 1 : UniformBelow(random, length);
  text[static_cast<std::size_t>(at)] = Random(1, symbols, random)[0];
  return text;
}

TaskInputs AllOver(std::string_view symbols) {
  return {[symbols](int length, std::mt19937_64& random) -> std::optional<std::string> {
            return Random(length, symbols, random);
          },
          [symbols](int length, std::mt19937_64& random) -> std::optional<std::string> {
            return Patterned(length, symbols, random);
          }};
}

// Digits, each after the first preceded by an operator.
std::optional<std::string> Arithmetic(int length, std::string_view digits,
                                      std::string_view operators, std::mt19937_64& random) {
  if (length % 2 == 0) return std::nullopt;
  std::string text = Random(1, digits, random);
  for (int i = 1; i < length; i += 2) {
    text += Random(1, operators, random);
    text += Random(1, digits, random);
  }
  return text;
}

// The number of bits before the actions: k of n with probability proportional to (2/3)^k.
int NumBits(int length, std::mt19937_64& random) {
  const double ratio = 2.0 / 3;
  const double total = -std::expm1((length + 1) * std::log(ratio));  // times 1 - ratio
  const double below = UniformReal(random) * total;
  const int k = static_cast<int>(std::log1p(-below) / std::log(ratio));
  return std::min(k, length);
}

std::string StackAndActions(int length, int num_bits, std::string_view actions,
                            std::mt19937_64& random) {
  const std::string bits = Random(num_bits, "01", random);
  return bits + Random(length - num_bits, actions, random);
}

// The word twice, with one bit hidden.
std::string WithHole(const std::string& word, int length, std::mt19937_64& random) {
  std::string text = word + word;
  text[static_cast<std::size_t>(UniformBelow(random, static_cast<int>(text.size())))] = '2';
  return length % 2 == 1 ? text + "3" : text;
}

// A number of `length` bits, highest first, that is a square or as close as roots can distinguish:
// r^2 - 1, r^2, r^2 + 1 or r^2 + 2r.
std::string NextToSquare(int length, std::mt19937_64& random) {
  using BigInt = boost::multiprecision::cpp_int;
  BigInt root = 0;
  for (const char c : Random((length + 1) / 2, "01", random)) root = 2 * root + (c - '0');
  while (BigInt(root * root) >> length > 0) root /= 2;
  const int kind = UniformBelow(random, 4);
  BigInt number = root * root;
  if (kind == 0 && number > 0) number -= 1;
  if (kind == 1) number += 1;
  if (kind == 2) number += 2 * root;
  std::string bits;
  for (int i = length - 1; i >= 0; --i) {
    bits += bit_test(number, static_cast<unsigned>(i)) ? '1' : '0';
  }
  return bits;
}

std::shared_ptr<const ExpressionSampler> MakeExpressionSampler(int max_length, const std::string& operators,
                                                     const LanguageLimits& limits,
                                                     Diagnostics& diag) {
  const auto steps = static_cast<std::int64_t>(max_length) * max_length;
  if (steps > limits.max_steps) {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("counting the expressions of up to {} tokens takes more than {} steps",
                           max_length, limits.max_steps));
    return nullptr;
  }
  return std::make_shared<ExpressionSampler>(max_length, operators);
}

}  // namespace

std::optional<TaskInputs> DrawBits(int, const LanguageLimits&, Diagnostics&) {
  return AllOver("01");
}
std::optional<TaskInputs> DrawSteps(int, const LanguageLimits&, Diagnostics&) {
  return AllOver("012");
}
std::optional<TaskInputs> DrawDigits(int, const LanguageLimits&, Diagnostics&) {
  return AllOver("01234");
}

std::optional<TaskInputs> DrawRadicands(int, const LanguageLimits&, Diagnostics&) {
  return TaskInputs{AllOver("01").any,
                    [](int length, std::mt19937_64& random) -> std::optional<std::string> {
                      return NextToSquare(length, random);
                    }};
}

std::optional<TaskInputs> DrawSimpleArithmetic(int, const LanguageLimits&, Diagnostics&) {
  return TaskInputs{[](int length, std::mt19937_64& random) {
                      return Arithmetic(length, "01234", "+-*", random);
                    },
                    [](int length, std::mt19937_64& random) {
                      return Arithmetic(length, "1234", Random(1, "+-*", random), random);
                    }};
}

std::optional<TaskInputs> DrawStackActions(int, const LanguageLimits&, Diagnostics&) {
  return TaskInputs{[](int length, std::mt19937_64& random) -> std::optional<std::string> {
                      return StackAndActions(length, NumBits(length, random), "234", random);
                    },
                    [](int length, std::mt19937_64& random) -> std::optional<std::string> {
                      constexpr std::string_view kActions[] = {"234", "22234", "2", "2234"};
                      const std::string_view actions = kActions[UniformBelow(random, 4)];
                      const int num_bits = UniformBelow(random, length + 1);
                      return StackAndActions(length, num_bits, actions, random);
                    }};
}

std::optional<TaskInputs> DrawMissingDuplicate(int, const LanguageLimits&, Diagnostics&) {
  return TaskInputs{[](int length, std::mt19937_64& random) -> std::optional<std::string> {
                      if (length < 2) return std::nullopt;
                      return WithHole(Random(length / 2, "01", random), length, random);
                    },
                    [](int length, std::mt19937_64& random) -> std::optional<std::string> {
                      if (length < 2) return std::nullopt;
                      return WithHole(Patterned(length / 2, "01", random), length, random);
                    }};
}

std::optional<TaskInputs> DrawTwoNumbers(int, const LanguageLimits&, Diagnostics&) {
  return TaskInputs{[](int length, std::mt19937_64& random) -> std::optional<std::string> {
                      if (length < 3) return std::nullopt;
                      std::string text = Random(length, "01", random);
                      text[static_cast<std::size_t>(1 + UniformBelow(random, length - 2))] = '2';
                      return text;
                    },
                    [](int length, std::mt19937_64& random) -> std::optional<std::string> {
                      if (length < 3) return std::nullopt;
                      const int first = 1 + UniformBelow(random, length - 2);
                      const std::string text = Patterned(first, "01", random) + "2";
                      return text + Patterned(length - 1 - first, "01", random);
                    }};
}

std::optional<TaskInputs> DrawBracketArithmetic(int max_length, const LanguageLimits& limits,
                                                Diagnostics& diag) {
  const auto sampler = MakeExpressionSampler(max_length, "+-*", limits, diag);
  if (!sampler) return std::nullopt;
  return TaskInputs{[sampler](int length, std::mt19937_64& random) -> std::optional<std::string> {
                      if (!sampler->Has(length)) return std::nullopt;
                      return sampler->Draw(length, /*with_x=*/false, random);
                    },
                    [sampler](int length, std::mt19937_64& random) -> std::optional<std::string> {
                      if (!sampler->Has(length)) return std::nullopt;
                      return sampler->DrawDeep(length, /*with_x=*/false, random);
                    }};
}

std::optional<TaskInputs> DrawEquation(int max_length, const LanguageLimits& limits,
                                       Diagnostics& diag) {
  const auto sampler = MakeExpressionSampler(max_length, "+-", limits, diag);
  if (!sampler) return std::nullopt;
  return TaskInputs{[sampler](int length, std::mt19937_64& random) -> std::optional<std::string> {
                      if (!sampler->Has(length - 2)) return std::nullopt;
                      const std::string left = sampler->Draw(length - 2, /*with_x=*/true, random);
                      return left + "=" + Random(1, "01234", random);
                    },
                    [sampler](int length, std::mt19937_64& random) -> std::optional<std::string> {
                      if (!sampler->Has(length - 2)) return std::nullopt;
                      const std::string left =
                          sampler->DrawDeep(length - 2, /*with_x=*/true, random);
                      return left + "=" + Random(1, "01234", random);
                    }};
}

}  // namespace raspc
