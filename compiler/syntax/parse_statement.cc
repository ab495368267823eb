// From words to a tree: ANTLR's parser finds the brackets, this file applies the precedences.
//
// ANTLR's contexts mirror grammar/Rasp.g4 rule for rule, and so do the Build functions. Each
// returns an expression with its depth; one that is too deep is reported and replaced by a leaf, so
// that nothing after it has to recurse deeper than the limit.
#include "compiler/syntax/parse_statement.h"

#include <BailErrorStrategy.h>
#include <CommonToken.h>
#include <CommonTokenStream.h>
#include <RaspParser.h>
#include <TokenSource.h>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <new>
#include <utility>

namespace raspc {
namespace {

using raspc_grammar::RaspParser;
using Context = antlr4::ParserRuleContext;

// Passes our words to ANTLR on demand.
class WordSampler : public antlr4::TokenSource {
 public:
  explicit WordSampler(std::span<const Token> tokens) : tokens_(tokens) {}

  std::unique_ptr<antlr4::Token> nextToken() override {
    const auto kind =
        next_ < tokens_.size() ? static_cast<std::size_t>(tokens_[next_].kind) : antlr4::Token::EOF;
    ++next_;
    return std::make_unique<antlr4::CommonToken>(kind);
  }
  std::size_t getLine() const override { return 0; }
  std::size_t getCharPositionInLine() override { return 0; }
  antlr4::CharStream* getInputStream() override { return nullptr; }
  std::string getSourceName() override { return {}; }
  antlr4::TokenFactory<antlr4::CommonToken>* getTokenFactory() override {
    return antlr4::CommonTokenFactory::DEFAULT.get();
  }

 private:
  std::span<const Token> tokens_;
  std::size_t next_ = 0;
};

// How tightly a binary operator binds. All are left-associative, `x if c else y` included.
struct OperatorRow {
  TokenKind kind;
  int precedence;
  BinaryOperator op;
};
constexpr int kTernaryPrecedence = 1;
constexpr OperatorRow kOperators[] = {
    {TokenKind::kPower, 7, BinaryOperator::kPower},
    {TokenKind::kTimes, 6, BinaryOperator::kMultiply},
    {TokenKind::kDivide, 6, BinaryOperator::kDivide},
    {TokenKind::kModulo, 5, BinaryOperator::kModulo},
    {TokenKind::kPlus, 4, BinaryOperator::kAdd},
    {TokenKind::kMinus, 4, BinaryOperator::kSubtract},
    {TokenKind::kEqual, 3, BinaryOperator::kEqual},
    {TokenKind::kNotEqual, 3, BinaryOperator::kNotEqual},
    {TokenKind::kLess, 3, BinaryOperator::kLess},
    {TokenKind::kLessEqual, 3, BinaryOperator::kLessEqual},
    {TokenKind::kGreater, 3, BinaryOperator::kGreater},
    {TokenKind::kGreaterEqual, 3, BinaryOperator::kGreaterEqual},
    {TokenKind::kAnd, 2, BinaryOperator::kAnd},
    {TokenKind::kOr, 2, BinaryOperator::kOr},
    {TokenKind::kIn, 0, BinaryOperator::kIn},
};

const OperatorRow& RowOf(TokenKind kind) {
  for (const OperatorRow& row : kOperators) {
    if (row.kind == kind) return row;
  }
  return kOperators[0];  // not reached: the grammar lets only operators through
}

Comparison ComparisonOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kNotEqual:
      return Comparison::kNotEqual;
    case TokenKind::kLess:
      return Comparison::kLess;
    case TokenKind::kLessEqual:
      return Comparison::kLessEqual;
    case TokenKind::kGreater:
      return Comparison::kGreater;
    case TokenKind::kGreaterEqual:
      return Comparison::kGreaterEqual;
    default:
      return Comparison::kEqual;
  }
}

