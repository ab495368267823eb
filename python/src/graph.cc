// Graphs that a front end in Python builds: a node at a time, with functions of Python as
// operations and predicates.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "python/src/bind.h"
#include "python/src/failures.h"
#include "python/src/values.h"

namespace raspc::python {
namespace {

// What an exception says: "ZeroDivisionError: division by zero". Only an Exception; whatever else
// is raised, such as a KeyboardInterrupt, ends what calls the function.
OpResult ErrorOf(nb::python_error& raised) {
  if (!raised.matches(PyExc_Exception)) throw raised;
  const nb::object name = nb::handle(raised.type()).attr("__name__");
  const std::string what =
      nb::cast<std::string>(nb::str(name)) + ": " + nb::cast<std::string>(nb::str(raised.value()));
  return OpError{ErrorKind::kValue, what};
}

// Calls a function of Python, whose arguments and result are atoms. Takes the GIL.
class PythonFunction {
 public:
  explicit PythonFunction(nb::object function)
      : function_(new nb::object(std::move(function)), [](nb::object* held) {
          const nb::gil_scoped_acquire gil;
          delete held;
        }) {}

  OpResult operator()(std::span<const Atom> point) const {
    const nb::gil_scoped_acquire gil;
    try {
      nb::list arguments;
      for (const Atom& atom : point) arguments.append(ToPython(atom));
      return AtomOf((*function_)(*nb::tuple(arguments)), "the result");
    } catch (nb::python_error& raised) {
      return ErrorOf(raised);
    } catch (const Failure& failure) {
      return OpError{ErrorKind::kValue, failure.diagnostics().all().front().message};
    }
  }

 private:
  std::shared_ptr<nb::object> function_;
};

std::shared_ptr<const HostFunction> HostFunctionOf(nb::object function, std::string name,
                                                   bool keeps_none) {
  return std::make_shared<HostFunction>(std::move(name), PythonFunction(std::move(function)),
                                        keeps_none);
}

class GraphHandle {
 public:
  GraphBuilder& build() { return build_; }

  // The id of a node that was just added; throws what was reported.
  int Added(NodeId id) {
    if (diag_.HasErrors()) {
      Diagnostics failed;
      std::swap(failed, diag_);
      throw Failure(std::move(failed));
    }
    return id.value;
  }

  // Nodes added from now on come from this line of a file.
  void At(const std::string& file, const std::string& text, int line) {
    std::shared_ptr<const SourceText>& source = sources_[file];
    if (source == nullptr) source = std::make_shared<const SourceText>(file, text);
    build_.At({source, line, 1});
  }

