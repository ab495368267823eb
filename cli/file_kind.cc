#include "cli/file_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "cli/command_line.h"
#include "runtime/model/model_file.h"

namespace raspc {
namespace {

// Extensions of model files in other formats, and of files that are not models.
constexpr std::string_view kForeignEndings[] = {
    ".ckpt", ".csv",   ".gguf",    ".ggml", ".h5",  ".hdf5",   ".html", ".joblib",
    ".json", ".keras", ".mlmodel", ".npy",  ".npz", ".onnx",   ".pb",   ".pickle",
    ".pkl",  ".pt",    ".pth",     ".rasp", ".svg", ".tflite", ".txt",  ".yaml"};

}  // namespace

std::optional<FileKind> KindOfFile(FileReader& file, Diagnostics& diag) {
  constexpr std::size_t kHeaderLengthBytes = 8;
  std::string start;
  if (!file.Peek(kHeaderLengthBytes, start, diag)) return std::nullopt;
  return start.find('\0') != std::string::npos ? FileKind::kModel : FileKind::kProgram;
}

std::optional<Model> ReadModel(const std::string& path, Diagnostics& diag) {
  std::optional<FileReader> file = FileReader::Open(path, diag);
  const std::optional<FileKind> kind = file ? KindOfFile(*file, diag) : std::nullopt;
  if (!kind) return std::nullopt;
  if (kind == FileKind::kProgram && path.ends_with(".rasp")) {
    diag.Error(ErrorKind::kFile, {},
               fmt::format("'{}' is a RASP program; compile it first: raspc compile {} -o MODEL",
                           path, ShellQuote(path)));
    return std::nullopt;
  }
  return ReadModelFile(*file, ModelFileLimits{}, diag);
}

std::string ModelPathProblem(const std::string& path) {
  const std::filesystem::path file(path);
  std::string ending = file.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (std::find(std::begin(kForeignEndings), std::end(kForeignEndings), ending) ==
      std::end(kForeignEndings)) {
    return "";
  }
  return fmt::format("cannot write '{}': models are written as safetensors; name it '{}'", path,
                     std::filesystem::path(file).replace_extension(".safetensors").string());
}

}  // namespace raspc
