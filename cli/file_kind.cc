// Tells model files from programs by what is in them.
#include "cli/file_kind.h"

#include "runtime/model/model_file.h"

namespace raspc {

std::optional<FileKind> KindOfFile(FileReader& file, Diagnostics& diag) {
  constexpr std::size_t kHeaderLengthBytes = 8;
  std::string start;
  if (!file.Peek(kHeaderLengthBytes, start, diag)) return std::nullopt;
  return start.find('\0') != std::string::npos ? FileKind::kModel : FileKind::kProgram;
}

std::optional<Model> ReadModel(const std::string& path, Diagnostics& diag) {
  std::optional<Model> model = ReadModelFile(path, ModelFileLimits{}, diag);
  if (!model && path.ends_with(".rasp")) {
    Diagnostics with_hint;
    for (Diagnostic diagnostic : diag.all()) {
      with_hint.Add(
          std::move(diagnostic.Note({}, "a program is compiled to a model first: raspc compile")));
    }
    diag = with_hint;
  }
  return model;
}

}  // namespace raspc
