// What happens inside a model on one input, as arrays.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>

#include <utility>
#include <vector>

#include "python/src/bind.h"
#include "python/src/failures.h"
#include "python/src/values.h"
#include "python/src/work.h"

namespace raspc::python {
namespace {

std::unique_ptr<ModelTrace> Trace(const ModelHandle& self, nb::handle tokens) {
  const std::vector<Atom> input = AtomsOf(tokens, "the input");
  Diagnostics diag;
  std::optional<ModelTrace> trace = RunLong([&] {
    return TraceModel(self.model(), self.EngineFor(EngineKind::kReference), input, diag);
  });
  Check(diag);
  return std::make_unique<ModelTrace>(*std::move(trace));
}

// [layer][head]: views.
nb::list PatternsOf(nb::handle_t<ModelTrace> self) {
  nb::list layers;
  for (const std::vector<Matrix>& patterns : nb::cast<const ModelTrace&>(self).patterns) {
    nb::list heads;
    for (const Matrix& pattern : patterns) heads.append(ViewOf(pattern, self));
    layers.append(heads);
  }
  return layers;
}

// [layer]: views.
nb::list ResidualsOf(nb::handle_t<ModelTrace> self) {
  nb::list layers;
  for (const Matrix& residual : nb::cast<const ModelTrace&>(self).residuals) {
    layers.append(ViewOf(residual, self));
  }
  return layers;
}

}  // namespace

void BindTrace(nb::module_& module) {
  using namespace nb::literals;  // NOLINT(google-build-using-namespace)
  nb::class_<ModelTrace>(module, "Trace")
      .def_prop_ro("tokens", [](const ModelTrace& self) { return ToPython(self.tokens); })
      .def_prop_ro("output", [](const ModelTrace& self) { return OutputOf(self.output); })
      .def("patterns", PatternsOf)
      .def("residuals", ResidualsOf)
      .def("embeddings", [](nb::handle_t<ModelTrace> self) {
        return ViewOf(nb::cast<const ModelTrace&>(self).embeddings, self);
      });
  module.def("trace", Trace, "model"_a, "tokens"_a);
}

}  // namespace raspc::python
