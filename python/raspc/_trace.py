"""What happens inside a model on an input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from raspc import _core, _pictures
from raspc._values import Atom, Values, array_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from raspc._model import Array, Head, Model


class Attention(Mapping["tuple[int, int]", "Array"]):
    """The patterns of all heads on an input: ``attention[layer, head]`` is [seq_len, seq_len], the
    weight that each query, a row, gives to each key. Position 0 is BOS."""

    def __init__(self, model: Model, tokens: list[Atom], patterns: list[list[Array]]) -> None:
        self._model = model
        self._patterns = patterns
        #: The token at each position; that of BOS is ``"BOS"``.
        self.tokens = tokens

    def __getitem__(self, at: tuple[int, int]) -> Array:
        layer, head = at
        return self._patterns[layer][head]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        for layer, heads in enumerate(self._patterns):
            for head in range(len(heads)):
                yield layer, head

    def __len__(self) -> int:
        return sum(len(heads) for heads in self._patterns)

    def head(self, layer: int, head: int) -> Head:
        """The head that a pattern belongs to."""
        return self._model.layers[layer].heads[head]

    def __repr__(self) -> str:
        return f"<attention of {len(self)} heads at {len(self.tokens)} positions>"

    def _repr_svg_(self) -> str:
        return _pictures.attention_svg(self)


class Trace:
    """What happens inside a model on an input: attention, residual stream, values.

    Positions count BOS, which is position 0. Arrays are read-only views of the engine's numbers.
    """

    def __init__(self, model: Model, core: _core.Trace) -> None:
        """Only for :meth:`Model.trace`."""
        self._core = core
        #: The model.
        self.model = model
        #: The token at each position but BOS: the input, what is appended to it, and the generated
        #: tokens that the model reads back.
        self.tokens: list[Atom] = core.tokens
        values, generated, stopped = core.output
        #: The output, as :meth:`Model.run` gives it.
        self.output = Values(
            values,
            name=model.name,
            tokens=self.tokens[: len(values)],
            generated=generated,
            stopped=stopped,
        )
        #: The pattern of every head.
        self.attention = Attention(model, ["BOS", *self.tokens], core.patterns())
        #: [seq_len, d_model]: the stream before the first layer.
        self.embeddings: Array = core.embeddings()
        #: For each layer [seq_len, d_model]: the stream as it leaves the layer.
        self.residual: list[Array] = core.residuals()

    @property
    def decoded(self) -> npt.NDArray[Any]:
        """The output at each position but BOS, as an array."""
        return array_of(self.output)

    def variable(self, name: str, layer: int = -1) -> Array:
        """One direction of the residual stream at every position: [seq_len].

        :param name: the direction's label (``Model.residual_labels``), or the name of an s-op that
            one direction carries.
        :param layer: after which layer; by default after the last.
        """
        stream = self.residual[layer] if self.residual else self.embeddings
        return stream[:, self.model.direction(name)]

    def value(self, name: str, layer: int = -1) -> npt.NDArray[Any]:
        """The value of an s-op that the residual stream carries, at every position but BOS.

        :param name: one of ``Model.variables`` whose codes tell its values apart.
        :param layer: after which layer; by default after the last.
        """
        import numpy as np

        if not self.model.variables[name].is_readable:
            raise ValueError(f"the directions that carry {name} do not tell all its values apart")
        stream = self.residual[layer] if self.residual else self.embeddings
        variable = self.model.variables[name]
        codes = np.array([variable.codes[d] for d in variable.directions]).T
        distances = np.abs(stream[1:, None, variable.directions] - codes[None]).sum(axis=2)
        nearest = np.nanargmin(distances, axis=1)
        return array_of([variable.values[i] for i in nearest])

    def __repr__(self) -> str:
        return f"<trace of {self.model.name} on {len(self.tokens)} tokens: {list(self.output)}>"

    def _repr_svg_(self) -> str:
        return _pictures.attention_svg(self.attention)
