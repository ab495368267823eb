// The parser's main function: checks the text as a whole, then reads it a statement at a time.
//
// A statement that does not parse is explained and skipped, and reading continues after it. Inside
// a function or loop a faulty statement is replaced by a harmless one and the rest of the body is
// parsed again, so that one run finds every faulty statement there too.
#include "compiler/syntax/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <new>
#include <string>

#include "base/text.h"
#include "compiler/syntax/explain_misfit.h"
#include "compiler/syntax/parse_statement.h"
#include "compiler/syntax/read_tokens.h"
#include "compiler/syntax/split_statements.h"

namespace raspc {
namespace {

constexpr int kMaxErrorsInBlock = 20;

// The place of a byte of the text.
SourceLocation LocationOfByte(const std::shared_ptr<const SourceText>& source, std::size_t offset) {
  const std::string_view before = std::string_view(source->text()).substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // 0 on the first line
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  std::string_view in_line = before.substr(line_start);
  if (line == 1 && in_line.starts_with("\xEF\xBB\xBF")) in_line.remove_prefix(3);
  return {source, static_cast<int>(line), static_cast<int>(NumCodePoints(in_line)) + 1};
}

// Whether the text can be parsed at all; reports why not.
bool CheckText(const std::shared_ptr<const SourceText>& source, const ParseLimits& limits,
               Diagnostics& diag) {
  const std::string& text = source->text();
  if (text.size() > limits.max_source_bytes) {
    diag.Error(ErrorKind::kLimit, {source, 0, 0},
               fmt::format("the program has {} bytes; the limit is {}", text.size(),
                           limits.max_source_bytes));
    return false;
  }
  const std::size_t nul = text.find('\0');
  const std::size_t invalid = FindInvalidUtf8(text);
  if (nul == std::string::npos && invalid == std::string::npos) return true;
  if (nul < invalid) {
    diag.Error(ErrorKind::kSyntax, LocationOfByte(source, nul),
               "the program holds a NUL byte; is this a RASP program?");
  } else {
    diag.Error(ErrorKind::kSyntax, LocationOfByte(source, invalid),
               fmt::format("the program is not valid UTF-8: byte 0x{:02X} is not allowed here",
                           static_cast<unsigned char>(text[invalid])));
  }
  return false;
}

// The begin and end of the statement in a block that contains the word `at`.
struct Extent {
  std::size_t begin, end;
};

// Nothing if the misfit is not inside a statement of a block, or has no end to continue from.
std::optional<Extent> FaultyStatementInBlock(const StatementTokens& statement, std::size_t at) {
  const auto& tokens = statement.tokens;
  const auto& depth = statement.block_depth;
  if (at >= tokens.size() || depth[at] == 0) return std::nullopt;
  // Back to the end of the previous statement, or the start of the block.
  std::size_t begin = at;
  const int level = depth[at];
  while (begin > 0) {
    const TokenKind before = tokens[begin - 1].kind;
    const bool opens_block = depth[begin - 1] < level;
    const bool ends_statement = before == TokenKind::kSemicolon && depth[begin - 1] == level;
    const bool ends_block = before == TokenKind::kRightBrace && depth[begin - 1] > level;
    if (opens_block || ends_statement || ends_block) break;
    --begin;
  }
  if (begin == at && tokens[at].kind == TokenKind::kRightBrace) return std::nullopt;
  std::size_t end = at;
  for (; end < tokens.size(); ++end) {
    const TokenKind kind = tokens[end].kind;
    if (end > begin && depth[end] == level && LooksLikeStatementStart(tokens, end)) {
      return Extent{begin, end};  // a missing `;`
    }
    if (kind == TokenKind::kSemicolon && depth[end] == level) return Extent{begin, end + 1};
    if (kind != TokenKind::kRightBrace) continue;
    const int depth_after = end + 1 < tokens.size() ? depth[end + 1] : 0;
    if (depth[end] == level && depth_after < level) return Extent{begin, end};
    if (depth[end] > level && depth_after == level) return Extent{begin, end + 1};
  }
  return std::nullopt;
}

// Puts `x;`, or `return x;` for a return, in place of the words of the extent.
void ReplaceByHarmless(const Extent& extent, StatementTokens& statement) {
  const Token place = statement.tokens[extent.begin];
  const int depth = statement.block_depth[extent.begin];
  std::vector<Token> harmless;
  const auto add = [&](TokenKind kind) {
    harmless.push_back(place);
    harmless.back().kind = kind;
  };
  if (place.kind == TokenKind::kReturn) add(TokenKind::kReturn);
  add(TokenKind::kName);
  add(TokenKind::kSemicolon);
  const auto splice = [&](auto& list, const auto& replacement) {
    const auto first = list.begin() + static_cast<std::ptrdiff_t>(extent.begin);
    const auto last = list.begin() + static_cast<std::ptrdiff_t>(extent.end);
    list.insert(list.erase(first, last), replacement.begin(), replacement.end());
  };
  splice(statement.tokens, harmless);
  splice(statement.block_depth, std::vector<int>(harmless.size(), depth));
}

class ProgramParser {
 public:
  ProgramParser(std::shared_ptr<const SourceText> source, const ParseLimits& limits,
                Diagnostics& diag)
      : limits_(limits),
        diag_(diag),
        reader_(source, diag),
        splitter_(reader_, limits),
        parser_(source, limits) {
    tree_.source = std::move(source);
  }

  SyntaxTree Run() {
    for (int number = 0; !has_ended_; ++number) {
      auto statement = splitter_.Next();
      if (!statement) break;
      if (num_errors_ >= limits_.max_errors) {
        diag_.Error(
            ErrorKind::kLimit, LocationOf(statement->tokens[0]),
            fmt::format("{} faulty statements; the rest of the program is not read", num_errors_));
        break;
      }
      ReadStatement(*statement, number);
    }
    tree_.directives = reader_.TakeDirectives();
    return std::move(tree_);
  }

