// What the command writes: results to standard output, everything else to standard error.
//
// Standard output is buffered here and every write is checked, so that a full disk or a closed pipe
// is an error with a message and not a result cut short in silence. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/interpret/interpret.h"
#include "runtime/base/atom.h"
#include "runtime/base/diagnostics.h"
#include "runtime/base/input_frame.h"
#include "runtime/model/model.h"

namespace raspc {

// Appends to standard output. Whatever else than line breaks and tabs a terminal would obey is
// escaped, here and in everything below; strings that could break a line must be escaped before.
void Print(std::string_view text);
// Whether a write has failed: there is no point in computing more.
bool OutputFailed();
// Writes out what is left and gives the exit status: `status`, or 2 after a message if any write
// failed.
int FinishOutput(int status);

// What is printed goes to standard error from here on, because a file goes to standard output,
// which it has for itself.
void KeepStandardOutputFree();
// Writes a file that the command line names; `-` is standard output. Text is escaped where that is
// a terminal, and a model is not sent to one. Reports kFile, or kInternal for a model that is not
// sound; false on failure.
bool WriteTextOutput(const std::string& path, const std::string& text, Diagnostics& diag);
bool WriteModelOutput(const std::string& path, const Model& model, Diagnostics& diag);

// Writes diagnostics to standard error, behind what was printed so far.
void Report(const Diagnostics& diag);
void Report(const Diagnostic& diagnostic);
// A line of text on standard error: what a program prints itself.
void ReportLine(std::string_view text);
// `raspc: error: MESSAGE` on standard error; gives the exit status 2.
int Fail(std::string_view message);

// The first error on one line, for the "error" of a JSON record: `file:line:column: message`.
std::string OneLine(const Diagnostics& diag);

// Rows of 0 and 1.
std::string SelectorJson(const SelectorRows& rows);

// One result: of an s-op its values, and behind them what was generated.
//     {"input": "abc", "output": [1, 2, 3]}
std::string RecordJson(std::string_view input_json, std::string_view output_json,
                       const std::optional<Generated>& generated);
std::string ErrorRecordJson(std::string_view input_json, std::string_view error);
//     hist("aab") = [2, 2, 1]
std::string RecordText(std::string_view name, std::string_view input_json,
                       const std::vector<Atom>& values, const std::optional<Generated>& generated);

// A number as JSON, which has no infinity: null.
std::string JsonNumber(double number);

// A list of names and figures, aligned, indented by two.
std::string FigureTable(const std::vector<std::pair<std::string, std::string>>& rows);

}  // namespace raspc
