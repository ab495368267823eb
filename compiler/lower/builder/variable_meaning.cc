#include "compiler/lower/builder/variable_meaning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "base/escape.h"
#include "base/text.h"

namespace raspc {
namespace {

constexpr std::size_t kShortListBytes = 24;  // bytes of a list of values in a name
constexpr std::size_t kDetailedListBytes = 240;
constexpr std::size_t kLongestValue = 24;  // bytes of one value

std::string ShortNumber(double number) { return fmt::format("{:.6g}", number); }

// Names a function of the values that carry a code; the others do not count.
class Namer {
 public:
  Namer(const VariableMeaning& meaning, bool is_detailed)
      : list_(*meaning.of),
        subject_(is_detailed && !list_.full_subject.empty() ? list_.full_subject : list_.subject),
        code_(meaning.code),
        is_detailed_(is_detailed),
        list_bytes_(is_detailed ? kDetailedListBytes : kShortListBytes) {
    for (std::size_t i = 0; i < code_.size(); ++i) {
      if (!std::isnan(code_[i])) carried_.push_back(i);
    }
    has_numbers_ = list_.texts.empty() &&
                   std::all_of(carried_.begin(), carried_.end(),
                               [&](std::size_t i) { return IsNumber(list_.values[i]); });
  }

  std::string Name() const {
    if (const auto formula = Formula()) return *formula;
    std::vector<double> codes;
    for (const std::size_t i : carried_) codes.push_back(code_[i]);
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    if (codes.size() == 2 && codes[0] * codes[1] == 0) {
      const double member = codes[0] == 0 ? codes[1] : codes[0];
      return Multiple(member, SetName(member));
    }
    if (codes.size() == carried_.size() && !is_detailed_) return "code of " + subject_;
    return MappingName();
  }

  // Of the values whose code is `member`.
  std::string SetName(double member) const {
    std::vector<std::size_t> in, out;
    for (const std::size_t i : carried_) (code_[i] == member ? in : out).push_back(i);
    const std::string subject = AsOperand(subject_);
    if (in.size() == 1) return fmt::format("{}={}", subject, TextOf(in[0]));
    if (const auto step = StepName(in, out)) return *step;
    if (const auto bit = BitName(in)) return *bit;
    if (out.size() == 1) return fmt::format("{}!={}", subject, TextOf(out[0]));
    const bool is_short = in.size() <= out.size();
    return fmt::format("{}{}{}", subject, is_short ? " in " : " not in ",
                       Listed(is_short ? in : out));
  }

 private:
  double NumberAt(std::size_t i) const { return NumberOf(list_.values[i]); }
  std::string TextOf(std::size_t i) const {
    return list_.texts.empty() ? NameOfValue(list_.values[i])
                               : Shortened(list_.texts[i], list_bytes_);
  }

  static std::string Multiple(double factor, const std::string& name) {
    if (factor == 1) return name;
    return fmt::format("{}*{}", ShortNumber(factor), name[0] == '[' ? name : "(" + name + ")");
  }

  // Whether the code is function(number) everywhere.
  template <typename Function>
  bool Is(const Function& function) const {
    return std::all_of(carried_.begin(), carried_.end(),
                       [&](std::size_t i) { return code_[i] == function(NumberAt(i)); });
  }

  // The number itself, a multiple of it and a constant, its square, or its share.
  std::optional<std::string> Formula() const {
    if (!has_numbers_ || carried_.size() < 2) return std::nullopt;
    if (Is([](double x) { return x; })) return subject_;
    const std::string x = AsOperand(subject_);
    const double first = NumberAt(carried_[0]);
    const double of_first = code_[carried_[0]];
    const auto other = std::find_if(carried_.begin(), carried_.end(),
                                    [&](std::size_t i) { return NumberAt(i) != first; });
    if (other == carried_.end()) return std::nullopt;
    if (carried_.size() == 2 && code_[carried_[0]] * code_[carried_[1]] == 0) return std::nullopt;
    if (Is([](double number) { return 1 / (1 + number); })) {
      return fmt::format("1/(1+{})", subject_);
    }
    const double slope = (code_[*other] - of_first) / (NumberAt(*other) - first);
    const double offset = of_first - slope * first;
    if (Is([&](double number) { return slope * number + offset; })) {
      const std::string multiple = slope == 1    ? x
                                   : slope == -1 ? "-" + x
                                                 : ShortNumber(slope) + "*" + x;
      return multiple + (offset == 0  ? ""
                         : offset > 0 ? "+" + ShortNumber(offset)
                                      : ShortNumber(offset));
    }
    const double middle = (NumberAt(*other) + first - slope) / 2;  // of a square
    if (Is([&](double number) { return (number - middle) * (number - middle); })) {
      if (middle == 0) return x + "^2";
      return fmt::format("({}{}{})^2", x, middle > 0 ? "-" : "+", ShortNumber(std::abs(middle)));
    }
    return std::nullopt;
  }

