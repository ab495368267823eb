"""Programs written for Tracr: evaluation, compiled models, and the interface around them."""

from __future__ import annotations

import doctest
import importlib
import math
import pathlib
import random
import subprocess
import sys
import textwrap
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import raspc
import raspc.tracr
import tracr_programs
from raspc.tracr import compiling, lib, rasp
from raspc.tracr.rasp import causal_eval

BOS = "BOS"


def compiled(program: Any, vocab: Any, max_seq_len: int, **settings: Any) -> Any:
    return compiling.compile_rasp_to_model(
        program, vocab, max_seq_len, compiler_bos=BOS, compiler_pad="PAD", **settings
    )


def output(model: Any, tokens: Any) -> Any:
    decoded = model.apply([BOS, *tokens]).decoded
    assert decoded[0] == BOS
    return decoded[1:]


def inputs(chooser: random.Random, vocab: Any, max_length: int, count: int) -> list[list[Any]]:
    words = list(vocab)
    return [
        [chooser.choice(words) for _ in range(chooser.randint(1, max_length))] for _ in range(count)
    ]


def value(program: Any, tokens: Any, causal: bool) -> Any:
    return (causal_eval.evaluate if causal else rasp.evaluate)(program, tokens)


def check_against_evaluation(program: Any, vocab: Any, length: int, causal: bool, seed: int) -> int:
    """Compares a model with the program's evaluation; the number of inputs that have a value."""
    model = compiled(program, vocab, length, causal=causal)
    count = 0
    for tokens in inputs(random.Random(seed), vocab, length, 20):
        try:
            expected = value(program, tokens, causal)
        except Exception:
            continue  # the model promises nothing
        count += 1
        result = output(model, tokens)
        assert [type(x) for x in result] == [type(x) for x in expected]
        for x, y in zip(result, expected):
            close = isinstance(x, float) and math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-9)
            assert close or x == y, (tokens, expected, result)
    return count


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(
    ("program", "vocab"),
    [
        (lib.make_frac_prevs(rasp.tokens == "l"), "helo"),
        (lib.shift_by(2, rasp.tokens), "abc"),
        (lib.shift_by(-1, rasp.tokens), "abc"),
        (lib.detect_pattern(rasp.tokens, "aba"), "ab"),
        (lib.make_count(rasp.tokens, "a"), "abc"),
        (lib.make_count_less_freq(2), "abc"),
        (lib.make_hist(), "abc"),
        (lib.make_length(), "ab"),
        (lib.make_pair_balance(rasp.tokens, "(", ")"), "()x"),
        (
            lib.make_nary_sequencemap(lambda x, y, z: x * y / z, *[rasp.indices] * 2, rasp.tokens),
            [1, 2, 3],
        ),
    ],
)
def test_library_causal_and_not(program: Any, vocab: Any, causal: bool) -> None:
    assert check_against_evaluation(program, vocab, 6, causal, 1) == 20


@pytest.mark.parametrize(
    ("program", "vocab"),
    [
        (lib.make_reverse(rasp.tokens), "abc"),
        (lib.make_shuffle_dyck2(), "(){}"),
        (lib.make_sort(rasp.tokens, rasp.tokens, max_seq_len=6, min_key=1), [1, 2, 3, 4]),
        (lib.make_sort_freq(6), [1, 2, 3]),
        (lib.make_sort_unique(rasp.tokens, 1 - rasp.indices), "abc"),
    ],
)
def test_library_of_the_whole_input(program: Any, vocab: Any) -> None:
    assert check_against_evaluation(program, vocab, 6, False, 2) == 20


@pytest.mark.parametrize("block", range(10))
def test_random_programs(block: int) -> None:
    num_compiled = num_values = 0
    for seed in range(50 * block, 50 * block + 50):
        chooser = random.Random(seed)
        steps = tracr_programs.random_steps(chooser, chooser.randint(2, 9))
        vocab = chooser.choice(tracr_programs.VOCABULARIES)
        program = tracr_programs.build(steps, rasp)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                num_values += check_against_evaluation(program, vocab, 4, seed % 2 == 1, seed)
                num_compiled += 1
            except raspc.Error as refusal:
                # Only what has no value, and what has too many.
                reasons = ("on every input", "cannot be listed", "know")
                assert any(reason in str(refusal) for reason in reasons), str(refusal)
    assert num_compiled >= 40 and num_values >= 500


