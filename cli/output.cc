// Checked output, and the format of results.
#include "cli/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/escape.h"
#include "base/files.h"
#include "base/text.h"
#include "cli/commands.h"
#include "compiler/interpret/selector_picture.h"
#include "runtime/model/model_file.h"

namespace raspc {
namespace {

constexpr std::size_t kFlushAt = 1 << 16;
constexpr std::size_t kColumns = 80;
constexpr std::size_t kMaxIndent = 48;  // of the continuation of a long line

int results = STDOUT_FILENO;  // or standard error
std::string pending;          // not yet written to it
int write_error = 0;          // errno of the first write that failed
bool errors_as_json = false;

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void Flush() {
  if (write_error == 0 && !WriteAll(results, pending)) write_error = errno;
  pending.clear();
}

void PrintError(std::string_view text) {
  Flush();
  // If standard error fails too, only the exit status remains.
  (void)WriteAll(STDERR_FILENO, EscapeLines(text));
}

bool IsTerminal(const std::string& path) {
  return IdentityOf(path, FileUse::kWrite).is_standard_stream && isatty(STDOUT_FILENO) != 0;
}

void PrintErrorRecord(std::string_view member, std::string_view error) {
  if (!errors_as_json) return;
  Flush();  // the command may end here
  // Also if a JSON report uses standard output.
  const std::string record =
      fmt::format("{{{}{}\"error\": {}}}\n", member, member.empty() ? "" : ", ", QuoteJson(error));
  if (!WriteAll(STDOUT_FILENO, record) && write_error == 0) write_error = errno;
}

// The start of the last column of a line, in bytes: after its last gap of two spaces or more
// (including indentation) in the first half.
std::size_t LastColumn(std::string_view line) {
  std::size_t start = 0;
  for (std::size_t i = 1; i + 1 < line.size() && i < kMaxIndent; ++i) {
    if (line[i - 1] == ' ' && line[i] == ' ' && line[i + 1] != ' ') start = i + 1;
  }
  return start;
}

// One line without its line break.
void AppendFitted(std::string_view line, std::string& fitted) {
  if (NumCodePoints(line) <= kColumns) {
    fitted += line;
    return;
  }
  const std::size_t start = LastColumn(line);
  const std::size_t indent = NumCodePoints(line.substr(0, start));
  fitted += line.substr(0, start);
  std::size_t column = indent;
  std::size_t gap = 0;  // spaces before the next word; none where the line is broken
  for (std::size_t i = start; i < line.size(); ++gap) {
    const std::size_t end = std::min(line.find(' ', i), line.size());
    const std::string_view word = line.substr(i, end - i);
    i = end + 1;
    if (word.empty()) continue;
    const std::size_t width = NumCodePoints(word);
    if (column > indent && column + gap + width > kColumns) {
      fitted += "\n" + std::string(indent, ' ');
      column = indent;
    } else {
      fitted.append(gap, ' ');
      column += gap;
    }
    fitted += word;
    column += width;
    gap = 0;
  }
}

std::optional<bool> AnswerOf(const std::vector<Atom>& values, const ResultNotes& notes) {
  if (!notes.positions || values.empty()) return std::nullopt;
  const bool* answer = std::get_if<bool>(&values.back());
  return answer != nullptr ? std::optional<bool>(*answer) : std::nullopt;
}

// `input 0-1, appended 2, padding 3-6`.
std::string PositionsText(const OutputPositions& positions) {
  std::string text;
  std::size_t start = 0;
  const std::pair<std::string_view, std::size_t> parts[] = {
      {"input", positions.input}, {"appended", positions.appended}, {"padding", positions.padding}};
  for (const auto& [name, count] : parts) {
    if (count == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, start);
    if (count > 1) text += fmt::format("-{}", start + count - 1);
    start += count;
  }
  return text;
}

std::string FullRecordJson(std::string_view input_json, std::string_view output_json,
                           const ResultNotes& notes, const std::optional<bool>& answer) {
  std::string record = fmt::format("{{\"input\": {}, \"output\": {}", input_json, output_json);
  if (const auto& positions = notes.positions) {
    record += fmt::format(R"(, "positions": {{"input": {}, "appended": {}, "padding": {}}})",
                          positions->input, positions->appended, positions->padding);
  }
  if (answer) record += fmt::format(", \"answer\": {}", *answer);
  if (notes.generated) {
    record += fmt::format(", \"generated\": {}, \"stopped\": {}", ToJson(notes.generated->tokens),
                          notes.generated->stopped);
  }
  return record + "}\n";
}

}  // namespace

void Print(std::string_view text) {
  pending += EscapeLines(text);
  if (pending.size() >= kFlushAt) Flush();
}

bool OutputFailed() { return write_error != 0; }

void KeepStandardOutputFree() { results = STDERR_FILENO; }

bool WriteTextOutput(const std::string& path, const std::string& text, Diagnostics& diag) {
  return WriteFile(path, IsTerminal(path) ? EscapeLines(text) : text, diag);
}

bool WriteModelOutput(const std::string& path, const Model& model, Diagnostics& diag) {
  if (!IsTerminal(path)) return WriteModelFile(model, path, diag);
  diag.Error(ErrorKind::kFile, {},
             "a model is binary; redirect standard output to a file or a pipe");
  return false;
}

int FinishOutput(int status) {
  Flush();
  if (write_error == 0) return status;
  return Fail(fmt::format("cannot write to standard output: {}", std::strerror(write_error)));
}

void ReportErrorsAsJson(bool on) { errors_as_json = on; }

void Report(const Diagnostics& diag) { ReportFor("", diag); }

void ReportFor(std::string_view member, const Diagnostics& diag) {
  ReportBeside(diag);
  if (diag.HasErrors()) PrintErrorRecord(member, OneLine(diag));
}

void ReportBeside(const Diagnostics& diag) {
  if (!diag.empty()) PrintError(Render(diag));
}

std::string NameOfOutput(const std::string& path) {
  return IdentityOf(path, FileUse::kWrite).is_standard_stream ? "<standard output>"
                                                              : EscapeText(path);
}

void ReportLine(std::string_view text) { PrintError(fmt::format("{}\n", text)); }

int Fail(std::string_view message, std::string_view hint) {
  PrintError(fmt::format("error: {}\n{}{}", EscapeText(message), hint, hint.empty() ? "" : "\n"));
  PrintErrorRecord("", message);
  return kFault;
}

std::string OneLine(const Diagnostics& diag) {
  for (const Diagnostic& diagnostic : diag.all()) {
    if (diagnostic.severity != Severity::kError) continue;
    const SourceLocation& where = diagnostic.location;
    if (!where.IsKnown()) return diagnostic.message;
    return fmt::format("{}:{}:{}: {}", where.source->name(), where.line, where.column,
                       diagnostic.message);
  }
  return "internal error: a failure without a message";
}

std::string SelectorJson(const SelectorRows& rows) {
  std::string json = "[";
  for (int q = 0; q < rows.seq_len; ++q) {
    json += q == 0 ? "[" : ", [";
    for (int k = 0; k < rows.seq_len; ++k) {
      if (k > 0) json += ", ";
      json += rows.At(q, k) ? '1' : '0';
    }
    json += ']';
  }
  return json + "]";
}

std::optional<OutputPositions> PositionsOf(const InputFrame& frame, std::size_t input_length,
                                           std::size_t output_length) {
  if (output_length <= input_length) return std::nullopt;
  const std::size_t appended = std::min(frame.append.size(), output_length - input_length);
  return OutputPositions{input_length, appended, output_length - input_length - appended};
}

std::string RecordJson(std::string_view input_json, const std::vector<Atom>& values,
                       const ResultNotes& notes) {
  return FullRecordJson(input_json, ToJson(values), notes, AnswerOf(values, notes));
}

std::string RecordJson(std::string_view input_json, const std::string& output_json,
                       const ResultNotes& notes) {
  return FullRecordJson(input_json, output_json, notes, std::nullopt);
}

std::string RecordText(std::string_view name, std::string_view input_json,
                       const std::vector<Atom>& values, const ResultNotes& notes) {
  std::string text = fmt::format("{}({}) = {}\n", name, input_json, ToJson(values));
  if (notes.positions) {
    text += "  positions: " + PositionsText(*notes.positions);
    if (const std::optional<bool> answer = AnswerOf(values, notes)) {
      text += fmt::format("; answer: {}, at position {}", *answer, values.size() - 1);
    }
    text += '\n';
  }
  if (notes.generated) {
    text += fmt::format("  generates {}{}\n", ToJson(notes.generated->tokens),
                        notes.generated->stopped ? "" : " and stops at the step limit");
  }
  return text;
}

std::string JsonNumber(double number) {
  return std::isfinite(number) ? ToJson(Atom(number)) : "null";
}

std::string FitColumns(std::string_view text) {
  std::string fitted;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = text.substr(start, end - start);
    AppendFitted(line.substr(0, line.find_last_not_of(" \t") + 1), fitted);
    if (end < text.size()) fitted += '\n';
    start = end + 1;
  }
  return fitted;
}

std::string FigureTable(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::size_t width = 0;
  for (const auto& [name, figure] : rows) {
    width = std::max(width, NumCodePoints(EscapeText(name)));
  }
  std::string table;
  for (const auto& [name, figure] : rows) {
    table +=
        fmt::format("  {}{}  {}\n", EscapeText(name),
                    std::string(width - NumCodePoints(EscapeText(name)), ' '), EscapeText(figure));
  }
  return FitColumns(table);
}

}  // namespace raspc
