// Diagnostics become Python exceptions and warnings.
#pragma once

#include <nanobind/nanobind.h>

#include <exception>

#include "include/raspc/raspc.h"

namespace raspc::python {

// What is thrown for diagnostics with an error; it reaches Python as the raspc.Error that
// raspc._errors makes of them.
class Failure : public std::exception {
 public:
  explicit Failure(Diagnostics diagnostics) : diagnostics_(std::move(diagnostics)) {}
  // One error, without a place.
  Failure(ErrorKind kind, std::string message) { diagnostics_.Error(kind, {}, std::move(message)); }

  const Diagnostics& diagnostics() const { return diagnostics_; }
  const char* what() const noexcept override { return "raspc.Error"; }

 private:
  Diagnostics diagnostics_;
};

// Throws Failure if there is an error among the diagnostics, and otherwise issues the warnings.
void Check(const Diagnostics& diag);

// Adds the class Diagnostic and the translation of Failure.
void BindFailures(nanobind::module_& module);

}  // namespace raspc::python
