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
#include "base/atom.h"
#include "base/diagnostics.h"
#include "base/input_frame.h"
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

// Whether failures are told on standard output as well, as JSON records. Off at the start.
void ReportErrorsAsJson(bool on);

// Writes diagnostics to standard error, after what was printed so far. If there is an error among
// them and errors are told as JSON, prints {"error": "file:line:column: message"}.
void Report(const Diagnostics& diag);
// The same for one input or the like, named by the first member of its record:
// {"input": "ab", "error": ...}.
void ReportFor(std::string_view member, const Diagnostics& diag);
// To standard error only: warnings, and errors that a record of the caller's tells.
void ReportBeside(const Diagnostics& diag);
// A file that is written, as it is named in what is printed.
std::string NameOfOutput(const std::string& path);
// A line of text on standard error: what a program prints itself.
void ReportLine(std::string_view text);
// `raspc: error: MESSAGE` on standard error, the hint on a line of its own, and a record if errors
// are told as JSON; gives the exit status 2.
int Fail(std::string_view message, std::string_view hint = "");

// The first error on one line, for the "error" of a JSON record: `file:line:column: message`.
std::string OneLine(const Diagnostics& diag);

// Rows of 0 and 1.
std::string SelectorJson(const SelectorRows& rows);

// What the positions of an output stand for, where tokens are added to the input: how many are the
// input's own, how many of what is appended, how many of the padding.
struct OutputPositions {
  std::size_t input = 0, appended = 0, padding = 0;
};
// Nothing where no tokens are added.
std::optional<OutputPositions> PositionsOf(const InputFrame& frame, std::size_t input_length,
                                           std::size_t output_length);

// What is told of a result besides its values: what was generated, or else what the positions are.
// There the answer of a bool output is the verdict of a recogniser, at the last position.
struct ResultNotes {
  std::optional<OutputPositions> positions;
  std::optional<Generated> generated;
};
//     {"input": "abc", "output": [1, 2, 3]}
//     {"input": "ab", "output": [true, true, false], "positions": {"input": 2, "appended": 1,
//      "padding": 0}, "answer": false}
std::string RecordJson(std::string_view input_json, const std::vector<Atom>& values,
                       const ResultNotes& notes);
// The same for an output that is JSON already: a selector's rows, or several outputs by name.
//     {"input": "ab", "output": [[1, 0], [0, 1]]}
std::string RecordJson(std::string_view input_json, const std::string& output_json,
                       const ResultNotes& notes);
//     hist("aab") = [2, 2, 1]
std::string RecordText(std::string_view name, std::string_view input_json,
                       const std::vector<Atom>& values, const ResultNotes& notes);

// A number as JSON, which has no infinity: null.
std::string JsonNumber(double number);

// The text in at most 80 columns: a longer line is broken at spaces and goes on under its last
// column, which begins after a gap of two spaces or more. A word that is too long stays whole.
std::string FitColumns(std::string_view text);

// A list of names and figures, aligned, indented by two, in 80 columns.
std::string FigureTable(const std::vector<std::pair<std::string, std::string>>& rows);

}  // namespace raspc
