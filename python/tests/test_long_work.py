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

PROGRAMS = pathlib.Path(__file__).parents[2] / "programs"
SORT = (PROGRAMS / "sort.rasp").read_text()

# Each would take at least several seconds.
LONG_WORK: dict[str, Callable[[], object]] = {
    "tracing": lambda: raspc.Program("x = [i for i in range(9000000)]; y = tokens;"),
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


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG_WORK)
def test_an_interrupt_ends_work_soon(name: str) -> None:
    interrupted: list[float] = []

    def interrupt() -> None:
        time.sleep(0.7)
        interrupted.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            LONG_WORK[name]()
            thread.join()  # in case it was not that long
            time.sleep(5)
        ended = time.perf_counter()
    finally:
        thread.join()
    assert ended - interrupted[0] < 0.5
    # Nothing is left of the request.
    assert raspc.interpret("x = indices;", "ab") == [0, 1]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["reference", "dense", "structured"])
def test_an_interrupt_ends_running_soon(engine: raspc.lab.Engine) -> None:
    model = raspc.compile(SORT, vocabulary="abcdefgh", max_length=2000)
    batch = [[("abcdefgh")[(i * j * j) % 8] for j in range(2000)] for i in range(400)]
    timer = threading.Timer(0.7, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    start = time.perf_counter()
    try:
        with pytest.raises(KeyboardInterrupt):
            model.run(batch, engine=engine)
            time.sleep(5)
        assert time.perf_counter() - start < 2.5 # with the conversion of the batch
    finally:
        timer.join()


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
