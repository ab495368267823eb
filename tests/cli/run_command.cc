// Runs processes with their output in files, so that no pipe can fill up.
#include "tests/cli/run_command.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "base/text.h"

namespace raspc {
namespace {

constexpr unsigned kMaxSeconds = 120;

void Redirect(const std::string& path, int flags, int fd) {
  const int file = open(path.c_str(), flags, 0600);
  if (file < 0 || dup2(file, fd) != fd) _exit(126);
}

CommandResult Execute(const std::vector<std::string>& words, const std::string& input) {
  const TempFolder folder;
  const std::string in = folder.Write("in", input), out = folder.Path("out"),
                    err = folder.Path("err");
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    alarm(kMaxSeconds);
    Redirect(in, O_RDONLY, STDIN_FILENO);
    Redirect(out, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    Redirect(err, O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    setenv("RASPC", RASPC_COMMAND, 1);
    execv(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) throw std::runtime_error("waitpid failed");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), ReadWhole(out),
          ReadWhole(err)};
}

}  // namespace

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "raspc-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::Write(const std::string& name, const std::string& text) const {
  std::ofstream(Path(name), std::ios::binary) << text;
  return Path(name);
}

std::vector<std::string> TempFolder::Names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

CommandResult Raspc(const std::vector<std::string>& args, const std::string& input) {
  std::vector<std::string> words = {RASPC_COMMAND};
  words.insert(words.end(), args.begin(), args.end());
  return Execute(words, input);
}

CommandResult Shell(const std::string& script, const std::vector<std::string>& args) {
  std::vector<std::string> words = {"/bin/sh", "-c", script, "sh"};
  words.insert(words.end(), args.begin(), args.end());
  return Execute(words, "");
}

std::string ReadWhole(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string ProgramPath(const std::string& name) {
  return std::string(RASPC_SOURCE_DIR "/programs/") + name + ".rasp";
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t LongestLine(const std::string& text) {
  std::size_t longest = 0, columns = 0;
  for (const char c : text) {
    columns = c == '\n' ? 0 : columns + (StartsCodePoint(c) ? 1 : 0);
    longest = std::max(longest, columns);
  }
  return longest;
}

bool HasTrailingBlanks(const std::string& text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
    if (at > 0 && is_blank(text[at - 1])) return true;
  }
  return !text.empty() && is_blank(text.back());
}

}  // namespace raspc
