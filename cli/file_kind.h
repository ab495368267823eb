// Tells model files from programs by what is in them, and names for model files from others.
#pragma once

#include <optional>
#include <string>

#include "base/diagnostics.h"
#include "base/files.h"
#include "runtime/model/model.h"

namespace raspc {

enum class FileKind { kModel, kProgram };

// What a file holds, by its first bytes, which are left to be read: a model file starts with the
// length of its header in eight bytes, some of them 0, which no program may hold. Nothing after
// reporting kFile.
std::optional<FileKind> KindOfFile(FileReader& file, Diagnostics& diag);

// Reads a model file; says so where the file is a program.
std::optional<Model> ReadModel(const std::string& path, Diagnostics& diag);

// What is wrong with the path of a model to write; empty if nothing. A name that ends like files of
// another format is refused: the file would not be what its name says.
std::string ModelPathProblem(const std::string& path);

}  // namespace raspc
