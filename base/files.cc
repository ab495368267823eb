// See files.h. POSIX throughout, because the means of a safe write (O_EXCL, fsync, rename, the
// signals a failed write can raise) are not portable.
#include "base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <ctime>
#include <iterator>
#include <system_error>
#include <utility>

namespace raspc {
namespace {

constexpr int kPipePatienceMs = 30'000;
constexpr std::uint64_t kChunk = 1u << 20;
constexpr int kMaxLinks = 40;  // as many as the kernel follows
constexpr std::string_view kStandardStream = "-";

std::string ErrorText(int error) { return std::generic_category().message(error); }

void ReportRead(const std::string& path, std::string_view reason, Diagnostics& diag) {
  const std::string name = path == kStandardStream ? NameOfInput(path) : fmt::format("'{}'", path);
  diag.Error(ErrorKind::kFile, {}, fmt::format("cannot read {}: {}", name, reason));
}

bool ReportWrite(const std::string& path, std::string_view reason, Diagnostics& diag) {
  const std::string name =
      path == kStandardStream ? "to standard output" : fmt::format("'{}'", path);
  diag.Error(ErrorKind::kFile, {}, fmt::format("cannot write {}: {}", name, reason));
  return false;
}

// Why this path is invalid, or empty.
std::string_view PathProblem(const std::string& path) {
  if (path.empty()) return "the path is empty";
  if (path.find('\0') != std::string::npos) return "the path contains a NUL byte";
  return {};
}

// Closes on destruction; Close reports errors of delayed writes.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool Close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

// Holds back SIGPIPE and SIGXFSZ from this thread, so that a write that raises them fails with
// EPIPE or EFBIG instead of ending the process. Both are sent to the writing thread, so no other
// thread and no handler of the program notices.
class WriteSignalsHeld {
 public:
  WriteSignalsHeld() {
    sigemptyset(&ours_);
    sigset_t pending;
    sigpending(&pending);
    for (int signal : {SIGPIPE, SIGXFSZ}) {
      if (!sigismember(&pending, signal)) sigaddset(&ours_, signal);
    }
    pthread_sigmask(SIG_BLOCK, &ours_, &before_);
  }
  WriteSignalsHeld(const WriteSignalsHeld&) = delete;
  WriteSignalsHeld& operator=(const WriteSignalsHeld&) = delete;
  ~WriteSignalsHeld() {
    const timespec now = {0, 0};
    while (sigtimedwait(&ours_, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t ours_;
  sigset_t before_;
};

// Holds back the signals that ask the process to end from this thread, so that it does not leave a
// file half-written or a temporary one behind. They take effect on destruction.
class EndingSignalsHeld {
 public:
  EndingSignalsHeld() {
    sigemptyset(&ours_);
    for (const int signal : kEnding) sigaddset(&ours_, signal);
    pthread_sigmask(SIG_BLOCK, &ours_, &before_);
  }
  EndingSignalsHeld(const EndingSignalsHeld&) = delete;
  EndingSignalsHeld& operator=(const EndingSignalsHeld&) = delete;
  ~EndingSignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  // Whether one is waiting that will end the process, because nothing handles it.
  bool WillEnd() const {
    sigset_t pending;
    sigpending(&pending);
    return std::any_of(std::begin(kEnding), std::end(kEnding), [&](int signal) {
      struct sigaction action {};
      return sigismember(&pending, signal) && sigaction(signal, nullptr, &action) == 0 &&
             action.sa_handler == SIG_DFL;
    });
  }

 private:
  static constexpr int kEnding[] = {SIGINT, SIGTERM, SIGHUP};
  sigset_t ours_;
  sigset_t before_;
};

// Writes everything; returns 0 or the error number.
int WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        ::write(fd, bytes.data(), std::min<std::size_t>(bytes.size(), 1u << 30));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    if (written == 0) return ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

// Replaces `path` by the target of the link. False if it is not a link; `error` if it cannot be
// read.
bool FollowLink(std::string& path, int& error) {
  struct stat info;
  if (::lstat(path.c_str(), &info) != 0) {
    error = errno == ENOENT ? 0 : errno;
    return false;
  }
  if (!S_ISLNK(info.st_mode)) return false;
  char target[PATH_MAX];
  const ssize_t length = ::readlink(path.c_str(), target, sizeof target);
  if (length < 0) {
    error = errno;
    return false;
  }
  const std::string link(target, static_cast<std::size_t>(length));
  path = link.starts_with('/') ? link : FolderOf(path) + link;
  return true;
}

// Follows symbolic links, including dangling ones, to the path to be written.
// Returns 0 or the error number.
int FollowLinks(std::string& path) {
  for (int hops = 0; hops < kMaxLinks; ++hops) {
    int error = 0;
    if (!FollowLink(path, error)) return error;
  }
  return ELOOP;
}

// Whether the path is a name of standard input or output, possibly through links.
bool IsStandardStream(std::string path, FileUse use) {
  if (path == kStandardStream) return true;
  const bool is_read = use == FileUse::kRead;
  const std::string name = is_read ? "/dev/stdin" : "/dev/stdout", digit = is_read ? "0" : "1";
  for (int hops = 0; hops < kMaxLinks; ++hops) {
    if (path == name || path == "/dev/fd/" + digit || path == "/proc/self/fd/" + digit) return true;
    int error = 0;
    if (!FollowLink(path, error)) return false;
  }
  return false;
}

// The folder of a file to be created, without links and dots; unchanged if it does not exist
// either.
std::string CanonicalPath(const std::string& path) {
  const std::string folder = FolderOf(path);
  char resolved[PATH_MAX];
  if (::realpath(folder.empty() ? "." : folder.c_str(), resolved) == nullptr) return path;
  return fmt::format("{}/{}", resolved, path.substr(folder.size()));
}

// Pipes, devices, sockets. They are neither created nor truncated, and a pipe without a reader is
// an error (ENXIO) instead of a wait.
bool WriteDirectly(const std::string& path, std::string_view bytes, Diagnostics& diag) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (file.get() < 0) {
    return ReportWrite(path, errno == ENXIO ? "nothing reads from it" : ErrorText(errno), diag);
  }
  const int flags = ::fcntl(file.get(), F_GETFL);
  if (flags < 0 || ::fcntl(file.get(), F_SETFL, flags & ~O_NONBLOCK) != 0) {
    return ReportWrite(path, ErrorText(errno), diag);
  }
  if (const int error = WriteAll(file.get(), bytes); error != 0) {
    return ReportWrite(path, ErrorText(error), diag);
  }
  if (!file.Close()) return ReportWrite(path, ErrorText(errno), diag);
  return true;
}

// Creates a new file in the folder of `target`; its name goes to `path`. Returns the
// descriptor, or -1 with errno set. Plain open rather than mkstemp, so that the umask determines
// the permissions of a new file.
int MakeTemporary(const std::string& target, std::string& path) {
  static std::atomic<unsigned> counter{0};
  for (int tries = 0; tries < 1000; ++tries) {
    path = fmt::format("{}.raspc-{}-{}.tmp", FolderOf(target), ::getpid(), counter++);
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

// Makes the rename itself durable. Some file systems cannot sync a folder; the data is safe
// anyway, so this is not a failure of the write.
void SyncFolder(const std::string& target) {
  const std::string folder = FolderOf(target);
  Descriptor fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() >= 0) ::fsync(fd.get());
}

// Fills the temporary file and renames it over `target`. Returns 0 or the error number; EINTR if
// the process is about to end.
int FillAndRename(int fd, const std::string& temporary, const std::string& target,
                  const struct stat* existing, std::string_view bytes,
                  const EndingSignalsHeld& held) {
  Descriptor file(fd);
  if (existing != nullptr) {
    // Keeping the owner requires privileges that we may lack; keeping the permissions does not.
    if (::fchown(fd, existing->st_uid, existing->st_gid) != 0) errno = 0;
    if (::fchmod(fd, existing->st_mode & 0777) != 0) return errno;
  }
  constexpr std::size_t kPart = std::size_t{16} << 20;
  for (std::size_t at = 0; at < bytes.size(); at += kPart) {
    if (held.WillEnd()) return EINTR;
    if (const int error = WriteAll(fd, bytes.substr(at, kPart)); error != 0) return error;
  }
  if (held.WillEnd()) return EINTR;
  if (::fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP) return errno;
  if (!file.Close()) return errno;
  if (::rename(temporary.c_str(), target.c_str()) != 0) return errno;
  SyncFolder(target);
  return 0;
}

bool ReplaceFile(const std::string& path, const std::string& target, const struct stat* existing,
                 std::string_view bytes, Diagnostics& diag) {
  // Renaming over a file does not require write permission on it, but its owner denied it.
  if (existing != nullptr) {
    Descriptor probe(::open(target.c_str(), O_WRONLY | O_CLOEXEC));
    if (probe.get() < 0) return ReportWrite(path, ErrorText(errno), diag);
  }
  const EndingSignalsHeld held;
  std::string temporary;
  const int fd = MakeTemporary(target, temporary);
  if (fd < 0) {
    const int error = errno;
    return ReportWrite(
        path, fmt::format("cannot create a file in its folder: {}", ErrorText(error)), diag);
  }
  const int error = FillAndRename(fd, temporary, target, existing, bytes, held);
  if (error == 0) return true;
  ::unlink(temporary.c_str());
  return ReportWrite(path, ErrorText(error), diag);
}

}  // namespace

FileReader::FileReader(std::string path, int fd, std::optional<std::uint64_t> size, bool is_patient)
    : path_(std::move(path)), fd_(fd), size_(size), is_patient_(is_patient) {}

FileReader::FileReader(FileReader&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      is_patient_(other.is_patient_),
      ahead_(std::move(other.ahead_)) {}

FileReader::~FileReader() {
  if (fd_ >= 0) ::close(fd_);
}

std::optional<FileReader> FileReader::Open(const std::string& path, Diagnostics& diag) {
  if (const std::string_view problem = PathProblem(path); !problem.empty()) {
    ReportRead(path, problem, diag);
    return std::nullopt;
  }
  // Without O_NONBLOCK, opening a pipe without a writer would wait forever.
  const bool is_stream = IsStandardStream(path, FileUse::kRead);
  const int fd = is_stream ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                           : ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  struct stat info;
  if (fd < 0 || ::fstat(fd, &info) != 0) {
    ReportRead(path, ErrorText(errno), diag);
    if (fd >= 0) ::close(fd);
    return std::nullopt;
  }
  // Standard input may have been read in part, and whoever names it is willing to wait.
  std::optional<std::uint64_t> size;
  if (S_ISREG(info.st_mode) && !is_stream) size = static_cast<std::uint64_t>(info.st_size);
  FileReader reader(path, fd, size, /*is_patient=*/is_stream);
  if (S_ISDIR(info.st_mode)) {
    ReportRead(path, "it is a directory", diag);
    return std::nullopt;
  }
  return reader;
}

std::optional<std::uint64_t> FileReader::ReadSome(char* buffer, std::uint64_t count,
                                                  Diagnostics& diag) {
  while (true) {
    if (!size_) {
      pollfd wait = {fd_, POLLIN, 0};
      const int ready = ::poll(&wait, 1, is_patient_ ? -1 : kPipePatienceMs);
      if (ready < 0 && errno == EINTR) continue;
      if (ready == 0) {
        ReportRead(path_, fmt::format("no data came within {} seconds", kPipePatienceMs / 1000),
                   diag);
        return std::nullopt;
      }
    }
    const ssize_t got = ::read(fd_, buffer, count);
    if (got >= 0) return static_cast<std::uint64_t>(got);
    if (errno == EINTR || errno == EAGAIN) continue;
    ReportRead(path_, ErrorText(errno), diag);
    return std::nullopt;
  }
}

bool FileReader::Peek(std::uint64_t count, std::string& out, Diagnostics& diag) {
  std::string more;
  if (ahead_.size() < count && !ReadOn(count - ahead_.size(), more, diag)) return false;
  ahead_ += more;
  out = ahead_.substr(0, count);
  return true;
}

bool FileReader::Read(std::uint64_t count, std::string& out, Diagnostics& diag) {
  const std::size_t taken = std::min<std::uint64_t>(count, ahead_.size());
  out.append(ahead_, 0, taken);
  ahead_.erase(0, taken);
  return ReadOn(count - taken, out, diag);
}

bool FileReader::ReadOn(std::uint64_t count, std::string& out, Diagnostics& diag) {
  while (count > 0) {
    const std::uint64_t step = std::min(count, kChunk);
    const std::size_t before = out.size();
    out.resize(before + step);
    const std::optional<std::uint64_t> got = ReadSome(out.data() + before, step, diag);
    out.resize(before + got.value_or(0));
    if (!got) return false;
    if (*got == 0) return true;
    count -= *got;
  }
  return true;
}

std::optional<std::string> FileReader::ReadAll(std::uint64_t max_bytes, Diagnostics& diag) {
  std::string bytes;
  // One extra byte distinguishes a file that is too large from one that just fits.
  const bool known_too_large = size_ && *size_ > max_bytes;
  if (!known_too_large && !Read(max_bytes + 1, bytes, diag)) return std::nullopt;
  if (known_too_large || bytes.size() > max_bytes) {
    ReportRead(path_, fmt::format("it has more than {} bytes, the limit", max_bytes), diag);
    return std::nullopt;
  }
  return bytes;
}

std::optional<std::string> ReadFile(const std::string& path, std::uint64_t max_bytes,
                                    Diagnostics& diag) {
  std::optional<FileReader> reader = FileReader::Open(path, diag);
  return reader ? reader->ReadAll(max_bytes, diag) : std::nullopt;
}

bool WriteFile(const std::string& path, std::string_view bytes, Diagnostics& diag) {
  if (const std::string_view problem = PathProblem(path); !problem.empty()) {
    return ReportWrite(path, problem, diag);
  }
  const WriteSignalsHeld held;
  if (IsStandardStream(path, FileUse::kWrite)) {
    const int error = WriteAll(STDOUT_FILENO, bytes);
    return error == 0 || ReportWrite(path, ErrorText(error), diag);
  }
  struct stat info;
  const bool exists = ::stat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) return ReportWrite(path, "it is a directory", diag);
  // Through the path as given: /dev/stderr is a link whose target may not be a path.
  if (exists && !S_ISREG(info.st_mode)) return WriteDirectly(path, bytes, diag);
  std::string target = path;
  if (const int error = FollowLinks(target); error != 0) {
    return ReportWrite(path, ErrorText(error), diag);
  }
  // A link such as /dev/stderr redirected to a file names a regular file that may have been deleted
  // since: then there is nothing to rename over.
  struct stat target_info;
  const bool same = exists && ::stat(target.c_str(), &target_info) == 0 &&
                    target_info.st_ino == info.st_ino && target_info.st_dev == info.st_dev;
  if (exists && !same) return WriteDirectly(path, bytes, diag);
  return ReplaceFile(path, target, exists ? &info : nullptr, bytes, diag);
}

FileIdentity IdentityOf(const std::string& path, FileUse use) {
  FileIdentity identity;
  identity.is_standard_stream = IsStandardStream(path, use);
  struct stat info;
  const int fd = use == FileUse::kRead ? STDIN_FILENO : STDOUT_FILENO;
  const int failed = identity.is_standard_stream ? ::fstat(fd, &info) : ::stat(path.c_str(), &info);
  if (failed == 0) {
    identity.exists = true;
    identity.is_regular = S_ISREG(info.st_mode);
    identity.is_folder = S_ISDIR(info.st_mode);
    identity.is_pipe = S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode);
    identity.device = info.st_dev;
    identity.number = info.st_ino;
    return identity;
  }
  identity.path = path;
  FollowLinks(identity.path);
  identity.path = CanonicalPath(identity.path);
  return identity;
}

std::string NameOfInput(const std::string& path) {
  return path == kStandardStream ? "<standard input>" : path;
}

}  // namespace raspc
