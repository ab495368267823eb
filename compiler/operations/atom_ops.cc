// The operators on atoms. Arithmetic first turns bools into ints, then works on two ints, on two
// doubles or on two fractions; every result is checked to fit.
#include "compiler/operations/atom_ops.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "compiler/operations/host_function.h"

namespace raspc {
namespace {

constexpr std::int64_t kMinInt = std::numeric_limits<std::int64_t>::min();
constexpr double kTwoTo63 = 9223372036854775808.0;

__extension__ using UInt128 = unsigned __int128;

std::string_view WithArticle(AtomType type) {
  switch (type) {
    case AtomType::kInt:
      return "an int";
    case AtomType::kFloat:
      return "a float";
    case AtomType::kBool:
      return "a bool";
    case AtomType::kString:
      return "a string";
  }
  return "?";
}

std::string Described(const Atom& atom) {
  return fmt::format("{} ({})", ShortText(atom), WithArticle(TypeOf(atom)));
}

// An int or bool as an int; requires one of them.
std::int64_t IntOf(const Atom& atom) {
  if (const auto* value = std::get_if<std::int64_t>(&atom)) return *value;
  return *std::get_if<bool>(&atom) ? 1 : 0;
}

bool IsIntOrBool(const Atom& atom) {
  return std::holds_alternative<std::int64_t>(atom) || std::holds_alternative<bool>(atom);
}

bool Fail(OpError& error, ErrorKind kind, std::string message) {
  error = OpError{kind, std::move(message)};
  return false;
}

bool FailOperands(OpError& error, MapOp op, const Atom& a, const Atom& b) {
  return Fail(
      error, ErrorKind::kType,
      fmt::format("'{}' cannot be applied to {} and {}", NameOf(op), Described(a), Described(b)));
}

bool FailRange(OpError& error, MapOp op, const Atom& a, const Atom& b) {
  return Fail(error, ErrorKind::kValue,
              fmt::format("the result of {} {} {} does not fit into 64 bits", ShortText(a),
                          NameOf(op), ShortText(b)));
}

bool FailZero(OpError& error, MapOp op, const Atom& a) {
  return Fail(error, ErrorKind::kValue,
              fmt::format("'{}' cannot divide {} by zero", NameOf(op), ShortText(a)));
}

// The exact order of an int and a double, which a conversion of the int could lose.
std::strong_ordering CompareIntDouble(std::int64_t a, double b) {
  if (b >= kTwoTo63) return std::strong_ordering::less;
  if (b < -kTwoTo63) return std::strong_ordering::greater;
  const double whole = std::trunc(b);
  const auto whole_int = static_cast<std::int64_t>(whole);
  if (a != whole_int) return a <=> whole_int;
  if (b > whole) return std::strong_ordering::less;
  if (b < whole) return std::strong_ordering::greater;
  return std::strong_ordering::equal;
}

std::strong_ordering Reversed(std::strong_ordering order) { return 0 <=> order; }

std::strong_ordering CompareIntFloat(std::int64_t a, const Float& b) {
  return b.IsDouble() ? CompareIntDouble(a, b.nearest()) : Fraction(a) <=> b.exact();
}

// Requires numbers.
std::strong_ordering CompareNumbers(const Atom& a, const Atom& b) {
  const auto* a_float = std::get_if<Float>(&a);
  const auto* b_float = std::get_if<Float>(&b);
  if (a_float && b_float) return *a_float <=> *b_float;
  if (a_float) return Reversed(CompareIntFloat(IntOf(b), *a_float));
  if (b_float) return CompareIntFloat(IntOf(a), *b_float);
  return IntOf(a) <=> IntOf(b);
}

std::strong_ordering CompareStrings(const std::string& a, const std::string& b) {
  // UTF-8 orders by byte as its code points do.
  const int order = a.compare(b);
  if (order == 0) return std::strong_ordering::equal;
  return order < 0 ? std::strong_ordering::less : std::strong_ordering::greater;
}

// b^e for e >= 0, or false when it leaves 64 bits.
bool PowerOfInts(std::int64_t base, std::int64_t exponent, std::int64_t& result) {
  // Powers of these bases never leave 64 bits, and their exponents may be huge.
  if (base == 0 || base == 1) {
    result = (exponent == 0) ? 1 : base;
    return true;
  }
  if (base == -1) {
    result = (exponent % 2 == 0) ? 1 : -1;
    return true;
  }
  if (exponent > 63) return false;
  result = 1;
  for (std::int64_t i = 0; i < exponent; ++i) {
    if (__builtin_mul_overflow(result, base, &result)) return false;
  }
  return true;
}

// Python's float remainder: the sign of the divisor, also on a zero.
double FloatModulo(double a, double b) {
  double rest = std::fmod(a, b);
  if (rest == 0) return std::copysign(0.0, b);
  if ((b < 0) != (rest < 0)) rest += b;
  return rest;
}

bool FloatResult(double value, MapOp op, const Atom& a, const Atom& b, Atom& result,
                 OpError& error) {
  if (!std::isfinite(value)) {
    return Fail(error, ErrorKind::kValue,
                fmt::format("the result of {} {} {} is too large for a float", ShortText(a),
                            NameOf(op), ShortText(b)));
  }
  result = value;
  return true;
}

// `a` and `b` are the operands, for messages; x and y their values. As everywhere in this file,
// `result` may be one of the operands, so it is written last.
bool PowerOfFloats(double x, double y, const Atom& a, const Atom& b, Atom& result, OpError& error) {
  if (x == 0 && y < 0) {
    return Fail(error, ErrorKind::kValue,
                fmt::format("zero cannot be raised to the negative power {}", ShortText(b)));
  }
  if (x < 0 && y != std::floor(y)) {
    return Fail(error, ErrorKind::kType,
                fmt::format("{} ^ {} is not a real number", ShortText(a), ShortText(b)));
  }
  return FloatResult(std::pow(x, y), MapOp::kPower, a, b, result, error);
}

bool IntArithmetic(MapOp op, const Atom& a, const Atom& b, Atom& result, OpError& error) {
  const std::int64_t x = IntOf(a), y = IntOf(b);
  std::int64_t value = 0;
  bool overflow = false;
  switch (op) {
    case MapOp::kAdd:
      overflow = __builtin_add_overflow(x, y, &value);
      break;
    case MapOp::kSubtract:
      overflow = __builtin_sub_overflow(x, y, &value);
      break;
    case MapOp::kMultiply:
      overflow = __builtin_mul_overflow(x, y, &value);
      break;
    case MapOp::kDivide:
      if (y == 0) return FailZero(error, op, a);
      result = DivideInts(x, y);
      return true;
    case MapOp::kModulo:
      if (y == 0) return FailZero(error, op, a);
      // The smallest int modulo -1 traps in hardware.
      value = (y == -1) ? 0 : x % y;
      if (value != 0 && (value < 0) != (y < 0)) value += y;
      break;
    default:  // kPower
      if (y < 0) {
        return PowerOfFloats(static_cast<double>(x), static_cast<double>(y), a, b, result, error);
      }
      overflow = !PowerOfInts(x, y, value);
      break;
  }
  if (overflow) return FailRange(error, op, a, b);
  result = value;
  return true;
}

bool FloatArithmetic(MapOp op, const Atom& a, const Atom& b, Atom& result, OpError& error) {
  const double x = NumberOf(a), y = NumberOf(b);
  switch (op) {
    case MapOp::kAdd:
      return FloatResult(x + y, op, a, b, result, error);
    case MapOp::kSubtract:
      return FloatResult(x - y, op, a, b, result, error);
    case MapOp::kMultiply:
      return FloatResult(x * y, op, a, b, result, error);
    case MapOp::kDivide:
      if (y == 0) return FailZero(error, op, a);
      return FloatResult(x / y, op, a, b, result, error);
    case MapOp::kModulo:
      if (y == 0) return FailZero(error, op, a);
      return FloatResult(FloatModulo(x, y), op, a, b, result, error);
    default:  // kPower
      return PowerOfFloats(x, y, a, b, result, error);
  }
}

bool FailStringLength(OpError& error) {
  return Fail(error, ErrorKind::kLimit,
              fmt::format("the string would be longer than {} bytes", kMaxStringBytes));
}

bool RepeatString(const std::string& text, std::int64_t times, Atom& result, OpError& error) {
  std::string repeated;
  if (times > 0 && !text.empty()) {
    if (static_cast<std::uint64_t>(times) > kMaxStringBytes / text.size()) {
      return FailStringLength(error);
    }
    repeated.reserve(text.size() * static_cast<std::size_t>(times));
    for (std::int64_t i = 0; i < times; ++i) repeated += text;
  }
  result = std::move(repeated);
  return true;
}

// At least one operand is a string.
bool StringArithmetic(MapOp op, const Atom& a, const Atom& b, Atom& result, OpError& error) {
  const auto* x = std::get_if<std::string>(&a);
  const auto* y = std::get_if<std::string>(&b);
  if (op == MapOp::kAdd && x && y) {
    if (x->size() + y->size() > kMaxStringBytes) return FailStringLength(error);
    result = *x + *y;
    return true;
  }
  if (op == MapOp::kMultiply && x && IsIntOrBool(b)) {
    return RepeatString(*x, IntOf(b), result, error);
  }
  if (op == MapOp::kMultiply && y && IsIntOrBool(a)) {
    return RepeatString(*y, IntOf(a), result, error);
  }
  return FailOperands(error, op, a, b);
}

// The fraction as a float, unless it has too many bits or is not near a normal double. `what` says
// what it is, for the error.
template <class What>
bool FractionResult(const Fraction& value, const What& what, Atom& result, OpError& error) {
  constexpr double kSmallestNormal = std::numeric_limits<double>::min();
  if (value.NumBits() > kMaxFractionBits) {
    return Fail(error, ErrorKind::kLimit,
                fmt::format("{} is a fraction of more than {} bits", what(), kMaxFractionBits));
  }
  Float number = Float::Of(value);
  if (!std::isfinite(number.nearest())) {
    return Fail(error, ErrorKind::kValue, fmt::format("{} is too large for a float", what()));
  }
  if (value.Sign() != 0 && std::abs(number.nearest()) < kSmallestNormal) {
    return Fail(error, ErrorKind::kLimit,
                fmt::format("{} is a fraction too close to 0 for a float", what()));
  }
  result = std::move(number);
  return true;
}

// x ^ y for fractions, if it is one: y is p / q, and x the q-th power of a fraction.
bool PowerOfFractions(const Fraction& x, const Fraction& y, const Atom& a, const Atom& b,
                      Atom& result, OpError& error) {
  const auto power = [&] { return fmt::format("{} ^ {}", ShortText(a), ShortText(b)); };
  if (x.Sign() == 0 && y.Sign() < 0) {
    return Fail(error, ErrorKind::kValue,
                fmt::format("zero cannot be raised to the negative power {}", ShortText(b)));
  }
  if (x.Sign() < 0 && !y.IsInt()) {
    return Fail(error, ErrorKind::kType, fmt::format("{} is not a real number", power()));
  }
  if (x.Sign() == 0 || x == Fraction(1)) {
    return FractionResult(Fraction(y.Sign() == 0 || x.Sign() != 0 ? 1 : 0), power, result, error);
  }
  const auto parts = y.SmallParts();
  const auto root = !parts                    ? std::nullopt
                    : parts->denominator == 1 ? std::optional(x)
                                              : x.Root(parts->denominator);
  if (!parts) {
    return Fail(error, ErrorKind::kLimit,
                fmt::format("{} has an exponent too large for rational arithmetic", power()));
  }
  if (!root) {
    return Fail(error, ErrorKind::kValue,
                fmt::format("{} is not a fraction; rational arithmetic has no other numbers",
                            power()));
  }
  // At least one bit for each factor, except for 1 and -1.
  const std::int64_t exponent = parts->numerator;
  if (*root == Fraction(-1)) {
    return FractionResult(Fraction(exponent % 2 == 0 ? 1 : -1), power, result, error);
  }
  if (exponent > kMaxFractionBits || exponent < -kMaxFractionBits ||
      std::abs(exponent) * (root->NumBits() - 1) > kMaxFractionBits) {
    return Fail(error, ErrorKind::kLimit,
                fmt::format("{} is a fraction of more than {} bits", power(), kMaxFractionBits));
  }
  return FractionResult(root->Power(exponent), power, result, error);
}

bool FractionArithmetic(MapOp op, const Atom& a, const Atom& b, Atom& result, OpError& error) {
  const Fraction x = ExactNumberOf(a), y = ExactNumberOf(b);
  const auto what = [&] {
    return fmt::format("the result of {} {} {}", ShortText(a), NameOf(op), ShortText(b));
  };
  switch (op) {
    case MapOp::kAdd:
      return FractionResult(x + y, what, result, error);
    case MapOp::kSubtract:
      return FractionResult(x - y, what, result, error);
    case MapOp::kMultiply:
      return FractionResult(x * y, what, result, error);
    case MapOp::kDivide:
      if (y.Sign() == 0) return FailZero(error, op, a);
      return FractionResult(x / y, what, result, error);
    case MapOp::kModulo:
      if (y.Sign() == 0) return FailZero(error, op, a);
      return FractionResult(x - y * (x / y).Floor(), what, result, error);
    default:  // kPower
      return PowerOfFractions(x, y, a, b, result, error);
  }
}

// Whether an operation on two ints has an int as its result.
bool GivesInt(MapOp op, std::int64_t b) {
  return op != MapOp::kDivide && (op != MapOp::kPower || b >= 0);
}

bool NumberArithmetic(ArithmeticKind arithmetic, MapOp op, const Atom& a, const Atom& b,
                      Atom& result, OpError& error) {
  if (!IsNumber(a) || !IsNumber(b)) return StringArithmetic(op, a, b, result, error);
  const bool are_ints = IsIntOrBool(a) && IsIntOrBool(b);
  if (arithmetic == ArithmeticKind::kRational && !(are_ints && GivesInt(op, IntOf(b)))) {
    return FractionArithmetic(op, a, b, result, error);
  }
  if (are_ints) return IntArithmetic(op, a, b, result, error);
  return FloatArithmetic(op, a, b, result, error);
}

bool Holds(MapOp op, std::strong_ordering order) {
  switch (op) {
    case MapOp::kLess:
      return order < 0;
    case MapOp::kLessEqual:
      return order <= 0;
    case MapOp::kGreater:
      return order > 0;
    default:  // kGreaterEqual
      return order >= 0;
  }
}

bool Order(MapOp op, const Atom& a, const Atom& b, Atom& result, OpError& error) {
  const std::optional<std::strong_ordering> order = CompareAtoms(a, b);
  if (!order) {
    return Fail(error, ErrorKind::kType,
                fmt::format("'{}' cannot order {} and {}", NameOf(op), Described(a), Described(b)));
  }
  result = Holds(op, *order);
  return true;
}

bool Negate(ArithmeticKind arithmetic, const Atom& a, Atom& result, OpError& error) {
  if (const auto* value = std::get_if<Float>(&a)) {
    result = arithmetic == ArithmeticKind::kFloat ? Float(-value->nearest())
                                                  : Float::Of(-value->exact());
    return true;
  }
  const std::int64_t value = IntOf(a);
  if (value == kMinInt) {
    return Fail(error, ErrorKind::kValue,
                fmt::format("the negative of {} does not fit into 64 bits", value));
  }
  result = -value;
  return true;
}

// The nearest int, of two the even one; nothing if it does not fit into 64 bits.
std::optional<std::int64_t> RoundedDouble(double value) {
  // Independently of the rounding mode.
  double rounded = std::floor(value);
  const double rest = value - rounded;
  if (rest > 0.5 || (rest == 0.5 && std::fmod(rounded, 2.0) != 0)) rounded += 1;
  if (!(rounded >= -kTwoTo63 && rounded < kTwoTo63)) return std::nullopt;
  return static_cast<std::int64_t>(rounded);
}

std::optional<std::int64_t> RoundedFraction(const Fraction& value) {
  const Fraction half(1, 2);
  const Fraction below = value.Floor(), rest = value - below;
  const bool is_odd = !(below * half).IsInt();
  const bool goes_up = rest > half || (rest == half && is_odd);
  const auto parts = (goes_up ? below + Fraction(1) : below).SmallParts();
  return parts ? std::optional(parts->numerator) : std::nullopt;
}

bool Round(const Atom& a, Atom& result, OpError& error) {
  const auto* value = std::get_if<Float>(&a);
  if (value == nullptr) {
    result = IntOf(a);
    return true;
  }
  const auto rounded =
      value->IsDouble() ? RoundedDouble(value->nearest()) : RoundedFraction(value->exact());
  if (!rounded) {
    return Fail(error, ErrorKind::kValue,
                fmt::format("round({}) does not fit into 64 bits", ShortText(a)));
  }
  result = *rounded;
  return true;
}

// The unary operators that require a number.
bool UnaryArithmetic(ArithmeticKind arithmetic, MapOp op, const Atom& a, Atom& result,
                     OpError& error) {
  if (!IsNumber(a)) {
    return Fail(error, ErrorKind::kType,
                fmt::format("'{}' cannot be applied to {}", NameOf(op), Described(a)));
  }
  if (op == MapOp::kNegate) return Negate(arithmetic, a, result, error);
  if (op == MapOp::kRound) return Round(a, result, error);
  if (const auto* value = std::get_if<Float>(&a)) {
    result = Atom(*value);
  } else {
    result = Atom(IntOf(a));
  }
  return true;
}

// Whether the sorted `sorted` has an element equal to `atom`.
bool IsAmong(const std::vector<Atom>& sorted, const Atom& atom) {
  return std::binary_search(sorted.begin(), sorted.end(), atom, LookUpLess);
}

// How many of the sorted numbers are less than a number, plus how many are not greater.
std::int64_t PlaceAmong(const std::vector<Atom>& sorted, const Atom& number) {
  const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), number, LookUpLess);
  return (low - sorted.begin()) + (high - sorted.begin());
}

