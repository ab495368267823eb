// An operator-precedence parser with an explicit stack, so that nesting uses no call stack.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "automata/regex/regex.h"
#include "base/atom.h"
#include "base/text.h"

namespace raspc {
namespace {

constexpr std::int64_t kMaxBound = 1'000'000;

enum class Pending { kParenthesis, kUnion, kIntersection, kConcatenation, kComplement };

// An operator waiting on the stack, and its place.
struct Operator {
  Pending kind;
  int offset;
};

// A line break within the expression ends a line, as in any text.
SourceLocation LocationOf(const std::shared_ptr<const SourceText>& source, std::size_t offset) {
  SourceLocation location{source, 1, 1};
  std::size_t num_before = 0;
  for (const char c : source->text()) {
    if (!StartsCodePoint(c)) continue;
    if (num_before++ == offset) break;
    location.column = c == '\n' ? 1 : location.column + 1;
    location.line += c == '\n' ? 1 : 0;
  }
  return location;
}

class Parser {
 public:
  Parser(std::string_view text, Diagnostics& diag)
      : source_(std::make_shared<const SourceText>("regex", std::string(text))), diag_(diag) {}

  std::optional<Regex> Parse() {
    if (FindInvalidUtf8(source_->text()) != std::string::npos) {
      diag_.Error(ErrorKind::kSyntax, {}, "the regular expression is not valid UTF-8");
      return std::nullopt;
    }
    for (Atom& atom : CodePoints(source_->text())) chars_.push_back(std::get<std::string>(atom));
    while (!failed_ && at_ < chars_.size()) Step();
    if (!failed_) Finish();
    if (failed_) return std::nullopt;
    return Regex{std::move(nodes_), source_};
  }

 private:
  void Fail(std::size_t at, const std::string& message, ErrorKind kind = ErrorKind::kSyntax) {
    if (failed_) return;
    failed_ = true;
    diag_.Error(kind, LocationOf(source_, at), message);
  }

  bool IsAt(std::string_view c) const { return at_ < chars_.size() && chars_[at_] == c; }

  void Step() {
    const std::size_t start = at_;
    const std::string& c = chars_[at_];
    if (c == "|" || c == "&") {
      ++at_;
      Binary(c == "|" ? Pending::kUnion : Pending::kIntersection, start);
    } else if (c == "~") {
      ++at_;
      BeginOperand(start);
      operators_.push_back({Pending::kComplement, static_cast<int>(start)});
      has_operand_ = false;
    } else if (c == "(") {
      ++at_;
      OpenParenthesis(start);
    } else if (c == ")") {
      ++at_;
      CloseParenthesis(start);
    } else if (c == "*" || c == "+" || c == "?" || c == "{") {
      ++at_;
      Repetition(c, start);
    } else if (c == "]" || c == "}") {
      const std::string opening = c == "]" ? "[" : "{";
      Fail(start, fmt::format("a '{0}' without a '{1}'; the symbol is written \\{0}", c, opening));
    } else {
      BeginOperand(start);
      Symbols(start);
      has_operand_ = true;
    }
  }

  // An operand that follows another is concatenated with it.
  void BeginOperand(std::size_t start) {
    if (has_operand_) Binary(Pending::kConcatenation, start);
  }

  void Binary(Pending kind, std::size_t start) {
    if (!has_operand_) return Fail(start, MissingOperand("before", chars_[start]));
    while (!operators_.empty() && operators_.back().kind >= kind) Apply();
    operators_.push_back({kind, static_cast<int>(start)});
    has_operand_ = false;
  }

  static std::string MissingOperand(const std::string& side, const std::string& c) {
    return fmt::format("there is nothing {} this '{}'; the empty word is written ()", side, c);
  }

  void OpenParenthesis(std::size_t start) {
    BeginOperand(start);
    if (IsAt(")")) {
      ++at_;
      Push({.kind = RegexKind::kEmptyWord, .offset = static_cast<int>(start)});
      return;
    }
    operators_.push_back({Pending::kParenthesis, static_cast<int>(start)});
    has_operand_ = false;
  }

  void CloseParenthesis(std::size_t start) {
    if (!has_operand_ && !operators_.empty()) {
      const std::size_t at = static_cast<std::size_t>(operators_.back().offset);
      return Fail(at, MissingOperand("after", chars_[at]));
    }
    while (!operators_.empty() && operators_.back().kind != Pending::kParenthesis) Apply();
    if (operators_.empty()) {
      return Fail(start, "a ')' without a '('; the symbol is written \\)");
    }
    operators_.pop_back();
    has_operand_ = true;
  }

