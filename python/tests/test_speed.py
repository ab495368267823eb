"""What Python adds to the libraries' own time.

The work is done on other threads, so the time of the calling thread is what is added. Processor
time and the best of several runs do not depend on what else the machine does.
"""

from __future__ import annotations

import pathlib
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
import raspc

SORT = (pathlib.Path(__file__).parents[2] / "programs" / "sort.rasp").read_text()


def seconds(work: Callable[[], object], times: int = 15) -> tuple[float, float]:
    """The least processor time of this thread, and of all others."""
    here, elsewhere = [], []
    for _ in range(times):
        start = time.thread_time(), time.process_time()
        work()
        here.append(time.thread_time() - start[0])
        elsewhere.append(time.process_time() - start[1] - here[-1])
    return min(here), min(elsewhere)


@pytest.mark.slow
def test_the_package_is_imported_quickly() -> None:
    code = "import time; t = time.process_time(); import raspc; print(time.process_time() - t)"
    took = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(5)
    ]
    print(f"import: {min(took):.3f} s")
    assert min(took) < 0.2


@pytest.mark.slow
def test_compiling_adds_little() -> None:
    here, elsewhere = seconds(lambda: raspc.compile(SORT))
    print(f"compile: {here * 1e3:.2f} ms in addition to {elsewhere * 1e3:.2f} ms")
    assert here < 0.005


@pytest.mark.slow
def test_a_batch_adds_little() -> None:
    model = raspc.compile(SORT, max_length=128)
    letters = model.alphabet
    batch = [[letters[(i * i * j + j * j) % len(letters)] for j in range(128)] for i in range(256)]
    here, elsewhere = seconds(lambda: model.run(batch))
    print(f"256 x 128 tokens: {here * 1e3:.2f} ms in addition to {elsewhere * 1e3:.2f} ms")
    assert here < 0.05 * elsewhere
