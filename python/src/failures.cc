#include "python/src/failures.h"

#include <nanobind/stl/string.h>

#include "python/src/values.h"

namespace raspc::python {
namespace {

// The names of kinds, which raspc._errors maps to classes of exceptions.
const char* NameOfKind(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kSyntax:
      return "syntax";
    case ErrorKind::kUndefined:
      return "undefined";
    case ErrorKind::kReserved:
      return "reserved";
    case ErrorKind::kLoad:
      return "load";
    case ErrorKind::kType:
      return "type";
    case ErrorKind::kValue:
      return "value";
    case ErrorKind::kLimit:
      return "limit";
    case ErrorKind::kInput:
      return "input";
    case ErrorKind::kFile:
      return "file";
    case ErrorKind::kInternal:
      return "internal";
  }
  return "internal";
}

nb::object FileOf(const SourceLocation& where) {
  if (where.source == nullptr) return nb::none();
  return StrOf(where.source->name());
}

nb::object NumberOrNone(bool is_known, int number) {
  return is_known ? nb::object(nb::int_(number)) : nb::none();
}

nb::object SourceLineOf(const SourceLocation& where) {
  return where.IsKnown() ? nb::object(StrOf(where.source->Line(where.line))) : nb::none();
}

nb::list ListOf(const Diagnostics& diag) {
  nb::list list;
  for (const Diagnostic& diagnostic : diag.all()) list.append(nb::cast(diagnostic));
  return list;
}

nb::module_ Errors() { return nb::module_::import_("raspc._errors"); }

void Translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Failure& failure) {
    const nb::object error = Errors().attr("error_of")(ListOf(failure.diagnostics()));
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.ptr())), error.ptr());
  }
}

}  // namespace

void Check(const Diagnostics& diag) {
  if (diag.empty()) return;
  if (diag.HasErrors()) throw Failure(diag);
  Errors().attr("warn_of")(ListOf(diag));
}

void BindFailures(nb::module_& module) {
  using Note = Diagnostic::NoteText;
  const auto message = [](const auto& said) { return StrOf(said.message); };
  const auto file = [](const auto& said) { return FileOf(said.location); };
  const auto line = [](const auto& said) {
    return NumberOrNone(said.location.IsKnown(), said.location.line);
  };
  const auto column = [](const auto& said) {
    return NumberOrNone(said.location.IsKnown(), said.location.column);
  };
  const auto source_line = [](const auto& said) { return SourceLineOf(said.location); };
  nb::class_<Note>(module, "Note")
      .def_prop_ro("message", [=](const Note& note) { return message(note); })
      .def_prop_ro("file", [=](const Note& note) { return file(note); })
      .def_prop_ro("line", [=](const Note& note) { return line(note); })
      .def_prop_ro("column", [=](const Note& note) { return column(note); })
      .def_prop_ro("source_line", [=](const Note& note) { return source_line(note); });
  nb::class_<Diagnostic>(module, "Diagnostic")
      .def_prop_ro("kind", [](const Diagnostic& self) { return NameOfKind(self.kind); })
      .def_prop_ro("severity",
                   [](const Diagnostic& self) {
                     return self.severity == Severity::kError ? "error" : "warning";
                   })
      .def_prop_ro("message", [=](const Diagnostic& self) { return message(self); })
      .def_prop_ro("file", [=](const Diagnostic& self) { return file(self); })
      .def_prop_ro("line", [=](const Diagnostic& self) { return line(self); })
      .def_prop_ro("column", [=](const Diagnostic& self) { return column(self); })
      .def_prop_ro("source_line", [=](const Diagnostic& self) { return source_line(self); })
      .def_prop_ro("notes",
                   [](const Diagnostic& self) {
                     nb::list notes;
                     for (const Note& note : self.notes) notes.append(nb::cast(note));
                     return notes;
                   })
      .def("__str__", [](const Diagnostic& self) { return StrOf(Render(self)); });
  nb::register_exception_translator(Translate);
}

}  // namespace raspc::python
