#include "python/src/values.h"

#include <nanobind/stl/string.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "python/src/failures.h"

namespace raspc::python {
namespace {

[[noreturn]] void FailInput(std::string message) {
  throw Failure(ErrorKind::kInput, std::move(message));
}

std::string TypeNameOf(nb::handle object) {
  return nb::cast<std::string>(nb::handle(object.type()).attr("__name__"));
}

std::int64_t IntOf(nb::handle number, std::string_view what) {
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
  if (overflow != 0) FailInput(std::string(what) + " has an int of more than 64 bits");
  return value;
}

// A NumPy scalar as an object of Python, or nothing.
nb::object ScalarOf(nb::handle object) {
  if (!nb::hasattr(object, "item") || !nb::hasattr(object, "ndim")) return {};
  if (!nb::handle(object.attr("ndim")).equal(nb::int_(0))) return {};
  nb::object item = object.attr("item")();
  return item.type().is(object.type()) ? nb::object() : item;
}

// The tokens of a list or tuple. A batch has tens of thousands, so the commonest kinds are stored
// where they will be, without a detour.
template <class ItemAt>
void AppendAll(Py_ssize_t size, const ItemAt& item_at, std::string_view what,
               std::vector<Atom>& atoms) {
  atoms.reserve(static_cast<std::size_t>(size));
  for (Py_ssize_t i = 0; i < size; ++i) {
    PyObject* const item = item_at(i);
    if (item == nullptr) {  // converting another item ran code that shortened the list
      PyErr_Clear();
      FailInput(std::string(what) + " changed while it was read");
    }
    if (PyUnicode_CheckExact(item)) {
      Py_ssize_t bytes = 0;
      const char* text = PyUnicode_AsUTF8AndSize(item, &bytes);
      if (text != nullptr) {
        atoms.emplace_back(std::in_place_type<std::string>, text, static_cast<std::size_t>(bytes));
        continue;
      }
      PyErr_Clear();
    }
    atoms.push_back(AtomOf(nb::borrow(item), what));
  }
}

bool IsListOfAtoms(std::string_view setting) {
  constexpr std::string_view kLists[] = {"vocab", "alphabet", "stop", "append", "pad", "example"};
  return std::find(std::begin(kLists), std::end(kLists), setting) != std::end(kLists);
}

// The text of a setting, as a directive gives it.
std::string SettingText(std::string_view name, nb::handle value) {
  if (IsListOfAtoms(name)) return ToJson(AtomsOf(value, name));
  if (PyBool_Check(value.ptr())) return value.ptr() == Py_True ? "true" : "false";
  const nb::str text(value);
  return std::string(TextOf(text, name));
}

template <class Numbers>
nb::object MakeView(const Numbers& numbers, std::initializer_list<std::size_t> shape,
                    nb::handle owner) {
  return nb::cast(nb::ndarray<nb::numpy, const double>(numbers.data(), shape, owner));
}

}  // namespace

std::string_view TextOf(nb::handle text, std::string_view what) {
  Py_ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
  if (bytes == nullptr) {
    PyErr_Clear();
    FailInput(std::string(what) + " has a string with a lone surrogate, which is not a character");
  }
  return {bytes, static_cast<std::size_t>(size)};
}

Atom AtomOf(nb::handle object, std::string_view what) {
  PyObject* const value = object.ptr();
  if (PyUnicode_Check(value)) return std::string(TextOf(object, what));
  if (PyBool_Check(value)) return value == Py_True;
  if (PyLong_Check(value)) return IntOf(object, what);
  if (PyFloat_Check(value)) {
    const double number = PyFloat_AsDouble(value);
    if (!std::isfinite(number)) FailInput(std::string(what) + " has a float that is not finite");
    return number;
  }
  if (const nb::object scalar = ScalarOf(object); scalar.is_valid()) return AtomOf(scalar, what);
  FailInput(std::string(what) + " has an object of type '" + TypeNameOf(object) +
            "'; tokens and values are int, float, bool or str");
}

std::vector<Atom> AtomsOf(nb::handle object, std::string_view what) {
  if (PyUnicode_Check(object.ptr())) return CodePoints(TextOf(object, what));
  if (PyBytes_Check(object.ptr()) || PyDict_Check(object.ptr()) ||
      PyObject_HasAttrString(object.ptr(), "__iter__") == 0) {
    FailInput(std::string(what) + " is of type '" + TypeNameOf(object) +
              "'; write a str, whose characters are the tokens, or a list of tokens");
  }
  std::vector<Atom> atoms;
  PyObject* const items = object.ptr();
  if (PyList_Check(items)) {
    AppendAll(
        PyList_Size(items), [&](Py_ssize_t i) { return PyList_GetItem(items, i); }, what, atoms);
  } else if (PyTuple_Check(items)) {
    AppendAll(
        PyTuple_Size(items), [&](Py_ssize_t i) { return PyTuple_GetItem(items, i); }, what, atoms);
  } else {
    for (const nb::handle item : nb::iter(object)) atoms.push_back(AtomOf(item, what));
  }
  return atoms;
}

nb::object ToPython(const Atom& atom) {
  switch (TypeOf(atom)) {
    case AtomType::kInt:
      return nb::steal(PyLong_FromLongLong(std::get<std::int64_t>(atom)));
    case AtomType::kFloat:
      return nb::steal(PyFloat_FromDouble(std::get<Float>(atom).nearest()));
    case AtomType::kBool:
      return nb::borrow(std::get<bool>(atom) ? Py_True : Py_False);
    case AtomType::kString:
      return StrOf(std::get<std::string>(atom));
  }
  return nb::none();
}

nb::list ToPython(const std::vector<Atom>& atoms) {
  nb::list list = nb::steal<nb::list>(PyList_New(static_cast<Py_ssize_t>(atoms.size())));
  if (!list.is_valid()) throw nb::python_error();
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    // Takes over the reference.
    PyList_SetItem(list.ptr(), static_cast<Py_ssize_t>(i), ToPython(atoms[i]).release().ptr());
  }
  return list;
}

