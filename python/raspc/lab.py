"""The laboratory: formal languages and tasks, and the transformers that recognise and solve them.

A language is a name of the catalogue such as ``"parity"`` or ``"dyck(2)"``, ``"regex:(ab)*"``,
``"formula:..."``, or the path of a ``.json`` file with an automaton or a machine.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from raspc import _core, _pictures
from raspc._model import Engine, Model
from raspc._progress import reporter
from raspc._values import Tokens

#: How a transformer computes a verdict: in constant depth, in depth that grows with the logarithm
#: of the length, with a chain of thought, or in constant depth with padding tokens.
Mechanism: TypeAlias = Literal["direct", "log-depth", "cot", "pad"]
#: A word: a str (with spaces between symbols if they are longer than a character), or its symbols.
Word: TypeAlias = str | Sequence[str]


@dataclass(frozen=True)
class Automaton:
    """The complete minimal automaton of a regular language. A picture in notebooks."""

    #: The language.
    language: str
    alphabet: list[str]
    start: int
    #: By state: whether it accepts.
    accepting: list[bool]
    #: By state and symbol: the next state.
    transitions: list[list[int]]
    #: The automaton in the ``dot`` language of Graphviz.
    dot: str
    _core: _core.Language = field(repr=False, compare=False)

    @property
    def num_states(self) -> int:
        """How many states there are."""
        return len(self.accepting)

    @property
    def dead(self) -> set[int]:
        """The states from which no word is accepted."""
        alive = {state for state, accepts in enumerate(self.accepting) if accepts}
        while True:
            more = {
                state
                for state, row in enumerate(self.transitions)
                if state not in alive and alive.intersection(row)
            }
            if not more:
                return set(range(self.num_states)) - alive
            alive |= more

    def accepts(self, word: Word) -> bool:
        """Whether the word is in the language."""
        return self._core.accepts(word)

    def __repr__(self) -> str:
        return f"<automaton of {self.language}: {self.num_states} states over {self.alphabet}>"

    def _repr_svg_(self) -> str | None:
        return _pictures.automaton_svg(self)


@dataclass(frozen=True)
class ModelVerdict:
    """Whether a class of transformers recognises a language."""

    #: The key of the class: F, A, U, N, W, C, L, H, P or T.
    key: str
    #: The kind of transformer.
    model: str
    #: The regular languages that it recognises.
    languages: str
    #: What is proved for outputs read at an end marker, and at the last symbol; None: unknown.
    recognises: bool | None
    recognises_at_last: bool | None
    #: Where nothing is proved: they do not, unless this holds.
    unless: str
    reference: str


@dataclass(frozen=True)
class MechanismVerdict:
    """Whether a mechanism recognises a language or solves a task."""

    name: str
    #: None: unknown.
    applies: bool | None
    #: The construction, or why there is none.
    construction: str
    #: What grows with the length n.
    cost: str
    reference: str


class Classification:
    """What algebra says of a regular language. A property is True, False, or None if unknown."""

    def __init__(self, automaton: Automaton, data: dict[str, Any]) -> None:
        """Only for :func:`classify`."""
        #: The minimal automaton.
        self.automaton = automaton
        #: Everything, as the command prints it with ``--json``.
        self.data = data

    @property
    def language(self) -> str:
        """The language, as it was given."""
        return self.automaton.language

    @property
    def alphabet(self) -> list[str]:
        """The symbols."""
        return self.automaton.alphabet

    @property
    def num_states(self) -> int:
        """The states of the minimal automaton."""
        return int(self.data["states"])

    @property
    def monoid_size(self) -> int | None:
        """The elements of the syntactic monoid."""
        size = self.data.get("monoid")
        return None if size is None else int(size)

    @property
    def aperiodic(self) -> bool | None:
        """Whether the monoid has no nontrivial group: the language is star-free."""
        return self._is("aperiodic")

    @property
    def solvable(self) -> bool | None:
        """Whether all groups in the monoid are solvable."""
        return self._is("solvable")

    @property
    def r_trivial(self) -> bool | None:
        """Whether the monoid is R-trivial."""
        return self._is("r_trivial")

    @property
    def c_rasp(self) -> bool | None:
        """Whether C-RASP defines the language, read at an end marker."""
        return self._is("c_rasp")

    @property
    def groups(self) -> list[str]:
        """The nontrivial groups in the monoid, by name."""
        return list(self.data.get("groups") or [])

    @property
    def properties(self) -> dict[str, bool | None]:
        """All properties by name."""
        return {
            name: value
            for name, value in self.data.items()
            if value is None or isinstance(value, bool)
        }

    @property
    def models(self) -> dict[str, ModelVerdict]:
        """Which classes of transformers recognise the language, by their key."""
        return {
            key: ModelVerdict(
                key,
                verdict["model"],
                verdict["languages"],
                verdict["recognises"],
                verdict["recognises_at_last"],
                verdict.get("unless", ""),
                verdict["reference"],
            )
            for key, verdict in self.data["models"].items()
        }

    @property
    def mechanisms(self) -> dict[str, MechanismVerdict]:
        """Which mechanisms recognise the language, by name."""
        return {
            name: MechanismVerdict(
                name,
                verdict["applies"],
                verdict["construction"],
                verdict.get("cost", ""),
                verdict["reference"],
            )
            for name, verdict in self.data["mechanisms"].items()
        }

    @property
    def failing_pairs(self) -> list[dict[str, Any]]:
        """Words that classes of transformers cannot tell apart, though one is in the language."""
        return list(self.data["failing_pairs"])

    def _is(self, name: str) -> bool | None:
        value = self.data.get(name)
        return None if value is None else bool(value)

    def __repr__(self) -> str:
        known = [name for name, value in self.properties.items() if value]
        return (
            f"<classification of {self.language}: {self.num_states} states, "
            f"monoid of {self.monoid_size}; {', '.join(known)}>"
        )

    def _repr_html_(self) -> str:
        return _pictures.classification_html(self)


class Problem:
    """A language or a task: its definition as code, and what theory says of each mechanism."""

    def __init__(self, core: _core.Problem) -> None:
        """Only for :func:`problem`."""
        self._core = core

    @property
    def name(self) -> str:
        """The name, as it was given."""
        return self._core.name

    @property
    def kind(self) -> str:
        """``"language"`` or ``"task"``."""
        return self._core.kind

    @property
    def level(self) -> str:
        """Where it is in the hierarchy of languages, such as ``"regular"``."""
        return self._core.level

    @property
    def definition(self) -> str:
        """What it is, in words."""
        return self._core.definition

    @property
    def alphabet(self) -> list[str]:
        """The symbols of words."""
        return self._core.alphabet

    @property
    def theory(self) -> dict[str, MechanismVerdict]:
        """What theory says of each mechanism, by name."""
        applies = {"yes": True, "no": False, "conditional no": None, "open": None}
        return {
            name: MechanismVerdict(name, applies[expectation], reason, cost, reference)
            for name, expectation, reason, cost, reference, _ in self._core.theory()
        }

    def answer(self, word: Word) -> bool | list[str] | None:
        """Whether the word is in the language; for a task the answer, or None if the word is not an
        input of it. This is the definition, not a model."""
        return self._core.answer(word)

    def recognise(
        self,
        *,
        by: Mechanism = "direct",
        max_length: int = 64,
        rounds: int | None = None,
        max_rows: int | None = None,
    ) -> Recogniser:
        """A transformer that recognises the language or solves the task (see :func:`recognise`)."""
        model, source, figures = self._core.recognise(by, max_length, rounds, max_rows)
        return Recogniser(self, Model(model), source, **figures)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}: {self.definition}>"


@dataclass(frozen=True, repr=False)
class Recogniser:
    """A transformer that recognises a language or solves a task, and the program it is made of."""

    problem: Problem
    model: Model
    #: The RASP program.
    source: str
    by: str
    #: The construction that was chosen, and why.
    construction: str
    reason: str
    #: The depth, in words.
    promise: str
    #: The attention layers on the longest path of the program.
    depth: int
    #: The rows of the program's tables.
    table_rows: int
    #: How many padding tokens an input of n symbols gets, a polynomial in n.
    padding: str

    def accepts(self, word: Word) -> bool:
        """Whether the model accepts the word."""
        return decide(self.model, word)

    def __repr__(self) -> str:
        return f"<recogniser of {self.problem.name} by {self.by}: {self.construction}>"

    def _repr_html_(self) -> str:
        return self.model._repr_html_()


class SuiteReport:
    """The results of the suite: every problem by every mechanism, observation beside theory."""

    def __init__(self, core: _core.Suite) -> None:
        """Only for :func:`suite`."""
        self._core = core

    @functools.cached_property
    def data(self) -> dict[str, Any]:
        """The report, as ``raspc lab suite --json`` writes it; docs/suite.md lists its fields."""
        report: dict[str, Any] = json.loads(self._core.json())
        return report

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The results by problem."""
        return list(self.data["problems"])

    @property
    def mismatches(self) -> list[str]:
        """Where observation contradicts theory."""
        return self._core.mismatches()

    @property
    def html(self) -> str:
        """The report as a page of its own."""
        return self._core.html()

    def __repr__(self) -> str:
        return self._core.table()


