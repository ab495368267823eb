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

std::unique_ptr<ModelTrace> TraceOn(const Model& model, const Engine& engine, nb::handle tokens) {
  const std::vector<Atom> input = AtomsOf(tokens, "the input");
  Diagnostics diag;
  std::optional<ModelTrace> trace = RunLong([&] { return TraceModel(model, engine, input, diag); });
  Check(diag);
  return std::make_unique<ModelTrace>(*std::move(trace));
}

std::unique_ptr<ModelTrace> Trace(const ModelHandle& self, nb::handle tokens) {
  return TraceOn(self.model(), self.EngineFor(EngineKind::kReference), tokens);
}

// `settings` has (variable, program position, value), all of which hold at once.
std::unique_ptr<ModelTrace> TraceIntervened(const ModelHandle& self, nb::handle tokens,
                                            const nb::list& settings) {
  std::vector<Clamp> clamps;
  Diagnostics diag;
  for (const nb::handle setting : settings) {
    const auto variable = nb::cast<std::string>(setting[0]);
    AddClamps(self.model(), variable, nb::cast<std::int64_t>(setting[1]),
              AtomOf(setting[2], "the intervention"), clamps, diag);
    Check(diag);
  }
  const std::unique_ptr<Engine> engine = MakeReferenceEngine(self.model(), 0, std::move(clamps));
  return TraceOn(self.model(), *engine, tokens);
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
  module.def("trace_intervened", TraceIntervened, "model"_a, "tokens"_a, "settings"_a);
}

}  // namespace raspc::python
