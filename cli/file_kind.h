// Distinguishes model files from programs by content, and checks names of model files.
#pragma once

#include <optional>
#include <string>

#include "base/diagnostics.h"
#include "base/files.h"
#include "runtime/model/model.h"

namespace raspc {

enum class FileKind { kModel, kProgram };

// The kind of a file by its first bytes, which are not consumed: a model file starts with the
// length of its header in eight bytes, some of them 0, which no program may contain. Nothing after
// reporting kFile.
std::optional<FileKind> KindOfFile(FileReader& file, Diagnostics& diag);

// Reads a model file; reports it if the file is a program.
std::optional<Model> ReadModel(const std::string& path, Diagnostics& diag);

// The error in the path of a model to write; empty if there is none. A name with the extension of
// another format is rejected, as it would be misleading.
std::string ModelPathProblem(const std::string& path);

}  // namespace raspc
