"""Every session in docs/python.md and in the docstring of the package, run as it is written."""

from __future__ import annotations

import ast
import doctest
import pathlib
from typing import Any

import pytest
import raspc

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "python.md"


def run_session(text: str, name: str) -> None:
    test = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    assert test.examples
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    output: list[str] = []
    runner.run(test, out=output.append)
    assert not output, "".join(output)


def test_the_pages_sessions() -> None:
    blocks = PAGE.read_text().split("```")[1::2]
    assert all(block.startswith("pycon\n") for block in blocks)
    run_session("\n".join(block.removeprefix("pycon\n") for block in blocks), PAGE.name)


def test_the_readmes_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PAGE.parents[1])
    text = pathlib.Path("README.md").read_text().split("## In Python\n")[1].split("\n## ")[0]
    lines = [line[4:] for line in text.splitlines() if line.startswith("    ")]
    assert lines[0] == "import raspc"
    names: dict[str, Any] = {}
    for line in lines:
        code, _, comment = line.partition("# ")
        if comment.startswith("["):
            assert eval(code, names) == ast.literal_eval(comment)
        else:
            exec(code, names)


def test_the_packages_session() -> None:
    run_session(raspc.__doc__ or "", "raspc")
