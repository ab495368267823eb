// Shows the progress of long work on standard error: a bar that is redrawn on a terminal, and a
// line for each tenth if standard error is a file or a pipe.
#pragma once

#include <string>

namespace raspc {

class ProgressBar {
 public:
  // Prints nothing if `quiet`.
  explicit ProgressBar(bool quiet);

  // `done` of `total` steps after `seconds`; `last` is the last completed step. The time left is
  // estimated from the average step.
  void Show(int done, int total, double seconds, const std::string& last);
  // Clears the bar, so that other text can follow.
  void Clear();

 private:
  bool quiet_ = false, is_terminal_ = false, is_drawn_ = false;
  int tenths_shown_ = 0;
};

}  // namespace raspc
