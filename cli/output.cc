// Checked output, and how results look.
#include "cli/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "cli/commands.h"
#include "compiler/interpret/selector_picture.h"
#include "runtime/base/escape.h"
#include "runtime/base/files.h"
#include "runtime/model/model_file.h"

namespace raspc {
namespace {

constexpr std::size_t kFlushAt = 1 << 16;

int results = STDOUT_FILENO;  // or standard error
std::string pending;          // not yet written to it
int write_error = 0;          // errno of the first write that failed

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
  // If standard error fails too there is nobody left to tell; the exit status still does.
  (void)WriteAll(STDERR_FILENO, EscapeLines(text));
}

bool IsTerminal(const std::string& path) {
  return IdentityOf(path, FileUse::kWrite).is_standard_stream && isatty(STDOUT_FILENO) != 0;
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
             "a model is no text for a terminal; send standard output to a file or a pipe");
  return false;
}

int FinishOutput(int status) {
  Flush();
  if (write_error == 0) return status;
  return Fail(fmt::format("cannot write to standard output: {}", std::strerror(write_error)));
}

void Report(const Diagnostics& diag) {
  if (!diag.empty()) PrintError(Render(diag));
}

void Report(const Diagnostic& diagnostic) { PrintError(Render(diagnostic)); }

void ReportLine(std::string_view text) { PrintError(fmt::format("{}\n", text)); }

int Fail(std::string_view message) {
  PrintError(fmt::format("raspc: error: {}\n", message));
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

std::string RecordJson(std::string_view input_json, std::string_view output_json,
                       const std::optional<Generated>& generated) {
  std::string record = fmt::format("{{\"input\": {}, \"output\": {}", input_json, output_json);
  if (generated) {
    record += fmt::format(", \"generated\": {}, \"stopped\": {}", ToJson(generated->tokens),
                          generated->stopped);
  }
  return record + "}\n";
}

std::string ErrorRecordJson(std::string_view input_json, std::string_view error) {
  return fmt::format("{{\"input\": {}, \"error\": {}}}\n", input_json, QuoteJson(error));
}

std::string RecordText(std::string_view name, std::string_view input_json,
                       const std::vector<Atom>& values, const std::optional<Generated>& generated) {
  std::string text = fmt::format("{}({}) = {}\n", name, input_json, ToJson(values));
  if (generated) {
    text += fmt::format("  generates {}{}\n", ToJson(generated->tokens),
                        generated->stopped ? "" : " and stops at the step limit");
  }
  return text;
}

std::string JsonNumber(double number) {
  return std::isfinite(number) ? ToJson(Atom(number)) : "null";
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
  return table;
}

}  // namespace raspc
