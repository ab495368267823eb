// A recursive-descent parser with one grammar for formulas and terms, distinguished by type: so
// (x + y) = z and (x = y) OR b(x) need no lookahead. Nesting is limited.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <set>

#include "base/atom.h"
#include "frontends/formulas/formula.h"
#include "frontends/formulas/formula_lexer.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxFormulaBytes = 1 << 16;

const char* const kTooGreat = "numbers must be from -1,000,000 to 1,000,000";
static_assert(kMaxFormulaNumber == 1'000'000);

using Kind = FormulaToken::Kind;

const std::map<std::string, FormulaKind, std::less<>>& Connectives() {
  static const std::map<std::string, FormulaKind, std::less<>> connectives = {
      {"IFF", FormulaKind::kIff},
      {"IMPLIES", FormulaKind::kImplies},
      {"OR", FormulaKind::kOr},
      {"AND", FormulaKind::kAnd}};
  return connectives;
}

const std::map<std::string, FormulaKind, std::less<>>& Quantifiers() {
  static const std::map<std::string, FormulaKind, std::less<>> quantifiers = {
      {"EXISTS", FormulaKind::kExists},
      {"FORALL", FormulaKind::kForall},
      {"MAJ", FormulaKind::kMajority}};
  return quantifiers;
}

const std::map<std::string, Comparison, std::less<>>& Comparisons() {
  static const std::map<std::string, Comparison, std::less<>> comparisons = {
      {"=", Comparison::kEqual},   {"!=", Comparison::kNotEqual},
      {"<", Comparison::kLess},    {"<=", Comparison::kLessEqual},
      {">", Comparison::kGreater}, {">=", Comparison::kGreaterEqual}};
  return comparisons;
}

// Words that always have a meaning, and names of positions.
bool IsReserved(const std::string& name) {
  static const std::set<std::string> positions = {"n", "first", "last"};
  return positions.contains(name) || std::find(kWordsOfFormulas.begin(), kWordsOfFormulas.end(),
                                               name) != kWordsOfFormulas.end();
}

std::vector<int> Union(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<int> all;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(all));
  return all;
}

class Parser {
 public:
  Parser(std::string_view text, Diagnostics& diag) : diag_(diag) {
    formula_.source = std::make_shared<const SourceText>("formula", std::string(text));
  }

  std::optional<Sentence> Parse() {
    if (formula_.source->text().size() > kMaxFormulaBytes) {
      diag_.Error(ErrorKind::kLimit, {},
                  fmt::format("the formula has more than {} bytes, the limit", kMaxFormulaBytes));
      return std::nullopt;
    }
    auto tokens = ReadFormulaTokens(formula_.source, diag_);
    if (!tokens) return std::nullopt;
    tokens_ = *std::move(tokens);
    const int root = ParseBinary(0);
    if (!failed_ && Next().kind != Kind::kEnd) FailAt(Next(), Unexpected("a connective"));
    if (!failed_) RequireFormula(root, "a sentence is a formula");
    if (failed_) return std::nullopt;
    AssignSlots();
    return std::move(formula_);
  }

 private:
  // ---- Errors. After the first the parser returns immediately.

  int FailAt(const FormulaToken& token, const std::string& message,
             ErrorKind kind = ErrorKind::kSyntax) {
    return FailAt(SourceLocation{formula_.source, token.line, token.column}, message, kind);
  }
  int FailAt(const SourceLocation& location, const std::string& message, ErrorKind kind) {
    if (!failed_) diag_.Error(kind, location, message);
    failed_ = true;
    return -1;
  }

  std::string Unexpected(std::string_view expected) const {
    return fmt::format("expected {}, found {}", expected, Next().Shown());
  }

  void RequireFormula(int node, std::string_view why) { Require(node, /*term=*/false, why); }
  void RequireTerm(int node, std::string_view why) { Require(node, /*term=*/true, why); }
  void Require(int node, bool term, std::string_view why) {
    if (failed_ || formula_[node].IsTerm() == term) return;
    FailAt(formula_.At(formula_[node]),
           fmt::format("{}, but this is a {}", why, term ? "formula" : "number"), ErrorKind::kType);
  }

  // ---- Tokens.

