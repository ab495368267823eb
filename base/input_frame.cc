// Polynomials for padding, and putting the frame around an input.
#include "base/input_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace raspc {
namespace {

constexpr std::size_t kMaxTextBytes = 200;
constexpr int kMaxExponent = 8;
constexpr std::int64_t kMaxCoefficient = std::int64_t{1} << 31;
constexpr std::int64_t kMaxValue = std::int64_t{1} << 31;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Reads `[sign] term (sign term)*`, a term being `3`, `n`, `n^2`, `2n`, `2*n^3`. Every function
// leaves a message in `problem` when it fails.
class PolynomialReader {
 public:
  explicit PolynomialReader(std::string_view text) : text_(text) {}

  std::optional<std::vector<std::int64_t>> Read() {
    std::vector<std::int64_t> coefficients(1, 0);
    bool is_first = true;
    while (Peek() != '\0' || is_first) {
      std::int64_t sign = 1;
      if (Peek() == '+' || Peek() == '-') {
        sign = Take() == '-' ? -1 : 1;
      } else if (!is_first) {
        return Fail(fmt::format("expected '+' or '-' before '{}'", Rest()));
      }
      if (!ReadTerm(sign, coefficients)) return std::nullopt;
      is_first = false;
    }
    return coefficients;
  }

  const std::string& problem() const { return problem_; }

 private:
  std::nullopt_t Fail(std::string problem) {
    problem_ = std::move(problem);
    return std::nullopt;
  }

  // The next character that is not white space, or '\0' at the end.
  char Peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  char Take() {
    const char c = Peek();
    ++at_;
    return c;
  }
  std::string_view Rest() const { return text_.substr(std::min(at_, text_.size())); }

  // A number of at most `max`; nothing (with a problem) otherwise.
  std::optional<std::int64_t> ReadNumber(std::int64_t max) {
    Peek();
    const std::size_t start = at_;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    std::int64_t value = 0;
    const auto result = std::from_chars(text_.data() + start, text_.data() + at_, value);
    if (result.ec == std::errc() && value <= max) return value;
    return Fail(fmt::format("{} is above {}", text_.substr(start, at_ - start), max));
  }

  bool ReadTerm(std::int64_t sign, std::vector<std::int64_t>& coefficients) {
    std::int64_t coefficient = 1;
    bool needs_n = true;
    if (IsDigit(Peek())) {
      const auto number = ReadNumber(kMaxCoefficient);
      if (!number) return false;
      coefficient = *number;
      needs_n = Peek() == '*';
      if (needs_n) Take();
    }
    std::int64_t exponent = 0;
    if (Peek() == 'n') {
      const auto power = ReadPowerOfN();
      if (!power) return false;
      exponent = *power;
    } else if (needs_n) {
      const std::string_view rest = Rest();
      Fail(rest.empty() ? "it ends where a number or 'n' should follow"
                        : fmt::format("expected a number or 'n' at '{}'", rest));
      return false;
    }
    const auto index = static_cast<std::size_t>(exponent);
    if (coefficients.size() <= index) coefficients.resize(index + 1, 0);
    coefficients[index] += sign * coefficient;
    if (std::abs(coefficients[index]) <= kMaxCoefficient) return true;
    Fail(fmt::format("a coefficient is above {}", kMaxCoefficient));
    return false;
  }

  std::optional<std::int64_t> ReadPowerOfN() {
    Take();  // n
    if (Peek() != '^') return 1;
    Take();
    if (!IsDigit(Peek())) return Fail("expected an exponent after '^'");
    return ReadNumber(kMaxExponent);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string problem_;
};

}  // namespace

std::optional<Polynomial> Polynomial::Parse(std::string_view text, const SourceLocation& location,
                                            Diagnostics& diag) {
  if (text.size() > kMaxTextBytes) {
    diag.Error(ErrorKind::kInput, location,
               fmt::format("a polynomial of {} bytes is too long (at most {})", text.size(),
                           kMaxTextBytes));
    return std::nullopt;
  }
  PolynomialReader reader(text);
  auto coefficients = reader.Read();
  if (!coefficients) {
    diag.Error(ErrorKind::kInput, location,
               fmt::format("\"{}\" is not a polynomial in n: {}; write it like n^2+1 (exponents up "
                           "to {})",
                           text, reader.problem(), kMaxExponent));
    return std::nullopt;
  }
  return Polynomial(*std::move(coefficients));
}

Polynomial::Polynomial(std::vector<std::int64_t> coefficients)
    : coefficients_(std::move(coefficients)) {
  while (!coefficients_.empty() && coefficients_.back() == 0) coefficients_.pop_back();
}

Polynomial Polynomial::Linear(std::int64_t factor, std::int64_t summand) {
  return Polynomial({summand, factor});
}

Polynomial Polynomial::Power(int exponent) {
  std::vector<std::int64_t> coefficients(static_cast<std::size_t>(exponent) + 1);
  coefficients.back() = 1;
  return Polynomial(std::move(coefficients));
}

std::string Polynomial::Text() const {
  std::string text;
  for (std::size_t exponent = coefficients_.size(); exponent-- > 0;) {
    const std::int64_t coefficient = coefficients_[exponent], size = std::abs(coefficient);
    if (coefficient == 0) continue;
    text += coefficient < 0 ? "-" : text.empty() ? "" : "+";
    if (size != 1 || exponent == 0) text += std::to_string(size);
    if (exponent > 0) text += "n";
    if (exponent > 1) text += "^" + std::to_string(exponent);
  }
  return text.empty() ? "0" : text;
}

std::optional<std::int64_t> Polynomial::At(std::int64_t n) const {
  // Horner's rule. Coefficients are at most 2^31, so a partial result that overflows 64 bits could
  // not have come back below 2^31 (for n <= 1 none overflows).
  std::int64_t value = 0;
  for (auto c = coefficients_.rbegin(); c != coefficients_.rend(); ++c) {
    if (__builtin_mul_overflow(value, n, &value)) return std::nullopt;
    if (__builtin_add_overflow(value, *c, &value)) return std::nullopt;
  }
  if (value < 0 || value > kMaxValue) return std::nullopt;
  return value;
}

std::optional<std::vector<Atom>> InputFrame::Apply(const std::vector<Atom>& input) const {
  const auto length = LengthFor(static_cast<std::int64_t>(input.size()));
  if (!length) return std::nullopt;
  std::vector<Atom> framed;
  framed.reserve(static_cast<std::size_t>(*length));
  framed = input;
  framed.insert(framed.end(), append.begin(), append.end());
  if (padding) framed.resize(static_cast<std::size_t>(*length), padding->token);
  return framed;
}

std::optional<std::int64_t> InputFrame::LengthFor(std::int64_t n) const {
  std::int64_t length = n + static_cast<std::int64_t>(append.size());
  if (!padding) return length;
  const auto count = padding->count.At(n);
  if (!count || *count > kMaxFramedLength - length) return std::nullopt;
  return length + *count;
}

}  // namespace raspc