// Whether Python groups an operator after what `left` made otherwise.
bool IsGroupedOtherwise(const Token* left, TokenKind next) {
  if (left == nullptr) return false;
  const TokenKind kind = left->kind;
  const bool is_logical = kind == TokenKind::kAnd || kind == TokenKind::kOr;
  if (next == TokenKind::kIf) return kind == TokenKind::kIf;
  if (next == TokenKind::kAnd) return kind == TokenKind::kOr;
  if (next == TokenKind::kIn) {
    return kind == TokenKind::kNot || kind == TokenKind::kIf || is_logical;
  }
  return IsComparison(next) && (kind == TokenKind::kNot || IsComparison(kind));
}

// What Python reads where it groups `(left) rest` otherwise, such as `(a or b) and c`; `made_by` is
// the operator of `left`.
std::string PythonReading(const Expression& left, const Token& made_by, TokenKind next,
                          const std::string& rest) {
  if (const auto* negation = std::get_if<UnaryExpression>(&left.kind)) {
    return fmt::format("not ({} {})", ShortText(*negation->operand), rest);
  }
  if (const auto* choice = std::get_if<TernaryExpression>(&left.kind)) {
    return fmt::format("{} if {} else ({} {})", ShortText(*choice->then_value),
                       ShortText(*choice->condition), ShortText(*choice->else_value), rest);
  }
  const auto& pair = std::get<BinaryExpression>(left.kind);
  const std::string first = ShortText(*pair.left), second = ShortText(*pair.right);
  return IsComparison(next)
             ? fmt::format("{0} {1} {2} and {2} {3}", first, made_by.text, second, rest)
             : fmt::format("{} {} ({} {})", first, made_by.text, second, rest);
}

UnaryOperator UnaryOf(TokenKind kind) {
  if (kind == TokenKind::kMinus) return UnaryOperator::kNegate;
  return kind == TokenKind::kPlus ? UnaryOperator::kPlus : UnaryOperator::kNot;
}

// Digits with one point between them, as a double and, where they are few enough, the fraction that
// they are. Nothing if it is too large for a double; a number too small for one is 0.
std::optional<Float> ReadFloat(std::string_view text) {
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc() && std::isfinite(value)) {
    const auto fraction = Fraction::OfDecimal(text, kMaxFractionBits);
    return fraction && std::isnormal(value) ? Float::Of(*fraction) : Float(value);
  }
  const bool is_below_one = text.find_first_not_of('0') == text.find('.');
  if (is_below_one) return Float(0.0);
  return std::nullopt;
}

// The first and the last word of an expression.
struct Span {
  std::size_t first = 0, last = 0;
};

// An expression on its way up, with the depth of its tree and its words, parentheses included.
struct Built {
  ExpressionPtr expression;
  int depth = 1;
  Span span;
  const Token* made_by = nullptr;  // the operator that is not in parentheses, if there is one
};

class TreeBuilder {
 public:
  TreeBuilder(std::shared_ptr<const SourceText> source, std::span<const Token> tokens,
              const ParseLimits& limits, int number, Diagnostics& diag)
      : source_(std::move(source)),
        tokens_(tokens),
        limits_(limits),
        number_(number),
        diag_(diag) {}

  std::unique_ptr<const Statement> BuildTopLevel(RaspParser::TopLevelContext* context) {
    auto statement = context->statement() != nullptr ? BuildStatement(context->statement())
                                                     : BuildRequest(context->request());
    return has_failed_ ? nullptr : std::move(statement);
  }

 private:
  using StatementPtr = std::unique_ptr<const Statement>;

  const Token& At(antlr4::tree::TerminalNode* node) const {
    return tokens_[node->getSymbol()->getTokenIndex()];
  }
  const Token& First(Context* context) const {
    return tokens_[context->getStart()->getTokenIndex()];
  }
  SourceLocation LocationOf(const Token& token) const {
    return {source_, token.line, token.column};
  }
  void Fail(ErrorKind kind, const Token& at, std::string message) {
    if (!has_failed_) diag_.Error(kind, LocationOf(at), std::move(message));
    has_failed_ = true;
  }