  const FormulaToken& Next() const { return tokens_[at_]; }
  bool IsSign(std::string_view sign) const { return Next().Is(Kind::kSign, sign); }
  bool IsName(std::string_view name) const { return Next().Is(Kind::kName, name); }
  // The next token; at the end it stays the next.
  const FormulaToken& Take() { return Next().kind == Kind::kEnd ? Next() : tokens_[at_++]; }
  bool Expect(std::string_view sign, std::string_view why) {
    if (failed_) return false;
    if (!IsSign(sign)) {
      FailAt(Next(), Unexpected(fmt::format("'{}' {}", sign, why)));
      return false;
    }
    Take();
    return true;
  }

  // ---- Nodes.

  int Add(FormulaNode node, const FormulaToken& at) {
    if (failed_) return -1;
    node.line = at.line;
    node.column = at.column;
    if (formula_.nodes.size() >= static_cast<std::size_t>(kMaxFormulaNodes)) {
      return FailAt(at,
                    fmt::format("the formula has more than {} parts, the limit", kMaxFormulaNodes),
                    ErrorKind::kLimit);
    }
    for (const int operand : {node.first, node.second}) {
      if (operand >= 0) node.free = Union(node.free, formula_[operand].free);
    }
    if (node.kind == FormulaKind::kVariable) node.free = node.variables;
    if (node.Binds()) {
      std::vector<int> outer;
      std::set_difference(node.free.begin(), node.free.end(), node.variables.begin(),
                          node.variables.end(), std::back_inserter(outer));
      node.free = std::move(outer);
      if (node.free.size() + node.variables.size() > static_cast<std::size_t>(kMaxVariables)) {
        return FailAt(at,
                      fmt::format("{} variables are needed at once here; the limit is {}",
                                  node.free.size() + node.variables.size(), kMaxVariables),
                      ErrorKind::kLimit);
      }
    }
    formula_.nodes.push_back(std::move(node));
    return formula_.Root();
  }

  // Parses with `part` one level deeper.
  template <class Part>
  int Nested(const Part& part) {
    if (nesting_ == kMaxFormulaNesting) {
      return FailAt(Next(),
                    fmt::format("the formula is nested more than {} levels deep, the limit",
                                kMaxFormulaNesting),
                    ErrorKind::kLimit);
    }
    ++nesting_;
    const int node = part();
    --nesting_;
    return node;
  }

  // ---- Connectives, loosest first.

  int ParseBinary(int level) {
    static constexpr std::string_view kLevels[] = {"IFF", "IMPLIES", "OR", "AND"};
    if (level == 4) return ParseNegated();
    int left = ParseBinary(level + 1);
    while (!failed_ && IsName(kLevels[level])) {
      const FormulaToken token = Take();
      const std::string why = fmt::format("{} joins formulas", token.text);
      const FormulaKind kind = Connectives().find(token.text)->second;
      const int right = kind == FormulaKind::kImplies ? Nested([&] { return ParseBinary(level); })
                                                      : ParseBinary(level + 1);
      RequireFormula(left, why);
      RequireFormula(right, why);
      left = Add({.kind = kind, .first = left, .second = right}, token);
    }
    return left;
  }

  int ParseNegated() {
    if (failed_) return -1;
    if (IsName("NOT")) {
      const FormulaToken token = Take();
      const int negated = Nested([&] { return ParseNegated(); });
      RequireFormula(negated, "NOT negates a formula");
      return Add({.kind = FormulaKind::kNot, .first = negated}, token);
    }
    const auto quantifier = Quantifiers().find(Next().text);
    if (Next().kind == Kind::kName && quantifier != Quantifiers().end()) {
      const FormulaToken token = Take();
      return ParseBound(quantifier->second, token, [&] { return ParseBinary(0); });
    }
    return ParseComparison();
  }

  // The variables, the dot and the body.
  template <class Body>
  int ParseBound(FormulaKind kind, const FormulaToken& token, const Body& parse_body) {
    const std::size_t outside = scope_.size();
    const bool in_parentheses = IsSign("(");
    if (in_parentheses) Take();
    std::vector<int> variables;
    do {
      if (!variables.empty()) Take();  // the comma
      if (!BindVariable(outside)) return -1;
      variables.push_back(scope_.back().second);
    } while (IsSign(","));
    if (in_parentheses && !Expect(")", "after the variables")) return -1;
    if (!Expect(".", fmt::format("after the variables of {}", token.text))) return -1;
    const int body = Nested(parse_body);
    RequireFormula(body, fmt::format("{} requires a formula", token.text));
    scope_.resize(outside);
    if (kind == FormulaKind::kMajority || kind == FormulaKind::kCount) {
      return Add({.kind = kind, .first = body, .variables = variables}, token);
    }
    // EXISTS x, y. f is EXISTS x. EXISTS y. f.
    int node = body;
    for (auto variable = variables.rbegin(); variable != variables.rend(); ++variable) {
      node = Add({.kind = kind, .first = node, .variables = {*variable}}, token);
    }
    return node;
  }

