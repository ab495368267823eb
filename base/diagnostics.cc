// Collecting diagnostics, and writing them as text with the source line and a caret.
//
// Text may come from a hostile file, so it is escaped, and only the part of a very long line around
// the column is shown.
#include "base/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "base/text.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxShownColumns = 160;
constexpr std::size_t kMaxNameLength = 64;   // longer names get no suggestion
constexpr std::size_t kMinPrefixLength = 4;  // of a common prefix

// The byte where the code point with this number (from 0) starts, at most text.size().
std::size_t ByteOfCodePoint(std::string_view text, std::size_t number) {
  std::size_t i = 0;
  while (i < text.size() && number > 0) {
    ++i;
    while (i < text.size() && !StartsCodePoint(text[i])) ++i;
    --number;
  }
  return i;
}

// The source line, indented, and below it a caret. A tab above the caret's indentation is repeated
// there, so that the caret lines up whatever a tab's width is.
std::string Excerpt(const SourceLocation& where) {
  std::string_view line = where.source->Line(where.line);
  if (line.empty()) return {};
  std::size_t column = static_cast<std::size_t>(std::max(where.column, 1)) - 1;
  std::string before, after;
  if (column > kMaxShownColumns / 2 && line.size() > kMaxShownColumns) {
    const std::size_t skipped = column - kMaxShownColumns / 2;
    line.remove_prefix(ByteOfCodePoint(line, skipped));
    column -= skipped;
    before = "...";
  }
  if (const std::size_t end = ByteOfCodePoint(line, kMaxShownColumns); end < line.size()) {
    line = line.substr(0, end);
    after = "...";
  }
  std::string padding(before.size(), ' ');
  for (const char c : EscapeLines(line.substr(0, ByteOfCodePoint(line, column)))) {
    if (StartsCodePoint(c)) padding += c == '\t' ? '\t' : ' ';
  }
  return fmt::format("    {}{}{}\n    {}^\n", before, EscapeLines(line), after, padding);
}

std::string Prefix(const SourceLocation& where) {
  if (where.source == nullptr) return {};
  const std::string name = EscapeText(where.source->name());
  if (!where.IsKnown()) return name + ": ";
  return fmt::format("{}:{}:{}: ", name, where.line, where.column);
}

void AppendMessage(const SourceLocation& where, std::string_view label, const std::string& message,
                   std::string& out) {
  out += fmt::format("{}{}: {}\n", Prefix(where), label, EscapeText(message));
  if (where.IsKnown()) out += Excerpt(where);
}

// The number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1,
                             cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

SourceText::SourceText(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }
}

std::string_view SourceText::Line(int number) const {
  if (number < 1 || static_cast<std::size_t>(number) > line_starts_.size()) return {};
  const auto index = static_cast<std::size_t>(number) - 1;
  const std::size_t start = line_starts_[index];
  const std::size_t end =
      index + 1 < line_starts_.size() ? line_starts_[index + 1] - 1 : text_.size();
  std::string_view line = std::string_view(text_).substr(start, end - start);
  if (line.ends_with('\r')) line.remove_suffix(1);
  // A byte order mark is not part of the first line: columns count from after it.
  if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  return line;
}

Diagnostic& Diagnostic::Note(SourceLocation where, std::string text) {
  notes.push_back({std::move(where), std::move(text)});
  return *this;
}

Diagnostic& Diagnostics::Error(ErrorKind kind, SourceLocation location, std::string message) {
  Add({Severity::kError, kind, std::move(location), std::move(message), {}});
  return all_.back();
}

Diagnostic& Diagnostics::Warning(ErrorKind kind, SourceLocation location, std::string message) {
  Add({Severity::kWarning, kind, std::move(location), std::move(message), {}});
  return all_.back();
}

void Diagnostics::Add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::kError) ++num_errors_;
  all_.push_back(std::move(diagnostic));
}

void Diagnostics::Clear() {
  all_.clear();
  num_errors_ = 0;
}

std::string Render(const Diagnostic& diagnostic) {
  std::string out;
  AppendMessage(diagnostic.location, diagnostic.severity == Severity::kError ? "error" : "warning",
                diagnostic.message, out);
  for (const auto& note : diagnostic.notes) AppendMessage(note.location, "note", note.message, out);
  return out;
}

std::string Render(const Diagnostics& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.all()) out += Render(diagnostic);
  return out;
}

std::string ClosestName(std::string_view name, const std::vector<std::string>& candidates) {
  if (name.size() > kMaxNameLength) return {};
  const std::size_t allowed = name.size() / 3;
  std::size_t best_distance = allowed + 1;
  std::string_view best;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(name.size(), candidate.size());
    const std::size_t shorter = std::min(name.size(), candidate.size());
    if (longer - shorter >= best_distance || candidate == name) continue;
    const std::size_t distance = EditDistance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  if (!best.empty() || name.size() < kMinPrefixLength) return std::string(best);
  // A prefix or an extension: `accept` for `accepting`.
  const auto found =
      std::find_if(candidates.begin(), candidates.end(), [&](const std::string& candidate) {
        return candidate != name && candidate.size() >= kMinPrefixLength &&
               (candidate.starts_with(name) || name.starts_with(candidate));
      });
  return found == candidates.end() ? std::string() : *found;
}

}  // namespace raspc