  void Repetition(const std::string& c, std::size_t start) {
    if (!has_operand_) {
      return Fail(start, fmt::format("there is nothing for this '{0}' to repeat; the symbol is "
                                     "written \\{0}",
                                     c));
    }
    RegexNode node{.kind = RegexKind::kRepetition, .first = operands_.back()};
    if (c == "+") node.min = 1;
    if (c == "?") node.max = 1;
    if (c == "{" && !Bounds(start, node)) return;
    node.offset = static_cast<int>(start);
    operands_.pop_back();
    Push(std::move(node));
  }

  // {m} {m,} {m,n}, starting after the brace.
  bool Bounds(std::size_t start, RegexNode& node) {
    const std::optional<std::int64_t> min = Number(start);
    if (!min) return false;
    node.min = node.max = *min;
    if (IsAt(",")) {
      ++at_;
      node.max = RegexNode::kUnbounded;
      if (!IsAt("}")) {
        const std::optional<std::int64_t> max = Number(start);
        if (!max) return false;
        node.max = *max;
      }
    }
    if (!IsAt("}")) return Fail(start, kBoundsMessage), false;
    ++at_;
    if (node.max != RegexNode::kUnbounded && node.max < node.min) {
      return Fail(start,
                  fmt::format("the least number of repetitions, {}, is above the greatest, {}",
                              node.min, node.max)),
             false;
    }
    return true;
  }

  std::optional<std::int64_t> Number(std::size_t start) {
    std::string digits;
    while (at_ < chars_.size() && chars_[at_] >= "0" && chars_[at_] <= "9") digits += chars_[at_++];
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty()) return Fail(start, kBoundsMessage), std::nullopt;
    if (error != std::errc() || value > kMaxBound) {
      Fail(start, fmt::format("{} repetitions; the maximum is {}", digits, kMaxBound),
           ErrorKind::kLimit);
      return std::nullopt;
    }
    return value;
  }

  void Symbols(std::size_t start) {
    RegexNode node{.kind = RegexKind::kSymbols, .offset = static_cast<int>(start)};
    if (chars_[at_] == ".") {
      ++at_;
      node.is_negated = true;
    } else if (chars_[at_] == "[") {
      ++at_;
      Class(start, node);
    } else {
      WarnIfForeign(start);
      node.symbols.push_back(OneSymbol());
    }
    if (!failed_) Push(std::move(node));
  }

  // Warns once about each character that has a meaning in other notations but is a symbol here.
  void WarnIfForeign(std::size_t start) {
    static const std::map<std::string, std::string> kForeign = {
        {"^", "an expression always matches whole words"},
        {"$", "an expression always matches whole words"},
        {"ε", "the empty word is written ()"},
        {"∅", "the empty language is written ~(.*)"}};
    const auto found = kForeign.find(chars_[start]);
    if (found == kForeign.end() || !warned_of_.insert(found->first).second) return;
    diag_.Warning(ErrorKind::kSyntax, LocationOf(source_, start),
                  fmt::format("'{0}' is a symbol here, like any other; {1}; write "
                              "\\{0} if you mean the symbol",
                              found->first, found->second));
  }

  void Class(std::size_t start, RegexNode& node) {
    if (IsAt("^")) {
      ++at_;
      node.is_negated = true;
    }
    std::set<std::string> symbols;
    while (!failed_ && at_ < chars_.size() && !IsAt("]")) {
      const std::size_t from_at = at_;
      const std::string from = OneSymbol();
      if (failed_) return;
      if (IsAt("-") && at_ + 1 < chars_.size() && chars_[at_ + 1] != "]") {
        ++at_;
        Range(from_at, from, OneSymbol(), symbols);
      } else {
        symbols.insert(from);
      }
    }
    if (failed_) return;
    if (!IsAt("]")) return Fail(start, "this '[' has no ']'; the symbol is written \\[");
    ++at_;
    if (symbols.empty()) {
      return Fail(start, "a class without symbols; any symbol is '.', and ~(.*) matches no word");
    }
    node.symbols.assign(symbols.begin(), symbols.end());
  }

  void Range(std::size_t at, const std::string& from, const std::string& to,
             std::set<std::string>& symbols) {
    if (failed_) return;
    const std::optional<char32_t> first = CodePoint(from), last = CodePoint(to);
    if (!first || !last || *first > *last) {
      return Fail(at, fmt::format("the range {0}-{1} is empty, as {1} comes before {0}", from, to));
    }
    if (*last - *first >= static_cast<char32_t>(kMaxSymbols)) {
      return Fail(at,
                  fmt::format("the range {}-{} has {} symbols; the maximum is {}", from, to,
                              static_cast<std::int64_t>(*last - *first) + 1, kMaxSymbols),
                  ErrorKind::kLimit);
    }
    for (char32_t c = *first; c <= *last; ++c) {
      if (c < 0xd800 || c > 0xdfff) symbols.insert(Utf8(c));
    }
  }

