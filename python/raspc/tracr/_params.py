"""The weights of a model as those of a transformer like Tracr's, and what happens inside it.

Every layer has attention of equally many heads of one size, then an MLP of one size; what a layer
of the model does not need is 0. Scores are divided by the square root of the key size, which is a
power of 4, so that this is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from raspc._model import Model

Array = npt.NDArray[np.float64]
_MASKED = -1e30


def sizes_of(model: Model) -> dict[str, int]:
    """The sizes that the layers of :func:`params_of` have."""
    layers = model.layers
    widest = max([max(h.head_dim, h.value_dim) for layer in layers for h in layer.heads], default=1)
    key_size = 1
    while key_size < widest:
        key_size *= 4
    return {
        "num_heads": max([len(layer.heads) for layer in layers], default=1) or 1,
        "num_layers": len(layers),
        "key_size": key_size,
        "mlp_hidden_size": max([layer.mlp.d_mlp for layer in layers], default=1) or 1,
    }


def _padded(matrix: Array, rows: int, columns: int) -> Array:
    result = np.zeros((rows, columns))
    result[: matrix.shape[0], : matrix.shape[1]] = matrix
    return result


def params_of(model: Model) -> dict[str, dict[str, Array]]:
    """The weights by Tracr's names. Tokens are numbered as ``input_encoder`` does; PAD is 0."""
    weights = model.parameters
    tokens = np.vstack([weights["embed.tokens"], np.zeros((1, weights["embed.tokens"].shape[1]))])
    params = {
        "token_embed": {"embeddings": tokens},
        "pos_embed": {"embeddings": np.array(weights["embed.positions"])},
        "unembed": {
            "w": np.array(weights["readout.weight"]),
            "b": np.array(weights["readout.bias"]),
        },
    }
    sizes = sizes_of(model)
    d_model, size = tokens.shape[1], sizes["key_size"]
    for layer in model.layers:
        name = f"transformer/layer_{layer.index}"
        heads: dict[str, list[Array]] = {"query": [], "key": [], "value": [], "linear": []}
        for head in layer.heads:
            heads["query"].append(_padded(head.query * np.sqrt(size), d_model, size))
            heads["key"].append(_padded(head.key, d_model, size))
            heads["value"].append(_padded(head.value, d_model, size))
            heads["linear"].append(_padded(head.output, size, d_model))
        missing = sizes["num_heads"] - len(layer.heads)
        for part, matrices in heads.items():
            shape = (size, d_model) if part == "linear" else (d_model, size)
            all_of = matrices + [np.zeros(shape)] * missing
            joined = np.vstack(all_of) if part == "linear" else np.hstack(all_of)
            params[f"{name}/attn/{part}"] = {"w": joined, "b": np.zeros(joined.shape[1])}
        hidden, mlp = sizes["mlp_hidden_size"], layer.mlp
        params[f"{name}/mlp/linear_1"] = {
            "w": _padded(mlp.w_in, d_model, hidden),
            "b": _padded(mlp.b_in[None], 1, hidden)[0],
        }
        params[f"{name}/mlp/linear_2"] = {
            "w": _padded(mlp.w_out, hidden, d_model),
            "b": _padded(mlp.b_out[None], 1, d_model)[0],
        }
    return params


@dataclass(frozen=True)
class Activations:
    """The arrays of a run, without a batch dimension."""

    input_embeddings: Array
    layer_outputs: list[Array]
    residuals: list[Array]
    attn_logits: list[Array]
    unembedded: Array


def activations_of(model: Model, tokens: Sequence[Any], num_pads: int) -> Activations:
    """Runs the model in NumPy on BOS, tokens and padding, which nothing attends to."""
    weights = model.parameters
    numbers = {(type(token), token): i for i, token in enumerate(model.vocabulary)}
    ids = [len(numbers)] + [numbers[type(token), token] for token in tokens]
    num_seen, num_all = len(ids), len(ids) + num_pads
    x = np.zeros((num_all, weights["embed.tokens"].shape[1]))
    x[:num_seen] = weights["embed.tokens"][ids] + weights["embed.positions"][:num_seen]
    embeddings = x
    layer_outputs, residuals, attn_logits = [], [], []
    for layer in model.layers:
        logits = np.zeros((max(1, len(layer.heads)), num_all, num_all))
        added = np.zeros_like(x)
        for h, head in enumerate(layer.heads):
            logits[h] = _scores(head, x, num_seen)
            pattern = np.exp(logits[h] - logits[h].max(axis=1, keepdims=True))
            pattern /= pattern.sum(axis=1, keepdims=True)
            added += pattern @ (x @ head.value) @ head.output
        x = x + added
        mlp = layer.mlp
        from_mlp = np.maximum(x @ mlp.w_in + mlp.b_in, 0) @ mlp.w_out + mlp.b_out
        layer_outputs += [added, from_mlp]
        residuals += [x, x + from_mlp]
        attn_logits.append(logits)
        x = x + from_mlp
    unembedded = x @ weights["readout.weight"] + weights["readout.bias"]
    return Activations(embeddings, layer_outputs, residuals, attn_logits, unembedded)


def _scores(head: Any, x: Array, num_seen: int) -> Array:
    scores: Array = (x @ head.query) @ (x @ head.key).T
    position = np.arange(len(x))
    hidden = position[None, :] >= num_seen
    if head.mask == "causal":
        hidden = hidden | (position[None, :] > position[:, None])
    if head.mask == "strictly_causal":
        hidden = hidden | ((position[None, :] >= position[:, None]) & (position[None, :] > 0))
    return np.where(hidden, _MASKED, scores)
