"""raspc compiles RASP programs into exact transformer weights, runs them, and studies languages.

>>> import raspc
>>> model = raspc.compile(
...     "same = select(tokens, tokens, ==); hist = selector_width(same);",
...     vocabulary="helo", max_length=8)
>>> model.run("hello")
[1, 1, 2, 2, 1]
"""

from typing import TYPE_CHECKING

from raspc import _core
from raspc._errors import (
    Diagnostic,
    Error,
    FileError,
    InputError,
    InternalError,
    LimitError,
    LoadError,
    Note,
    ProgramSyntaxError,
    ProgramTypeError,
    ProgramValueError,
    RaspWarning,
    ReservedNameError,
    UndefinedNameError,
)
from raspc._model import (
    Bound,
    Certificate,
    Head,
    Intervention,
    Layer,
    Mlp,
    Model,
    Sizes,
    Variable,
    load,
)
from raspc._program import (
    Difference,
    Program,
    Selector,
    SOp,
    VerifyReport,
    compile,
    interpret,
    verify,
)
from raspc._trace import Attention, Trace
from raspc._values import Atom, Selection, Tokens, Values

if TYPE_CHECKING:
    from raspc import lab

__version__: str = _core.__version__

__all__ = [
    "Atom",
    "Attention",
    "Bound",
    "Certificate",
    "Diagnostic",
    "Difference",
    "Error",
    "FileError",
    "Head",
    "InputError",
    "InternalError",
    "Intervention",
    "Layer",
    "LimitError",
    "LoadError",
    "Mlp",
    "Model",
    "Note",
    "Program",
    "ProgramSyntaxError",
    "ProgramTypeError",
    "ProgramValueError",
    "RaspWarning",
    "ReservedNameError",
    "SOp",
    "Selection",
    "Selector",
    "Sizes",
    "Tokens",
    "Trace",
    "UndefinedNameError",
    "Values",
    "Variable",
    "VerifyReport",
    "compile",
    "interpret",
    "lab",
    "load",
    "verify",
]


def __getattr__(name: str) -> object:
    # The laboratory is imported when it is first used, and NumPy with the first array, so that the
    # package itself is imported quickly.
    if name != "lab":
        raise AttributeError(f"module 'raspc' has no attribute {name!r}")
    import importlib

    return importlib.import_module("raspc.lab")


# Messages and documentation name what is used, not the module it happens to be in.
for _name in __all__:
    if isinstance(globals().get(_name), type):
        globals()[_name].__module__ = "raspc"
