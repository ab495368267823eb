// Atoms as text and in containers; the header documents each function.
//
// Numbers go through std::to_chars, which gives the shortest digits that read back to the same bits
// and does not depend on the locale.
#include "base/atom.h"

#include <array>
#include <bit>
#include <charconv>
#include <compare>
#include <functional>

namespace raspc {
namespace {

// The shortest form, in whichever notation is shorter.
std::string JsonFloat(double value) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  std::string text(buffer.data(), end);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

std::string_view TypeName(AtomType type) {
  switch (type) {
    case AtomType::kInt:
      return "int";
    case AtomType::kFloat:
      return "float";
    case AtomType::kBool:
      return "bool";
    case AtomType::kString:
      return "string";
  }
  return "?";
}

double NumberOf(const Atom& atom) {
  if (const auto* number = std::get_if<std::int64_t>(&atom)) return static_cast<double>(*number);
  if (const auto* number = std::get_if<Float>(&atom)) return number->nearest();
  return std::get<bool>(atom) ? 1.0 : 0.0;
}

Fraction ExactNumberOf(const Atom& atom) {
  if (const auto* number = std::get_if<std::int64_t>(&atom)) return Fraction(*number);
  if (const auto* number = std::get_if<Float>(&atom)) return number->exact();
  return Fraction(std::get<bool>(atom) ? 1 : 0);
}

Atom WithoutFraction(const Atom& atom) {
  const auto* number = std::get_if<Float>(&atom);
  return number == nullptr || number->IsDouble() ? atom : Atom(number->nearest());
}

std::vector<Atom> WithoutFractions(const std::vector<Atom>& atoms) {
  std::vector<Atom> result;
  result.reserve(atoms.size());
  for (const Atom& atom : atoms) result.push_back(WithoutFraction(atom));
  return result;
}

bool Identical(const Atom& a, const Atom& b) {
  if (a.index() != b.index()) return false;
  if (const auto* number = std::get_if<Float>(&a)) {
    const auto& other = std::get<Float>(b);
    return std::bit_cast<std::uint64_t>(number->nearest()) ==
               std::bit_cast<std::uint64_t>(other.nearest()) &&
           *number == other;
  }
  return a == b;
}

bool IdentityLess(const Atom& a, const Atom& b) {
  if (a.index() != b.index()) return a.index() < b.index();
  if (const auto* number = std::get_if<Float>(&a)) {
    const auto& other = std::get<Float>(b);
    const auto order = std::strong_order(number->nearest(), other.nearest());
    return order != 0 ? order < 0 : *number < other;
  }
  return a < b;
}

std::size_t IdentityHash::operator()(const Atom& atom) const {
  const std::size_t hash = std::visit(
      [](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, Float>) {
          return std::hash<std::uint64_t>()(std::bit_cast<std::uint64_t>(value.nearest()));
        } else {
          return std::hash<T>()(value);
        }
      },
      atom);
  return hash * 4 + atom.index();
}

std::string ToJson(const Atom& atom) {
  switch (TypeOf(atom)) {
    case AtomType::kInt:
      return std::to_string(std::get<std::int64_t>(atom));
    case AtomType::kFloat:
      return JsonFloat(NumberOf(atom));
    case AtomType::kBool:
      return std::get<bool>(atom) ? "true" : "false";
    case AtomType::kString:
      return QuoteJson(std::get<std::string>(atom));
  }
  return "null";
}

std::string ToJson(const std::vector<Atom>& atoms) {
  std::string out = "[";
  for (const Atom& atom : atoms) {
    if (out.size() > 1) out += ", ";
    out += ToJson(atom);
  }
  return out + "]";
}

std::string PythonFloat(double value) {
  std::array<char, 40> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific)
                       .ptr;
  const std::string text(buffer.data(), end);
  const std::size_t e = text.find('e');
  if (e == std::string::npos) return text;  // inf, nan: not atoms, but no reason to crash
  // d.ddde±xx: Python keeps the exponent from 1e16 up and below 1e-4, and moves the point
  // otherwise.
  int exponent = 0;
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), text.data() + text.size(),
                  exponent);
  if (exponent >= 16 || exponent < -4) return text;
  std::string sign = text[0] == '-' ? "-" : "";
  std::string digits;
  for (const char c : text.substr(sign.size(), e - sign.size())) {
    if (c != '.') digits += c;
  }
  if (exponent < 0) return sign + "0." + std::string(-exponent - 1, '0') + digits;
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0') + ".0";
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

std::string PythonStr(const Atom& atom) {
  switch (TypeOf(atom)) {
    case AtomType::kInt:
      return std::to_string(std::get<std::int64_t>(atom));
    case AtomType::kFloat:
      return PythonFloat(NumberOf(atom));
    case AtomType::kBool:
      return std::get<bool>(atom) ? "True" : "False";
    case AtomType::kString:
      return std::get<std::string>(atom);
  }
  return {};
}

std::vector<Atom> CodePoints(std::string_view text) {
  std::vector<Atom> points;
  points.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = std::max<std::size_t>(Utf8SequenceLength(text, i), 1);
    points.emplace_back(std::string(text.substr(i, length)));
    i += length;
  }
  return points;
}

std::size_t FindInvalidUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = Utf8SequenceLength(text, i);
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

}  // namespace raspc
