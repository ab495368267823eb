// Models: their description and weights, running them, and their files.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "python/src/bind.h"
#include "python/src/failures.h"
#include "python/src/values.h"
#include "python/src/work.h"

namespace raspc::python {
namespace {

nb::list ListOf(const std::vector<std::string>& texts) {
  nb::list list;
  for (const std::string& text : texts) list.append(StrOf(text));
  return list;
}

nb::list ListOf(const std::vector<std::int64_t>& numbers) {
  nb::list list;
  for (const std::int64_t number : numbers) list.append(number);
  return list;
}

nb::dict SizesDict(const Model& model) {
  const ModelSizes sizes = SizesOf(model);
  nb::dict dict;
  dict["layers"] = sizes.layers;
  dict["heads"] = sizes.heads;
  dict["head_dim"] = sizes.head_dim;
  dict["d_model"] = sizes.d_model;
  dict["d_mlp"] = sizes.d_mlp;
  dict["parameters"] = sizes.parameters;
  dict["nonzeros"] = sizes.nonzeros;
  return dict;
}

// Everything that is not a weight, by name.
nb::dict DescriptionOf(const ModelHandle& self) {
  const Model& model = self.model();
  nb::dict dict;
  dict["name"] = StrOf(model.name);
  dict["target"] = StrOf(NameOf(model.target));
  dict["dtype"] = StrOf(NameOf(model.dtype));
  dict["arithmetic"] = StrOf(NameOf(model.arithmetic));
  dict["causal"] = model.causal;
  dict["vocabulary"] = ToPython(model.vocabulary);
  dict["alphabet"] = ToPython(model.alphabet);
  dict["max_length"] = model.max_length;
  dict["context_length"] = model.context_length;
  dict["append"] = ToPython(model.frame.append);
  const auto& padding = model.frame.padding;
  dict["pad"] = padding ? ToPython(padding->token) : nb::none();
  dict["generates"] = model.generation.has_value();
  dict["max_steps"] =
      model.generation ? nb::object(nb::int_(model.generation->max_steps)) : nb::none();
  dict["stop"] = model.generation ? nb::object(ToPython(model.generation->stop)) : nb::none();
  dict["residual_labels"] = ListOf(model.residual_labels);
  dict["residual_lines"] = ListOf(model.residual_lines);
  dict["sizes"] = SizesDict(model);
  return dict;
}

// (label, line, mask, query, key, value, output, relative bias)
nb::list HeadsOf(const Layer& layer, nb::handle owner) {
  nb::list heads;
  for (const Head& head : layer.heads) {
    heads.append(nb::make_tuple(StrOf(head.label), head.line, StrOf(NameOf(head.mask)),
                                ViewOf(head.query, owner), ViewOf(head.key, owner),
                                ViewOf(head.value, owner), ViewOf(head.output, owner),
                                ViewOf(head.relative_bias, owner)));
  }
  return heads;
}

// (in, in_bias, out, out_bias, names of the neurons)
nb::tuple MlpOf(const Mlp& mlp, nb::handle owner) {
  return nb::make_tuple(ViewOf(mlp.in, owner), ViewOf(mlp.in_bias, owner), ViewOf(mlp.out, owner),
                        ViewOf(mlp.out_bias, owner), ListOf(NeuronNames(mlp)));
}

// (heads, MLP) of each layer, in the order in which they are listed; arrays are views.
nb::list LayersOf(nb::handle_t<ModelHandle> self) {
  nb::list layers;
  for (const Layer& layer : nb::cast<const ModelHandle&>(self).model().layers) {
    layers.append(nb::make_tuple(HeadsOf(layer, self), MlpOf(layer.mlp, self)));
  }
  return layers;
}

// Every tensor of the model's file by its name; arrays are views.
nb::dict ParametersOf(nb::handle_t<ModelHandle> self) {
  const Model& model = nb::cast<const ModelHandle&>(self).model();
  nb::dict parameters;
  VisitTensors(
      TensorSizesOf(model), model,
      [&](const std::string& name, std::int64_t, std::int64_t, const Matrix& matrix) {
        parameters[name.c_str()] = ViewOf(matrix, self);
      },
      [&](const std::string& name, std::int64_t, const Vector& vector) {
        parameters[name.c_str()] = ViewOf(vector, self);
      });
  return parameters;
}

// (exact to length, [(label, error bound, margin)], the number of the closest decision or None)
nb::tuple CertificateOf(const ModelHandle& self) {
  const Certificate& certificate = self.model().certificate;
  nb::list entries;
  for (const Certificate::Entry& entry : certificate.entries) {
    entries.append(nb::make_tuple(StrOf(entry.label), entry.error_bound, entry.margin));
  }
  const Certificate::Entry* closest = DecisionsOf(certificate).closest;
  return nb::make_tuple(
      certificate.exact_to_length, entries,
      closest == nullptr ? nb::none() : nb::object(nb::int_(closest - certificate.entries.data())));
}

// (s-op, line, values, [(direction, codes)]) for each s-op that the residual stream carries by the
// values it can have.
nb::list ValueCodesOf(nb::handle_t<ModelHandle> self) {
  nb::list list;
  for (const ValueCodes& codes : nb::cast<const ModelHandle&>(self).model().value_codes) {
    nb::list directions;
    for (const ValueCodes::Direction& direction : codes.directions) {
      nb::list numbers;
      for (const double code : direction.codes) numbers.append(code);
      directions.append(nb::make_tuple(direction.direction, numbers));
    }
    list.append(nb::make_tuple(StrOf(codes.of), codes.line, ToPython(codes.values), directions));
  }
  return list;
}

// One output per input. Throws Failure for the first input without an output; a note says which.
nb::list Run(const ModelHandle& self, const nb::list& inputs,
             const std::optional<std::string>& engine) {
  std::vector<std::vector<Atom>> tokens;
  tokens.reserve(nb::len(inputs));
  for (const nb::handle input : inputs) tokens.push_back(AtomsOf(input, "the input"));
  const std::optional<EngineKind> kind = EngineKindOf(engine);
  const std::vector<ModelOutput> outputs =
      RunLong([&] { return RunModel(self.model(), self.EngineFor(kind), tokens); });
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].error) continue;
    Diagnostic failure = *outputs[i].error;
    if (outputs.size() > 1) failure.Note({}, "input " + std::to_string(i) + " of the batch");
    Diagnostics diag;
    diag.Add(std::move(failure));
    throw Failure(std::move(diag));
  }
  nb::list results;
  for (const ModelOutput& output : outputs) results.append(OutputOf(output));
  return results;
}

