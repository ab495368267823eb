#include "languages/tasks/sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "languages/automata/sample.h"
#include "languages/tasks/expressions.h"

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

DrawInput AllOver(std::string_view symbols) {
  return [symbols](int length, std::mt19937_64& random) -> std::optional<std::string> {
    return Random(length, symbols, random);
  };
}

// How many bits there are before the actions: k of n with a probability like (2/3)^k.
int NumBits(int length, std::mt19937_64& random) {
  const double ratio = 2.0 / 3;
  const double total = -std::expm1((length + 1) * std::log(ratio));  // times 1 - ratio
  const double below = UniformReal(random) * total;
  const int k = static_cast<int>(std::log1p(-below) / std::log(ratio));
  return std::min(k, length);
}

std::shared_ptr<const ExpressionSampler> MakeSampler(int max_length, const std::string& operators,
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

std::optional<DrawInput> DrawBits(int, const LanguageLimits&, Diagnostics&) {
  return AllOver("01");
}
std::optional<DrawInput> DrawSteps(int, const LanguageLimits&, Diagnostics&) {
  return AllOver("012");
}
std::optional<DrawInput> DrawDigits(int, const LanguageLimits&, Diagnostics&) {
  return AllOver("01234");
}

std::optional<DrawInput> DrawSimpleArithmetic(int, const LanguageLimits&, Diagnostics&) {
  return [](int length, std::mt19937_64& random) -> std::optional<std::string> {
    if (length % 2 == 0) return std::nullopt;
    std::string text = Random(1, "01234", random);
    for (int i = 1; i < length; i += 2) {
      text += Random(1, "+-*", random);
      text += Random(1, "01234", random);
    }
    return text;
  };
}

std::optional<DrawInput> DrawStackActions(int, const LanguageLimits&, Diagnostics&) {
  return [](int length, std::mt19937_64& random) -> std::optional<std::string> {
    const int num_bits = NumBits(length, random);
    const std::string bits = Random(num_bits, "01", random);
    return bits + Random(length - num_bits, "234", random);
  };
}

std::optional<DrawInput> DrawMissingDuplicate(int, const LanguageLimits&, Diagnostics&) {
  return [](int length, std::mt19937_64& random) -> std::optional<std::string> {
    const int half = length / 2;
    if (half == 0) return std::nullopt;
    const std::string word = Random(half, "01", random);
    std::string text = word + word;
    text[static_cast<std::size_t>(UniformBelow(random, 2 * half))] = '2';
    return length % 2 == 1 ? text + "3" : text;
  };
}

std::optional<DrawInput> DrawTwoNumbers(int, const LanguageLimits&, Diagnostics&) {
  return [](int length, std::mt19937_64& random) -> std::optional<std::string> {
    if (length < 3) return std::nullopt;
    std::string text = Random(length, "01", random);
    text[static_cast<std::size_t>(1 + UniformBelow(random, length - 2))] = '2';
    return text;
  };
}

std::optional<DrawInput> DrawBracketArithmetic(int max_length, const LanguageLimits& limits,
                                               Diagnostics& diag) {
  const auto sampler = MakeSampler(max_length, "+-*", limits, diag);
  if (!sampler) return std::nullopt;
  return [sampler](int length, std::mt19937_64& random) -> std::optional<std::string> {
    if (!sampler->Has(length)) return std::nullopt;
    return sampler->Draw(length, /*with_x=*/false, random);
  };
}

std::optional<DrawInput> DrawEquation(int max_length, const LanguageLimits& limits,
                                      Diagnostics& diag) {
  const auto sampler = MakeSampler(max_length, "+-", limits, diag);
  if (!sampler) return std::nullopt;
  return [sampler](int length, std::mt19937_64& random) -> std::optional<std::string> {
    if (!sampler->Has(length - 2)) return std::nullopt;
    const std::string left = sampler->Draw(length - 2, /*with_x=*/true, random);
    return left + "=" + Random(1, "01234", random);
  };
}

}  // namespace raspc