// Numbers are far enough from the ends of cells that rounding does not matter.
std::int64_t DigitAt(const CellDigit& digit, const Atom& number) {
  const double cell = std::floor((NumberOf(number) - digit.start) / digit.width);
  return static_cast<std::int64_t>(FloatModulo(cell, static_cast<double>(digit.radix)));
}

bool FailUnfit(OpError& error, const Atom& index) {
  return Fail(
      error, ErrorKind::kType,
      fmt::format("the element at {} is not an int, float, bool or string, so it cannot be a "
                  "value of an s-op",
                  ShortText(index)));
}

bool LookUpPosition(const MapTable& table, const Atom& index, Atom& result, OpError& error) {
  const auto size = static_cast<std::int64_t>(table.items.size());
  if (!IsNumber(index)) {
    return Fail(error, ErrorKind::kType,
                fmt::format("an index must be an int, but is {}", Described(index)));
  }
  const bool in_range =
      CompareNumbers(index, Atom(size)) < 0 && CompareNumbers(index, Atom(-size)) >= 0;
  if (!in_range) {
    return Fail(error, ErrorKind::kValue,
                fmt::format("index {} is out of range for {} elements", ShortText(index), size));
  }
  if (!IsIntOrBool(index)) {
    return Fail(error, ErrorKind::kType,
                fmt::format("an index must be an int, but is {}", Described(index)));
  }
  const std::int64_t position = IntOf(index) < 0 ? IntOf(index) + size : IntOf(index);
  if (IsAmong(table.unfit, Atom(position))) return FailUnfit(error, index);
  result = table.items[static_cast<std::size_t>(position)];
  return true;
}

