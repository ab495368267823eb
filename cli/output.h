// What the command writes: results to standard output, everything else to standard error.
//
// Standard output is buffered here and every write is checked, so that a full disk or a closed pipe
// is an error with a message and not a silently truncated result. Not thread-safe.
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

// Appends to standard output. Control characters other than line breaks and tabs are escaped, here
// and in everything below; strings that could break a line must be escaped by the caller.
void Print(std::string_view text);
// Whether a write has failed, so that computing more is pointless.
bool OutputFailed();
// Writes the rest and returns the exit status: `status`, or 2 after a message if any write failed.
int FinishOutput(int status);

// Sends printed text to standard error from here on, because a file is written to standard output.
void KeepStandardOutputFree();
// Writes a file named on the command line; `-` is standard output. If that is a terminal, text is
// escaped and a model is rejected. Reports kFile, or kInternal for an invalid model; false on
// failure.
bool WriteTextOutput(const std::string& path, const std::string& text, Diagnostics& diag);
bool WriteModelOutput(const std::string& path, const Model& model, Diagnostics& diag);

// Whether failures are also reported on standard output, as JSON records. Initially off.
void ReportErrorsAsJson(bool on);

// Writes diagnostics to standard error, after everything printed so far. If there is an error among
// them and errors are reported as JSON, prints {"error": "file:line:column: message"}.
void Report(const Diagnostics& diag);
// The same for one input or the like, named by the first field of its record:
// {"input": "ab", "error": ...}.
void ReportFor(std::string_view member, const Diagnostics& diag);
// Only to standard error: warnings, and errors that the caller's record reports.
void ReportBeside(const Diagnostics& diag);
// A file that is written, as it is named in what is printed.
std::string NameOfOutput(const std::string& path);
// A line of text on standard error: what a program prints itself.
void ReportLine(std::string_view text);
// Prints `error: MESSAGE` on standard error, the hint on its own line, and a record if
// errors are reported as JSON; returns the exit status 2.
int Fail(std::string_view message, std::string_view hint = "");

// The first error on one line, for the "error" of a JSON record: `file:line:column: message`.
std::string OneLine(const Diagnostics& diag);

// Rows of 0 and 1.
std::string SelectorJson(const SelectorRows& rows);

// The meaning of an output's positions, if tokens are added to the input: the numbers of input
// tokens, appended tokens and padding tokens.
struct OutputPositions {
  std::size_t input = 0, appended = 0, padding = 0;
};
// Nothing if no tokens are added.
std::optional<OutputPositions> PositionsOf(const InputFrame& frame, std::size_t input_length,
                                           std::size_t output_length);

// What is reported about a result in addition to its values: the generated tokens, or else the
// meaning of the positions. Then the answer of a bool output is a recogniser's verdict, at the last
// position.
struct ResultNotes {
  std::optional<OutputPositions> positions;
  std::optional<Generated> generated;
};
//     {"input": "abc", "output": [1, 2, 3]}
//     {"input": "ab", "output": [true, true, false], "positions": {"input": 2, "appended": 1,
//      "padding": 0}, "answer": false}
std::string RecordJson(std::string_view input_json, const std::vector<Atom>& values,
                       const ResultNotes& notes);
// The same for an output that is already JSON: a selector's rows, or several outputs by name.
//     {"input": "ab", "output": [[1, 0], [0, 1]]}
std::string RecordJson(std::string_view input_json, const std::string& output_json,
                       const ResultNotes& notes);
//     hist("aab") = [2, 2, 1]
std::string RecordText(std::string_view name, std::string_view input_json,
                       const std::vector<Atom>& values, const ResultNotes& notes);

// A number as JSON, which has no infinity: null.
std::string JsonNumber(double number);

// The text in at most 80 columns: a longer line is broken at spaces and continues under its last
// column, which begins after a gap of two spaces or more. A word that is too long is not split. No
// line ends with a blank.
std::string FitColumns(std::string_view text);

// A list of names and figures, aligned, indented by two, in 80 columns.
std::string FigureTable(const std::vector<std::pair<std::string, std::string>>& rows);

}  // namespace raspc