def problem(
    language: str,
    *,
    alphabet: Tokens | None = None,
    max_states: int | None = None,
    max_monoid: int | None = None,
) -> Problem:
    """A language or a task.

    :param language: see :mod:`raspc.lab`.
    :param alphabet: its symbols, where the language leaves that open.
    :param max_states: of an automaton, before it is minimised.
    :param max_monoid: how many elements of a monoid are listed.
    """
    return Problem(_core.problem(_language(language), alphabet, max_states, max_monoid))


def classify(
    language: str,
    *,
    alphabet: Tokens | None = None,
    max_states: int | None = None,
    max_monoid: int | None = None,
) -> Classification:
    """What algebra says of a regular language, and which transformers recognise it.

    The arguments are those of :func:`problem`.
    """
    core = _core.language(_language(language), alphabet, max_states, max_monoid)
    automaton = Automaton(
        core.name, core.alphabet, core.start, core.accepting, core.transitions, core.dot(), core
    )
    return Classification(automaton, json.loads(core.classification()))


def recognise(
    language: str,
    *,
    by: Mechanism = "direct",
    max_length: int = 64,
    alphabet: Tokens | None = None,
    rounds: int | None = None,
    max_rows: int | None = None,
) -> Recogniser:
    """Builds a transformer that recognises a language or solves a task.

    The output is read at an end marker after the word, which also covers the empty word. Raises
    :class:`raspc.ProgramValueError` with the theorem where a mechanism cannot do it.

    :param language: see :mod:`raspc.lab`.
    :param by: the mechanism.
    :param max_length: the longest word, in symbols.
    :param alphabet: the symbols, where the language leaves that open.
    :param rounds: with ``"log-depth"``: fewer rounds than are needed, to show where that breaks.
    :param max_rows: how many rows the program's tables may have in all.
    """
    return problem(language, alphabet=alphabet).recognise(
        by=by, max_length=max_length, rounds=rounds, max_rows=max_rows
    )


