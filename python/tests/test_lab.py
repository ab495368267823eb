"""The laboratory: languages, recognisers, the suite."""

from __future__ import annotations

import itertools
import pathlib

import pytest
import raspc
from raspc import lab


def test_a_language_is_classified() -> None:
    ab = lab.classify("regex:(ab)*")
    assert (ab.num_states, ab.monoid_size, ab.aperiodic, ab.groups) == (3, 6, True, [])
    assert ab.models["H"].recognises and not ab.models["F"].recognises
    assert ab.mechanisms["cot"].cost == "n+1 steps"
    assert ab.failing_pairs[0]["repeated"] == "ab"
    parity = lab.classify("parity")
    assert (parity.aperiodic, parity.groups) == (False, ["C2"])
    assert lab.classify("regex:a*", alphabet="ab").alphabet == ["a", "b"]


def test_an_automaton_accepts_the_words_of_its_language() -> None:
    automaton = lab.classify("regex:(ab)*").automaton
    for length in range(5):
        for letters in itertools.product("ab", repeat=length):
            word = "".join(letters)
            assert automaton.accepts(word) == (word == "ab" * (length // 2))
    with pytest.raises(raspc.InputError):
        automaton.accepts("abc")
    assert automaton.dead == {2}
    assert automaton.dot.startswith("digraph")


@pytest.mark.parametrize("by", ["direct", "log-depth", "cot", "pad"])
def test_a_recogniser_decides_its_language(by: lab.Mechanism) -> None:
    recogniser = lab.recognise("parity", by=by, max_length=6)
    problem = lab.problem("parity")
    words = ["".join(w) for n in range(5) for w in itertools.product(problem.alphabet, repeat=n)]
    assert lab.decide_all(recogniser, words) == [problem.answer(word) for word in words]
    assert recogniser.by == by and recogniser.depth > 0
    again = raspc.compile(recogniser.source)
    assert lab.decide_all(again, words) == lab.decide_all(recogniser, words)


def test_a_task_has_an_answer() -> None:
    assert "reverse_string" in [entry.name for entry in lab.catalogue() if entry.kind == "task"]
    task = lab.problem("reverse_string")
    assert task.kind == "task" and task.theory["direct"].applies
    first, second = task.alphabet[:2]
    assert task.answer([first, first, second]) == [second, first, first]


@pytest.mark.parametrize(
    "name",
    ["regex:(ab", "regex:" + "(" * 100_000, "parityy", "no/such.json", "formula:", "dyck(0)"],
)
def test_a_bad_language_raises(name: str) -> None:
    with pytest.raises(raspc.Error):
        lab.problem(name)
    with pytest.raises(raspc.Error):
        lab.classify(name)


def test_what_a_mechanism_cannot_do_raises_with_the_theorem() -> None:
    with pytest.raises(raspc.ProgramValueError, match="TC0|NC1"):
        lab.recognise("s5")
    with pytest.raises(raspc.InputError, match="did you mean 'direct'"):
        lab.recognise("parity", by="direkt")  # type: ignore[arg-type]
    with pytest.raises(raspc.InputError, match="from 1 to"):
        lab.recognise("parity", max_length=0)
    with pytest.raises(raspc.InputError, match="rounds"):
        lab.recognise("parity", rounds=2)
    with pytest.raises(raspc.InputError):
        lab.decide(raspc.compile("x = indices;", vocabulary="ab", max_length=2), "a")
    with pytest.raises(raspc.InputError):
        lab.recognise("parity", max_length=4).accepts("xyz")


def test_an_automaton_is_read_from_its_file(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '{"type": "dfa", "alphabet": "a", "states": 2, "start": 0, "accepting": [0],'
        ' "transitions": [[0, "a", 1], [1, "a", 0]]}'
    )
    assert lab.classify(str(path)).num_states == 2
    path.write_text("{}")
    with pytest.raises(raspc.FileError):
        lab.classify(str(path))


@pytest.mark.slow
def test_the_suite_compares_models_with_theory() -> None:
    report = lab.suite("quick", only=["parity", "dyck(1)"], exhaustive=3, samples=4)
    assert report.mismatches == []
    assert [problem["name"] for problem in report.problems] == ["parity", "dyck(1)"]
    assert "parity" in repr(report) and report.html.startswith("<!")
    with pytest.raises(raspc.UndefinedNameError):
        lab.suite(only=["no_such_*"])