  bool BindVariable(std::size_t outside) {
    const FormulaToken& token = Next();
    if (token.kind != Kind::kName) {
      FailAt(token, Unexpected("a variable"));
    } else if (IsReserved(token.text)) {
      FailAt(token, fmt::format("'{}' is reserved and cannot be a variable", token.text),
             ErrorKind::kReserved);
    } else if (std::any_of(scope_.begin() + static_cast<std::ptrdiff_t>(outside), scope_.end(),
                           [&](const auto& bound) { return bound.first == token.text; })) {
      FailAt(token, fmt::format("the variable '{}' occurs twice in one list", token.text));
    }
    if (failed_) return false;
    scope_.emplace_back(token.text, static_cast<int>(formula_.variables.size()));
    formula_.variables.push_back(token.text);
    Take();
    return true;
  }

  // ---- Comparisons and terms.

  int ParseComparison() {
    const int left = ParseSum();
    const auto sign = Comparisons().find(Next().text);
    if (failed_ || Next().kind != Kind::kSign || sign == Comparisons().end()) return left;
    const FormulaToken token = Take();
    const int right = ParseSum();
    const std::string why = fmt::format("'{}' compares numbers", token.text);
    RequireTerm(left, why);
    RequireTerm(right, why);
    if (!failed_ && Next().kind == Kind::kSign && Comparisons().contains(Next().text)) {
      return FailAt(Next(), "comparisons are joined by AND, as in x < y AND y < z");
    }
    if (const auto numbers = Numbers(left, right)) {
      const bool holds = Compared(numbers->first, sign->second, numbers->second);
      formula_.nodes.resize(static_cast<std::size_t>(left));
      return Add({.kind = FormulaKind::kTruth, .value = holds}, token);
    }
    return Add(
        {.kind = FormulaKind::kCompare, .first = left, .second = right, .comparison = sign->second},
        token);
  }

  int Arithmetic(FormulaKind kind, int left, int right, const FormulaToken& token) {
    const std::string why = fmt::format("'{}' requires numbers", token.text);
    RequireTerm(left, why);
    RequireTerm(right, why);
    const auto numbers = Numbers(left, right);
    if (!numbers) return Add({.kind = kind, .first = left, .second = right}, token);
    const auto [a, b] = *numbers;
    const std::int64_t value = kind == FormulaKind::kSum          ? a + b
                               : kind == FormulaKind::kDifference ? a - b
                               : kind == FormulaKind::kProduct    ? a * b
                                                                  : (a % b + b) % b;
    if (std::abs(value) > kMaxFormulaNumber) return FailAt(token, kTooGreat, ErrorKind::kLimit);
    formula_.nodes.resize(static_cast<std::size_t>(left));
    return Add({.kind = FormulaKind::kNumber, .value = value}, token);
  }

  // The values of two operands that are constants, and so the last two nodes.
  std::optional<std::pair<std::int64_t, std::int64_t>> Numbers(int left, int right) const {
    if (failed_ || formula_[left].kind != FormulaKind::kNumber ||
        formula_[right].kind != FormulaKind::kNumber) {
      return std::nullopt;
    }
    return std::pair(formula_[left].value, formula_[right].value);
  }

  int ParseSum() {
    int left = ParseRemainder();
    while (!failed_ && (IsSign("+") || IsSign("-"))) {
      const FormulaToken token = Take();
      const int right = ParseRemainder();
      left = Arithmetic(token.text == "+" ? FormulaKind::kSum : FormulaKind::kDifference, left,
                        right, token);
    }
    return left;
  }

  int ParseRemainder() {
    int left = ParseProduct();
    while (!failed_ && IsSign("%")) {
      const FormulaToken token = Take();
      const FormulaToken by = Next();
      const int right = ParseProduct();
      if (!failed_ &&
          (formula_[right].kind != FormulaKind::kNumber || formula_[right].value == 0)) {
        return FailAt(by, "the modulus must be a number of at least 1, as in x % 2");
      }
      left = Arithmetic(FormulaKind::kRemainder, left, right, token);
    }
    return left;
  }

