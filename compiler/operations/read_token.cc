// How the views tokens_str, tokens_int, … read a token. Strings are parsed as by Python's int() and
// float(): surrounding blanks, a sign, single underscores between digits.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "compiler/operations/atom_ops.h"

namespace raspc {
namespace {

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\r\v\f";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The text without the underscores between two digits; nothing if there is one elsewhere.
std::optional<std::string> WithoutUnderscores(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      plain += text[i];
      continue;
    }
    const bool between =
        i > 0 && IsDigit(text[i - 1]) && i + 1 < text.size() && IsDigit(text[i + 1]);
    if (!between) return std::nullopt;
  }
  return plain;
}

OpError NoNumber(const std::string& text, std::string_view what) {
  return OpError{ErrorKind::kValue,
                 fmt::format("the token {} does not spell {}", ShortText(Atom(text)), what)};
}

// Parses a sign and digits, nothing else.
OpResult IntFromText(const std::string& text) {
  const std::optional<std::string> plain = WithoutUnderscores(Trimmed(text));
  if (!plain) return NoNumber(text, "an int");
  std::string_view digits = *plain;
  if (!digits.empty() && digits[0] == '+') digits.remove_prefix(1);
  const bool signed_twice = plain->size() > 1 && (*plain)[0] == '+' && (*plain)[1] == '-';
  std::int64_t value = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = end == digits.data() + digits.size();
  if (status == std::errc::result_out_of_range && whole) {
    return OpError{ErrorKind::kValue,
                   fmt::format("the token {} does not fit into 64 bits", ShortText(Atom(text)))};
  }
  if (status != std::errc() || !whole || signed_twice) return NoNumber(text, "an int");
  return Atom(value);
}

// Whether `text` is [sign] digits [. digits] [e [sign] digits], with digits on at least one side
// of the point: from_chars alone would also take "inf" and "nan".
bool IsFloatText(std::string_view text) {
  std::size_t at = 0;
  const auto skip_sign = [&] {
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  };
  const auto skip_digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    return at - start;
  };
  skip_sign();
  std::size_t digits = skip_digits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    digits += skip_digits();
  }
  if (digits == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    skip_sign();
    if (skip_digits() == 0) return false;
  }
  return at == text.size();
}

// The fraction as a float; an error if it has too many bits, or is not near a normal double.
OpResult FloatFromDecimal(std::string_view digits, const std::string& text) {
  const auto fraction = Fraction::OfDecimal(digits, kMaxFractionBits);
  const double nearest = fraction ? fraction->Nearest() : 0;
  const bool is_zero = fraction && fraction->Sign() == 0;
  if (!is_zero && !(std::isnormal(nearest) && fraction->NumBits() <= kMaxFractionBits)) {
    return OpError{ErrorKind::kLimit,
                   fmt::format("the token {} is a fraction of more than {} bits, or too close to 0 "
                               "or too large for a float",
                               ShortText(Atom(text)), kMaxFractionBits)};
  }
  return Atom(Float::Of(*fraction));
}

OpResult FloatFromText(ArithmeticKind arithmetic, const std::string& text) {
  const std::optional<std::string> plain = WithoutUnderscores(Trimmed(text));
  if (!plain || !IsFloatText(*plain)) return NoNumber(text, "a finite float");
  std::string_view digits = *plain;
  if (digits[0] == '+') digits.remove_prefix(1);
  if (arithmetic == ArithmeticKind::kRational) return FloatFromDecimal(digits, text);
  double value = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  (void)end;
  // from_chars reports numbers that are too large and too small alike; the exponent tells them
  // apart only together with the digits, so ask strtod, which gives infinity or (nearly) zero.
  if (status == std::errc::result_out_of_range) {
    value = std::strtod(std::string(digits).c_str(), nullptr);
  }
  if (!std::isfinite(value)) return NoNumber(text, "a finite float");
  return Atom(value);
}

OpResult ReadInt(const Atom& token) {
  if (const auto* text = std::get_if<std::string>(&token)) return IntFromText(*text);
  if (const auto* number = std::get_if<Float>(&token)) {
    const double whole = std::trunc(number->nearest());
    if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0)) {
      return OpError{ErrorKind::kValue,
                     fmt::format("the token {} does not fit into 64 bits", ShortText(token))};
    }
    return Atom(static_cast<std::int64_t>(whole));
  }
  if (const auto* flag = std::get_if<bool>(&token)) return Atom(std::int64_t{*flag});
  return token;
}

OpResult ReadFloat(ArithmeticKind arithmetic, const Atom& token) {
  if (const auto* text = std::get_if<std::string>(&token)) return FloatFromText(arithmetic, *text);
  if (arithmetic == ArithmeticKind::kFloat) return Atom(NumberOf(token));
  if (!std::holds_alternative<Float>(token)) return Atom(Float::Of(ExactNumberOf(token)));
  return Atom(Float::ShortestDecimal(NumberOf(token)));
}

}  // namespace

OpResult ReadToken(ArithmeticKind arithmetic, TokenView view, const Atom& token) {
  switch (view) {
    case TokenView::kString:
      return Atom(PythonStr(token));
    case TokenView::kInt:
      return ReadInt(token);
    case TokenView::kFloat:
      return ReadFloat(arithmetic, token);
    case TokenView::kBool:
      return Atom(IsTrue(token));
    case TokenView::kAsIs:
      return std::holds_alternative<Float>(token) ? ReadFloat(arithmetic, token) : token;
  }
  return OpError{ErrorKind::kInternal, "internal error: unknown view of tokens"};
}

}  // namespace raspc
