// Reading settings from their text; one table of names serves directives and options alike.
//
// JSON is read through nlohmann's SAX interface: it distinguishes ints and floats, passes on the
// digits of numbers that fit neither, needs no stack for nested input, and stops at the first thing
// that cannot be in a list of atoms.
#include "compiler/settings/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/json_text.h"
#include "base/option_value.h"
#include "base/text.h"
#include "runtime/model/targets.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

constexpr int kMaxFaultyDirectives = 20;  // after as many, reading stops

// Collects the atoms of `[1, 2.0, "a"]`, or the one string of `"abc"`. Returning false stops the
// parser.
class AtomCollector : public nlohmann::json_sax<Json> {
 public:
  // The text is what will be parsed.
  explicit AtomCollector(std::string_view text) : text_(text) {}

  std::vector<Atom> atoms;
  bool is_array = false;
  std::string problem;          // why it stopped
  std::size_t problem_end = 0;  // bytes read when the parser itself stopped, or 0

  bool null() override { return Stop("null is not a token"); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(std::int64_t value) override { return Add(value); }
  bool number_unsigned(std::uint64_t value) override {
    if (value <= static_cast<std::uint64_t>(INT64_MAX)) {
      return Add(static_cast<std::int64_t>(value));
    }
    return StopAtLargeInt(std::to_string(value));
  }
  bool number_float(double value, const std::string& digits) override {
    // What has neither a point nor an exponent is an int too large for any integer type.
    if (digits.find_first_of(".eE") == std::string::npos) return StopAtLargeInt(digits);
    return Add(value);
  }
  bool string(std::string& value) override { return Add(std::move(value)); }
  bool binary(Json::binary_t&) override { return Stop("binary data is not a token"); }
  bool start_object(std::size_t) override { return Stop("an object is not a token"); }
  bool key(std::string&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override {
    if (is_array) return Stop("a list inside the list is not a token");
    is_array = true;
    return true;
  }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::detail::exception& error) override {
    problem_end = position;
    constexpr int kNumberOutOfRange = 406;
    if (error.id == kNumberOutOfRange) {
      return Stop(fmt::format("the number {} is too large; floats are 64-bit and finite",
                              Shortened(last_token)));
    }
    if (position == 0 || position > text_.size()) return Stop("it ends too early");
    if (text_[position - 1] == '\0') return Stop(fmt::format("byte {} is NUL", position));
    return Stop(fmt::format("broken JSON near '{}'", Around(position - 1)));
  }

 private:
  bool Add(Atom atom) {
    atoms.push_back(std::move(atom));
    return true;
  }
  bool Stop(std::string why) {
    if (problem.empty()) problem = std::move(why);
    return false;
  }
  bool StopAtLargeInt(const std::string& digits) {
    return Stop(fmt::format("the int {} does not fit into 64 bits", Shortened(digits)));
  }
  // A few characters of the text on both sides of a byte.
  std::string_view Around(std::size_t byte) const {
    constexpr std::size_t kReach = 8;
    const auto is_inside = [&](std::size_t i) {
      return i < text_.size() && !StartsCodePoint(text_[i]);
    };
    std::size_t begin = byte < kReach ? 0 : byte - kReach;
    while (is_inside(begin)) ++begin;
    std::size_t end = std::min(byte + kReach, text_.size());
    while (is_inside(end)) ++end;
    return text_.substr(begin, end - begin);
  }

  std::string_view text_;
};

bool CheckUtf8(std::string_view text, const SourceLocation& location, Diagnostics& diag) {
  const std::size_t invalid = FindInvalidUtf8(text);
  if (invalid == std::string_view::npos) return true;
  diag.Error(ErrorKind::kInput, location,
             fmt::format("byte {} is not valid UTF-8: 0x{:02X}", invalid + 1,
                         static_cast<unsigned char>(text[invalid])));
  return false;
}

// Reads `text` as JSON into `collector`; reports what it cannot accept.
bool Collect(std::string_view text, const SourceLocation& location, AtomCollector& collector,
             Diagnostics& diag) {
  bool is_read = false;
  try {
    is_read = ParseJsonEvents(text, collector);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    collector.problem = error.what();
  }
  if (is_read && collector.problem.empty()) return true;
  SourceLocation where = location;
  if (where.IsKnown() && collector.problem_end > 0) {
    where.column += static_cast<int>(NumCodePoints(text.substr(0, collector.problem_end - 1)));
  }
  diag.Error(ErrorKind::kInput, where,
             fmt::format("not a list of tokens: {}; write a JSON array such as [\"a\", 1, 2.5, "
                         "true] or a JSON string, whose characters are the tokens",
                         collector.problem));
  return false;
}

// A JSON array of atoms only.
std::optional<std::vector<Atom>> ReadAtomArray(std::string_view text,
                                               const SourceLocation& location, Diagnostics& diag) {
  AtomCollector collector(text);
  if (!CheckUtf8(text, location, diag) || !Collect(text, location, collector, diag)) {
    return std::nullopt;
  }
  return std::move(collector.atoms);
}

// The argument of every reader of one setting.
struct SettingText {
  std::string_view name;
  std::string_view value;
  const SourceLocation& location;
  Diagnostics& diag;

