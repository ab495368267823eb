// Programs: loading, evaluating, compiling and verifying them.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "python/src/bind.h"
#include "python/src/failures.h"
#include "python/src/values.h"
#include "python/src/work.h"

namespace raspc::python {
namespace {

using Print = std::vector<std::string>;

// A program from its text or its file, with what it printed while it was traced.
using Loaded = std::pair<std::unique_ptr<ProgramHandle>, Print>;

LoadOptions MakeLoadOptions(const nb::dict& settings, nb::object first_input,
                            std::vector<std::string> folders, Diagnostics& diag) {
  LoadOptions options;
  options.overrides = SettingsOf(settings, diag);
  options.allow_selector = true;
  options.load_folders = std::move(folders);
  if (!first_input.is_none()) {
    options.try_out = true;
    options.first_input = AtomsOf(first_input, "the input");
  }
  return options;
}

nb::tuple Load(const std::function<std::optional<LoadedProgram>(const LoadOptions&, Diagnostics&)>&
                   load_program,
               LoadOptions options, Diagnostics diag) {
  Check(diag);
  diag.Clear();
  Print printed;
  options.print = [&](std::string_view line) { printed.emplace_back(line); };
  std::optional<LoadedProgram> program = RunLong([&] { return load_program(options, diag); });
  nb::list lines;
  for (const std::string& line : printed) lines.append(StrOf(line));
  Check(diag);
  return nb::make_tuple(std::make_unique<ProgramHandle>(*std::move(program)), lines);
}

nb::tuple LoadText(const nb::str& text, std::string name, const nb::dict& settings,
                   const nb::object& first_input, std::vector<std::string> folders) {
  Diagnostics diag;
  LoadOptions options = MakeLoadOptions(settings, first_input, std::move(folders), diag);
  const auto source =
      std::make_shared<const SourceText>(std::move(name), std::string(TextOf(text, "the program")));
  return Load(
      [&](const LoadOptions& all, Diagnostics& said) { return LoadProgram(source, all, said); },
      std::move(options), std::move(diag));
}

nb::tuple LoadFile(const std::string& path, const nb::dict& settings, const nb::object& first_input,
                   std::vector<std::string> folders) {
  Diagnostics diag;
  LoadOptions options = MakeLoadOptions(settings, first_input, std::move(folders), diag);
  return Load(
      [&](const LoadOptions& all, Diagnostics& said) { return LoadProgram(path, all, said); },
      std::move(options), std::move(diag));
}

NodeId NodeNamed(const LoadedProgram& program, const std::optional<std::string>& name) {
  if (!name) return program.output;
  Diagnostics diag;
  const std::optional<NodeId> id = program.traced.Find(*name, diag);
  Check(diag);
  return *id;
}

// The value of an s-op or selector on an input, with the tokens it was evaluated on.
struct Evaluated {
  std::vector<Atom> framed;
  std::optional<NodeValue> value;
  std::optional<Generated> generated;
};

Evaluated EvaluateNode(const LoadedProgram& program, NodeId id, const std::vector<Atom>& input,
                       bool generates, Diagnostics& diag) {
  Evaluated result;
  const auto framed = program.evaluation.frame.Apply(input);
  if (!framed) {
    diag.Error(ErrorKind::kInput, {}, "the padding of this input has an impossible length");
    return result;
  }
  result.framed = *framed;
  const DataflowGraph& graph = program.traced.graph;
  Interpreter interpreter(graph, *framed, program.evaluation.causal);
  const NodeValue* value = interpreter.Evaluate(id, diag);
  if (value == nullptr) return result;
  result.value = *value;
  if (generates && program.evaluation.generation) {
    result.generated = Generate(graph, id, *framed, *program.evaluation.generation, diag,
                                program.evaluation.causal);
  }
  return result;
}

// (tokens, values or rows, generated or None, stopped or None)
nb::tuple Evaluate(const ProgramHandle& self, const std::optional<std::string>& name,
                   nb::handle tokens) {
  const NodeId id = NodeNamed(self.loaded, name);
  const std::vector<Atom> input = AtomsOf(tokens, "the input");
  Diagnostics diag;
  const Evaluated result =
      RunLong([&] { return EvaluateNode(self.loaded, id, input, !name.has_value(), diag); });
  Check(diag);
  const auto* rows = std::get_if<SelectorRows>(&*result.value);
  const nb::object value =
      rows != nullptr ? ToPython(*rows) : ToPython(std::get<SOpValues>(*result.value));
  if (!result.generated) {
    return nb::make_tuple(ToPython(result.framed), value, nb::none(), nb::none());
  }
  return nb::make_tuple(ToPython(result.framed), value, ToPython(result.generated->tokens),
                        result.generated->stopped);
}

// A selector's matrix as text, as `raspc eval` prints it.
nb::str PictureOf(const nb::ndarray<const bool, nb::ndim<2>, nb::c_contig, nb::device::cpu>& matrix,
                  nb::handle tokens) {
  const std::vector<Atom> labels = AtomsOf(tokens, "the tokens");
  if (matrix.shape(0) != labels.size() || matrix.shape(1) != labels.size()) {
    throw Failure(ErrorKind::kInput, "a selector has a row and a column for each token");
  }
  SelectorRows rows{static_cast<int>(labels.size()), {}};
  rows.entries.assign(matrix.data(), matrix.data() + matrix.size());
  return StrOf(SelectorPicture(rows, labels));
}

// (name, whether it is a selector) of all s-ops and selectors; of the library's own, or of the
// program's.
nb::list NamesOf(const ProgramHandle& self, bool of_library) {
  const TracedProgram& traced = self.loaded.traced;
  nb::list names;
  for (const auto& [name, id] : of_library ? traced.library_names : traced.names) {
    names.append(nb::make_tuple(StrOf(name), traced.graph.IsSelector(id)));
  }
  return names;
}

bool IsSelector(const ProgramHandle& self, const std::string& name) {
  return self.loaded.traced.graph.IsSelector(NodeNamed(self.loaded, name));
}

std::unique_ptr<ModelHandle> CompileProgram(const ProgramHandle& self) {
  Diagnostics diag;
  std::optional<Model> model = RunLong([&] { return Compile(self.loaded, diag); });
  Check(diag);
  return std::make_unique<ModelHandle>(*std::move(model));
}

nb::dict StagesOf(const ProgramHandle& self) {
  Diagnostics diag;
  StageDumps dumps;
  RunLong([&] { return Compile(self.loaded, diag, &dumps); });
  Check(diag);
  nb::dict stages;
  stages["graph"] = StrOf(dumps.graph);
  stages["domains"] = StrOf(dumps.domains);
  stages["lowered"] = StrOf(dumps.lowered);
  stages["layers"] = StrOf(dumps.layers);
  stages["layout"] = StrOf(dumps.layout);
  return stages;
}

nb::dict ReportOf(const VerifyReport& report) {
  nb::list differences;
  for (const Difference& difference : report.differences) {
    differences.append(nb::make_tuple(ToPython(difference.input), StrOf(NameOf(difference.engine)),
                                      StrOf(difference.wanted), StrOf(difference.got)));
  }
  nb::dict result;
  result["compared"] = report.compared;
  result["skipped"] = report.skipped;
  result["differing"] = report.differing;
  result["differences"] = differences;
  result["first_skip"] = report.first_skip ? nb::cast(*report.first_skip) : nb::none();
  return result;
}

nb::dict VerifyProgram(const ProgramHandle& self, const ModelHandle& model, const nb::list& inputs,
                       std::int64_t exhaustive, std::int64_t random, std::uint64_t seed,
                       const std::optional<std::string>& engine, std::size_t max_differences,
                       const nb::object& on_progress) {
  VerifyPlan plan;
  for (const nb::handle input : inputs) plan.inputs.push_back(AtomsOf(input, "the input"));
  plan.exhaustive_length = exhaustive;
  plan.random_count = random;
  plan.seed = seed;
  plan.max_differences = max_differences;
  if (const auto kind = EngineKindOf(engine)) plan.engines = {*kind};
  Progress progress;
  plan.on_progress = [&](std::int64_t done, std::int64_t total) {
    progress.done = done;
    progress.total = total;
  };
  Diagnostics diag;
  const std::optional<VerifyReport> report = RunLong(
      [&] { return Verify(self.loaded, model.model(), plan, diag); }, &progress, on_progress);
  Check(diag);
  return ReportOf(*report);
}

}  // namespace

void BindProgram(nb::module_& module) {
  using namespace nb::literals;  // NOLINT(google-build-using-namespace)
  nb::class_<ProgramHandle>(module, "Program")
      .def_prop_ro("output",
                   [](const ProgramHandle& self) { return StrOf(self.loaded.output_name); })
      .def_prop_ro("file",
                   [](const ProgramHandle& self) { return StrOf(self.loaded.source->name()); })
      .def_prop_ro("source",
                   [](const ProgramHandle& self) { return StrOf(self.loaded.source->text()); })
      .def_prop_ro("example",
                   [](const ProgramHandle& self) { return ToPython(self.loaded.traced.example); })
      .def("names", NamesOf, "of_library"_a)
      .def("is_selector", IsSelector, "name"_a)
      .def("evaluate", Evaluate, "name"_a.none(), "tokens"_a)
      .def("compile", CompileProgram)
      .def("stages", StagesOf)
      .def("verify", VerifyProgram, "model"_a, "inputs"_a, "exhaustive"_a, "random"_a, "seed"_a,
           "engine"_a.none(), "max_differences"_a, "on_progress"_a.none());
  module.def("selector_picture", PictureOf, "matrix"_a, "tokens"_a);
  module.def(
      "markup", [](nb::handle text) { return StrOf(MarkupOf(TextOf(text, "the text"))); },
      "text"_a);
  module.def("load_text", LoadText, "text"_a, "name"_a, "settings"_a, "first_input"_a.none(),
             "folders"_a);
  module.def("load_file", LoadFile, "path"_a, "settings"_a, "first_input"_a.none(), "folders"_a);
}

}  // namespace raspc::python
