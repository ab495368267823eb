// Everything raspc reports about a program, an input or a file, in one type.
//
// The library collects diagnostics and never prints or exits; cli/ prints them. A diagnostic says
// what was found and why it is wrong, in the user's terms, at a position where there is one:
//
//     last.rasp:7:24: error: aggregate averages 'tok', which holds strings
//         last = aggregate(prev, tok);
//                                ^
//     last.rasp:5:1: note: 'prev' can select more than one position
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace raspc {

// A text and its name in messages ("sort.rasp", "<standard library>", "<input>").
class SourceText {
 public:
  SourceText(std::string name, std::string text);

  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }
  // The line with this number (from 1), without its line break; empty when there is none.
  std::string_view Line(int number) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::size_t> line_starts_;
};

// A place in a text. Lines and columns count from 1, columns in code points; line 0 means the text
// as a whole. A location without a source means no particular place (say, a command-line argument).
struct SourceLocation {
  std::shared_ptr<const SourceText> source;
  int line = 0;
  int column = 0;

  bool IsKnown() const { return source != nullptr && line > 0; }
};

// What kind of rule was broken. The first six are the classes of error of the language's
// definition.
enum class ErrorKind {
  kSyntax,     // not in the grammar
  kUndefined,  // unknown name
  kReserved,   // assignment to a name that cannot be assigned
  kLoad,       // no such file to load
  kType,       // operands, arguments, elements or keys that do not fit
  kValue,      // right types, impossible values
  kLimit,      // a limit was reached: nesting, steps, memory, domain size
  kInput,      // an input or option that does not fit the program or model
  kFile,       // a file that cannot be read, written or understood
  kInternal,   // our own bug
};

enum class Severity { kError, kWarning };

struct Diagnostic {
  struct NoteText {
    SourceLocation location;
    std::string message;
  };

  Severity severity = Severity::kError;
  ErrorKind kind = ErrorKind::kInternal;
  SourceLocation location;
  std::string message;
  std::vector<NoteText> notes;

  // Adds a note and returns this diagnostic, so that calls can be chained.
  Diagnostic& Note(SourceLocation where, std::string text);
};

// An ordered collection of diagnostics. Not thread-safe.
class Diagnostics {
 public:
  // Both return the new diagnostic for adding notes; the reference is valid until the next call.
  Diagnostic& Error(ErrorKind kind, SourceLocation location, std::string message);
  Diagnostic& Warning(ErrorKind kind, SourceLocation location, std::string message);
  void Add(Diagnostic diagnostic);

  bool HasErrors() const { return num_errors_ > 0; }
  const std::vector<Diagnostic>& all() const { return all_; }
  bool empty() const { return all_.empty(); }
  void Clear();

 private:
  std::vector<Diagnostic> all_;
  int num_errors_ = 0;
};

// The diagnostic as text, ending in a line break: `file:line:column: error: message`, the source
// line with a caret where the position is known, then the notes in the same form.
std::string Render(const Diagnostic& diagnostic);
std::string Render(const Diagnostics& diagnostics);

// The one of `candidates` that `name` most likely means (edit distance at most a third of its
// length, else one is a prefix of the other; the first of equals), or empty.
std::string ClosestName(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace raspc