  void Fail(std::string message) const {
    diag.Error(ErrorKind::kInput, location, std::move(message));
  }
};

std::optional<std::vector<Atom>> ReadTokens(const SettingText& text, bool may_be_empty) {
  auto atoms = ReadAtoms(text.value, text.location, text.diag);
  if (!atoms || !atoms->empty() || may_be_empty) return atoms;
  text.Fail(fmt::format("{} lists no tokens", text.name));
  return std::nullopt;
}

std::optional<std::vector<Atom>> ReadDistinctTokens(const SettingText& text) {
  auto atoms = ReadTokens(text, false);
  if (!atoms) return atoms;
  std::unordered_set<Atom, IdentityHash, IdentityEqual> seen;
  for (const Atom& atom : *atoms) {
    if (seen.insert(atom).second) continue;
    text.Fail(fmt::format("{} lists {} twice", text.name, Shortened(ToJson(atom))));
    return std::nullopt;
  }
  return atoms;
}

std::optional<std::int64_t> ReadCount(const SettingText& text, std::int64_t max) {
  const std::optional<std::int64_t> value = ReadInteger(text.value, 1, max);
  if (!value) text.Fail(IntegerRequired(text.name, 1, max, text.value));
  return value;
}

std::optional<bool> ReadBool(const SettingText& text) {
  if (text.value == "true") return true;
  if (text.value == "false") return false;
  text.Fail(fmt::format("{} requires true or false, not '{}'", text.name, Shortened(text.value)));
  return std::nullopt;
}

std::optional<Target> ReadTarget(const SettingText& text) {
  const std::optional<Target> target = TargetNamed(text.value);
  if (!target) text.Fail(UnknownName(text.name, text.value, TargetNames()));
  return target;
}

std::optional<ArithmeticKind> ReadArithmetic(const SettingText& text) {
  const std::optional<ArithmeticKind> arithmetic = ArithmeticNamed(text.value);
  if (!arithmetic) text.Fail(UnknownName(text.name, text.value, ArithmeticNames()));
  return arithmetic;
}

std::optional<std::string> ReadName(const SettingText& text) {
  if (IsName(text.value)) return std::string(text.value);
  text.Fail(
      fmt::format("{} requires the name of an s-op, not '{}'", text.name, Shortened(text.value)));
  return std::nullopt;
}

// `["_", "n^2"]`: the token and how many to append.
std::optional<Padding> ReadPadding(const SettingText& text) {
  const std::size_t start = text.value.find_first_not_of(" \t");
  const bool is_list = start != std::string_view::npos && text.value[start] == '[';
  const auto atoms = is_list ? ReadAtomArray(text.value, text.location, text.diag)
                             : std::optional(std::vector<Atom>());
  if (!atoms) return std::nullopt;
  const bool has_count = atoms->size() == 2 && !std::holds_alternative<Float>((*atoms)[1]) &&
                         !std::holds_alternative<bool>((*atoms)[1]);
  if (!has_count) {
    text.Fail(fmt::format("{} requires a token and a polynomial in n: write [\"_\", \"n^2\"]",
                          text.name));
    return std::nullopt;
  }
  const auto count = Polynomial::Parse(PythonStr((*atoms)[1]), text.location, text.diag);
  if (!count) return std::nullopt;
  return Padding{(*atoms)[0], *count};
}

template <typename T>
void Store(std::optional<T> value, std::optional<T>& setting) {
  if (value) setting = std::move(value);
}

struct SettingRow {
  std::string_view name;
  void (*read)(const SettingText& text, ProgramSettings& settings);
};
constexpr SettingRow kSettings[] = {
    {"vocab", [](const auto& text, auto& to) { Store(ReadDistinctTokens(text), to.vocab); }},
    {"alphabet", [](const auto& text, auto& to) { Store(ReadDistinctTokens(text), to.alphabet); }},
    {"max_length",
     [](const auto& text, auto& to) { Store(ReadCount(text, kMaxInputLength), to.max_length); }},
    {"output", [](const auto& text, auto& to) { Store(ReadName(text), to.output); }},
    {"arithmetic", [](const auto& text, auto& to) { Store(ReadArithmetic(text), to.arithmetic); }},
    {"causal", [](const auto& text, auto& to) { Store(ReadBool(text), to.causal); }},
    {"generate", [](const auto& text, auto& to) { Store(ReadName(text), to.generate); }},
    {"stop", [](const auto& text, auto& to) { Store(ReadTokens(text, true), to.stop); }},
    {"max_steps",
     [](const auto& text, auto& to) { Store(ReadCount(text, kMaxGenerationSteps), to.max_steps); }},
    {"append", [](const auto& text, auto& to) { Store(ReadTokens(text, true), to.append); }},
    {"pad", [](const auto& text, auto& to) { Store(ReadPadding(text), to.pad); }},
    {"example", [](const auto& text, auto& to) { Store(ReadTokens(text, false), to.example); }},
    {"target", [](const auto& text, auto& to) { Store(ReadTarget(text), to.target); }},
    {"max_domain", [](const auto& text,
                      auto& to) { Store(ReadCount(text, kMaxEnumeratedValues), to.max_domain); }},
    {"reduce_counts_first",
     [](const auto& text, auto& to) { Store(ReadBool(text), to.reduce_counts_first); }},
};

void ReportUnknown(const SettingText& text) {
  std::vector<std::string> names;
  for (const SettingRow& row : kSettings) names.emplace_back(row.name);
  text.Fail(UnknownName("directive", text.name, names));
}

}  // namespace

