// Reads and writes whole files, carefully.
//
// A read is bounded and reports why it failed in the user's terms: a directory, no permission, more
// than the limit. A write to a regular file is all or nothing: the bytes go to a temporary file
// next to the target, which is renamed over it once they are on disk; a signal that ends the
// process meanwhile leaves neither behind. Anything else (a pipe, a terminal, /dev/full) is written
// to directly and stays what it is. All failures are kFile diagnostics without a location that
// begin with `cannot read 'PATH'` or `cannot write 'PATH'`.
//
// The path `-` is standard input where it is read and standard output where it is written. The
// same holds for their other names (/dev/stdout, /proc/self/fd/1): the open streams are used, at
// their current position, and not opened again, which would restart a redirected file from its
// beginning.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.h"

namespace raspc {

// A file opened for reading from start to end; regular files, pipes and devices alike. A pipe that
// stays silent for 30 seconds is an error, so that nothing waits forever.
class FileReader {
 public:
  // Reports an error and returns nothing if `path` cannot be opened or is a directory.
  static std::optional<FileReader> Open(const std::string& path, Diagnostics& diag);
  FileReader(FileReader&& other) noexcept;
  FileReader& operator=(FileReader&&) = delete;
  ~FileReader();

  // Appends up to `count` bytes to `out`; fewer only at the end of the file. Memory grows with the
  // data, not with `count`. Reports an error and returns false if reading fails.
  bool Read(std::uint64_t count, std::string& out, Diagnostics& diag);
  // Sets `out` to what Read would append, without consuming it.
  bool Peek(std::uint64_t count, std::string& out, Diagnostics& diag);
  // The rest of the file. Reports an error and returns nothing if that is more than `max_bytes`, or
  // if reading fails.
  std::optional<std::string> ReadAll(std::uint64_t max_bytes, Diagnostics& diag);

  // The size of a regular file when it was opened; nothing for anything else.
  std::optional<std::uint64_t> size() const { return size_; }
  const std::string& path() const { return path_; }

 private:
  FileReader(std::string path, int fd, std::optional<std::uint64_t> size, bool is_patient);
  bool ReadOn(std::uint64_t count, std::string& out, Diagnostics& diag);
  std::optional<std::uint64_t> ReadSome(char* buffer, std::uint64_t count, Diagnostics& diag);

  std::string path_;
  int fd_;
  std::optional<std::uint64_t> size_;
  bool is_patient_;    // waits for a silent pipe indefinitely
  std::string ahead_;  // peeked bytes that have not been read yet
};

// The whole file. Reports an error if it cannot be read or has more than `max_bytes` bytes.
std::optional<std::string> ReadFile(const std::string& path, std::uint64_t max_bytes,
                                    Diagnostics& diag);

// Writes the whole file. A target that is a symbolic link stays one; the file it names is replaced.
// An existing file keeps its permissions, a new one gets the usual ones. On failure a regular
// target is untouched, no temporary file is left, an error is reported and false is returned. A
// full disk or a file-size limit is such a failure, never a signal.
bool WriteFile(const std::string& path, std::string_view bytes, Diagnostics& diag);

enum class FileUse { kRead, kWrite };

// The file that a path refers to, so that two paths can be compared.
struct FileIdentity {
  bool is_standard_stream = false;  // standard input (read) or output (written)
  bool exists = false;
  bool is_regular = false;
  bool is_folder = false;
  bool is_pipe = false;
  // Identifies an existing file, even one with several names.
  std::uint64_t device = 0, number = 0;
  std::string path;  // where a file that does not exist would be created, following links

  bool IsSame(const FileIdentity& other) const {
    return exists == other.exists &&
           (exists ? device == other.device && number == other.number : path == other.path);
  }
};
FileIdentity IdentityOf(const std::string& path, FileUse use);

// The path as shown in messages: `<standard input>` for `-`.
std::string NameOfInput(const std::string& path);

}  // namespace raspc