bool LookUpKey(const MapTable& table, const Atom& key, Atom& result, OpError& error) {
  const auto found = std::lower_bound(
      table.entries.begin(), table.entries.end(), key,
      [](const auto& entry, const Atom& wanted) { return LookUpLess(entry.first, wanted); });
  if (found != table.entries.end() && EqualAtoms(found->first, key)) {
    result = found->second;
    return true;
  }
  if (IsAmong(table.unfit, key)) return FailUnfit(error, key);
  return Fail(error, ErrorKind::kValue, fmt::format("the dict has no key {}", ShortText(key)));
}

bool CallHost(const HostFunction& function, std::span<const Atom* const> operands, Atom& result,
              OpError& error) {
  OpResult value = function.Call(operands);
  if (auto* failure = std::get_if<OpError>(&value)) {
    error = std::move(*failure);
    return false;
  }
  result = std::get<Atom>(std::move(value));
  return true;
}

}  // namespace

bool IsTrue(const Atom& atom) {
  if (const auto* text = std::get_if<std::string>(&atom)) return !text->empty();
  // A fraction other than 0 is not near 0.
  if (const auto* value = std::get_if<Float>(&atom)) return value->nearest() != 0;
  return IntOf(atom) != 0;
}

bool EqualAtoms(const Atom& a, const Atom& b) {
  const auto* x = std::get_if<std::string>(&a);
  const auto* y = std::get_if<std::string>(&b);
  if (x && y) return *x == *y;
  if (x || y) return false;
  return CompareNumbers(a, b) == 0;
}

