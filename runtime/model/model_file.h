// Reads and writes model files: safetensors, with everything that is not a tensor as JSON in its
// metadata. The layout and its version are documented in docs/model-file.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "base/files.h"
#include "runtime/model/model.h"

namespace raspc {

inline constexpr int kModelFileVersion = 2;  // that is written; 1 is read as well

// How much memory a reader may use: up to three times the weights' bytes, plus a few hundred
// megabytes for the largest headers.
struct ModelFileLimits {
  std::uint64_t max_header_bytes = 64u << 20;
  std::uint64_t max_bytes = std::uint64_t{2} << 30;
};

// The whole file as bytes. Equal models give equal bytes. Requires that CheckModel finds nothing,
// and that the layers run as they are listed.
std::string SerializeModel(const Model& model);

// Reads a model from the bytes of a file, trusting nothing: every length, offset, shape, type and
// name is checked against the others first. `name` is the file's name in messages. Reports kFile.
std::optional<Model> DeserializeModel(std::string_view bytes, const std::string& name,
                                      const ModelFileLimits& limits, Diagnostics& diag);

// DeserializeModel on a file's content. The header is checked before the weights are read; pipes
// and devices are read as far as their header says.
std::optional<Model> ReadModelFile(const std::string& path, const ModelFileLimits& limits,
                                   Diagnostics& diag);
// The same on an open file, from its current position.
std::optional<Model> ReadModelFile(FileReader& file, const ModelFileLimits& limits,
                                   Diagnostics& diag);

// Writes a regular file next to its target and renames it, so that the target is complete or
// untouched; anything else (a pipe, a device) is written to directly. Reports kFile, or kInternal
// if CheckModel finds something; false on failure.
bool WriteModelFile(const Model& model, const std::string& path, Diagnostics& diag);

}  // namespace raspc