  Span SpanOf(Context* context) const {
    return {context->getStart()->getTokenIndex(), context->getStop()->getTokenIndex()};
  }
  // All tokens are views of one text.
  std::string_view TextOf(Span span) const {
    const std::string_view first = tokens_[span.first].text, last = tokens_[span.last].text;
    return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
  }

  template <typename Kind>
  Built Make(const Token& at, Span span, int depth_of_children, Kind kind) {
    if (depth_of_children >= limits_.max_depth) {
      Fail(ErrorKind::kLimit, at,
           fmt::format("this expression is more than {} operators and brackets deep; give parts of "
                       "it their own names",
                       limits_.max_depth));
      return Make(at, span, 0, NameExpression{""});
    }
    return {std::make_unique<const Expression>(LocationOf(at), std::move(kind), TextOf(span)),
            depth_of_children + 1, span};
  }
  template <typename Kind>
  StatementPtr MakeStatement(Context* context, Kind kind) {
    return std::make_unique<const Statement>(LocationOf(First(context)), number_, std::move(kind));
  }

  // ---------------------------------------------------------------------------------- statements

  StatementPtr BuildStatement(RaspParser::StatementContext* context);
  StatementPtr BuildDefinition(RaspParser::DefinitionContext* context);
  StatementPtr BuildLoop(RaspParser::LoopContext* context);
  StatementPtr BuildAssignment(RaspParser::AssignmentContext* context);
  StatementPtr BuildRequest(RaspParser::RequestContext* context);
  Block BuildBlock(const std::vector<RaspParser::StatementContext*>& contexts);
  std::string NameLeftOfAssign(RaspParser::ExpressionContext* context);

  // --------------------------------------------------------------------------------- expressions

  Built BuildExpression(RaspParser::ExpressionContext* context);
  // `condition` is that of a choice, else null.
  void WarnOfGrouping(const Built& left, const Token& next, const Expression* condition,
                      const Expression& right);
  Built BuildOperand(RaspParser::OperandContext* context);
  Built BuildPrimary(RaspParser::PrimaryContext* context);
  Built BuildLiteral(const Token& token, Span span);
  Built BuildList(RaspParser::ListContext* context);
  Built BuildDict(RaspParser::DictContext* context);
  Built BuildCall(const Token& at, RaspParser::PrimaryContext* context);
  std::vector<ExpressionPtr> BuildList(const std::vector<RaspParser::ExpressionContext*>& contexts,
                                       int& depth);
  std::vector<ExpressionPtr> BuildList(RaspParser::ExpressionListContext* context, int& depth) {
    if (context == nullptr) return {};
    return BuildList(context->expression(), depth);
  }
  ExpressionPtr Build(RaspParser::ExpressionContext* context) {
    return BuildExpression(context).expression;
  }
  // As above, and makes `depth` at least the expression's.
  ExpressionPtr Build(RaspParser::ExpressionContext* context, int& depth) {
    Built built = BuildExpression(context);
    depth = std::max(depth, built.depth);
    return std::move(built.expression);
  }
  std::vector<std::string> NamesOf(RaspParser::NameListContext* context) const {
    std::vector<std::string> names;
    if (context == nullptr) return names;
    for (auto* name : context->NAME()) names.emplace_back(At(name).text);
    return names;
  }
  std::string TextInQuotes(const Token& token) const {
    return std::string(token.text.substr(1, token.text.size() - 2));
  }

  std::shared_ptr<const SourceText> source_;
  std::span<const Token> tokens_;
  const ParseLimits& limits_;
  int number_;
  Diagnostics& diag_;
  bool has_failed_ = false;
};

// ------------------------------------------------------------------------------------- statements

