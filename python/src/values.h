// Python objects and the values of a program: tokens, s-op values, settings, arrays.
//
// An int, float, bool or str is an atom of that type, and so is a NumPy scalar of one of them; a
// str as an input is a token per character. Everything here needs the GIL.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <string_view>
#include <vector>

#include "include/raspc/raspc.h"

namespace raspc::python {

namespace nb = nanobind;

// The bytes of a str, which keeps them alive. Throws Failure for lone surrogates, which UTF-8 does
// not have.
std::string_view TextOf(nb::handle text, std::string_view what);
// Throws Failure (failures.h) of kind kInput for anything that is not an atom: another type, an int
// of more than 64 bits, a float that is not finite, a string with lone surrogates. `what` begins
// the message, such as "the vocabulary".
Atom AtomOf(nb::handle object, std::string_view what);
// The characters of a str, or the atoms of any other iterable.
std::vector<Atom> AtomsOf(nb::handle object, std::string_view what);

nb::object ToPython(const Atom& atom);
nb::list ToPython(const std::vector<Atom>& atoms);
// A str; bytes that are not UTF-8 are replaced.
nb::str StrOf(std::string_view text);

// The settings by name, as ProgramSettings and the directives name them; a value of None is not
// given. Reports what ReadSetting does.
ProgramSettings SettingsOf(const nb::dict& given, Diagnostics& diag);

// A read-only array over the numbers of a matrix or vector, which `owner` keeps alive.
nb::object ViewOf(const Matrix& matrix, nb::handle owner);
nb::object ViewOf(const Vector& vector, nb::handle owner);
// The text as markup shows it on one line: neither the screen nor the markup obeys it.
std::string MarkupOf(std::string_view text);

// A Boolean array of its own: [seq_len, seq_len].
nb::object ToPython(const SelectorRows& rows);

}  // namespace raspc::python
