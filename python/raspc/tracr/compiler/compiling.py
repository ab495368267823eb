"""Programs as transformers: ``compile_rasp_to_model``, with the arguments and results of Tracr's.

>>> from raspc.tracr import compiling, rasp
>>> same = rasp.Select(rasp.tokens, rasp.tokens, rasp.Comparison.EQ)
>>> model = compiling.compile_rasp_to_model(
...     rasp.SelectorWidth(same), vocab={"a", "b"}, max_seq_len=5, compiler_bos="BOS")
>>> model.apply(["BOS", "a", "b", "a"]).decoded
['BOS', 2, 1, 2]
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from raspc._model import Model
from raspc.tracr import _graph, _params, _values
from raspc.tracr.rasp import rasp

__all__ = [
    "COMPILER_BOS",
    "COMPILER_PAD",
    "AssembledTransformerModel",
    "AssembledTransformerModelOutput",
    "Encoder",
    "TransformerConfig",
    "compile_rasp_to_model",
]

COMPILER_BOS = "compiler_bos"
COMPILER_PAD = "compiler_pad"

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TransformerConfig:
    """The sizes of the transformer that ``params`` describe: a layer is attention, then an MLP."""

    num_heads: int
    num_layers: int
    key_size: int
    mlp_hidden_size: int
    causal: bool
    dropout_rate: float = 0.0
    layer_norm: bool = False


@dataclass(frozen=True)
class Encoder:
    """The tokens of a model, or the values of its output, by number."""

    encoding_map: dict[Any, int]
    bos_token: str | None = None
    pad_token: str | None = None
    max_seq_len: int | None = None

    @property
    def vocab_size(self) -> int:
        """How many there are."""
        return len(self.encoding_map)

    @property
    def bos_encoding(self) -> int | None:
        """The number of BOS, if there is one."""
        return None if self.bos_token is None else self.encoding_map[self.bos_token]

    @property
    def pad_encoding(self) -> int | None:
        """The number of PAD, if there is one."""
        return None if self.pad_token is None else self.encoding_map[self.pad_token]

    def encode(self, inputs: Sequence[Any]) -> list[int]:
        """The number of each token; ValueError for what is not one."""
        for token in inputs:
            if token not in self.encoding_map:
                raise ValueError(f"{token!r} is not in the vocabulary")
        return [self.encoding_map[token] for token in inputs]

    def decode(self, encodings: Iterable[int]) -> list[Any]:
        """The token of each number."""
        tokens = {number: token for token, number in self.encoding_map.items()}
        return [tokens[number] for number in encodings]


class AssembledTransformerModelOutput:
    """What a model does on an input: its output, and the arrays inside, with a batch of one.

    Arrays are computed in float64 when they are first asked for, from the same weights.
    """

    def __init__(self, decoded: list[Any], run: functools.partial[_params.Activations]) -> None:
        """Only for :class:`AssembledTransformerModel`."""
        #: The value at each position; BOS at the first.
        self.decoded = decoded
        self._run = run

    @functools.cached_property
    def _activations(self) -> _params.Activations:
        return self._run()

    @property
    def unembedded(self) -> Array:
        """[1, T, readout_dim]: the numbers that outputs are decoded from."""
        return self._activations.unembedded[None]

    @property
    def layer_outputs(self) -> list[Array]:
        """What each attention and each MLP adds, in order: [1, T, D]."""
        return [output[None] for output in self._activations.layer_outputs]

    @property
    def residuals(self) -> list[Array]:
        """The residual stream after each attention and each MLP: [1, T, D]."""
        return [residual[None] for residual in self._activations.residuals]

    @property
    def attn_logits(self) -> list[Array]:
        """The scores of each layer, before softmax, masked ones very low: [1, heads, T, T]."""
        return [logits[None] for logits in self._activations.attn_logits]

    @property
    def transformer_output(self) -> Array:
        """The residual stream at the end: [1, T, D]."""
        stream = [self._activations.input_embeddings, *self._activations.residuals][-1]
        return stream[None]

    @property
    def input_embeddings(self) -> Array:
        """The residual stream at the start: [1, T, D]."""
        return self._activations.input_embeddings[None]


class AssembledTransformerModel:
    """A compiled program. ``model`` is the same as raspc's own object, for everything else."""

    def __init__(self, model: Model, causal: bool, bos: str, pad: str | None) -> None:
        """Only for :func:`compile_rasp_to_model`."""
        #: The model as :class:`raspc.Model`: to save, trace or draw it.
        self.model = model
        self._causal = causal
        self._bos = bos
        self._pad = pad

    @functools.cached_property
    def params(self) -> dict[str, dict[str, Array]]:
        """The weights by the names that Tracr's have, for a transformer like Tracr's."""
        return _params.params_of(self.model)

    @functools.cached_property
    def model_config(self) -> TransformerConfig:
        """The sizes that ``params`` are for."""
        sizes = _params.sizes_of(self.model)
        return TransformerConfig(
            num_heads=sizes["num_heads"],
            num_layers=sizes["num_layers"],
            key_size=sizes["key_size"],
            mlp_hidden_size=sizes["mlp_hidden_size"],
            causal=self._causal,
        )

    @property
    def residual_labels(self) -> list[str]:
        """What each direction of the residual stream carries."""
        return [_values.shown(label) for label in self.model.residual_labels]

    @functools.cached_property
    def input_encoder(self) -> Encoder:
        """The tokens, BOS after them and PAD last, as rows of the token embedding."""
        words = [_values.decode(token) for token in self.model.vocabulary]
        words += [self._bos] if self._pad is None else [self._bos, self._pad]
        numbers = {word: number for number, word in enumerate(words)}
        return Encoder(numbers, self._bos, self._pad, self.model.max_length + 1)

    def apply(self, tokens: Sequence[Any]) -> AssembledTransformerModelOutput:
        """Runs the model on BOS and tokens, perhaps followed by PAD.

        At PAD the output is PAD. ValueError where the first token is not BOS, or one is not in the
        vocabulary, or there are too many.
        """
        tokens = list(tokens)
        if not tokens or tokens[0] != self._bos:
            raise ValueError(f"the first token must be {self._bos!r}, but the input is {tokens}")
        words = tokens[1:]
        while words and self._pad is not None and words[-1] == self._pad:
            words.pop()
        self.input_encoder.encode(words)
        if len(words) > self.model.max_length:
            raise ValueError(f"{len(words)} tokens; the model is for {self.model.max_length}")
        num_pads = len(tokens) - 1 - len(words)
        atoms = [_values.encode(word) for word in words]
        values = self.model.run(atoms) if atoms else []
        decoded = [self._bos, *map(_values.decode, values), *[self._pad] * num_pads]
        run = functools.partial(_params.activations_of, self.model, atoms, num_pads)
        return AssembledTransformerModelOutput(decoded, run)

    def __repr__(self) -> str:
        return f"<compiled by raspc: {self.model!r}>"