std::optional<std::strong_ordering> CompareAtoms(const Atom& a, const Atom& b) {
  const auto* x = std::get_if<std::string>(&a);
  const auto* y = std::get_if<std::string>(&b);
  if (x && y) return CompareStrings(*x, *y);
  if (x || y) return std::nullopt;
  return CompareNumbers(a, b);
}

bool LookUpLess(const Atom& a, const Atom& b) {
  if (const auto order = CompareAtoms(a, b)) return *order < 0;
  return IsNumber(a);
}

bool ApplyTo(ArithmeticKind arithmetic, MapOp op, std::span<const Atom* const> operands,
             const MapTable* table, Atom& result, OpError& error) {
  const Atom& a = *operands[0];
  switch (op) {
    case MapOp::kAdd:
    case MapOp::kSubtract:
    case MapOp::kMultiply:
    case MapOp::kDivide:
    case MapOp::kModulo:
    case MapOp::kPower:
      return NumberArithmetic(arithmetic, op, a, *operands[1], result, error);
    case MapOp::kEqual:
      result = EqualAtoms(a, *operands[1]);
      return true;
    case MapOp::kNotEqual:
      result = !EqualAtoms(a, *operands[1]);
      return true;
    case MapOp::kLess:
    case MapOp::kLessEqual:
    case MapOp::kGreater:
    case MapOp::kGreaterEqual:
      return Order(op, a, *operands[1], result, error);
    case MapOp::kAnd:
      result = IsTrue(a) && IsTrue(*operands[1]);
      return true;
    case MapOp::kOr:
      result = IsTrue(a) || IsTrue(*operands[1]);
      return true;
    case MapOp::kNot:
      result = !IsTrue(a);
      return true;
    case MapOp::kNegate:
    case MapOp::kPlus:
    case MapOp::kRound:
      return UnaryArithmetic(arithmetic, op, a, result, error);
    case MapOp::kIndicator:
      result = std::int64_t{IsTrue(a) ? 1 : 0};
      return true;
    case MapOp::kChoose:
      result = Atom(IsTrue(a) ? *operands[1] : *operands[2]);
      return true;
    case MapOp::kMember:
      result = IsAmong(table->items, a);
      return true;
    case MapOp::kLookUp:
      return LookUpPosition(*table, a, result, error);
    case MapOp::kLookUpKey:
      return LookUpKey(*table, a, result, error);
    case MapOp::kPlace:
      result = PlaceAmong(table->items, a);
      return true;
    case MapOp::kDigit:
      result = DigitAt(DigitOf(*table), a);
      return true;
    case MapOp::kHost:
      return CallHost(*table->function, operands, result, error);
  }
  return Fail(error, ErrorKind::kInternal, "internal error: unknown operation");
}

