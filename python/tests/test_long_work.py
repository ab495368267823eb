"""Long work: Ctrl-C ends it, other threads go on meanwhile, and it tells its progress."""

from __future__ import annotations

import os
import pathlib
import signal
import threading
import time
from collections.abc import Callable

import pytest
import raspc
from raspc import lab
from raspc._model import Engine

PROGRAMS = pathlib.Path(__file__).parents[2] / "programs"
SORT = (PROGRAMS / "sort.rasp").read_text()

# Each would take at least several seconds.
LONG_WORK: dict[str, Callable[[], object]] = {
    "compiling": lambda: raspc.compile(SORT, vocabulary=range(3000), max_length=2000),
    "verifying": lambda: raspc.verify(SORT, max_length=8, exhaustive=8),
    "interpreting": lambda: raspc.interpret(
        "x = selector_width(select(tokens_int, tokens_int + indices, <) and "
        "select(tokens_int * 3, indices, >)); y = selector_width(select(x, indices, <));",
        [(i * 7919) % 65_521 for i in range(60_000)],
    ),
    "classifying": lambda: lab.classify("from_end(16)", max_monoid=10_000_000),
    "suite": lambda: lab.suite("default"),
}


def seconds_to_stop(work: Callable[[], object]) -> float:
    """How long the work goes on after Ctrl-C. Fails if it ends before that."""
    sent: list[float] = []

    def interrupt() -> None:
        time.sleep(0.7)
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    is_finished = False
    try:
        with pytest.raises(KeyboardInterrupt):
            work()
            is_finished = True
            thread.join()
            time.sleep(1)
        ended = time.perf_counter()
    finally:
        thread.join()
    assert not is_finished, "the work was over before it was interrupted"
    return ended - sent[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG_WORK)
def test_an_interrupt_ends_work_soon(name: str) -> None:
    assert seconds_to_stop(LONG_WORK[name]) < 0.5
    # Nothing is left of the request.
    assert raspc.interpret("x = indices;", "ab") == [0, 1]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::raspc.RaspWarning")
@pytest.mark.parametrize("engine", ["reference", "dense", "structured"])
def test_an_interrupt_ends_running_soon(engine: Engine) -> None:
    model = raspc.compile(SORT, vocabulary="abcdefgh", max_length=2000)
    batch = [["abcdefgh"[(i * j * j) % 8] for j in range(2000)] for i in range(600)]
    assert seconds_to_stop(lambda: model.run(batch, engine=engine)) < 0.5


def test_other_threads_run_meanwhile() -> None:
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        start = time.perf_counter()
        raspc.verify(SORT, exhaustive=4)
        seconds = time.perf_counter() - start
    finally:
        done.set()
        thread.join()
    assert ticks > seconds * 1000 / 20


def test_models_run_on_several_threads_at_once() -> None:
    model = raspc.compile(SORT)
    results: list[list[raspc.Atom]] = []

    def run() -> None:
        for _ in range(20):
            results.append(model.run("headache"))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [sorted("headache")] * 80


def test_progress_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    raspc.verify(SORT, exhaustive=3, progress=True)
    assert "584/584" in capsys.readouterr().err
    raspc.compile(SORT).run_batch(["abc"] * 300, progress=True)
    assert "300/300" in capsys.readouterr().err
