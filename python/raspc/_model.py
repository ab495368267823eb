"""Models: transformers as explicit weights."""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from raspc import _core, _pictures
from raspc._progress import reporter
from raspc._trace import Trace
from raspc._values import Atom, Tokens, Values

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: What runs a model: ``"reference"``, plain loops in float64; ``"dense"``, products of matrices in
#: the model's type; ``"structured"``, float64 and the structure found in the weights.
Engine: TypeAlias = Literal["reference", "dense", "structured"]
#: Several inputs: lists of tokens, or an array with an input in each row.
Batch: TypeAlias = "Sequence[Sequence[Atom]] | npt.NDArray[Any]"
Array: TypeAlias = "npt.NDArray[np.float64]"

# How many inputs are run between two updates of a progress bar.
_INPUTS_PER_UPDATE = 256


@dataclass(frozen=True, eq=False)
class Head:
    """An attention head: the matrices of its QK and OV circuits, as read-only arrays.

    A query at x scores a key at y by x Q (y K)^T; there is no 1/sqrt(head_dim).
    """

    #: The layer, and the number of the head in it.
    layer: int
    index: int
    #: Its selector, and what it brings.
    label: str
    #: The line of the program that its selector is in; 0 if unknown.
    line: int
    #: ``"none"``, ``"causal"`` or ``"strictly_causal"``.
    mask: str
    #: [d_model, head_dim], the scale included.
    query: Array
    #: [d_model, head_dim].
    key: Array
    #: [d_model, value_dim].
    value: Array
    #: [value_dim, d_model].
    output: Array
    #: Added to scores, by the offset of the key from the query; empty if there is none.
    relative_bias: Array

    @property
    def head_dim(self) -> int:
        """The dimension of queries and keys."""
        return int(self.query.shape[1])

    @property
    def value_dim(self) -> int:
        """The dimension of values."""
        return int(self.value.shape[1])

    def __repr__(self) -> str:
        return f"<head {self.layer}.{self.index}: {self.label}>"


