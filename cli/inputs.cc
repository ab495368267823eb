// Reads inputs while holding only one of them.
#include "cli/inputs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <utility>

#include "compiler/settings/settings.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxLineBytes = 16u << 20;
constexpr std::size_t kReadBytes = 1u << 16;
constexpr int kMaxNumberedLine = 1000;

// A location at the start of a text: an argument, named by its option, or a line of a file.
SourceLocation StartOf(const std::string& name, const std::string& text, int line) {
  // The source holds only this line, after as many line breaks as its number requires; far down in
  // a file that would cost too much, so only the name is given.
  if (line > kMaxNumberedLine) {
    return {std::make_shared<const SourceText>(fmt::format("{}, line {}", name, line), text)};
  }
  const std::string padding(static_cast<std::size_t>(line - 1), '\n');
  return {std::make_shared<const SourceText>(name, padding + text), line, 1};
}

// The tokens of a JSON text. The location, which is costly, is made only for errors.
std::optional<std::vector<Atom>> ReadTokens(const std::string& text, const std::string& name,
                                            int line, Diagnostics& diag) {
  Diagnostics scratch;
  std::optional<std::vector<Atom>> tokens = ReadAtoms(text, {}, scratch);
  if (!tokens) ReadAtoms(text, StartOf(name, text, line), diag);
  return tokens;
}

InputItem FromText(const std::string& text) {
  InputItem item;
  item.json = QuoteJson(text);
  if (const std::size_t bad = FindInvalidUtf8(text); bad != std::string::npos) {
    item.errors.Error(ErrorKind::kInput, {},
                      fmt::format("the input is not valid UTF-8: byte 0x{:02x} at offset {}",
                                  static_cast<unsigned char>(text[bad]), bad));
  } else {
    item.tokens = CodePoints(text);
    item.text = text;
  }
  return item;
}

// `strings_too`: whether a JSON string is accepted as well as an array.
InputItem FromJson(const std::string& text, const std::string& name, int line, bool strings_too) {
  InputItem item;
  const std::size_t first = std::min(text.find_first_not_of(" \t\r"), text.size());
  const bool is_array = text.substr(first, 1) == "[";
  const bool is_string = text.substr(first, 1) == "\"";
  if (!is_array && !(is_string && strings_too)) {
    item.json = QuoteJson(text);
    item.errors.Error(ErrorKind::kInput, StartOf(name, text, line),
                      strings_too ? "expected a JSON string or a JSON array of tokens"
                                  : "expected a JSON array of tokens, such as [\"a\", 1]");
    return item;
  }
  const std::optional<std::vector<Atom>> tokens = ReadTokens(text, name, line, item.errors);
  if (!tokens) {
    item.json = QuoteJson(text);
    return item;
  }
  item.tokens = *tokens;
  if (is_array) {
    item.json = ToJson(item.tokens);
    return item;
  }
  std::string joined;
  for (const Atom& token : item.tokens) joined += PythonStr(token);
  item.json = QuoteJson(joined);
  return item;
}

}  // namespace

std::string HintOfTokens(const InputItem& item, const std::vector<Atom>& vocabulary) {
  constexpr std::size_t kMaxBytes = 200;  // what someone types
  if (!item.text || item.text->size() > kMaxBytes) return "";
  const auto as_tokens = [&](const std::vector<std::string>& pieces) {
    std::vector<Atom> tokens;
    for (const std::string& piece : pieces) {
      const auto known = std::find_if(vocabulary.begin(), vocabulary.end(),
                                      [&](const Atom& token) { return PythonStr(token) == piece; });
      if (known != vocabulary.end()) tokens.push_back(*known);
    }
    return tokens.size() == pieces.size() ? tokens : std::vector<Atom>();
  };
  std::vector<std::string> words, characters;
  std::istringstream reader(*item.text);
  for (std::string word; reader >> word;) words.push_back(word);
  for (const Atom& character : item.tokens) characters.push_back(PythonStr(character));
  std::vector<Atom> meant = as_tokens({*item.text});
  if (meant.empty()) meant = as_tokens(words);
  if (meant.empty()) meant = as_tokens(characters);
  if (meant.empty() || meant == item.tokens) return "";
  return fmt::format("an INPUT is one token per character, all of them strings; use --tokens {}",
                     ShellQuote(ToJson(meant)));
}

