"""Compiling, running, saving and tracing models."""

from __future__ import annotations

import pathlib
import pickle

import numpy as np
import pytest
import raspc

HISTOGRAM = "same = select(tokens, tokens, ==); hist = selector_width(same);"


@pytest.fixture(scope="module")
def histogram() -> raspc.Model:
    return raspc.compile(HISTOGRAM, vocabulary="helo", max_length=8)


def test_a_model_gives_the_interpreters_values(histogram: raspc.Model) -> None:
    assert histogram.run("hello") == raspc.interpret(HISTOGRAM, "hello") == [1, 1, 2, 2, 1]


def test_a_batch_gives_a_list_of_outputs(histogram: raspc.Model) -> None:
    assert histogram.run([list("hello"), ["h"]]) == [[1, 1, 2, 2, 1], [1]]
    assert histogram.run_batch(["lo", "oo"]) == [[1, 1], [2, 2]]
    assert histogram.run_batch([]) == []


def test_a_list_of_strings_is_one_input() -> None:
    model = raspc.compile("same = tokens;", vocabulary=["ab", "c"], max_length=3)
    assert model.run(["ab", "c"]) == ["ab", "c"]


def test_a_saved_model_is_the_same(histogram: raspc.Model, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "hist.safetensors"
    histogram.save(path)
    loaded = raspc.load(path)
    assert loaded.run("hello") == [1, 1, 2, 2, 1]
    pickled = pickle.loads(pickle.dumps(histogram))
    for name, tensor in histogram.parameters.items():
        assert np.array_equal(tensor, loaded.parameters[name])
        assert np.array_equal(tensor, pickled.parameters[name])


def test_parameters_are_read_only_views(histogram: raspc.Model) -> None:
    assert (
        sum(tensor.size for tensor in histogram.parameters.values()) == histogram.sizes.parameters
    )
    query = histogram.heads[0].query
    assert not query.flags.owndata
    with pytest.raises(ValueError):
        query[0, 0] = 1.0
    assert np.shares_memory(query, histogram.parameters["layers.0.heads.0.query"])


def test_a_view_outlives_its_model() -> None:
    query = raspc.compile(HISTOGRAM, vocabulary="ab", max_length=4).heads[0].query
    again = raspc.compile(HISTOGRAM, vocabulary="ab", max_length=4).heads[0].query
    assert np.array_equal(query, again)


def test_a_trace_has_patterns_streams_and_values(histogram: raspc.Model) -> None:
    trace = histogram.trace("hello")
    assert trace.attention[0, 0].shape == (6, 6)
    assert np.allclose(trace.attention[0, 0].sum(axis=1), 1)
    # Both queries at l attend to both l and to BOS.
    assert np.array_equal(trace.attention[0, 0][3] > 0, [True, False, False, True, True, False])
    assert trace.residual[0].shape == (6, histogram.sizes.d_model)
    assert trace.decoded.tolist() == [1, 1, 2, 2, 1]
    assert trace.value("hist").tolist() == [1, 1, 2, 2, 1]
    assert trace.value("tokens").tolist() == list("hello")
    assert np.allclose(trace.variable("hist")[1:], [1, 1, 2, 2, 1], atol=1e-3)


def test_an_intervention_changes_what_depends_on_it() -> None:
    model = raspc.compile(
        "opp = length - indices - 1; rev = aggregate(select(indices, opp, ==), tokens);",
        vocabulary="abc",
        max_length=5,
    )
    assert model.run("abc") == ["c", "b", "a"]
    assert model.intervene({"length": {0: 2}}).run("abc") == ["b", "b", "a"]
    # Every position takes the input for one of two tokens; nothing is at indices below 0.
    assert model.intervene({"length": 2}).run("abc")[:2] == ["b", "a"]
    trace = model.intervene({"length": {0: 2}}).trace("abc")
    assert trace.attention[model.heads[-1].layer, model.heads[-1].index][1, 2] == 1
    for settings in [
        {"lenght": {0: 1}},
        {"length": {0: 77}},
        {"length": {5: 1}},
        {"length": {-1: 1}},
    ]:
        with pytest.raises(raspc.InputError):
            model.intervene(settings).run("abc")


def test_generation() -> None:
    model = raspc.compile(
        "next = tokens_int - 1;",
        vocabulary=range(5),
        max_length=1,
        generate="next",
        stop=[0],
        target="decoder",
        max_steps=4,
    )
    assert model.generate([3]) == [2, 1, 0]
    output = model.run([3])
    assert (output.generated, output.stopped) == ([2, 1, 0], True)
    assert model.trace([3]).tokens == [3, 2, 1]
    with pytest.raises(TypeError):
        raspc.compile("x = indices;", vocabulary="ab", max_length=2).generate("a")


def test_appended_and_padding_tokens_are_positions() -> None:
    model = raspc.compile(
        "x = indices;", vocabulary="ab$_", alphabet="ab", max_length=3, append="$", pad=("_", "n")
    )
    output = model.run("ab")
    assert (output, output.tokens) == ([0, 1, 2, 3, 4], ["a", "b", "$", "_", "_"])