 private:
  SourceLocation LocationOf(const Token& token) const {
    return {tree_.source, token.line, token.column};
  }

  void ReadStatement(StatementTokens& statement, int number) {
    const TokenKind first = statement.tokens[0].kind;
    const bool is_continued = has_misread_choice_ && ContinuesChoice(statement.tokens[0]);
    has_misread_choice_ = first == TokenKind::kIf || is_continued;
    if (is_continued) {
      // Its `if` was reported.
    } else if (IsWithinLimits(statement)) {
      const auto misfit = parser_.FindMisfit(statement.tokens);
      if (!misfit) {
        if (auto parsed = parser_.Build(number, diag_)) {
          has_ended_ = std::holds_alternative<ExitStatement>(parsed->kind);
          tree_.statements.push_back(std::move(parsed));
          return;
        }
        ++num_errors_;
      } else {
        ReportMisfits(statement, *misfit);
      }
    } else {
      ++num_errors_;
    }
    tree_.failed_statements.push_back(number);
  }

  bool IsWithinLimits(const StatementTokens& statement) {
    if (statement.too_deep) {
      diag_.Error(ErrorKind::kLimit, LocationOf(statement.tokens[*statement.too_deep]),
                  fmt::format("brackets, blocks and conditions are nested more than {} deep here",
                              limits_.max_nesting));
      return false;
    }
    if (statement.is_too_long) {
      diag_.Error(ErrorKind::kLimit, LocationOf(statement.tokens[0]),
                  fmt::format("this statement has more than {} words; is a ';' or '}}' missing?",
                              limits_.max_statement_tokens));
      return false;
    }
    return true;
  }

  void ReportMisfits(StatementTokens& statement, std::size_t misfit) {
    CutAtNextStatement(statement, misfit);
    for (int i = 0; i < kMaxErrorsInBlock && num_errors_ < limits_.max_errors; ++i) {
      has_ended_ = !ExplainMisfit(statement, misfit, tree_.source, parser_, diag_);
      ++num_errors_;
      const auto next = NextMisfit(statement, misfit);
      if (!next || has_ended_) return;
      misfit = *next;
    }
  }

  // Makes the statement in a block that has the misfit harmless, and finds the next misfit that is
  // a separate error.
  std::optional<std::size_t> NextMisfit(StatementTokens& statement, std::size_t misfit) {
    bool is_choice = false;
    for (;;) {
      const auto faulty = FaultyStatementInBlock(statement, misfit);
      if (!faulty) return std::nullopt;
      is_choice |= statement.tokens[faulty->begin].kind == TokenKind::kIf;
      ReplaceByHarmless(*faulty, statement);
      const auto next = parser_.FindMisfit(statement.tokens);
      if (!next || *next <= faulty->begin || IsClosedEarly(statement, *next)) return std::nullopt;
      misfit = *next;
      if (misfit >= statement.tokens.size()) return next;
      const bool is_continued =
          is_choice && misfit == faulty->begin + 2 && ContinuesChoice(statement.tokens[misfit]);
      if (!is_continued) return next;
    }
  }

  static bool ContinuesChoice(const Token& first) {
    return first.kind == TokenKind::kElse ||
           (first.kind == TokenKind::kName && (first.text == "elif" || first.text == "elseif"));
  }

  // Whether the misfit is a brace where a statement could begin. After another error it is more
  // likely a consequence than a separate error.
  static bool IsClosedEarly(const StatementTokens& statement, std::size_t misfit) {
    const auto& tokens = statement.tokens;
    if (misfit >= tokens.size() || tokens[misfit].kind != TokenKind::kRightBrace) return false;
    const TokenKind before = tokens[misfit - 1].kind;
    return before == TokenKind::kSemicolon || before == TokenKind::kLeftBrace ||
           before == TokenKind::kRightBrace;
  }

  // If a `;` or `}` is missing, the words run on into the next statement. Returns the words that
  // begin like a statement, on their own line and no further right than this one began.
  void CutAtNextStatement(StatementTokens& statement, std::size_t& misfit) {
    const auto& tokens = statement.tokens;
    const bool is_unclosed = statement.has_open_block && misfit == tokens.size();
    for (std::size_t i = is_unclosed ? 1 : std::max<std::size_t>(misfit, 1); i < tokens.size();
         ++i) {
      if (tokens[i].column > tokens[0].column || !LooksLikeStatementStart(tokens, i)) continue;
      splitter_.PutBack(statement, i);
      statement.tokens.resize(i);
      statement.block_depth.resize(i);
      statement.is_last = false;
      misfit = std::min(misfit, i);
      return;
    }
  }

  ParseLimits limits_;
  Diagnostics& diag_;
  TokenReader reader_;
  StatementSplitter splitter_;
  StatementParser parser_;
  SyntaxTree tree_;
  int num_errors_ = 0;
  bool has_ended_ = false;           // nothing more is parsed
  bool has_misread_choice_ = false;  // the last statement was an `if`, or its continuation
};

}  // namespace

SyntaxTree Parse(std::shared_ptr<const SourceText> source, const ParseLimits& limits,
                 Diagnostics& diag) {
  SyntaxTree tree;
  tree.source = source;
  if (!CheckText(source, limits, diag)) return tree;
  try {
    return ProgramParser(source, limits, diag).Run();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {  // ANTLR's runtime throws; nothing else here does
    diag.Error(ErrorKind::kInternal, {source, 0, 0},
               fmt::format("internal error in the parser: {}", error.what()));
    return tree;
  }
}

}  // namespace raspc