  // A character, an escaped one, or \<name>.
  std::string OneSymbol() {
    const std::size_t start = at_;
    const std::string c = chars_[at_++];
    if (c != "\\") return c;
    if (at_ == chars_.size()) {
      Fail(start, "a backslash at the end; the symbol is written \\\\");
      return "";
    }
    const std::string escaped = chars_[at_++];
    if (escaped == "n") return "\n";
    if (escaped == "t") return "\t";
    if (escaped == "<") return LongSymbol(start);
    const char first = escaped[0];
    if ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') ||
        (first >= '0' && first <= '9')) {
      Fail(start, fmt::format("\\{} has no meaning; the symbol is written {}, and a class of "
                              "characters as [0-9]",
                              escaped, escaped));
    }
    return escaped;
  }

  std::string LongSymbol(std::size_t start) {
    std::string name;
    while (at_ < chars_.size() && !IsAt(">")) name += chars_[at_++];
    if (at_ == chars_.size() || name.empty()) {
      Fail(start, "\\< begins the name of a symbol, which ends with >, such as \\<w0>");
      return "";
    }
    ++at_;
    return name;
  }

  static std::optional<char32_t> CodePoint(const std::string& symbol) {
    if (CodePoints(symbol).size() != 1) return std::nullopt;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(symbol[i]); };
    const std::size_t length = symbol.size();
    if (length == 1) return byte(0);
    char32_t code = byte(0) & (0xff >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte(i) & 0x3f);
    return code;
  }

  static std::string Utf8(char32_t c) {
    const auto tail = [&](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3f)); };
    if (c < 0x80) return {static_cast<char>(c)};
    if (c < 0x800) return {static_cast<char>(0xc0 | c >> 6), tail(0)};
    if (c < 0x10000) return {static_cast<char>(0xe0 | c >> 12), tail(6), tail(0)};
    return {static_cast<char>(0xf0 | c >> 18), tail(12), tail(6), tail(0)};
  }

  void Push(RegexNode node) {
    nodes_.push_back(std::move(node));
    operands_.push_back(static_cast<int>(nodes_.size()) - 1);
    has_operand_ = true;
  }

  // Pops the topmost operator, which is not a parenthesis, from the stack and makes its node.
  void Apply() {
    const Operator op = operators_.back();
    operators_.pop_back();
    RegexNode node{.offset = op.offset};
    if (op.kind != Pending::kComplement) {
      node.second = operands_.back();
      operands_.pop_back();
    }
    node.first = operands_.back();
    operands_.pop_back();
    node.kind = op.kind == Pending::kUnion           ? RegexKind::kUnion
                : op.kind == Pending::kIntersection  ? RegexKind::kIntersection
                : op.kind == Pending::kConcatenation ? RegexKind::kConcatenation
                                                     : RegexKind::kComplement;
    Push(std::move(node));
  }

  void Finish() {
    if (chars_.empty()) return Fail(0, "the regular expression is empty; the empty word is ()");
    if (!has_operand_) {
      const std::size_t at = static_cast<std::size_t>(operators_.back().offset);
      return Fail(at, MissingOperand("after", chars_[at]));
    }
    while (!operators_.empty() && operators_.back().kind != Pending::kParenthesis) Apply();
    if (!operators_.empty()) {
      Fail(static_cast<std::size_t>(operators_.back().offset),
           "this '(' has no ')'; the symbol is written \\(");
    }
  }

  static constexpr const char* kBoundsMessage =
      "a '{' begins a number of repetitions, {m}, {m,} or {m,n}; the symbol is written \\{";

  std::shared_ptr<const SourceText> source_;
  Diagnostics& diag_;
  std::vector<std::string> chars_;
  std::size_t at_ = 0;
  bool failed_ = false;
  std::set<std::string> warned_of_;
  bool has_operand_ = false;  // whether the part read so far ends in a complete operand
  std::vector<RegexNode> nodes_;
  std::vector<int> operands_;  // nodes not used yet
  std::vector<Operator> operators_;
};

}  // namespace

SourceLocation Regex::At(const RegexNode& node) const {
  return LocationOf(source, static_cast<std::size_t>(node.offset));
}

std::optional<Regex> ParseRegex(std::string_view text, Diagnostics& diag) {
  return Parser(text, diag).Parse();
}

std::optional<Alphabet> CollectAlphabet(const Regex& regex, Diagnostics& diag) {
  std::set<std::string> symbols;
  for (const RegexNode& node : regex.nodes) {
    symbols.insert(node.symbols.begin(), node.symbols.end());
  }
  if (symbols.empty()) {
    diag.Error(ErrorKind::kInput, {regex.source, 1, 1},
               "the expression names no symbol; --alphabet gives its alphabet");
    return std::nullopt;
  }
  return MakeAlphabet({symbols.begin(), symbols.end()}, {regex.source, 1, 1}, diag);
}

}  // namespace raspc
