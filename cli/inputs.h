// The inputs of a command, one at a time: those on the command line, then those of --tokens, then
// the lines of --inputs. They are checked one by one: a bad line is an input with an error,
// followed by the next one.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "base/atom.h"
#include "base/diagnostics.h"

namespace raspc {

struct InputItem {
  std::string json;          // as given: a JSON string or array
  std::vector<Atom> tokens;  // empty if there is an error
  Diagnostics errors;        // why it cannot be read, if so
  std::optional<std::string> text;  // an INPUT of the command line, whose characters are the tokens
};

// What to write if the text of an INPUT is meant as other tokens than its characters: as a word of
// the vocabulary, several of them with blanks between, or numbers. Empty if that fits no better.
std::string HintOfTokens(const InputItem& item, const std::vector<Atom>& vocabulary);

// Lines of a file, read in chunks; `-` is standard input.
class LineReader {
 public:
  // Reports kFile and returns null if the file cannot be opened.
  static std::unique_ptr<LineReader> Open(const std::string& path, Diagnostics& diag);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // The next line without its line break, or nothing at the end of the file. Reports kFile if
  // reading fails or a line is too long.
  std::optional<std::string> Next(Diagnostics& diag);
  const std::string& name() const { return name_; }
  int line_number() const { return line_number_; }

 private:
  LineReader(std::string name, int fd) : name_(std::move(name)), fd_(fd) {}

  std::string name_;
  int fd_;
  std::string buffer_;  // read, not yet returned from `start_` on
  std::size_t start_ = 0;
  bool at_end_ = false;
  int line_number_ = 0;  // of the last line returned
};

class InputReader {
 public:
  // Declares --tokens and --inputs.
  explicit InputReader(CommandLine& line);

  // Takes the inputs among the positional arguments, from `first_positional` on, and opens the
  // file. Call once, after parsing. False after reporting an error.
  bool Open(const CommandLine& line, std::size_t first_positional, Diagnostics& diag);
  // Whether any source of inputs was named.
  bool IsGiven() const { return !texts_.empty() || !token_lists_.empty() || path_.has_value(); }

  // The next input, or nothing when there are no more. Reports kFile when a file fails.
  std::optional<InputItem> Next(Diagnostics& diag);

 private:
  std::optional<InputItem> NextLine(Diagnostics& diag);

  std::vector<std::string> texts_;
  std::vector<std::string> token_lists_;
  std::optional<std::string> path_;
  std::unique_ptr<LineReader> lines_;
  std::size_t next_ = 0;  // among texts_, then token_lists_
};

// The first field of an input's JSON record: `"input": "ab"`.
std::string InputMember(const std::string& json);

}  // namespace raspc