def test_values_that_only_python_has() -> None:
    huge, infinite = 1 << 80, math.inf
    program = rasp.Map(lambda x: {0: None, 1: (1, "x"), 2: infinite, 3: huge}[x], rasp.tokens)
    with pytest.warns(raspc.RaspWarning, match="OverflowError"):
        model = compiled(program, {0, 1, 2, 3}, 3)
    assert output(model, [0, 1, 2]) == [None, (1, "x"), infinite]
    of_tuples = rasp.Map(
        lambda pair: pair[0], rasp.Map(lambda x: (x, 1), rasp.tokens, False), False
    )
    assert output(compiled(of_tuples, "ab", 3), "ab") == ["a", "b"]


def test_points_that_fail() -> None:
    same = rasp.Select(rasp.tokens, rasp.tokens, rasp.Comparison.EQ)
    count = rasp.SelectorWidth(same)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # no count is 0
        assert output(compiled(rasp.Map(lambda x: 6 / x, count), "ab", 3), "aab") == [3, 3, 6]
    with pytest.warns(raspc.RaspWarning) as record:
        compiled(rasp.Map(lambda x: 1 / x, rasp.tokens), {0, 1}, 3)
    message = str(record[0].message)
    assert "lambda (test_tracr.py" in message and "(0): ZeroDivisionError" in message
    with pytest.raises(raspc.Error, match=r"fails on every input(.|\n)*\(0\): ZeroDivisionError"):
        compiled(rasp.Map(lambda x: 1 / 0, rasp.tokens), {0, 1}, 3)


def test_functions_are_called_once_for_each_point() -> None:
    calls: list[Any] = []

    def double(x: Any) -> Any:
        calls.append(x)
        return x * 2

    program = rasp.Map(
        double, rasp.SelectorWidth(rasp.Select(rasp.tokens, rasp.tokens, lambda k, q: k <= q))
    )
    model = compiled(program, {1, 2, 3}, 5)
    assert sorted(calls) == [0, 1, 2, 3, 4, 5]
    assert output(model, [1, 2, 2]) == [2, 6, 6]
    assert len(calls) == 6


def test_constants() -> None:
    constant = rasp.ConstantSOp([5, 6, 7])
    assert output(compiled(constant + rasp.tokens, {0, 1}, 3), [0, 1, 0]) == [5, 7, 7]
    selector = rasp.ConstantSelector([[True, True], [False, True]])
    assert output(compiled(rasp.SelectorWidth(selector), "ab", 2), "ab") == [2, 1]
    assert output(compiled(rasp.Full("z"), "ab", 2), "ab") == ["z", "z"]


def test_length() -> None:
    assert output(compiled(rasp.length - rasp.indices, "ab", 4), "aba") == [3, 2, 1]
    with pytest.raises(NotImplementedError, match="length"):
        compiled(rasp.length, "ab", 4, causal=True)


def test_bos_and_pad() -> None:
    model = compiled(lib.make_reverse(rasp.tokens), "abc", 5)
    assert model.apply([BOS, "a", "b", "PAD", "PAD"]).decoded == [BOS, "b", "a", "PAD", "PAD"]
    for wrong in (["a"], [], [BOS, "z"], [BOS, "PAD", "a"], [BOS, *"abcabc"]):
        with pytest.raises(ValueError):
            model.apply(wrong)
    assert model.apply([BOS]).decoded == [BOS]
    for settings in ({"compiler_bos": "a"}, {"compiler_pad": "a"}):
        with pytest.raises(ValueError):
            compiling.compile_rasp_to_model(rasp.tokens, {"a"}, 3, **settings)