std::unique_ptr<const Statement> TreeBuilder::BuildStatement(
    RaspParser::StatementContext* context) {
  if (auto* definition = context->definition()) return BuildDefinition(definition);
  if (auto* loop = context->loop()) return BuildLoop(loop);
  if (auto* loading = context->loading()) {
    return MakeStatement(context, LoadStatement{TextInQuotes(At(loading->STRING()))});
  }
  if (auto* drawing = context->drawing()) {
    int depth = 0;
    return MakeStatement(context, DrawStatement{BuildList(drawing->expression(), depth)});
  }
  return BuildAssignment(context->assignment());
}

Block TreeBuilder::BuildBlock(const std::vector<RaspParser::StatementContext*>& contexts) {
  Block block;
  block.reserve(contexts.size());
  for (auto* context : contexts) block.push_back(BuildStatement(context));
  return block;
}

std::unique_ptr<const Statement> TreeBuilder::BuildDefinition(
    RaspParser::DefinitionContext* context) {
  FunctionDefinition definition;
  definition.name = At(context->NAME()).text;
  definition.parameters = NamesOf(context->nameList());
  definition.body = BuildBlock(context->statement());
  int depth = 0;
  definition.results = BuildList(context->result()->expressionList(), depth);
  return MakeStatement(context, std::move(definition));
}

std::unique_ptr<const Statement> TreeBuilder::BuildLoop(RaspParser::LoopContext* context) {
  ForLoop loop;
  loop.names = NamesOf(context->nameList());
  loop.iterable = Build(context->expression());
  loop.body = BuildBlock(context->statement());
  return MakeStatement(context, std::move(loop));
}

// The name that an expression left of `=` is; reports anything else.
std::string TreeBuilder::NameLeftOfAssign(RaspParser::ExpressionContext* context) {
  const Token& first = First(context);
  const bool is_one_word = context->getStart() == context->getStop();
  if (is_one_word && first.kind == TokenKind::kName) return std::string(first.text);
  const std::size_t last = context->getStop()->getTokenIndex();
  if (is_one_word) {
    Fail(ErrorKind::kSyntax, first,
         fmt::format("cannot assign to {}; only names can be left of '='", first.text));
  } else if (first.kind == TokenKind::kName && tokens_[last].kind == TokenKind::kRightBracket) {
    Fail(ErrorKind::kSyntax, first,
         fmt::format("cannot assign to an element of '{}'; lists and dicts never change, so make a "
                     "new one and give it a name",
                     first.text));
  } else {
    Fail(ErrorKind::kSyntax, first,
         "cannot assign to an expression; only names can be left of '='");
  }
  return {};
}

std::unique_ptr<const Statement> TreeBuilder::BuildAssignment(
    RaspParser::AssignmentContext* context) {
  auto* left = context->expressionList(0);
  int depth = 0;
  if (context->ASSIGN() == nullptr) {
    if (left->expression().size() > 1) {
      Fail(ErrorKind::kSyntax, At(left->COMMA(0)),
           "expected an operator, '=' or ';', found ','; a statement that is one expression cannot "
           "have several");
    }
    return MakeStatement(context, ExpressionStatement{BuildList(left, depth)});
  }
  Assignment assignment;
  for (auto* target : left->expression()) {
    assignment.names.push_back(NameLeftOfAssign(target));
    assignment.name_locations.push_back(LocationOf(First(target)));
  }
  assignment.values = BuildList(context->expressionList(1), depth);
  return MakeStatement(context, std::move(assignment));
}

ExampleKind KindOf(RaspParser::WhichContext* context) {
  if (context == nullptr) return ExampleKind::kBoth;
  return context->S_OP() != nullptr ? ExampleKind::kSOp : ExampleKind::kSelector;
}

std::unique_ptr<const Statement> TreeBuilder::BuildRequest(RaspParser::RequestContext* context) {
  if (auto* set = dynamic_cast<RaspParser::SetExampleContext*>(context)) {
    return MakeStatement(context, SetExample{KindOf(set->which()), Build(set->expression())});
  }
  if (auto* show = dynamic_cast<RaspParser::ShowExampleContext*>(context)) {
    return MakeStatement(context, ShowExample{KindOf(show->which())});
  }
  if (auto* toggle = dynamic_cast<RaspParser::ToggleExamplesContext*>(context)) {
    return MakeStatement(context, ToggleExamples{KindOf(toggle->which()), toggle->ON() != nullptr});
  }
  if (auto* toggle = dynamic_cast<RaspParser::ToggleDisplayContext*>(context)) {
    return MakeStatement(context, ToggleFullDisplay{toggle->ON() != nullptr});
  }
  return MakeStatement(context, ExitStatement{});
}