  int ParseProduct() {
    int left = ParseUnary();
    while (!failed_ && IsSign("*")) {
      const FormulaToken token = Take();
      const int right = ParseUnary();
      left = Arithmetic(FormulaKind::kProduct, left, right, token);
    }
    return left;
  }

  int ParseUnary() {
    if (failed_ || !IsSign("-")) return ParsePrimary();
    const FormulaToken token = Take();
    const int zero = Add({.kind = FormulaKind::kNumber}, token);
    const int negated = Nested([&] { return ParseUnary(); });
    return Arithmetic(FormulaKind::kDifference, zero, negated, token);
  }

  // Whether a symbol's atom comes next: a name, a number or a quoted symbol, and '('.
  bool IsSymbol() const {
    const bool can_be = Next().kind == Kind::kQuoted || Next().kind == Kind::kNumber ||
                        (Next().kind == Kind::kName && (!IsReserved(Next().text) || IsPosition()));
    return can_be && tokens_[at_ + 1].Is(Kind::kSign, "(");
  }
  // A name of a position, which is a symbol if followed by '('.
  bool IsPosition() const { return IsName("n") || IsName("first") || IsName("last"); }

  int ParsePrimary() {
    if (failed_) return -1;
    if (IsSymbol()) return ParseSymbol();
    if (IsSign("(")) return ParseParentheses();
    if (IsSign("#")) {
      const FormulaToken token = Take();
      return ParseBound(FormulaKind::kCount, token, [&] { return ParseCounted(); });
    }
    if (Next().kind == Kind::kNumber) return ParseNumber();
    if (Next().kind == Kind::kName) return ParseName();
    return FailAt(Next(), Unexpected("a formula or a number"));
  }

  int ParseParentheses() {
    const FormulaToken open = Take();
    const int inside = Nested([&] { return ParseBinary(0); });
    if (!failed_ && !IsSign(")")) {
      if (Next().kind == Kind::kEnd) return FailAt(open, "this '(' has no ')'");
      return FailAt(Next(), Unexpected("')' or a connective"));
    }
    Take();
    return inside;
  }

  int ParseCounted() {
    if (IsSymbol()) return ParseSymbol();
    if (IsSign("(")) return ParseParentheses();
    return FailAt(Next(),
                  Unexpected("what is counted, a symbol's atom or a formula in parentheses"));
  }

  int ParseSymbol() {
    const FormulaToken token = Take();
    Take();
    ++num_positions_open_;
    const int at = Nested([&] { return ParseSum(); });
    --num_positions_open_;
    const std::string_view word = token.WordMeant();
    if (!failed_ && !word.empty() && (!IsSign(")") || !formula_[at].IsTerm())) {
      return FailAt(token, fmt::format("'{}' is read as a symbol here; {} is written in capitals",
                                       token.text, word));
    }
    if (!Expect(")", "after the position")) return -1;
    RequireTerm(at, "a symbol stands at a position");
    return Add({.kind = FormulaKind::kSymbol, .first = at, .symbol = token.text}, token);
  }

  int ParseNumber() {
    const FormulaToken token = Take();
    std::int64_t value = 0;
    const auto [end, error] =
        std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
    if (error != std::errc() || value > kMaxFormulaNumber) {
      return FailAt(token, kTooGreat, ErrorKind::kLimit);
    }
    return Add({.kind = FormulaKind::kNumber, .value = value}, token);
  }

  int ParseName() {
    const FormulaToken token = Next();
    if (token.text == "TRUE" || token.text == "FALSE") {
      Take();
      return Add({.kind = FormulaKind::kTruth, .value = token.text == "TRUE"}, token);
    }
    if (token.text == "BIT") return ParseBit();
    if (token.text == "n" || token.text == "last") {
      Take();
      const int length = Add({.kind = FormulaKind::kLength}, token);
      if (token.text == "n") return length;
      const int one = Add({.kind = FormulaKind::kNumber, .value = 1}, token);
      return Add({.kind = FormulaKind::kDifference, .first = length, .second = one}, token);
    }
    if (token.text == "first") {
      Take();
      return Add({.kind = FormulaKind::kNumber, .value = 0}, token);
    }
    return ParseVariable();
  }

