// Reading and writing whole files, the careful way.
//
// A read is bounded and reports why it failed in the user's words: a directory, no permission, more
// than the limit. A write to a regular file is all or nothing: the bytes go to a temporary file
// beside the target, which is renamed over it once they are on the disk. Anything else (a pipe, a
// terminal, /dev/full) is written to directly and stays what it is. All failures are kFile
// diagnostics without a location that begin with `cannot read 'PATH'` or `cannot write 'PATH'`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/diagnostics.h"

namespace raspc {

// A file opened for reading from start to end; regular files, pipes and devices alike. A pipe that
// stays silent for 30 seconds is an error, so that nothing waits for ever.
class FileReader {
 public:
  // Reports an error and returns nothing if `path` cannot be opened or is a directory.
  static std::optional<FileReader> Open(const std::string& path, Diagnostics& diag);
  FileReader(FileReader&& other) noexcept;
  FileReader& operator=(FileReader&&) = delete;
  ~FileReader();

  // Appends up to `count` bytes to `out`; fewer only at the end of the file. Memory grows with what
  // is there, not with `count`. Reports an error and returns false if reading fails.
  bool Read(std::uint64_t count, std::string& out, Diagnostics& diag);

  // The size of a regular file when it was opened; nothing for anything else.
  std::optional<std::uint64_t> size() const { return size_; }

 private:
  FileReader(std::string path, int fd, std::optional<std::uint64_t> size);
  std::optional<std::uint64_t> ReadSome(char* buffer, std::uint64_t count, Diagnostics& diag);

  std::string path_;
  int fd_;
  std::optional<std::uint64_t> size_;
};

// The whole file. Reports an error if it cannot be read or has more than `max_bytes` bytes.
std::optional<std::string> ReadFile(const std::string& path, std::uint64_t max_bytes,
                                    Diagnostics& diag);

// Writes the whole file. A target that is a symbolic link stays one; the file it names is replaced.
// An existing file keeps its permissions, a new one gets the usual ones. On failure a regular
// target is untouched, no temporary file is left, an error is reported and false is returned. A
// full disk or a file-size limit is such a failure, never a signal.
bool WriteFile(const std::string& path, std::string_view bytes, Diagnostics& diag);

}  // namespace raspc