ProgramSettings ProgramSettings::OverriddenBy(const ProgramSettings& over) const {
  ProgramSettings result = *this;
  const auto replace = [&](std::string_view name, auto& setting, const auto& by) {
    if (!by) return;
    setting = by;
    if (const auto place = result.places.find(name); place != result.places.end()) {
      result.places.erase(place);
    }
  };
  replace("vocab", result.vocab, over.vocab);
  replace("alphabet", result.alphabet, over.alphabet);
  replace("max_length", result.max_length, over.max_length);
  replace("output", result.output, over.output);
  replace("arithmetic", result.arithmetic, over.arithmetic);
  replace("causal", result.causal, over.causal);
  replace("generate", result.generate, over.generate);
  replace("stop", result.stop, over.stop);
  replace("max_steps", result.max_steps, over.max_steps);
  replace("append", result.append, over.append);
  replace("pad", result.pad, over.pad);
  replace("example", result.example, over.example);
  replace("target", result.target, over.target);
  replace("dtype", result.dtype, over.dtype);
  replace("max_domain", result.max_domain, over.max_domain);
  replace("reduce_counts_first", result.reduce_counts_first, over.reduce_counts_first);
  return result;
}

SourceLocation ProgramSettings::PlaceOf(std::string_view directive) const {
  const auto place = places.find(directive);
  return place == places.end() ? SourceLocation{} : place->second;
}

std::vector<std::string> TargetNames() {
  std::vector<std::string> names;
  for (const Target target : AllTargets()) names.emplace_back(NameOf(target));
  return names;
}

std::vector<std::string> DTypeNames() {
  return {std::string(NameOf(DType::kFloat32)), std::string(NameOf(DType::kFloat64))};
}

std::vector<std::string> ArithmeticNames() {
  return {std::string(NameOf(ArithmeticKind::kFloat)),
          std::string(NameOf(ArithmeticKind::kRational))};
}

ProgramSettings ReadDirectives(const std::vector<Directive>& directives, Diagnostics& diag) {
  ProgramSettings settings;
  std::vector<const Directive*> seen;
  int num_faulty = 0;
  for (const Directive& directive : directives) {
    if (num_faulty == kMaxFaultyDirectives) break;
    const auto earlier = std::find_if(seen.begin(), seen.end(), [&](const Directive* other) {
      return other->name == directive.name;
    });
    if (earlier != seen.end()) {
      diag.Error(ErrorKind::kSyntax, directive.location,
                 fmt::format("the directive '{}' is given twice", Shortened(directive.name)))
          .Note((*earlier)->location, "the first is here");
      ++num_faulty;
      continue;
    }
    seen.push_back(&directive);
    // For an unknown name the error is at the name, otherwise at the value.
    const bool is_known =
        std::any_of(std::begin(kSettings), std::end(kSettings),
                    [&](const SettingRow& row) { return row.name == directive.name; });
    Diagnostics found;
    ReadSetting(directive.name, directive.value,
                is_known ? directive.value_location : directive.location, settings, found);
    num_faulty += found.HasErrors() ? 1 : 0;
    settings.places[directive.name] = directive.value_location;
    for (Diagnostic diagnostic : found.all()) {
      diagnostic.kind = ErrorKind::kSyntax;
      diag.Add(std::move(diagnostic));
    }
  }
  return settings;
}

void ReadSetting(std::string_view name, std::string_view value, const SourceLocation& location,
                 ProgramSettings& settings, Diagnostics& diag) {
  const SettingText text{name, value, location, diag};
  for (const SettingRow& row : kSettings) {
    if (row.name == name) return row.read(text, settings);
  }
  ReportUnknown(text);
}

std::optional<std::vector<Atom>> ReadAtoms(std::string_view text, const SourceLocation& location,
                                           Diagnostics& diag) {
  if (!CheckUtf8(text, location, diag)) return std::nullopt;
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  const bool is_json =
      start != std::string_view::npos && (text[start] == '[' || text[start] == '"');
  if (!is_json) return CodePoints(text);
  AtomCollector collector(text);
  if (!Collect(text, location, collector, diag)) return std::nullopt;
  if (collector.is_array) return std::move(collector.atoms);
  return CodePoints(std::get<std::string>(collector.atoms.at(0)));
}

}  // namespace raspc