def decide(model: Model | Recogniser, word: Word, *, engine: Engine | None = None) -> bool:
    """Whether a recogniser accepts a word, a str or a list of symbols.

    :func:`decide_all` takes many words at once.
    """
    return decide_all(model, [word], engine=engine)[0]


def decide_all(
    model: Model | Recogniser, words: Iterable[Word], *, engine: Engine | None = None
) -> list[bool]:
    """Whether a recogniser accepts each of the words."""
    core = model.model._core if isinstance(model, Recogniser) else model._core
    return core.decide(list(words), engine)


def suite(
    level: Literal["quick", "default", "long"] = "quick",
    *,
    only: Iterable[str] = (),
    by: Iterable[Mechanism] | None = None,
    max_length: int | None = None,
    exhaustive: int | None = None,
    samples: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> SuiteReport:
    """Builds every language and task by every mechanism and compares the models with theory.

    :param level: ``"quick"`` takes about a minute, ``"default"`` some, ``"long"`` hours.
    :param only: globs of names, such as ``"dyck*"``, or names.
    :param by: the mechanisms; by default all.
    :param max_length: of the words for which programs are made.
    :param exhaustive: all words of up to this length are tried.
    :param samples: how many random words are, of each further length.
    :param seed: of the random words.
    :param threads: by default one per core; results do not depend on it.
    :param progress: shows a bar, with tqdm.
    """
    with reporter(progress, "suite", "cells") as on_progress:
        core = _core.suite(
            level,
            list(only),
            None if by is None else list(by),
            max_length,
            exhaustive,
            samples,
            seed,
            threads,
            on_progress,
        )
    return SuiteReport(core)


@dataclass(frozen=True)
class Entry:
    """An entry of the catalogue."""

    #: The name with its parameters, such as ``dyck(k,d)``.
    name: str
    #: ``"language"`` or ``"task"``.
    kind: str
    level: str
    definition: str
    #: Names that can be used.
    examples: list[str]


def catalogue() -> list[Entry]:
    """The languages and tasks that have a name."""
    return [Entry(*entry) for entry in _core.catalogue()]


def _language(text: str) -> str:
    # Standard input is the command's.
    return "./-" if text == "-" else text
