// Reads and writes model files: safetensors, with everything that is not a tensor as JSON in its
// metadata. The layout and its version are documented in docs/model-file.md.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include "runtime/base/diagnostics.h"
#include "runtime/model/model.h"

namespace raspc {

struct ModelFileLimits {
  std::uint64_t max_header_bytes = 256u << 20;
  std::uint64_t max_bytes = std::uint64_t{8} << 30;
};

// The whole file as bytes. Equal models give equal bytes.
std::string SerializeModel(const Model& model);

// Reads a model from the bytes of a file, trusting nothing: every length, offset, shape, type and
// name is checked against the others first. `name` is the file's name in messages. Reports kFile.
std::optional<Model> DeserializeModel(std::string_view bytes, const std::string& name,
                                      const ModelFileLimits& limits, Diagnostics& diag);

std::optional<Model> ReadModelFile(const std::string& path, const ModelFileLimits& limits,
                                   Diagnostics& diag);

// Writes a regular file beside its target and renames it, so that the target is whole or untouched;
// anything else (a pipe, a device) is written to directly. Reports kFile; false on failure.
bool WriteModelFile(const Model& model, const std::string& path, Diagnostics& diag);

}  // namespace raspc