OpResult Apply(ArithmeticKind arithmetic, MapOp op, std::span<const Atom> operands,
               const MapTable* table) {
  const Atom* pointers[kMaxOperands] = {};
  const std::size_t count = std::min(operands.size(), kMaxOperands);
  for (std::size_t i = 0; i < count; ++i) pointers[i] = &operands[i];
  Atom result;
  OpError error;
  if (ApplyTo(arithmetic, op, std::span<const Atom* const>(pointers, count), table, result,
              error)) {
    return result;
  }
  return error;
}

OpResult CompareForSelect(Comparison op, const Atom& key, const Atom& query) {
  if (op == Comparison::kEqual) return Atom(EqualAtoms(key, query));
  if (op == Comparison::kNotEqual) return Atom(!EqualAtoms(key, query));
  const std::optional<std::strong_ordering> order = CompareAtoms(key, query);
  if (!order) {
    return OpError{ErrorKind::kType, fmt::format("'{}' cannot order the key {} and the query {}",
                                                 Spelling(op), Described(key), Described(query))};
  }
  switch (op) {
    case Comparison::kLess:
      return Atom(*order < 0);
    case Comparison::kLessEqual:
      return Atom(*order <= 0);
    case Comparison::kGreater:
      return Atom(*order > 0);
    default:
      return Atom(*order >= 0);
  }
}