// Whether the model accepts each word.
nb::list Decide(const ModelHandle& self, const nb::list& words,
                const std::optional<std::string>& engine) {
  const Model& model = self.model();
  if (const std::string problem = CheckRecogniser(model); !problem.empty()) {
    throw Failure(ErrorKind::kInput, "the model is not a recogniser: " + problem);
  }
  std::vector<std::vector<Atom>> inputs;
  for (const nb::handle word : words) inputs.push_back(AtomsOf(word, "the word"));
  const std::optional<EngineKind> kind = EngineKindOf(engine);
  const std::vector<ModelOutput> outputs =
      RunLong([&] { return RunModel(model, self.EngineFor(kind), inputs); });
  nb::list verdicts;
  for (const ModelOutput& output : outputs) {
    Diagnostics diag;
    if (output.error) diag.Add(*output.error);
    Check(diag);
    const std::optional<bool> accepts = VerdictOf(model, output);
    if (!accepts) {
      throw Failure(ErrorKind::kInput, "the model stopped without accepting or rejecting");
    }
    verdicts.append(*accepts);
  }
  return verdicts;
}

void Save(const ModelHandle& self, const std::string& path) {
  Diagnostics diag;
  RunLong([&] { return WriteModelFile(self.model(), path, diag); });
  Check(diag);
}

std::unique_ptr<ModelHandle> LoadModel(const std::string& path) {
  Diagnostics diag;
  std::optional<Model> model = RunLong([&] { return ReadModelFile(path, {}, diag); });
  Check(diag);
  return std::make_unique<ModelHandle>(*std::move(model));
}

nb::bytes BytesOf(const ModelHandle& self) {
  const std::string bytes = RunLong([&] { return SerializeModel(self.model()); });
  return nb::bytes(bytes.data(), bytes.size());
}

std::unique_ptr<ModelHandle> ModelOf(const nb::bytes& bytes, const std::string& name) {
  Diagnostics diag;
  const std::string_view view(bytes.c_str(), bytes.size());
  std::optional<Model> model = RunLong([&] { return DeserializeModel(view, name, {}, diag); });
  Check(diag);
  return std::make_unique<ModelHandle>(*std::move(model));
}

}  // namespace

const Engine& ModelHandle::EngineFor(std::optional<EngineKind> kind) const {
  const std::scoped_lock lock(mutex_);
  std::unique_ptr<Engine>& engine = engines_[kind ? 1 + static_cast<std::size_t>(*kind) : 0];
  if (engine == nullptr) engine = kind ? MakeEngine(*kind, model_) : MakeFastestEngine(model_);
  return *engine;
}

std::optional<EngineKind> EngineKindOf(const std::optional<std::string>& name) {
  if (!name) return std::nullopt;
  const std::optional<EngineKind> kind = EngineNamed(*name);
  if (kind) return kind;
  std::vector<std::string> names;
  for (const EngineKind known : kAllEngines) names.emplace_back(NameOf(known));
  throw Failure(ErrorKind::kInput, UnknownName("engine", *name, names));
}

nb::tuple OutputOf(const ModelOutput& output) {
  if (!output.generated) return nb::make_tuple(ToPython(output.values), nb::none(), nb::none());
  return nb::make_tuple(ToPython(output.values), ToPython(output.generated->tokens),
                        output.generated->stopped);
}

void BindModel(nb::module_& module) {
  using namespace nb::literals;  // NOLINT(google-build-using-namespace)
  nb::class_<ModelHandle>(module, "Model")
      .def("description", DescriptionOf)
      .def("layers", LayersOf)
      .def("parameters", ParametersOf)
      .def("certificate", CertificateOf)
      .def("value_codes", ValueCodesOf)
      .def("run", Run, "inputs"_a, "engine"_a.none())
      .def("decide", Decide, "words"_a, "engine"_a.none())
      .def("save", Save, "path"_a)
      .def("to_bytes", BytesOf);
  module.def("load_model", LoadModel, "path"_a);
  module.def("model_of", ModelOf, "data"_a, "name"_a);
}

}  // namespace raspc::python