// ------------------------------------------------------------------------------------ expressions

std::vector<ExpressionPtr> TreeBuilder::BuildList(
    const std::vector<RaspParser::ExpressionContext*>& contexts, int& depth) {
  std::vector<ExpressionPtr> items;
  items.reserve(contexts.size());
  for (auto* context : contexts) items.push_back(Build(context, depth));
  return items;
}

// Operators wait on a stack until one that binds no tighter follows; then they take their operands.
Built TreeBuilder::BuildExpression(RaspParser::ExpressionContext* context) {
  struct Waiting {
    const Token* token;
    int precedence;
    Built condition;  // of a ternary, else null
  };
  std::vector<Built> operands;
  std::vector<Waiting> waiting;
  bool is_warned = false;
  const auto reduce = [&] {
    Waiting top = std::move(waiting.back());
    waiting.pop_back();
    Built right = std::move(operands.back());
    operands.pop_back();
    Built left = std::move(operands.back());
    operands.pop_back();
    if (!is_warned && IsGroupedOtherwise(left.made_by, top.token->kind)) {
      WarnOfGrouping(left, *top.token, top.condition.expression.get(), *right.expression);
      is_warned = true;
    }
    int depth = std::max(left.depth, right.depth);
    const Span span{left.span.first, right.span.last};
    if (top.condition.expression != nullptr) {
      depth = std::max(depth, top.condition.depth);
      operands.push_back(
          Make(*top.token, span, depth,
               TernaryExpression{std::move(left.expression), std::move(top.condition.expression),
                                 std::move(right.expression)}));
    } else {
      operands.push_back(
          Make(*top.token, span, depth,
               BinaryExpression{RowOf(top.token->kind).op, std::move(left.expression),
                                std::move(right.expression)}));
    }
    operands.back().made_by = top.token;
  };
  operands.push_back(BuildOperand(context->operand()));
  for (auto* step : context->step()) {
    const Token& token = First(step);
    const bool is_ternary = token.kind == TokenKind::kIf;
    const int precedence = is_ternary ? kTernaryPrecedence : RowOf(token.kind).precedence;
    while (!waiting.empty() && waiting.back().precedence >= precedence) reduce();
    Waiting next{&token, precedence, {}};
    if (is_ternary) next.condition = BuildExpression(step->expression());
    waiting.push_back(std::move(next));
    operands.push_back(BuildOperand(step->operand()));
  }
  while (!waiting.empty()) reduce();
  return std::move(operands.back());
}

void TreeBuilder::WarnOfGrouping(const Built& left, const Token& next, const Expression* condition,
                                 const Expression& right) {
  const std::string grouped = ShortText(*left.expression), last = ShortText(right);
  const std::string rest = condition != nullptr
                               ? fmt::format("if {} else {}", ShortText(*condition), last)
                               : fmt::format("{} {}", next.text, last);
  const std::string reading = IsComparison(next.kind)
                                  ? fmt::format("this compares `({})` with `{}`", grouped, last)
                                  : fmt::format("this is `({}) {}`", grouped, rest);
  diag_.Warning(ErrorKind::kSyntax, LocationOf(next),
                fmt::format("{}; Python would read `{}`", reading,
                            PythonReading(*left.expression, *left.made_by, next.kind, rest)));
}