 private:
  Diagnostics diag_;
  GraphBuilder build_{diag_, ValueRules::kPython};
  std::map<std::string, std::shared_ptr<const SourceText>> sources_;
};

std::vector<NodeId> NodesOf(const std::vector<int>& ids) {
  std::vector<NodeId> nodes;
  for (const int id : ids) nodes.push_back(NodeId{id});
  return nodes;
}

// The operation with this symbol; the first of several.
MapOp OperationNamed(const std::string& symbol, std::size_t num_operands) {
  constexpr MapOp kOperations[] = {MapOp::kAdd,          MapOp::kSubtract,  MapOp::kMultiply,
                                   MapOp::kDivide,       MapOp::kEqual,     MapOp::kNotEqual,
                                   MapOp::kLess,         MapOp::kLessEqual, MapOp::kGreater,
                                   MapOp::kGreaterEqual, MapOp::kNot,       MapOp::kRound};
  for (const MapOp op : kOperations) {
    if (NameOf(op) == symbol && NumOperands(op) == static_cast<int>(num_operands)) return op;
  }
  throw Failure(ErrorKind::kInput, "there is no operation '" + symbol + "'");
}

Comparison ComparisonNamed(const std::string& symbol) {
  constexpr Comparison kComparisons[] = {Comparison::kEqual,   Comparison::kNotEqual,
                                         Comparison::kLess,    Comparison::kLessEqual,
                                         Comparison::kGreater, Comparison::kGreaterEqual};
  for (const Comparison op : kComparisons) {
    if (Spelling(op) == symbol) return op;
  }
  throw Failure(ErrorKind::kInput, "there is no comparison '" + symbol + "'");
}

int ConstantOf(GraphHandle& self, nb::handle value) {
  return self.Added(self.build().Constant(AtomOf(value, "the constant")));
}

int OperationOf(GraphHandle& self, const std::string& symbol, const std::vector<int>& operands) {
  return self.Added(self.build().Map(OperationNamed(symbol, operands.size()), NodesOf(operands)));
}

int FunctionOf(GraphHandle& self, nb::object function, std::string name, bool keeps_none,
               const std::vector<int>& operands) {
  return self.Added(self.build().Map(
      HostFunctionOf(std::move(function), std::move(name), keeps_none), NodesOf(operands)));
}

int SelectOf(GraphHandle& self, int keys, int queries, const std::string& symbol) {
  return self.Added(self.build().Select(NodeId{keys}, NodeId{queries}, ComparisonNamed(symbol)));
}

int SelectBy(GraphHandle& self, int keys, int queries, nb::object predicate, std::string name) {
  return self.Added(self.build().Select(NodeId{keys}, NodeId{queries},
                                        HostFunctionOf(std::move(predicate), std::move(name),
                                                       /*keeps_none=*/false)));
}

int AggregateOf(GraphHandle& self, int selector, int values, nb::handle default_value) {
  return self.Added(self.build().Aggregate(NodeId{selector}, NodeId{values},
                                           AtomOf(default_value, "the default")));
}

std::unique_ptr<ProgramHandle> ProgramOf(GraphHandle& self, int output, std::string name,
                                         const nb::dict& settings) {
  Diagnostics diag;
  const ProgramSettings given = SettingsOf(settings, diag);
  Check(diag);
  auto program = MakeProgram(self.build().graph(), NodeId{output}, std::move(name), given, diag);
  Check(diag);
  return std::make_unique<ProgramHandle>(*std::move(program));
}

}  // namespace

void BindGraph(nb::module_& module) {
  using Self = GraphHandle;
  using nb::arg;
  nb::class_<Self>(module, "Graph")
      .def(nb::init<>())
      .def("tokens", [](Self& self) { return self.Added(self.build().Tokens()); })
      .def("indices", [](Self& self) { return self.Added(self.build().Indices()); })
      .def("length", [](Self& self) { return self.Added(self.build().Length()); })
      .def("constant", ConstantOf, arg("value"))
      .def("operation", OperationOf, arg("symbol"), arg("operands"))
      .def("function", FunctionOf, arg("function"), arg("name"), arg("keeps_none"), arg("operands"))
      .def("select", SelectOf, arg("keys"), arg("queries"), arg("symbol"))
      .def("select_by", SelectBy, arg("keys"), arg("queries"), arg("predicate"), arg("name"))
      .def("select_all", [](Self& self) { return self.Added(self.build().SelectAll()); })
      .def("select_none", [](Self& self) { return self.Added(self.build().SelectNone()); })
      .def(
          "select_both",
          [](Self& self, int a, int b) {
            return self.Added(self.build().And(NodeId{a}, NodeId{b}));
          },
          arg("a"), arg("b"))
      .def(
          "select_either",
          [](Self& self, int a, int b) {
            return self.Added(self.build().Or(NodeId{a}, NodeId{b}));
          },
          arg("a"), arg("b"))
      .def(
          "select_not",
          [](Self& self, int selector) { return self.Added(self.build().Not(NodeId{selector})); },
          arg("selector"))
      .def("aggregate", AggregateOf, arg("selector"), arg("values"), arg("default_value"))
      .def(
          "selector_width",
          [](Self& self, int selector) {
            return self.Added(self.build().SelectorWidth(NodeId{selector}));
          },
          arg("selector"))
      .def(
          "name",
          [](Self& self, int id, std::string name) {
            self.build().Name(NodeId{id}, std::move(name));
          },
          arg("id"), arg("name"))
      .def("at", &Self::At, arg("file"), arg("text"), arg("line"))
      .def("program", ProgramOf, arg("output"), arg("name"), arg("settings"));
  module.def("host_value_mark", [] { return StrOf(kHostValueMark); });
}

}  // namespace raspc::python
