// The laboratory: languages, recognisers and the suite. Results cross to Python as the JSON that the
// command prints.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include "python/src/bind.h"
#include "python/src/failures.h"
#include "python/src/values.h"
#include "python/src/work.h"

namespace raspc::python {
namespace {

}  // namespace

void BindLab(nb::module_& module) { (void)module; }

}  // namespace raspc::python