// `- x[i](y)` is the negation of the call of the element.
Built TreeBuilder::BuildOperand(RaspParser::OperandContext* context) {
  Built built = BuildPrimary(context->primary());
  built.span = SpanOf(context->primary());  // with its parentheses
  const Token& first = First(context->primary());
  for (auto* suffix : context->suffix()) {
    int depth = built.depth;
    const Span span{built.span.first, SpanOf(suffix).last};
    if (suffix->LEFT_BRACKET() != nullptr) {
      ExpressionPtr index = Build(suffix->expression(), depth);
      built =
          Make(first, span, depth, IndexExpression{std::move(built.expression), std::move(index)});
    } else {
      auto arguments = BuildList(suffix->expressionList(), depth);
      built = Make(first, span, depth,
                   CallExpression{std::move(built.expression), std::move(arguments)});
    }
  }
  const std::size_t start = context->getStart()->getTokenIndex();
  for (std::size_t i = context->primary()->getStart()->getTokenIndex(); i > start; --i) {
    const Token& sign = tokens_[i - 1];
    built = Make(sign, {i - 1, built.span.last}, built.depth,
                 UnaryExpression{UnaryOf(sign.kind), std::move(built.expression)});
    built.made_by = &sign;
  }
  return built;
}

Built TreeBuilder::BuildPrimary(RaspParser::PrimaryContext* context) {
  const Token& at = First(context);
  if (dynamic_cast<RaspParser::NameContext*>(context)) {
    return Make(at, SpanOf(context), 0, NameExpression{std::string(at.text)});
  }
  if (dynamic_cast<RaspParser::LiteralContext*>(context)) return BuildLiteral(at, SpanOf(context));
  if (auto* inner = dynamic_cast<RaspParser::ParenthesesContext*>(context)) {
    Built built = BuildExpression(inner->expression());
    built.made_by = nullptr;
    return built;
  }
  if (auto* list = dynamic_cast<RaspParser::ListContext*>(context)) return BuildList(list);
  if (auto* dict = dynamic_cast<RaspParser::DictContext*>(context)) return BuildDict(dict);
  return BuildCall(at, context);
}

Built TreeBuilder::BuildLiteral(const Token& token, Span span) {
  if (token.kind == TokenKind::kString) {
    return Make(token, span, 0, LiteralExpression{TextInQuotes(token)});
  }
  if (token.kind == TokenKind::kFloat) {
    const auto value = ReadFloat(token.text);
    if (!value) Fail(ErrorKind::kLimit, token, "this float is too large; floats are 64-bit");
    return Make(token, span, 0, LiteralExpression{value.value_or(Float(0.0))});
  }
  std::int64_t value = 0;
  const auto result =
      std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
  if (result.ec != std::errc()) {
    Fail(ErrorKind::kLimit, token,
         "this int is too large; ints are 64-bit, at most 9223372036854775807");
  }
  return Make(token, span, 0, LiteralExpression{value});
}

Built TreeBuilder::BuildList(RaspParser::ListContext* context) {
  int depth = 0;
  auto items = BuildList(context->expression(), depth);
  const Token& at = First(context);
  const Span span = SpanOf(context);
  auto* comprehension = context->comprehension();
  if (comprehension == nullptr) return Make(at, span, depth, ListExpression{std::move(items)});
  ExpressionPtr iterable = Build(comprehension->expression(), depth);
  return Make(at, span, depth,
              ListComprehension{std::move(items[0]), NamesOf(comprehension->nameList()),
                                std::move(iterable)});
}

Built TreeBuilder::BuildDict(RaspParser::DictContext* context) {
  int depth = 0;
  DictExpression dict;
  for (auto* entry : context->entry()) {
    ExpressionPtr key = Build(entry->expression(0), depth);
    ExpressionPtr value = Build(entry->expression(1), depth);
    dict.items.emplace_back(std::move(key), std::move(value));
  }
  const Token& at = First(context);
  const Span span = SpanOf(context);
  auto* comprehension = context->comprehension();
  if (comprehension == nullptr) return Make(at, span, depth, std::move(dict));
  ExpressionPtr iterable = Build(comprehension->expression(), depth);
  return Make(at, span, depth,
              DictComprehension{std::move(dict.items[0].first), std::move(dict.items[0].second),
                                NamesOf(comprehension->nameList()), std::move(iterable)});
}