def compile_rasp_to_model(
    program: rasp.SOp,
    vocab: Iterable[Any],
    max_seq_len: int,
    causal: bool = False,
    compiler_bos: str = COMPILER_BOS,
    compiler_pad: str | None = COMPILER_PAD,
    mlp_exactness: int = 100,
    **settings: Any,
) -> AssembledTransformerModel:
    """Compiles an s-op for inputs of up to ``max_seq_len`` tokens, BOS not counted.

    The model is exact: its outputs equal those of calling the program, on every input on which that
    succeeds. ``mlp_exactness`` is therefore not needed and ignored. Further keyword arguments are
    settings of :func:`raspc.compile`, such as ``max_domain``.

    Raises ValueError if BOS or PAD is in the vocabulary, NotImplementedError for what a transformer
    cannot compute, and :class:`raspc.Error` where domains or numbers are too large, naming the
    s-op. Warns of functions that fail on some inputs, with the values.
    """
    del mlp_exactness
    words = list(vocab)
    for name, token in (("BOS", compiler_bos), ("PAD", compiler_pad)):
        if token is not None and token in words:
            raise ValueError(f"the compiler's {name} token {token!r} must not be in the vocabulary")
    graph = _graph.GraphOf(program, causal)
    atoms = sorted(map(_values.encode, words), key=lambda atom: (type(atom).__name__, atom))
    compiled = graph.program(
        vocab=atoms,
        max_length=max_seq_len,
        causal=causal,
        target="decoder" if causal else "encoder",
        **settings,
    ).compile()
    return AssembledTransformerModel(Model(compiled), causal, compiler_bos, compiler_pad)
