"""Exceptions and warnings, made of the diagnostics of the compiler."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raspc import _core


@dataclass(frozen=True)
class Note:
    """A remark on an error or warning, with a place of its own if there is one."""

    message: str
    file: str | None
    line: int | None
    column: int | None
    source_line: str | None


@dataclass(frozen=True)
class Diagnostic:
    """An error or a warning. ``str(diagnostic)`` is what the command prints."""

    #: The kind of rule that was broken, such as ``"syntax"``.
    kind: str
    #: ``"error"`` or ``"warning"``.
    severity: str
    message: str
    #: The name of the program, option or file; None if there is no particular one.
    file: str | None
    #: The line and the column in code points, from 1; None if there is no particular place.
    line: int | None
    column: int | None
    #: The text of the line.
    source_line: str | None
    notes: tuple[Note, ...]
    #: All of it as text.
    text: str

    def __str__(self) -> str:
        return self.text


class Error(Exception):
    """What is wrong with a program, an input, an option or a file.

    ``str(error)`` is what the command prints: every message with its place, the source line and a
    caret. The attributes describe the first error.
    """

    #: All errors and warnings, in the order in which they were found.
    diagnostics: tuple[Diagnostic, ...]

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(map(str, diagnostics)))

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> tuple[type[Error], tuple[tuple[Diagnostic, ...]]]:
        return type(self), (self.diagnostics,)

    @property
    def first(self) -> Diagnostic:
        """The first error."""
        return next(d for d in self.diagnostics if d.severity == "error")

    @property
    def message(self) -> str:
        """What is wrong, without its place."""
        return self.first.message

    @property
    def kind(self) -> str:
        """The kind of rule that was broken, such as ``"syntax"``."""
        return self.first.kind

    @property
    def file(self) -> str | None:
        """The name of the program, option or file; None if there is no particular one."""
        return self.first.file

    @property
    def line(self) -> int | None:
        """The line, from 1; None if there is no particular one."""
        return self.first.line

    @property
    def column(self) -> int | None:
        """The column in code points, from 1; None if there is no particular one."""
        return self.first.column

    @property
    def source_line(self) -> str | None:
        """The text of the line."""
        return self.first.source_line

    @property
    def notes(self) -> tuple[Note, ...]:
        """Further remarks on the first error, each with a place of its own."""
        return self.first.notes


class ProgramSyntaxError(Error):
    """The program is not in the grammar."""


class UndefinedNameError(Error, NameError):
    """A name, of an s-op or of a language, that does not exist."""


class ReservedNameError(Error):
    """An assignment to a name that cannot be assigned."""


class LoadError(Error):
    """A file that a program loads does not exist."""


class ProgramTypeError(Error, TypeError):
    """Operands, arguments or elements that do not fit."""


class ProgramValueError(Error, ValueError):
    """Right types but impossible values; a language that a mechanism cannot recognise."""


class LimitError(Error):
    """A limit was reached: nesting, steps, memory, sizes of domains or models."""


class InputError(Error, ValueError):
    """An input or an option that does not fit the program or model."""


class FileError(Error, OSError):
    """A file that cannot be read, written or understood."""


class InternalError(Error):
    """A bug in raspc."""


class RaspWarning(UserWarning):
    """Something in a program that is most likely unintended, or that may fail on some inputs."""


_CLASSES: dict[str, type[Error]] = {
    "syntax": ProgramSyntaxError,
    "undefined": UndefinedNameError,
    "reserved": ReservedNameError,
    "load": LoadError,
    "type": ProgramTypeError,
    "value": ProgramValueError,
    "limit": LimitError,
    "input": InputError,
    "file": FileError,
    "internal": InternalError,
}

_FOLDER = os.path.dirname(__file__)


def diagnostic_of(core: _core.Diagnostic) -> Diagnostic:
    """What the compiler reported, as a value of Python."""
    notes = tuple(
        Note(note.message, note.file, note.line, note.column, note.source_line)
        for note in core.notes
    )
    return Diagnostic(
        core.kind,
        core.severity,
        core.message,
        core.file,
        core.line,
        core.column,
        core.source_line,
        notes,
        str(core).rstrip("\n"),
    )


def error_of(diagnostics: Sequence[_core.Diagnostic]) -> Error:
    """The exception for diagnostics with an error; its class is that of the first."""
    made = [diagnostic_of(diagnostic) for diagnostic in diagnostics]
    first = next(diagnostic for diagnostic in made if diagnostic.severity == "error")
    return _CLASSES[first.kind](made)


def warn_of(diagnostics: Sequence[_core.Diagnostic]) -> None:
    """Issues a warning for each diagnostic, at the line of the user's code that called raspc."""
    frame = sys._getframe(1)
    level = 2
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_FOLDER):
        frame = frame.f_back
        level += 1
    for diagnostic in diagnostics:
        warnings.warn(str(diagnostic).rstrip("\n"), RaspWarning, stacklevel=level)
