#include "cli/progress_bar.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "cli/output.h"
#include "base/escape.h"
#include "base/text.h"

namespace raspc {
namespace {

constexpr int kBarWidth = 24;
constexpr int kDefaultColumns = 80;

// `0:42`, `12:05`, `1:02:03`.
std::string Duration(double seconds) {
  const auto whole = static_cast<long long>(seconds + 0.5);
  if (whole >= 3600) {
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  }
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

int Columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kDefaultColumns;
  return size.ws_col;
}

// A failure to write to standard error is ignored.
void Write(const std::string& text) { (void)!write(STDERR_FILENO, text.data(), text.size()); }

}  // namespace

ProgressBar::ProgressBar(bool quiet) : quiet_(quiet), is_terminal_(isatty(STDERR_FILENO) != 0) {}

void ProgressBar::Show(int done, int total, double seconds, const std::string& last) {
  if (quiet_ || total == 0) return;
  const std::string left = done == 0 ? "" : Duration(seconds * (total - done) / done) + " left";
  if (!is_terminal_) {
    const int tenths = static_cast<int>(10LL * done / total);
    if (tenths <= tenths_shown_ || done == total) return;
    tenths_shown_ = tenths;
    ReportLine(fmt::format("{} of {} after {}, {}", done, total, Duration(seconds), left));
    return;
  }
  const auto filled = static_cast<std::size_t>(static_cast<long long>(kBarWidth) * done / total);
  std::string line =
      fmt::format("[{}{}] {}/{}  {}  {}", std::string(filled, '#'),
                  std::string(kBarWidth - filled, '.'), done, total, left, EscapeText(last));
  // Names are UTF-8; truncation must not split a character, so only ASCII is handled exactly.
  const auto most = static_cast<std::size_t>(std::max(1, Columns() - 1));
  if (line.size() > most) line.resize(CodePointStart(line, most));
  Write("\r" + line + "\x1b[K");
  is_drawn_ = true;
}

void ProgressBar::Clear() {
  if (is_drawn_) Write("\r\x1b[K");
  is_drawn_ = false;
}

}  // namespace raspc
