// Model files on the disk: whole or not at all, and never in the way of what was there before.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/files.h"
#include "runtime/model/model_file.h"
#include "tests/runtime/random_model.h"

namespace raspc {
namespace {

namespace fs = std::filesystem;

// An empty folder that disappears with the test.
class Folder {
 public:
  Folder() {
    std::string name = fs::temp_directory_path() / "raspc-test-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string operator/(const char* name) const { return path_ / name; }
  std::size_t NumEntries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

std::string Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Model SmallModel() { return PreviousTokenModel(HeadMask::kNone); }

std::string Message(const Diagnostics& diag) {
  if (diag.all().size() != 1) return "not one diagnostic";
  CHECK(diag.all()[0].kind == ErrorKind::kFile);
  return diag.all()[0].message;
}

// What is said when the model is written there, or "written".
std::string Write(const std::string& path) {
  Diagnostics diag;
  if (WriteModelFile(SmallModel(), path, diag)) return diag.empty() ? "written" : "confused";
  return Message(diag);
}

std::string Read(const std::string& path, const ModelFileLimits& limits = {}) {
  Diagnostics diag;
  if (ReadModelFile(path, limits, diag)) return diag.empty() ? "read" : "confused";
  return Message(diag);
}

mode_t ModeOf(const std::string& path) {
  struct stat info;
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777;
}

}  // namespace

TEST_CASE("a model is written to a new file and read back") {
  const Folder folder;
  const std::string path = folder / "new.raspc";
  REQUIRE(Write(path) == "written");
  CHECK(Content(path) == SerializeModel(SmallModel()));
  CHECK(Read(path) == "read");
  CHECK(folder.NumEntries() == 1);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  CHECK(ModeOf(path) == (0666 & ~mask));
}

TEST_CASE("a file is replaced and keeps its permissions") {
  const Folder folder;
  const std::string path = folder / "old.raspc";
  std::ofstream(path) << "old";
  ::chmod(path.c_str(), 0640);
  REQUIRE(Write(path) == "written");
  CHECK(ModeOf(path) == 0640);
  CHECK(Read(path) == "read");
  CHECK(folder.NumEntries() == 1);
}

TEST_CASE("a symbolic link stays one") {
  const Folder folder;
  std::ofstream(folder / "real") << "old";
  fs::create_symlink("real", folder / "link");
  fs::create_symlink("link", folder / "link2");
  REQUIRE(Write(folder / "link2") == "written");
  CHECK(fs::is_symlink(folder / "link2"));
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(Content(folder / "real") == SerializeModel(SmallModel()));
  fs::create_symlink("not yet", folder / "dangling");
  REQUIRE(Write(folder / "dangling") == "written");
  CHECK(fs::is_symlink(folder / "dangling"));
  CHECK(Read(folder / "not yet") == "read");
  fs::create_symlink("round", folder / "round");
  CHECK(Write(folder / "round").find("Too many levels of symbolic links") != std::string::npos);
}

TEST_CASE("targets that cannot be written are reported") {
  const Folder folder;
  const std::string directory = folder / "directory";
  fs::create_directory(directory);
  CHECK(Write(directory) == "cannot write '" + directory + "': it is a directory");
  const std::string missing = folder / "missing/model";
  CHECK(Write(missing) == "cannot write '" + missing +
                              "': cannot create a file in its folder: No such file or directory");
  CHECK(Write("") == "cannot write '': the path is empty");
  CHECK(Write(std::string("a\0b", 3)).ends_with("the path contains a NUL byte"));
  if (::geteuid() != 0) {
    const std::string locked = folder / "locked";
    std::ofstream(locked) << "old";
    ::chmod(locked.c_str(), 0444);
    CHECK(Write(locked) == "cannot write '" + locked + "': Permission denied");
    CHECK(Content(locked) == "old");
  }
  CHECK(folder.NumEntries() <= 2);
}

TEST_CASE("devices and pipes are written to and stay what they are") {
  CHECK(Write("/dev/null") == "written");
  CHECK(fs::is_character_file("/dev/null"));
  if (fs::exists("/dev/full")) {
    CHECK(Write("/dev/full") == "cannot write '/dev/full': No space left on device");
    CHECK(fs::is_character_file("/dev/full"));
  }
  const Folder folder;
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(Write(pipe) == "cannot write '" + pipe + "': nothing reads from it");
  std::string got;
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  std::thread copy([&] {
    const std::string want = SerializeModel(SmallModel());
    char buffer[512];
    while (got.size() < want.size()) {
      const ssize_t n = ::read(reader, buffer, sizeof buffer);
      if (n > 0) got.append(buffer, static_cast<std::size_t>(n));
    }
  });
  CHECK(Write(pipe) == "written");
  copy.join();
  ::close(reader);
  CHECK(got == SerializeModel(SmallModel()));
  CHECK(fs::is_fifo(pipe));
}

TEST_CASE("a file-size limit leaves the old file and nothing else") {
  const Folder folder;
  const std::string path = folder / "model";
  std::ofstream(path) << "old";
  const pid_t child = ::fork();
  if (child == 0) {
    // Without care the write would end the process with SIGXFSZ.
    const rlimit limit = {1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    Diagnostics diag;
    const bool written = WriteModelFile(SmallModel(), path, diag);
    const bool said = diag.all().size() == 1 &&
                      diag.all()[0].message == "cannot write '" + path + "': File too large";
    ::_exit(!written && said ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(Content(path) == "old");
  CHECK(folder.NumEntries() == 1);
}

TEST_CASE("a pipe that its reader closes is an error, not a signal") {
  const Folder folder;
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  std::thread closer([&] {
    char byte;
    while (::read(reader, &byte, 1) != 1) {
    }
    ::close(reader);
  });
  Diagnostics diag;
  CHECK_FALSE(WriteFile(pipe, std::string(1 << 20, 'x'), diag));
  closer.join();
  CHECK(Message(diag) == "cannot write '" + pipe + "': Broken pipe");
}

TEST_CASE("paths that hold no model are reported") {
  const Folder folder;
  const std::string missing = folder / "missing", directory = folder / "directory";
  CHECK(Read(missing) == "cannot read '" + missing + "': No such file or directory");
  fs::create_directory(directory);
  CHECK(Read(directory) == "cannot read '" + directory + "': it is a directory");
  CHECK(Read("") == "cannot read '': the path is empty");
  CHECK(Read("/dev/null") ==
        "'/dev/null' is not a usable model file: it has 0 bytes, too few for a model");
  CHECK(Read("/dev/zero") ==
        "'/dev/zero' is not a usable model file: it is not a safetensors "
        "file: its header is not a JSON object");
  if (::geteuid() != 0) {
    const std::string secret = folder / "secret";
    std::ofstream(secret) << "old";
    ::chmod(secret.c_str(), 0);
    CHECK(Read(secret) == "cannot read '" + secret + "': Permission denied");
  }
}

TEST_CASE("a model is read from a pipe") {
  const Folder folder;
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const std::string& tail : {std::string(), std::string("x")}) {
    std::thread writer(
        [&] { std::ofstream(pipe, std::ios::binary) << SerializeModel(SmallModel()) << tail; });
    const std::string result = Read(pipe);
    writer.join();
    CHECK(result == (tail.empty() ? "read"
                                  : "'" + pipe +
                                        "' is not a usable model file: more bytes follow its "
                                        "weights"));
  }
}

TEST_CASE("files of every released version are read") {
  // Kept as it was written: a reader that changes must go on reading it.
  const std::string path = RASPC_TEST_DATA "/models/previous-version-1.safetensors";
  Diagnostics diag;
  const std::optional<Model> model = ReadModelFile(path, {}, diag);
  REQUIRE(model);
  Model want = PreviousTokenModel(HeadMask::kCausal);
  want.generation = GenerationRule{{std::string("c")}, 3};
  CHECK(SerializeModel(*model) == SerializeModel(want));
}

TEST_CASE("a file that is larger than it says, or than is allowed, is not read") {
  const Folder folder;
  const std::string path = folder / "model";
  REQUIRE(Write(path) == "written");
  const auto size = fs::file_size(path);
  CHECK(Read(path, {.max_bytes = size - 1}).find("it is too large") != std::string::npos);
  fs::resize_file(path, size + 1);
  CHECK(Read(path).find("bytes follow the header") != std::string::npos);
  fs::resize_file(path, std::uintmax_t{1} << 40);
  CHECK(Read(path).find("it is too large: 1099511627776 bytes") != std::string::npos);
}

TEST_CASE("a file is read up to a limit") {
  const Folder folder;
  const std::string path = folder / "text";
  std::ofstream(path) << "12345";
  Diagnostics diag;
  CHECK(ReadFile(path, 5, diag) == "12345");
  CHECK_FALSE(ReadFile(path, 4, diag));
  CHECK(Message(diag) == "cannot read '" + path + "': it has more than 4 bytes, the limit");
  diag.Clear();
  CHECK_FALSE(ReadFile("/dev/zero", 3'000'000, diag));
  CHECK(Message(diag).ends_with("it has more than 3000000 bytes, the limit"));
}

}  // namespace raspc