std::unique_ptr<LineReader> LineReader::Open(const std::string& path, Diagnostics& diag) {
  if (path == "-")
    return std::unique_ptr<LineReader>(new LineReader("<standard input>", STDIN_FILENO));
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (fd >= 0 && fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
    close(fd);
    diag.Error(ErrorKind::kFile, {}, fmt::format("cannot read '{}': it is a directory", path));
    return nullptr;
  }
  if (fd < 0) {
    diag.Error(ErrorKind::kFile, {},
               fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
    return nullptr;
  }
  return std::unique_ptr<LineReader>(new LineReader(path, fd));
}

LineReader::~LineReader() {
  if (fd_ != STDIN_FILENO) close(fd_);
}

std::optional<std::string> LineReader::Next(Diagnostics& diag) {
  std::size_t searched = start_;
  while (true) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos || (at_end_ && start_ < buffer_.size())) {
      const std::size_t stop = std::min(end, buffer_.size());
      std::string line = buffer_.substr(start_, stop - start_);
      start_ = std::min(stop + 1, buffer_.size());
      if (++line_number_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
      return line;
    }
    if (at_end_) return std::nullopt;
    buffer_.erase(0, std::exchange(start_, 0));
    searched = buffer_.size();
    if (searched > kMaxLineBytes) {
      diag.Error(ErrorKind::kLimit, {},
                 fmt::format("cannot read '{}': line {} has more than {} bytes", name_,
                             line_number_ + 1, kMaxLineBytes));
      return std::nullopt;
    }
    buffer_.resize(searched + kReadBytes);
    ssize_t got = read(fd_, buffer_.data() + searched, kReadBytes);
    while (got < 0 && errno == EINTR) got = read(fd_, buffer_.data() + searched, kReadBytes);
    buffer_.resize(searched + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0) {
      diag.Error(ErrorKind::kFile, {},
                 fmt::format("cannot read '{}': {}", name_, std::strerror(errno)));
      return std::nullopt;
    }
    at_end_ = got == 0;
  }
}

InputReader::InputReader(CommandLine& line) {
  line.TextList("--tokens", token_lists_, "JSON",
                "An input as a JSON array of tokens, as in '[\"ab\", 1]'");
  line.InputFile("--inputs", path_, "FILE",
                 "Inputs from a file, one JSON string or array per line (- is standard input)");
}

bool InputReader::Open(const CommandLine& line, std::size_t first_positional, Diagnostics& diag) {
  const std::vector<std::string>& positionals = line.positionals();
  for (std::size_t i = first_positional; i < positionals.size(); ++i) {
    texts_.push_back(positionals[i]);
  }
  if (!path_) return true;
  lines_ = LineReader::Open(*path_, diag);
  return lines_ != nullptr;
}

std::optional<InputItem> InputReader::NextLine(Diagnostics& diag) {
  while (std::optional<std::string> line = lines_->Next(diag)) {
    if (line->find_first_not_of(" \t\r") == std::string::npos) continue;
    return FromJson(*line, lines_->name(), lines_->line_number(), true);
  }
  return std::nullopt;
}

std::optional<InputItem> InputReader::Next(Diagnostics& diag) {
  const std::size_t at = next_++;
  std::optional<InputItem> item;
  if (at < texts_.size()) {
    item = FromText(texts_[at]);
  } else if (at < texts_.size() + token_lists_.size()) {
    item = FromJson(token_lists_[at - texts_.size()], "--tokens", 1, false);
  } else if (lines_ != nullptr) {
    item = NextLine(diag);
  }
  return item;
}

std::string InputMember(const std::string& json) { return "\"input\": " + json; }

}  // namespace raspc