  std::optional<std::string> StepName(const std::vector<std::size_t>& in,
                                      const std::vector<std::size_t>& out) const {
    if (!has_numbers_ || carried_.size() < 3) return std::nullopt;
    const auto bounds = [&](const std::vector<std::size_t>& indices) {
      double low = NumberAt(indices[0]), high = low;
      for (const std::size_t i : indices) {
        low = std::min(low, NumberAt(i));
        high = std::max(high, NumberAt(i));
      }
      return std::pair{low, high};
    };
    const auto [low_in, high_in] = bounds(in);
    const auto [low_out, high_out] = bounds(out);
    const std::string subject = AsOperand(subject_);
    if (low_in > high_out) return fmt::format("[{}>={}]", subject, ShortNumber(low_in));
    if (high_in < low_out) return fmt::format("[{}<={}]", subject, ShortNumber(high_in));
    return std::nullopt;
  }

  std::optional<std::string> BitName(const std::vector<std::size_t>& in) const {
    if (!has_numbers_ || carried_.size() < 4) return std::nullopt;
    const auto int_at = [&](std::size_t i) -> std::optional<std::int64_t> {
      const auto* value = std::get_if<std::int64_t>(&list_.values[i]);
      return value != nullptr && *value >= 0 ? std::optional(*value) : std::nullopt;
    };
    std::vector<bool> is_member(code_.size());
    for (const std::size_t i : in) is_member[i] = true;
    for (const bool wanted : {true, false}) {
      for (int bit = 0; bit < 62; ++bit) {
        const bool fits = std::all_of(carried_.begin(), carried_.end(), [&](std::size_t i) {
          const auto number = int_at(i);
          return number && ((*number >> bit & 1) != 0) == (is_member[i] == wanted);
        });
        if (fits) {
          return fmt::format("bit {} of {}{}", bit, subject_, wanted ? "" : " is 0");
        }
      }
    }
    return std::nullopt;
  }

  // `{a, b, 3..7}`, cut where it grows too long.
  std::string Listed(const std::vector<std::size_t>& indices) const {
    const auto follows = [&](std::size_t i) {  // on the one before, as an int
      const auto* a =
          list_.texts.empty() ? std::get_if<std::int64_t>(&list_.values[indices[i - 1]]) : nullptr;
      const auto* b = a == nullptr ? nullptr : std::get_if<std::int64_t>(&list_.values[indices[i]]);
      return b != nullptr && *b - 1 == *a;
    };
    std::string text;
    for (std::size_t i = 0; i < indices.size(); ++i) {
      if (text.size() > list_bytes_) return fmt::format("{{{}, …}}", text);
      std::size_t last = i;
      while (last + 1 < indices.size() && follows(last + 1)) ++last;
      text += (i == 0 ? "" : ", ") + TextOf(indices[i]);
      if (last < i + 2) continue;
      text += ".." + TextOf(indices[last]);
      i = last;
    }
    return "{" + text + "}";
  }

  std::string MappingName() const {
    std::string text;
    for (const std::size_t i : carried_) {
      if (text.size() > list_bytes_) {
        text += ", …";
        break;
      }
      text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", TextOf(i), ShortNumber(code_[i]));
    }
    return fmt::format("{{{}}}[{}]", text, subject_);
  }

  const ValueList& list_;
  const std::string& subject_;
  const std::vector<double>& code_;
  bool is_detailed_;
  std::size_t list_bytes_;
  std::vector<std::size_t> carried_;
  bool has_numbers_ = false;
};

std::string Named(const VariableMeaning& meaning, bool detailed) {
  if (meaning.kind == VariableMeaning::Kind::kText) return meaning.text;
  const Namer namer(meaning, detailed);
  if (meaning.kind == VariableMeaning::Kind::kFunction) return namer.Name();
  return fmt::format("penalty({})", namer.SetName(1));
}

// Whether a string without quotes would read as another value, or as two.
bool NeedsQuotes(const std::string& text) {
  if (text.empty() || text == "true" || text == "false") return true;
  const bool has_sign = text[0] == '-' || text[0] == '+' || text[0] == '.';
  const char first = has_sign && text.size() > 1 ? text[1] : text[0];
  if (first >= '0' && first <= '9') return true;
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f ||
           std::string_view("\"\\,:{}=!<>").find(c) != std::string_view::npos;
  });
}

}  // namespace

VariableMeaning VariableMeaning::Text(std::string text, int line) {
  VariableMeaning meaning;
  meaning.text = std::move(text);
  meaning.line = line;
  return meaning;
}

std::string NameOf(const VariableMeaning& meaning) { return Named(meaning, false); }
std::string DetailedNameOf(const VariableMeaning& meaning) { return Named(meaning, true); }

std::string NameOfValue(const Atom& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return ToJson(value);
  const std::string shortened = Shortened(*text, kLongestValue);
  return NeedsQuotes(*text) ? QuoteJson(shortened) : shortened;
}

std::string AsOperand(std::string_view text) {
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
    if (depth == 0 && std::string_view(" +-*/%^<>=!").find(c) != std::string_view::npos) {
      return fmt::format("({})", text);
    }
  }
  return std::string(text);
}

}  // namespace raspc
