"""Programs written for Tracr, compiled by raspc.

The modules have the names and functions of Tracr's public interface, so that a program works when
``from tracr.rasp import rasp`` becomes ``from raspc.tracr import rasp``. To run files as they are,
say that this package is ``tracr`` before they are imported::

    import sys
    import raspc.tracr

    sys.modules["tracr"] = raspc.tracr

docs/tracr.md lists what corresponds to what.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType

from raspc.tracr import compiler, rasp
from raspc.tracr.compiler import compiling, lib

__all__ = ["compiler", "compiling", "lib", "rasp"]


class _SameModule(importlib.abc.Loader):
    """Gives a module that there is already, under another name."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._spec = module.__spec__

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec


class _AsTracr(importlib.abc.MetaPathFinder):
    """While ``sys.modules["tracr"]`` is this package, finds its modules by their names in Tracr.

    They are the same modules, not copies, so that classes are the same under both names.
    """

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not name.startswith("tracr.") or sys.modules.get("tracr") is not sys.modules[__name__]:
            return None
        try:
            module = importlib.import_module(__name__ + name.removeprefix("tracr"))
        except ModuleNotFoundError:
            return None
        return importlib.machinery.ModuleSpec(
            name, _SameModule(module), is_package=hasattr(module, "__path__")
        )


sys.meta_path.insert(0, _AsTracr())
