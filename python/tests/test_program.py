"""Programs: s-ops and selectors by name, evaluated and verified."""

from __future__ import annotations

import copy as copying
import pathlib
import pickle
import subprocess
import sysconfig

import numpy as np
import pytest
import raspc

HISTOGRAM = "same = select(tokens, tokens, ==); hist = selector_width(same);"
SORT = pathlib.Path(__file__).parents[2] / "programs" / "sort.rasp"


def test_sops_and_selectors_have_names() -> None:
    program = raspc.Program(HISTOGRAM)
    assert program.names == ["same", "hist"]
    assert program["hist"]("hello") == [1, 1, 2, 2, 1]
    assert program["length"]("hey") == [3, 3, 3]
    same = program["same"]("aba")
    assert isinstance(same, raspc.Selection)
    assert np.array_equal(same, [[1, 0, 1], [0, 1, 0], [1, 0, 1]])
    assert same.widths == [2, 1, 2]
    assert list(program.sops) == ["hist"] and list(program.selectors) == ["same"]
    with pytest.raises(raspc.UndefinedNameError):
        program["his"]


def test_a_program_is_read_from_its_file() -> None:
    assert raspc.interpret(SORT, "headache") == sorted("headache")
    assert raspc.interpret(str(SORT), "headache") == sorted("headache")
    assert raspc.compile(SORT).run("dad") == ["a", "d", "d"]


def test_the_interpreter_takes_an_sop() -> None:
    selection = raspc.interpret(SORT, "cab", "smaller")
    assert isinstance(selection, raspc.Selection)
    assert repr(selection) == "      c a b\n  c | . 1 1\n  a | . . .\n  b | . 1 .\n".rstrip("\n")


def test_what_a_program_prints_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    raspc.interpret('x = indices; x("ab");', "ab")
    assert "0" in capsys.readouterr().out


def test_verify_finds_no_difference() -> None:
    report = raspc.verify(SORT, ["abc"], exhaustive=3, random=50)
    assert report and report.compared == 1 + 8 + 64 + 512 + 50
    assert report.differences == []


def test_verify_says_what_it_skipped() -> None:
    report = raspc.verify("x = 1 / indices;", vocabulary="ab", max_length=3, exhaustive=1)
    assert report and (report.compared, report.skipped) == (0, 2)
    assert report.first_skip is not None and report.first_skip.kind == "value"


def test_verify_finds_a_difference() -> None:
    model = raspc.compile("same = indices + 0;", vocabulary="ab", max_length=3)
    other = raspc.Program("same = indices + 1;", vocabulary="ab", max_length=3)
    report = other.verify(exhaustive=2, model=model, engine="dense", max_differences=1)
    assert not report and report.differing == 6
    assert report.differences == [raspc.Difference(["a"], "dense", "[1]", "[0]")]


def test_a_program_shows_its_stages() -> None:
    stages = raspc.Program(HISTOGRAM, vocabulary="ab", max_length=3).stages()
    assert list(stages) == ["graph", "domains", "lowered", "layers", "layout"]
    assert "select" in stages["graph"]


def test_the_command_comes_with_the_package() -> None:
    command = pathlib.Path(sysconfig.get_path("scripts")) / "raspc"
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"raspc {raspc.__version__}\n"


def test_values_can_be_copied_and_pickled() -> None:
    values = raspc.interpret(HISTOGRAM, "hello")
    assert isinstance(values, raspc.Values)
    for copy in (pickle.loads(pickle.dumps(values)), copying.deepcopy(values)):
        assert copy == values and type(copy) is raspc.Values
        assert (copy.name, copy.tokens) == ("hist", list("hello"))