@pytest.mark.parametrize("causal", [False, True])
def test_arrays_are_those_of_a_transformer_like_tracrs(causal: bool) -> None:
    program = lib.make_pair_balance(rasp.tokens, "(", ")")
    model = compiled(program, "()x", 6, causal=causal)
    result = model.apply([BOS, *"(x)(", "PAD"])
    config, params = model.model_config, model.params
    assert config.causal == causal
    embedding, num_positions = params["token_embed"]["embeddings"], 6
    d_model = embedding.shape[1]
    assert len(model.residual_labels) == d_model
    x = embedding[model.input_encoder.encode([BOS, *"(x)(", "PAD"])]
    x = x + params["pos_embed"]["embeddings"][:num_positions]
    x[-1] = 0  # nothing sees padding
    hidden = np.zeros((num_positions, num_positions), bool)
    hidden[:, -1] = True
    if causal:
        hidden |= np.triu(np.ones_like(hidden), 1)
    for layer in range(config.num_layers):
        name = f"transformer/layer_{layer}"
        split = [
            (x @ params[f"{name}/attn/{part}"]["w"]).reshape(num_positions, config.num_heads, -1)
            for part in ("query", "key", "value")
        ]
        logits = np.einsum("qhd,khd->hqk", *split[:2]) / np.sqrt(config.key_size)
        shown = result.attn_logits[layer][0]
        assert np.allclose(np.where(hidden, 0, logits), np.where(hidden, 0, shown))
        pattern = np.exp(np.where(hidden, -1e30, logits) - logits.max(axis=-1, keepdims=True))
        pattern /= pattern.sum(axis=-1, keepdims=True)
        mixed = np.einsum("hqk,khd->qhd", pattern, split[2]).reshape(num_positions, -1)
        x = x + mixed @ params[f"{name}/attn/linear"]["w"]
        assert np.allclose(result.residuals[2 * layer][0][:-1], x[:-1])
        first, second = params[f"{name}/mlp/linear_1"], params[f"{name}/mlp/linear_2"]
        x = x + np.maximum(x @ first["w"] + first["b"], 0) @ second["w"] + second["b"]
        assert np.allclose(result.residuals[2 * layer + 1][0][:-1], x[:-1])
    assert np.allclose(result.transformer_output[0][:-1], x[:-1])
    assert len(result.layer_outputs) == len(result.residuals) == 2 * config.num_layers
    assert result.input_embeddings.shape == (1, num_positions, d_model)
    assert result.unembedded.shape[:2] == (1, num_positions)


# Tracr's issues that raspc answers, each with a program of the kind that it is about; docs/tracr.md
# lists them.


def test_issue_4_composite_selectors() -> None:
    """And, or and not of selectors that compare different s-ops."""
    same = rasp.Select(rasp.tokens, rasp.tokens, rasp.Comparison.EQ)
    before = rasp.Select(rasp.indices, rasp.indices, rasp.Comparison.LT)
    seen = rasp.Aggregate(rasp.SelectorAnd(same, before), rasp.Full(1), default=0) > 0
    assert output(compiled(seen, "abc", 5), "abcab") == [False, False, False, True, True]
    others = rasp.SelectorWidth(rasp.SelectorOr(rasp.SelectorNot(same), before))
    assert check_against_evaluation(others, "abc", 5, False, 3) == 20


def test_issue_6_sums() -> None:
    """The number that digits write: a sum, as the mean times the length."""
    place = rasp.length - rasp.indices - 1
    parts = rasp.SequenceMap(lambda digit, k: int(digit) * 2**k, rasp.tokens, place)
    everything = rasp.Select(rasp.indices, rasp.indices, rasp.Comparison.TRUE)
    number = rasp.Aggregate(everything, parts * rasp.length, default=0)
    assert output(compiled(number, "01", 8), "10110") == [22.0] * 5
    assert check_against_evaluation(number, "01", 6, False, 5) == 20


def test_issue_9_compiled_outputs_are_those_of_the_program() -> None:
    """Means of several values, and None, in a program whose annotations say nothing."""
    later = rasp.Select(rasp.indices, rasp.indices, rasp.Comparison.GT)
    program = rasp.Aggregate(later, rasp.indices)
    assert output(compiled(program, "abc", 3), "abc") == [1.5, 2, None]


def test_issue_17_means_of_any_numbers() -> None:
    """Several floats, ints or bools are averaged; one value of any type is moved."""
    everything = rasp.Select(rasp.tokens, rasp.tokens, rasp.Comparison.TRUE)
    mean = rasp.Aggregate(everything, rasp.tokens)
    assert output(compiled(mean, {0.5, 1.0, 1.5}, 4), [0.5, 1.0, 1.5]) == [1.0] * 3
    assert output(compiled(mean, {1, 2, 5}, 4), [1, 5, 5]) == [11 / 3] * 3
    assert (
        output(compiled(rasp.Aggregate(everything, rasp.tokens == "a"), "ab", 4), "abb")
        == [1 / 3] * 3
    )
    assert output(compiled(lib.shift_by(1, rasp.tokens), "ab", 4), "ab") == [None, "a"]


