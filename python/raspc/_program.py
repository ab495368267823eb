"""Programs: s-ops and selectors by name, evaluated, compiled and verified."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

from raspc import _core, _pictures
from raspc._errors import Diagnostic, diagnostic_of
from raspc._model import Engine, Model
from raspc._progress import reporter
from raspc._values import Atom, Selection, Tokens, Values

if TYPE_CHECKING:
    from typing_extensions import Unpack

Target: TypeAlias = Literal["encoder", "decoder", "masked"]
DType: TypeAlias = Literal["float32", "float64"]
Arithmetic: TypeAlias = Literal["float", "rational"]
Source: TypeAlias = "str | os.PathLike[str]"


class Settings(TypedDict, total=False):
    """The arguments of :class:`Program` that override the directives in the program."""

    vocabulary: Tokens | None
    max_length: int | None
    target: Target | None
    sop: str | None
    alphabet: Tokens | None
    dtype: DType | None
    arithmetic: Arithmetic | None
    causal: bool | None
    generate: str | None
    stop: Tokens | None
    max_steps: int | None
    append: Tokens | None
    pad: tuple[Atom, str | int] | None
    max_domain: int | None
    example: Tokens | None
    folders: Iterable[Source]


class OtherSettings(TypedDict, total=False):
    """Those of them that :func:`compile` does not name."""

    alphabet: Tokens | None
    dtype: DType | None
    arithmetic: Arithmetic | None
    causal: bool | None
    generate: str | None
    stop: Tokens | None
    max_steps: int | None
    append: Tokens | None
    pad: tuple[Atom, str | int] | None
    max_domain: int | None
    example: Tokens | None
    folders: Iterable[Source]


@dataclass(frozen=True)
class Difference:
    """An input on which a model and the interpreter differ."""

    #: The input.
    input: list[Atom]
    #: The engine that ran the model.
    engine: str
    #: What the interpreter gives, as JSON.
    wanted: str
    #: What the model gives, as JSON, or its error.
    got: str


@dataclass(frozen=True)
class VerifyReport:
    """A comparison of a model with the interpreter. True if there is no difference."""

    #: How many inputs were compared, each on every engine.
    compared: int
    #: How many more there were on which the interpreter fails.
    skipped: int
    #: How many comparisons failed: at most one per input and engine.
    differing: int
    #: The first of them.
    differences: list[Difference]
    #: Why the first of the skipped inputs was skipped.
    first_skip: Diagnostic | None

    def __bool__(self) -> bool:
        return self.differing == 0


class SOp:
    """An s-op of a program: called on an input, it gives a value per position."""

    def __init__(self, program: Program, name: str) -> None:
        self._program = program
        #: The name.
        self.name = name

    def __call__(self, tokens: Tokens) -> Values:
        """The values on an input."""
        result = self._program._evaluate(self.name, tokens)
        assert isinstance(result, Values)
        return result

    def __repr__(self) -> str:
        return f"<s-op {self.name} of {self._program.file}>"


class Selector:
    """A selector of a program: called on an input, it gives a Boolean matrix."""

    def __init__(self, program: Program, name: str) -> None:
        self._program = program
        #: The name.
        self.name = name

    def __call__(self, tokens: Tokens) -> Selection:
        """The matrix on an input."""
        result = self._program._evaluate(self.name, tokens)
        assert isinstance(result, Selection)
        return result

    def __repr__(self) -> str:
        return f"<selector {self.name} of {self._program.file}>"


class Program:
    """A RASP program.

    ``program["hist"]`` is an s-op or selector by its name, and ``program["hist"]("hello")`` its
    value on an input; ``program("hello")`` is that of the output.

    ``source`` is the text of a program, or the path of a file: a ``pathlib.Path``, or a str that
    ends in ``.rasp`` or contains none of ``=``, ``;`` and a line break, one of which every program
    has. The other arguments override the directives in the program.
    """

    def __init__(
        self,
        source: Source,
        *,
        vocabulary: Tokens | None = None,
        max_length: int | None = None,
        target: Target | None = None,
        sop: str | None = None,
        alphabet: Tokens | None = None,
        dtype: DType | None = None,
        arithmetic: Arithmetic | None = None,
        causal: bool | None = None,
        generate: str | None = None,
        stop: Tokens | None = None,
        max_steps: int | None = None,
        append: Tokens | None = None,
        pad: tuple[Atom, str | int] | None = None,
        max_domain: int | None = None,
        example: Tokens | None = None,
        folders: Iterable[Source] = (".",),
        first_input: Tokens | None = None,
    ) -> None:
        """Loads a program.

        :param vocabulary: the tokens of a compiled model.
        :param max_length: the longest input of a compiled model, in tokens.
        :param target: its architecture: ``"encoder"`` (the default), ``"decoder"``, ``"masked"``.
        :param sop: the output; by default the directive ``output``, else the last s-op assigned.
        :param alphabet: the tokens that inputs may use, if not all of the vocabulary.
        :param dtype: the type of the weights; by default the smaller that is exact.
        :param arithmetic: what floats mean: ``"float"``, doubles, or ``"rational"``, fractions.
        :param causal: whether no position selects a later one.
        :param generate: the s-op whose last value is the next token.
        :param stop: the tokens that end generation.
        :param max_steps: how many tokens are generated at most.
        :param append: tokens appended to every input.
        :param pad: a token, and how many of it are appended after those, a polynomial in the
            number ``n`` of input tokens such as ``"n^2+1"``.
        :param max_domain: how many values of an s-op are listed at most.
        :param example: the running example, instead of ``hello``.
        :param folders: where ``load`` looks for files, after the folder of the program.
        :param first_input: if given, statements are tried out on the example, as ``raspc eval``
            does: one that fails there and on this input is an error.
        """
        settings = {
            "vocab": vocabulary,
            "max_length": max_length,
            "target": target,
            "output": sop,
            "alphabet": alphabet,
            "dtype": dtype,
            "arithmetic": arithmetic,
            "causal": causal,
            "generate": generate,
            "stop": stop,
            "max_steps": max_steps,
            "append": append,
            "pad": pad,
            "max_domain": max_domain,
            "example": example,
        }
        where = [path_text(folder) for folder in folders]
        if is_path(source):
            loaded = _core.load_file(path_text(source), settings, first_input, where)
        else:
            assert isinstance(source, str)
            loaded = _core.load_text(source, "<program>", settings, first_input, where)
        self._core, printed = loaded
        for line in printed:
            print(line)

    @property
    def output(self) -> str:
        """The name of the s-op or selector that is the program's output."""
        return self._core.output

    @property
    def file(self) -> str:
        """The path of the program, or ``<program>``."""
        return self._core.file

    @property
    def source(self) -> str:
        """The text of the program."""
        return self._core.source

    @property
    def names(self) -> list[str]:
        """The s-ops and selectors that the program assigns, in the order of their assignment."""
        return [name for name, _ in self._core.names(False)]

    @property
    def sops(self) -> dict[str, SOp]:
        """The s-ops that the program assigns, by name."""
        return {n: SOp(self, n) for n, is_selector in self._core.names(False) if not is_selector}

    @property
    def selectors(self) -> dict[str, Selector]:
        """The selectors that the program assigns, by name."""
        return {n: Selector(self, n) for n, is_selector in self._core.names(False) if is_selector}

    def __getitem__(self, name: str) -> SOp | Selector:
        """The s-op or selector of that name, of the program or of the language."""
        return Selector(self, name) if self._core.is_selector(name) else SOp(self, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __call__(self, tokens: Tokens) -> Values | Selection:
        """The output on an input; if the program generates, with the generated tokens."""
        return self._evaluate(None, tokens)

    def compile(self) -> Model:
        """The weights of a transformer that computes the output."""
        return Model(self._core.compile())

    def stages(self) -> dict[str, str]:
        """The result of each stage of the compiler, as text: ``graph``, ``domains``, ``lowered``,
        ``layers`` and ``layout``."""
        return self._core.stages()

    def verify(
        self,
        inputs: Iterable[Tokens] = (),
        *,
        exhaustive: int = 0,
        random: int = 0,
        seed: int = 1,
        engine: Engine | None = None,
        model: Model | None = None,
        max_differences: int = 10,
        progress: bool = False,
    ) -> VerifyReport:
        """Compares a model with the interpreter, on the given inputs and on others.

        :param exhaustive: every input up to this length is compared.
        :param random: how many random inputs are.
        :param seed: of the random inputs.
        :param engine: the engine that runs the model; by default each of them.
        :param model: a model of the program; by default it is compiled.
        :param max_differences: how many differences are kept; all are counted.
        :param progress: shows a bar, with tqdm.
        """
        model = model or self.compile()
        with reporter(progress, "verify", "inputs") as on_progress:
            found = self._core.verify(
                model._core,
                list(inputs),
                exhaustive,
                random,
                seed,
                engine,
                max_differences,
                on_progress,
            )
        differences = [Difference(*difference) for difference in found["differences"]]
        skip = found["first_skip"]
        return VerifyReport(
            found["compared"],
            found["skipped"],
            found["differing"],
            differences,
            None if skip is None else diagnostic_of(skip),
        )

    def _evaluate(self, name: str | None, tokens: Tokens) -> Values | Selection:
        at, value, generated, stopped = self._core.evaluate(name, tokens)
        shown = name or self.output
        if isinstance(value, list):
            return Values(value, name=shown, tokens=at, generated=generated, stopped=stopped)
        return Selection(value, name=shown, tokens=at)

    def __repr__(self) -> str:
        return f"<raspc.Program {self.file}: {', '.join(self.names)}>"

    def _repr_html_(self) -> str:
        return _pictures.program_html(self)


def is_path(source: Source) -> bool:
    """Whether a program is given by its path and not by its text."""
    if not isinstance(source, str):
        return True
    if "\n" in source:
        return False
    return source.endswith(".rasp") or not any(mark in source for mark in "=;")


def path_text(path: Source) -> str:
    """The path of a file; ``-`` is a file of that name here, and not standard input."""
    text = os.fspath(path)
    return "./-" if text == "-" else text


def compile(
    source: Source,
    *,
    vocabulary: Tokens | None = None,
    max_length: int | None = None,
    target: Target | None = None,
    sop: str | None = None,
    **settings: Unpack[OtherSettings],
) -> Model:
    """Compiles a program to the weights of a transformer.

    :param source: the program's text, or its path (see :class:`Program`).
    :param vocabulary: the tokens of the model; by default the directive ``vocab``.
    :param max_length: the longest input, in tokens; by default the directive ``max_length``.
    :param target: the architecture: ``"encoder"``, ``"decoder"`` or ``"masked"``; by default the
        directive ``target``, else an encoder.
    :param sop: the output; by default the directive ``output``, else the last s-op assigned.
    :param settings: any other argument of :class:`Program`.
    """
    program = Program(
        source, vocabulary=vocabulary, max_length=max_length, target=target, sop=sop, **settings
    )
    return program.compile()


def interpret(
    source: Source, tokens: Tokens, sop: str | None = None, **settings: Unpack[OtherSettings]
) -> Values | Selection:
    """Evaluates a program on an input, as ``raspc eval`` does.

    :param source: the program's text, or its path (see :class:`Program`).
    :param tokens: the input.
    :param sop: an s-op or selector; by default the program's output.
    :param settings: any other argument of :class:`Program`.
    """
    return Program(source, sop=sop, first_input=tokens, **settings)(tokens)


def verify(
    source: Source,
    inputs: Iterable[Tokens] = (),
    *,
    exhaustive: int = 0,
    random: int = 0,
    seed: int = 1,
    engine: Engine | None = None,
    progress: bool = False,
    **settings: Unpack[Settings],
) -> VerifyReport:
    """Compiles a program, runs the model, and compares it with the interpreter.

    The arguments are those of :meth:`Program.verify` and, as ``settings``, of :class:`Program`.
    """
    return Program(source, **settings).verify(
        inputs, exhaustive=exhaustive, random=random, seed=seed, engine=engine, progress=progress
    )
