// What each source of the extension adds to the module, and the handles they share.
#pragma once

#include <nanobind/nanobind.h>

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "include/raspc/raspc.h"

namespace raspc::python {

// A program that is ready to be evaluated or compiled; never changes.
struct ProgramHandle {
  LoadedProgram loaded;
};

// A model that never changes, and the engines that have been made for it.
class ModelHandle {
 public:
  // Requires that CheckModel finds nothing.
  explicit ModelHandle(Model model) : model_(std::move(model)) {}

  const Model& model() const { return model_; }
  // The engine of that kind, or the fastest for the batch at hand; made once. Thread-safe.
  const Engine& EngineFor(std::optional<EngineKind> kind) const;

 private:
  const Model model_;
  mutable std::mutex mutex_;
  mutable std::array<std::unique_ptr<Engine>, 1 + std::size(kAllEngines)>
      engines_;  // fastest first
};

// The engine of that name; nothing for None. Throws Failure for an unknown name.
std::optional<EngineKind> EngineKindOf(const std::optional<std::string>& name);

// A model's output as a tuple (values, generated or None, stopped or None).
nanobind::tuple OutputOf(const ModelOutput& output);

void BindProgram(nanobind::module_& module);
void BindModel(nanobind::module_& module);
void BindTrace(nanobind::module_& module);
void BindLab(nanobind::module_& module);
void BindGraph(nanobind::module_& module);

}  // namespace raspc::python
