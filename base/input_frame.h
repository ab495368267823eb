// Turns an input into the sequence on which a program or a model is evaluated.
//
// The order is: the input, then the appended tokens (an end marker, a separator), then the padding
// tokens, then generated tokens. The interpreter and the runtime both frame inputs here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/atom.h"
#include "base/diagnostics.h"

namespace raspc {

// A polynomial in n, such as `n^2+1`, with non-negative integer values where it is used.
class Polynomial {
 public:
  // 0.
  Polynomial() = default;
  // factor * n + summand, and n^exponent, for numbers that Parse would read.
  static Polynomial Linear(std::int64_t factor, std::int64_t summand);
  static Polynomial Power(int exponent);
  // Reads sums and differences of terms such as `3`, `n`, `2n`, `2*n^3`; white space is ignored.
  // Exponents are at most 8. Reports an error of kind kInput at `location` and returns nothing when
  // `text` is not such a polynomial.
  static std::optional<Polynomial> Parse(std::string_view text, const SourceLocation& location,
                                         Diagnostics& diag);

  // The value at n >= 0; nothing if it is negative or above 2^31.
  std::optional<std::int64_t> At(std::int64_t n) const;
  // As Parse reads it, highest power first: `n^2-2n+4`. Equal polynomials have equal texts.
  std::string Text() const;
  bool operator==(const Polynomial&) const = default;

 private:
  explicit Polynomial(std::vector<std::int64_t> coefficients);

  std::vector<std::int64_t> coefficients_;  // of n^0, n^1, …; the last one is not 0
};

struct Padding {
  Atom token;
  Polynomial count;  // of the number of input tokens
};

// The maximum length after padding; more would only use up memory.
inline constexpr std::int64_t kMaxFramedLength = std::int64_t{1} << 22;

// The tokens appended to an input before evaluation.
struct InputFrame {
  std::vector<Atom> append;
  std::optional<Padding> padding;

  // The input with its appended and padding tokens; nothing if the padding's count is negative or
  // makes the whole longer than kMaxFramedLength.
  std::optional<std::vector<Atom>> Apply(const std::vector<Atom>& input) const;
  // The minimum input length: 0 if something is appended, so that there is a position to compute
  // at, and the padding allows it; else 1.
  std::int64_t ShortestInput() const { return !append.empty() && LengthFor(0) ? 0 : 1; }
  // The length of Apply's result for an input of n tokens.
  std::optional<std::int64_t> LengthFor(std::int64_t n) const;
};

// How tokens are generated: the output at the last position becomes the next token, until one of
// `stop` has been appended or `max_steps` tokens have been generated.
struct GenerationRule {
  std::vector<Atom> stop;
  std::int64_t max_steps = 64;
};

struct Generated {
  std::vector<Atom> tokens;  // the generated tokens, including the stop token
  bool stopped = false;      // false: the step limit was reached
};

}  // namespace raspc