void RunningSum::Add(const Atom& value) {
  const auto* number = std::get_if<Float>(&value);
  if (number == nullptr) {
    AddInt(IntOf(value));
  } else if (is_rational_) {
    fraction_sum_.Add(number->exact());
  } else {
    AddFloat(number->nearest());
  }
}

OpResult RunningSum::ExactMean(std::int64_t count) const {
  // The int sum in two parts, each of which fits 64 bits.
  constexpr Int128 kBase = Int128{1} << 62;
  const Fraction base(std::int64_t{1} << 62);
  Fraction sum = Fraction(static_cast<std::int64_t>(int_sum_ / kBase)) * base +
                 Fraction(static_cast<std::int64_t>(int_sum_ % kBase));
  if (!fraction_sum_.IsEmpty()) sum = sum + fraction_sum_.Total();
  const auto what = [&] { return fmt::format("the mean of {} values", count); };
  Atom result;
  OpError error;
  if (FractionResult(sum / Fraction(count), what, result, error)) return result;
  return error;
}

OpResult RunningSum::Mean(std::int64_t count) const {
  if (is_rational_) return ExactMean(count);
  const double sum = is_float_ ? float_sum_ : static_cast<double>(int_sum_);
  const double mean = sum / static_cast<double>(count);
  if (!std::isfinite(mean)) {
    return OpError{ErrorKind::kValue,
                   fmt::format("the sum of {} values is too large for a float", count)};
  }
  return Atom(mean);
}

