"""Exceptions and warnings, and that hostile input ends in one of them."""

from __future__ import annotations

import pathlib
import pickle
from typing import Any

import numpy as np
import pytest
import raspc


def test_an_error_has_its_place() -> None:
    with pytest.raises(raspc.ProgramSyntaxError) as caught:
        raspc.compile("a = indices;\nx = tokens +;\n", vocabulary="ab", max_length=3)
    error = caught.value
    assert (error.file, error.line, error.column) == ("<program>", 2, 13)
    assert error.source_line == "x = tokens +;"
    assert str(error).splitlines()[0] == f"<program>:2:13: error: {error.message}"
    assert str(error).splitlines()[2].index("^") == 4 + 12


def test_an_error_has_all_diagnostics_and_notes() -> None:
    with pytest.raises(raspc.Error) as caught:
        raspc.compile("a = foo;\nb = bar;\n", vocabulary="ab", max_length=3)
    assert [d.line for d in caught.value.diagnostics] == [1, 2]
    copy = pickle.loads(pickle.dumps(caught.value))
    assert type(copy) is type(caught.value) and str(copy) == str(caught.value)
    assert copy.diagnostics == caught.value.diagnostics
    model = raspc.compile("same = tokens;", vocabulary="ab", max_length=3)
    with pytest.raises(raspc.InputError) as unknown:
        model.run("xyz")
    assert [note.message for note in unknown.value.notes] == ['inputs may use "a", "b"']


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("x = ;", raspc.ProgramSyntaxError),
        ("x = foo;", raspc.UndefinedNameError),
        ("range = tokens;", raspc.ReservedNameError),
        ('load "no_such_library"; x = tokens;', raspc.LoadError),
        ("x = tokens + (tokens == tokens and 1);", raspc.Error),
        ("x = selector_width(tokens);", raspc.ProgramTypeError),
        ("x = 1 / 0; y = tokens;", raspc.ProgramValueError),
        ("(" * 100_000, raspc.Error),
        ("x = [" * 100_000 + "=", raspc.Error),
        ("\x00=", raspc.ProgramSyntaxError),
        ("", raspc.Error),
        ("=\ud800", raspc.Error),
    ],
)
def test_a_bad_program_raises(source: str, kind: type[raspc.Error]) -> None:
    with pytest.raises(kind):
        raspc.compile(source, vocabulary="ab", max_length=3)


@pytest.mark.parametrize(
    "settings",
    [
        {"vocabulary": "aa"},
        {"vocabulary": 3},
        {"vocabulary": []},
        {"vocabulary": [None]},
        {"vocabulary": [2**70]},
        {"vocabulary": [float("nan")]},
        {"vocabulary": ["\ud800"]},
        {"vocabulary": [["a"]]},
        {"vocabulary": b"ab"},
        {"max_length": 0},
        {"max_length": 2**70},
        {"max_length": 2.5},
        {"max_length": "3 "},
        {"max_length": True},
        {"target": "transformer"},
        {"dtype": "bf16"},
        {"arithmetic": "exact"},
        {"sop": "1x"},
        {"sop": "same\x00"},
        {"pad": ("_",)},
        {"pad": ("_", "n^99")},
        {"pad": ("_", "2^n")},
        {"stop": "x", "max_steps": -1},
        {"max_domain": 0},
        {"alphabet": "xyz"},
    ],
)
def test_a_bad_setting_raises(settings: dict[str, Any]) -> None:
    good: dict[str, Any] = {"vocabulary": "ab", "max_length": 3}
    with pytest.raises(raspc.Error):
        raspc.compile("same = tokens;", **{**good, **settings})


@pytest.mark.parametrize(
    "tokens", ["", "abcd", "x", 3, None, b"a", ["a", None], [float("inf")], ["\ud800"], {"a": 1}]
)
def test_a_bad_input_raises(tokens: Any) -> None:
    model = raspc.compile("same = tokens;", vocabulary="ab", max_length=3)
    with pytest.raises((raspc.InputError, TypeError)):
        model.run(tokens)
    with pytest.raises((raspc.InputError, TypeError)):
        model.trace(tokens)


def test_numpy_scalars_are_tokens() -> None:
    model = raspc.compile("same = tokens_int;", vocabulary=np.array([1, 2, 3]), max_length=3)
    assert model.run([np.int64(1), 2]) == model.run(np.array([1, 2])) == [1, 2]
    assert model.run(np.array([[1, 2], [3, 3]])) == [[1, 2], [3, 3]]
    with pytest.raises(raspc.InputError):
        model.run([np.float64(1.0)])


def test_a_broken_model_file_raises(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "m.safetensors"
    model = raspc.compile("same = tokens;", vocabulary="ab", max_length=3)
    model.save(path)
    data = path.read_bytes()
    for size in range(0, len(data), 97):
        path.write_bytes(data[:size])
        with pytest.raises(raspc.FileError):
            raspc.load(path)
    with pytest.raises(raspc.FileError):
        raspc.load(tmp_path)
    with pytest.raises(raspc.FileError):
        model.save(tmp_path / "no" / "folder.safetensors")


def test_a_warning_is_a_warning_here() -> None:
    source = "x = aggregate(select(tokens, tokens, ==), indices); y = indices / (x - 1);"
    with pytest.warns(raspc.RaspWarning, match="y") as caught:
        raspc.compile(source, vocabulary="ab", max_length=3)
    assert caught[0].filename == __file__


def test_an_error_warning_raises() -> None:
    import warnings

    source = "x = aggregate(select(tokens, tokens, ==), indices); y = indices / (x - 1);"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(raspc.RaspWarning):
            raspc.compile(source, vocabulary="ab", max_length=3)