nb::str StrOf(std::string_view text) {
  PyObject* const decoded =
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
  if (decoded == nullptr) throw nb::python_error();
  return nb::steal<nb::str>(decoded);
}

ProgramSettings SettingsOf(const nb::dict& given, Diagnostics& diag) {
  ProgramSettings settings;
  for (const auto& [key, value] : given) {
    if (value.is_none()) continue;
    const auto name = nb::cast<std::string>(key);
    const std::string text = SettingText(name, value);
    const SourceLocation here{std::make_shared<const SourceText>(name, text), 1, 1};
    if (name == "dtype") {
      settings.dtype = DTypeNamed(text);
      if (!settings.dtype)
        diag.Error(ErrorKind::kInput, here, UnknownName(name, text, DTypeNames()));
    } else {
      ReadSetting(name, text, here, settings, diag);
    }
  }
  return settings;
}

nb::object ViewOf(const Matrix& matrix, nb::handle owner) {
  return MakeView(
      matrix, {static_cast<std::size_t>(matrix.rows()), static_cast<std::size_t>(matrix.cols())},
      owner);
}

nb::object ViewOf(const Vector& vector, nb::handle owner) {
  return MakeView(vector, {static_cast<std::size_t>(vector.size())}, owner);
}

std::string MarkupOf(std::string_view text) { return EscapeHtml(EscapeText(text)); }

nb::object ToPython(const SelectorRows& rows) {
  auto entries = std::make_unique<std::vector<std::uint8_t>>(rows.entries);
  const auto seq_len = static_cast<std::size_t>(rows.seq_len);
  bool* const data = reinterpret_cast<bool*>(entries->data());
  const nb::capsule owner(entries.get(), [](void* kept) noexcept {
    delete static_cast<std::vector<std::uint8_t>*>(kept);
  });
  entries.release();  // NOLINT(bugprone-unused-return-value): the capsule has it
  return nb::cast(nb::ndarray<nb::numpy, bool>(data, {seq_len, seq_len}, owner));
}

}  // namespace raspc::python