double DivideInts(std::int64_t a, std::int64_t b) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  if (a >= -kExact && a <= kExact && b >= -kExact && b <= kExact) {
    return static_cast<double>(a) / static_cast<double>(b);
  }
  // Long division to at least 55 bits, the remainder folded into the last one, so that the one
  // rounding of the conversion is the right one.
  const auto magnitude = [](std::int64_t x) {
    return x < 0 ? ~static_cast<std::uint64_t>(x) + 1 : static_cast<std::uint64_t>(x);
  };
  const std::uint64_t x = magnitude(a), y = magnitude(b);
  if (x == 0) return b < 0 ? -0.0 : 0.0;
  const int shift =
      std::max(0, 56 + static_cast<int>(std::bit_width(y)) - static_cast<int>(std::bit_width(x)));
  const UInt128 shifted = static_cast<UInt128>(x) << shift;
  UInt128 quotient = shifted / y;
  if (shifted % y != 0) quotient |= 1;
  const double value =
      std::ldexp(static_cast<double>(static_cast<std::uint64_t>(quotient)), -shift);
  return ((a < 0) != (b < 0)) ? -value : value;
}

std::string ShortText(const Atom& atom) {
  constexpr std::size_t kShown = 30;
  const auto* text = std::get_if<std::string>(&atom);
  if (text == nullptr || text->size() <= 2 * kShown) return ToJson(atom);
  const std::string head = text->substr(0, CodePointStart(*text, kShown));
  const std::string tail = text->substr(CodePointStart(*text, text->size() - kShown));
  return QuoteJson(head + "…" + tail);
}

}  // namespace raspc