@dataclass(frozen=True, eq=False)
class Mlp:
    """The MLP of a layer, ReLU(x W_in + b_in) W_out + b_out, as read-only arrays."""

    #: [d_model, d_mlp].
    w_in: Array
    #: [d_mlp].
    b_in: Array
    #: [d_mlp, d_model].
    w_out: Array
    #: [d_model].
    b_out: Array
    #: What each hidden neuron is for; empty if unknown.
    neurons: list[str]

    @property
    def d_mlp(self) -> int:
        """How many hidden neurons there are."""
        return int(self.w_in.shape[1])

    def __repr__(self) -> str:
        return f"<MLP with {self.d_mlp} neurons>"


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer: heads that read the stream as it enters, then an MLP."""

    #: The number of the layer, from 0.
    index: int
    heads: tuple[Head, ...]
    mlp: Mlp

    def __repr__(self) -> str:
        return f"<layer {self.index}: {len(self.heads)} heads, {self.mlp.d_mlp} neurons>"


@dataclass(frozen=True)
class Sizes:
    """The figures that the command reports for a model."""

    #: How many layers there are.
    layers: int
    #: The most heads in a layer.
    heads: int
    #: The largest dimension of a head, of queries and of values.
    head_dim: int
    #: The dimension of the residual stream.
    d_model: int
    #: The most neurons of an MLP.
    d_mlp: int
    #: Every entry of every tensor, and those that are not 0.
    parameters: int
    nonzeros: int


@dataclass(frozen=True)
class Bound:
    """What is known of the rounding of a number, and of what is decided by it."""

    #: The direction of the residual stream, or the number itself.
    label: str
    #: The largest distance from the ideal value, at any position of any input.
    error_bound: float
    #: The error at which the decision may go wrong; infinite if nothing is decided.
    margin: float


@dataclass(frozen=True)
class Certificate:
    """Why the model is exact: a bound on every rounding error, a margin for every decision."""

    #: The longest input for which it holds, in tokens.
    exact_to_length: int
    entries: list[Bound]
    #: The decision whose bound uses the largest part of its margin; None without decisions.
    closest: Bound | None

    @property
    def decisions(self) -> list[Bound]:
        """The entries by which something is decided."""
        return [entry for entry in self.entries if math.isfinite(entry.margin)]

    def __repr__(self) -> str:
        closest = f", the closest {self.closest}" if self.closest else ""
        return (
            f"<certificate: exact to length {self.exact_to_length}, "
            f"{len(self.decisions)} decisions{closest}>"
        )


@dataclass(frozen=True)
class Variable:
    """An s-op in the residual stream: the directions that carry it, and the code of each value."""

    #: The s-op.
    name: str
    #: The line of the program; 0 if unknown.
    line: int
    #: The values it can have.
    values: list[Atom]
    #: For each direction that carries it, a code per value; NaN for a value that never comes up.
    codes: dict[int, list[float]]

    @property
    def directions(self) -> list[int]:
        """The directions of the residual stream that carry it."""
        return list(self.codes)

    @property
    def is_readable(self) -> bool:
        """Whether the codes of different values differ; those of a square, say, do not."""
        rows = [row for row in zip(*self.codes.values()) if not any(map(math.isnan, row))]
        return len(set(rows)) == len(rows)


class Model:
    """A transformer that computes an s-op exactly: what :func:`raspc.compile` gives.

    It is a plain transformer without layer norm. Position 0 is BOS, which is added to every input,
    so the token with index i is at position i + 1.
    """

    def __init__(self, core: _core.Model) -> None:
        """Only for the functions of raspc that make models."""
        self._core = core
        self._description: dict[str, Any] = core.description()

    @property
    def name(self) -> str:
        """The s-op it computes."""
        return str(self._description["name"])

    @property
    def target(self) -> str:
        """The architecture: ``"encoder"``, ``"decoder"`` or ``"masked"``."""
        return str(self._description["target"])

    @property
    def dtype(self) -> str:
        """The type of the weights: ``"float32"`` or ``"float64"``."""
        return str(self._description["dtype"])

    @property
    def arithmetic(self) -> str:
        """What the program's floats mean: ``"float"`` or ``"rational"``."""
        return str(self._description["arithmetic"])

    @property
    def causal(self) -> bool:
        """Whether every head masks the keys after the query."""
        return bool(self._description["causal"])

    @property
    def vocabulary(self) -> list[Atom]:
        """The tokens, in the order of their ids; BOS has the id after the last."""
        return list(self._description["vocabulary"])

    @property
    def alphabet(self) -> list[Atom]:
        """The tokens that inputs may use."""
        return list(self._description["alphabet"])

    @property
    def max_length(self) -> int:
        """The longest input, in tokens."""
        return int(self._description["max_length"])

    @property
    def context_length(self) -> int:
        """The largest number of positions, without BOS: input, appended and generated tokens."""
        return int(self._description["context_length"])

    @property
    def generates(self) -> bool:
        """Whether the model writes tokens after its input."""
        return bool(self._description["generates"])

    @property
    def residual_labels(self) -> list[str]:
        """What each direction of the residual stream carries."""
        return list(self._description["residual_labels"])

    @property
    def sizes(self) -> Sizes:
        """The model's figures."""
        return Sizes(**self._description["sizes"])

    @functools.cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, in order. Their arrays are views of the model's numbers."""
        layers = []
        for number, (heads, mlp) in enumerate(self._core.layers()):
            made = tuple(Head(number, index, *head) for index, head in enumerate(heads))
            layers.append(Layer(number, made, Mlp(*mlp)))
        return tuple(layers)

    @property
    def heads(self) -> tuple[Head, ...]:
        """All heads, layer by layer."""
        return tuple(head for layer in self.layers for head in layer.heads)

    @functools.cached_property
    def parameters(self) -> dict[str, Array]:
        """Every tensor by its name in the model file; read-only views of the model's numbers."""
        return self._core.parameters()

    @functools.cached_property
    def certificate(self) -> Certificate:
        """What was established about rounding."""
        exact_to_length, entries, closest = self._core.certificate()
        bounds = [Bound(*entry) for entry in entries]
        return Certificate(exact_to_length, bounds, None if closest is None else bounds[closest])

    @functools.cached_property
    def variables(self) -> dict[str, Variable]:
        """The s-ops that the residual stream carries by codes for their values, by name."""
        variables: dict[str, Variable] = {}
        for name, line, values, directions in self._core.value_codes():
            first = variables.setdefault(name, Variable(name, line, values, {}))
            code_of = [(type(value), value) for value in values]
            for direction, codes in directions:
                by_value = dict(zip(code_of, codes))
                first.codes[direction] = [
                    by_value.get((type(value), value), math.nan) for value in first.values
                ]
        return variables

    @overload
    def run(  # type: ignore[overload-overlap]  # a list of str is one input
        self,
        tokens: str | Sequence[Atom],
        *,
        engine: Engine | None = None,
        progress: bool = False,
    ) -> Values: ...

    @overload
    def run(
        self,
        tokens: Sequence[Sequence[Atom]],
        *,
        engine: Engine | None = None,
        progress: bool = False,
    ) -> list[Values]: ...

    @overload
    def run(
        self, tokens: npt.NDArray[Any], *, engine: Engine | None = None, progress: bool = False
    ) -> Any: ...

    def run(
        self, tokens: Tokens | Batch, *, engine: Engine | None = None, progress: bool = False
    ) -> Values | list[Values]:
        """Runs the weights on an input, or on a batch of inputs.

        A list of lists or tuples is a batch, and so is an array of two dimensions; a list of strings
        is one input. :meth:`run_batch` takes strings too.

        :param tokens: a str, whose characters are the tokens, or a list of tokens; or a batch.
        :param engine: by default the fastest for the batch.
        :param progress: shows a bar, with tqdm.
        """
        is_batch = (
            isinstance(tokens, (list, tuple)) and tokens and isinstance(tokens[0], (list, tuple))
        )
        if is_batch or getattr(tokens, "ndim", 1) == 2:
            batch: Any = tokens
            return self.run_batch(batch, engine=engine, progress=progress)
        one: Any = tokens
        return self._run([one], engine)[0]

    def run_batch(
        self, batch: Iterable[Tokens], *, engine: Engine | None = None, progress: bool = False
    ) -> list[Values]:
        """Runs the weights on several inputs.

        :param batch: the inputs, each a str or a list of tokens.
        :param engine: by default the fastest for the batch.
        :param progress: shows a bar, with tqdm.
        """
        inputs = list(batch)
        if not progress:
            return self._run(inputs, engine)
        results: list[Values] = []
        with reporter(progress, "run", "inputs") as on_progress:
            for start in range(0, len(inputs), _INPUTS_PER_UPDATE):
                results += self._run(inputs[start : start + _INPUTS_PER_UPDATE], engine)
                if on_progress is not None:
                    on_progress(len(results), len(inputs))
        return results

    def generate(self, tokens: Tokens, *, engine: Engine | None = None) -> list[Atom]:
        """The tokens that the model writes after an input, a stop token included."""
        if not self.generates:
            raise TypeError(f"the model of {self.name} does not generate; run it with Model.run")
        generated = self.run(tokens, engine=engine).generated
        assert generated is not None
        return generated

    def trace(self, tokens: Tokens) -> Trace:
        """Runs the weights on an input and keeps the attention and the residual stream.

        The reference engine computes them, in float64.
        """
        return Trace(self, _core.trace(self._core, tokens))

    def intervene(self, settings: Mapping[str, Mapping[int, Atom] | Atom]) -> Intervention:
        """The model with variables of its residual stream set by hand, for ``run`` and ``trace``.

        :param settings: for each variable its value by position, or one value for all positions. A
            variable is one of ``Model.variables``, set to one of its values, or the label of a
            direction, set to a number. Positions are those of tokens, from 0; BOS has none.
        """
        return Intervention(self, settings)

    def direction(self, name: str) -> int:
        """The direction of the residual stream with that label, or that carries that s-op alone."""
        labels = self.residual_labels
        if name in labels:
            return labels.index(name)
        variable = self.variables.get(name)
        if variable is not None and len(variable.directions) == 1:
            return variable.directions[0]
        if variable is not None:
            several = ", ".join(labels[d] for d in variable.directions)
            raise KeyError(f"several directions carry {name}: {several}")
        raise KeyError(f"the residual stream has no direction {name!r}")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the model file, in the safetensors format."""
        self._core.save(os.fspath(path))

    def _run(self, inputs: list[Tokens], engine: Engine | None) -> list[Values]:
        name = self.name
        frame = self._description["append"], self._description["pad"]
        return [
            Values(values, name, given, generated, stopped, frame)
            for given, (values, generated, stopped) in zip(inputs, self._core.run(inputs, engine))
        ]

    def __reduce__(self) -> tuple[Any, ...]:
        return model_of, (self._core.to_bytes(),)

    def __repr__(self) -> str:
        sizes = self.sizes
        return (
            f"<raspc.Model of {self.name}: {self.target}, {self.dtype}, {sizes.layers} layers, "
            f"d_model {sizes.d_model}, {sizes.parameters} parameters>"
        )

    def _repr_html_(self) -> str:
        return _pictures.model_html(self)


class Intervention:
    """A model with some variables set by hand, whatever would compute them.

    Whatever reads such a variable reads the value it was set to, so the outputs that change are
    those that depend on it.
    """

    def __init__(self, model: Model, settings: Mapping[str, Mapping[int, Atom] | Atom]) -> None:
        """Only for :meth:`Model.intervene`."""
        #: The model.
        self.model = model
        self._settings: list[tuple[str, int, Atom]] = []
        for variable, values in settings.items():
            if not isinstance(values, Mapping):
                values = {position: values for position in range(model.context_length)}
            self._settings += [(variable, at, value) for at, value in values.items()]

    def run(self, tokens: Tokens) -> Values:
        """The output on an input."""
        return self.trace(tokens).output

    def trace(self, tokens: Tokens) -> Trace:
        """What happens inside on an input."""
        return Trace(self.model, _core.trace_intervened(self.model._core, tokens, self._settings))

    def __repr__(self) -> str:
        return f"<{self.model.name} with {len(self._settings)} values set by hand>"


def load(path: str | os.PathLike[str]) -> Model:
    """Reads a model file, trusting nothing in it."""
    return Model(_core.load_model(os.fspath(path)))


def model_of(data: bytes) -> Model:
    """The model in the bytes of a model file."""
    return Model(_core.model_of(data, "<bytes>"))
