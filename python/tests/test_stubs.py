"""The stub of the extension lists what the extension has: names, and the names of parameters."""

from __future__ import annotations

import ast
import pathlib
import re
from collections.abc import Iterator

from raspc import _core

Signatures = dict[str, "list[str] | None"]


def of_stub() -> Iterator[tuple[str, list[str] | None]]:
    text = pathlib.Path(_core.__file__).with_name("_core.pyi").read_text()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, [argument.arg for argument in node.args.args]
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                assert isinstance(member, ast.FunctionDef)
                is_property = bool(member.decorator_list)
                arguments = [argument.arg for argument in member.args.args[1:]]
                yield f"{node.name}.{member.name}", None if is_property else arguments


def parameters(function: object) -> list[str]:
    signature = str(function.__doc__).splitlines()[0]
    inside = signature[signature.index("(") + 1 : signature.rindex(") ->")]
    # Commas inside brackets belong to types.
    while re.search(r"\[[^\[\]]*\]", inside):
        inside = re.sub(r"\[[^\[\]]*\]", "", inside)
    names = [part.split(":")[0].strip() for part in inside.split(",") if part.strip()]
    return [name for name in names if name not in ("self", "/")]


def of_extension() -> Iterator[tuple[str, list[str] | None]]:
    for name, thing in vars(_core).items():
        if name.startswith("_"):
            continue
        if not isinstance(thing, type):
            yield name, parameters(thing)
            continue
        for member, value in vars(thing).items():
            if not member.startswith("_"):
                yield f"{name}.{member}", None if isinstance(value, property) else parameters(value)


def test_the_stub_is_that_of_the_extension() -> None:
    assert dict(of_stub()) == dict(of_extension())