  int ParseBit() {
    const FormulaToken token = Take();
    if (!Expect("(", "after BIT")) return -1;
    const int number = Nested([&] { return ParseSum(); });
    if (!Expect(",", "between the number and the bit")) return -1;
    const int bit = Nested([&] { return ParseSum(); });
    if (!Expect(")", "after the bit")) return -1;
    RequireTerm(number, "BIT takes numbers");
    RequireTerm(bit, "BIT takes numbers");
    return Add({.kind = FormulaKind::kBit, .first = number, .second = bit}, token);
  }

  // Outside the position of an atom a symbol may be meant.
  std::string UnboundHint(const std::string& name) const {
    return num_positions_open_ > 0 ? fmt::format("; put EXISTS {0}. or FORALL {0}. before it", name)
                                   : fmt::format("; if a symbol is meant, its atom is {}(x)", name);
  }

  int ParseVariable() {
    const FormulaToken& token = Next();
    for (auto bound = scope_.rbegin(); bound != scope_.rend(); ++bound) {
      if (bound->first != token.text) continue;
      Take();
      return Add({.kind = FormulaKind::kVariable, .variables = {bound->second}}, token);
    }
    if (IsReserved(token.text) || !token.WordMeant().empty()) {
      return FailAt(token, Unexpected("a formula or a number"));
    }
    std::vector<std::string> names;
    for (const auto& [name, number] : scope_) names.push_back(name);
    const std::string closest = ClosestName(token.text, names);
    return FailAt(token,
                  fmt::format("'{}' is not bound{}", token.text,
                              closest.empty() ? UnboundHint(token.text)
                                              : fmt::format("; did you mean '{}'?", closest)),
                  ErrorKind::kUndefined);
  }

  // ---- Afterwards.

  // From the outside in: a variable takes the first coordinate not used by any variable needed with
  // it.
  void AssignSlots() {
    formula_.slot.assign(formula_.variables.size(), -1);
    for (auto node = formula_.nodes.rbegin(); node != formula_.nodes.rend(); ++node) {
      if (!node->Binds()) continue;
      std::set<int> taken;
      for (const int outer : node->free) taken.insert(SlotOf(outer));
      for (const int bound : node->variables) {
        int slot = 0;
        while (taken.contains(slot)) ++slot;
        taken.insert(slot);
        formula_.slot[static_cast<std::size_t>(bound)] = slot;
        formula_.num_slots = std::max(formula_.num_slots, slot + 1);
      }
    }
  }
  int SlotOf(int variable) const { return formula_.slot[static_cast<std::size_t>(variable)]; }

  Diagnostics& diag_;
  Sentence formula_;
  std::vector<FormulaToken> tokens_;
  std::size_t at_ = 0;
  int nesting_ = 0;
  bool failed_ = false;
  int num_positions_open_ = 0;                      // of symbols' atoms
  std::vector<std::pair<std::string, int>> scope_;  // names and numbers, the innermost last
};

}  // namespace

bool Compared(std::int64_t a, Comparison comparison, std::int64_t b) {
  switch (comparison) {
    case Comparison::kEqual:
      return a == b;
    case Comparison::kNotEqual:
      return a != b;
    case Comparison::kLess:
      return a < b;
    case Comparison::kLessEqual:
      return a <= b;
    case Comparison::kGreater:
      return a > b;
    case Comparison::kGreaterEqual:
      return a >= b;
  }
  return false;
}

std::optional<Sentence> ParseFormula(std::string_view text, Diagnostics& diag) {
  return Parser(text, diag).Parse();
}

std::optional<Alphabet> CollectAlphabet(const Sentence& formula, Diagnostics& diag) {
  std::set<std::string> symbols;
  for (const FormulaNode& node : formula.nodes) {
    if (node.kind == FormulaKind::kSymbol) symbols.insert(node.symbol);
  }
  if (symbols.empty()) {
    diag.Error(ErrorKind::kInput, {formula.source, 1, 1},
               "the formula names no symbol; --alphabet gives its alphabet");
    return std::nullopt;
  }
  return MakeAlphabet({symbols.begin(), symbols.end()}, {formula.source, 1, 1}, diag);
}

bool CheckAlphabet(const Sentence& formula, const Alphabet& alphabet, Diagnostics& diag) {
  for (const FormulaNode& node : formula.nodes) {
    if (node.kind != FormulaKind::kSymbol || alphabet.Find(node.symbol)) continue;
    diag.Error(ErrorKind::kInput, formula.At(node),
               fmt::format("the alphabet has no symbol {}", QuoteJson(node.symbol)));
    return false;
  }
  return true;
}

}  // namespace raspc