// The words that are written like calls.
Built TreeBuilder::BuildCall(const Token& at, RaspParser::PrimaryContext* context) {
  const Span span = SpanOf(context);
  int depth = 0;
  if (auto* select = dynamic_cast<RaspParser::SelectContext*>(context)) {
    auto operands = BuildList(select->expression(), depth);
    const Comparison op = ComparisonOf(First(select->comparison()).kind);
    return Make(at, span, depth,
                SelectExpression{std::move(operands[0]), std::move(operands[1]), op});
  }
  if (auto* aggregate = dynamic_cast<RaspParser::AggregateContext*>(context)) {
    auto operands = BuildList(aggregate->expression(), depth);
    operands.resize(3);
    return Make(at, span, depth,
                AggregateExpression{std::move(operands[0]), std::move(operands[1]),
                                    std::move(operands[2])});
  }
  if (auto* range = dynamic_cast<RaspParser::RangeContext*>(context)) {
    auto arguments = BuildList(range->expressionList(), depth);
    return Make(at, span, depth, RangeExpression{std::move(arguments)});
  }
  if (auto* zip = dynamic_cast<RaspParser::ZipContext*>(context)) {
    auto arguments = BuildList(zip->expressionList(), depth);
    return Make(at, span, depth, ZipExpression{std::move(arguments)});
  }
  if (auto* len = dynamic_cast<RaspParser::LenContext*>(context)) {
    ExpressionPtr argument = Build(len->expression(), depth);
    return Make(at, span, depth, LenExpression{std::move(argument)});
  }
  auto* built_in = dynamic_cast<RaspParser::BuiltInContext*>(context);
  ExpressionPtr argument = Build(built_in->expression(), depth);
  if (built_in->ROUND() != nullptr)
    return Make(at, span, depth, RoundExpression{std::move(argument)});
  return Make(at, span, depth, IndicatorExpression{std::move(argument)});
}

}  // namespace

struct StatementParser::State {
  State(std::shared_ptr<const SourceText> source_text, const ParseLimits& parse_limits)
      : source(std::move(source_text)), limits(parse_limits) {}

  std::shared_ptr<const SourceText> source;
  ParseLimits limits;
  std::span<const Token> tokens;
  // Each refers to the previous one.
  std::unique_ptr<WordSampler> words;
  std::unique_ptr<antlr4::CommonTokenStream> stream;
  std::unique_ptr<RaspParser> parser;
  RaspParser::TopLevelContext* context = nullptr;
};

StatementParser::StatementParser(std::shared_ptr<const SourceText> source,
                                 const ParseLimits& limits)
    : state_(std::make_unique<State>(std::move(source), limits)) {}

StatementParser::~StatementParser() = default;

std::optional<std::size_t> StatementParser::FindMisfit(std::span<const Token> tokens) {
  State& state = *state_;
  auto words = std::make_unique<WordSampler>(tokens);
  auto stream = std::make_unique<antlr4::CommonTokenStream>(words.get());
  if (state.parser == nullptr) {
    state.parser = std::make_unique<RaspParser>(stream.get());
    state.parser->removeErrorListeners();
    state.parser->setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
  } else {
    state.parser->setTokenStream(stream.get());
  }
  state.tokens = tokens;
  state.stream = std::move(stream);
  state.words = std::move(words);
  try {
    state.context = state.parser->topLevel();
    return std::nullopt;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    // The grammar decides by one word at a time, so nothing after the misfit has been consumed.
    state.context = nullptr;
    return std::min(state.stream->index(), tokens.size());
  }
}

std::unique_ptr<const Statement> StatementParser::Build(int number, Diagnostics& diag) {
  if (state_->context == nullptr) return nullptr;
  TreeBuilder builder(state_->source, state_->tokens, state_->limits, number, diag);
  return builder.BuildTopLevel(state_->context);
}

}  // namespace raspc