def test_issue_25_none_stays_none() -> None:
    """An aggregate that selects nothing and has no default, aggregated again."""
    select = rasp.Select(rasp.indices, rasp.tokens, rasp.Comparison.EQ)
    program = rasp.Aggregate(select, rasp.Aggregate(select, rasp.indices))
    assert output(compiled(program, {1, 2, 3, 4}, 5), [1, 2, 3, 4]) == [2, 3, None, None]
    assert check_against_evaluation(program, [1, 2, 3, 4], 5, True, 6) == 20


def test_numbers_below_zero() -> None:
    """A numerical map with negative values (issue 24)."""
    program = rasp.numerical(rasp.Map(lambda x: x - 1, rasp.tokens))
    assert output(compiled(program, {0, 1, 2}, 3), [0, 2]) == [-1, 1]


def test_maps_of_maps_of_arithmetic() -> None:
    """Numbers computed from one another, without encodings."""
    program = rasp.LinearSequenceMap(lib.make_frac_prevs(rasp.tokens == "a"), rasp.indices, 2, -1)
    assert check_against_evaluation(program * 3 + 1, "ab", 5, True, 4) == 20


def test_expressions_and_annotations() -> None:
    same = rasp.Select(rasp.tokens, rasp.tokens, rasp.Comparison.EQ)
    hist = rasp.SelectorWidth(same)
    assert (hist.name, hist.named("hist").name) == ("selector_width", "hist")
    assert hist.named("hist").label.startswith("hist_")
    assert rasp.tokens.label == "tokens"
    assert rasp.is_categorical(hist) and rasp.is_numerical(rasp.numerical(hist))
    assert rasp.numerical(hist.named("hist")).name == "hist"
    assert [child is same for child in hist.children] == [True]
    with pytest.raises(TypeError):
        rasp.get_encoding(same)
    with pytest.raises(KeyError):
        hist.annotations["other"]
    assert isinstance(same & same, rasp.Select)
    assert isinstance(~same, rasp.Select)
    assert rasp.Map(lambda x: x + 1, rasp.Map(lambda x: 2 * x, rasp.tokens)).inner is rasp.tokens
    with pytest.raises(AssertionError):
        rasp.SelectorWidth(rasp.tokens)


def test_none_is_kept_by_maps() -> None:
    shifted = lib.shift_by(1, rasp.tokens)
    assert (shifted + 1)([1, 2]) == [None, 2]
    assert rasp.SequenceMap(lambda x, y: x + y, shifted, rasp.tokens)([1, 2]) == [None, 3]
    with pytest.raises(ValueError):
        rasp.Select(shifted, shifted, rasp.Comparison.EQ)([1, 2])


def test_runs_under_the_name_tracr() -> None:
    code = """
        import sys
        import raspc.tracr
        sys.modules["tracr"] = raspc.tracr
        from tracr.compiler import compiling
        from tracr.compiler import lib
        from tracr.rasp import rasp
        import tracr.rasp.causal_eval
        from raspc.tracr import rasp as other
        assert rasp.Map is other.Map and rasp.tokens is other.tokens
        model = compiling.compile_rasp_to_model(
            lib.make_hist(), vocab={"a", "b"}, max_seq_len=4, compiler_bos="BOS")
        print(model.apply(["BOS", "a", "b", "a"]).decoded)
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    assert result.stdout == "['BOS', 2, 1, 2]\n"


@pytest.fixture
def without_tracr() -> Iterator[None]:
    """Forgets the modules that a test imports under the name of Tracr."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.split(".")[0] == "tracr":
            del sys.modules[name]


@pytest.mark.usefixtures("without_tracr")
def test_examples_on_the_page() -> None:
    page = pathlib.Path(__file__).parents[2] / "docs" / "tracr.md"
    blocks = page.read_text().split("```")[1::2]
    assert blocks and all(block.startswith("pycon\n") for block in blocks)
    text = "\n".join(block.removeprefix("pycon\n") for block in blocks)
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, page.name, 0)
    said: list[str] = []
    doctest.DocTestRunner().run(test, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize("name", ["rasp.rasp", "compiler.compiling", "compiler.lib"])
def test_examples_in_documentation(name: str) -> None:
    module = importlib.import_module(f"raspc.tracr.{name}")
    failed, tried = doctest.testmod(module)
    assert failed == 0 and tried > 0
