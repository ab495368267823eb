"""Progress bars of long work, with tqdm where it is installed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TypeAlias

#: Called with the amount of work that is done, and the total.
OnProgress: TypeAlias = Callable[[int, int], None]


@contextlib.contextmanager
def reporter(wanted: bool, what: str, unit: str) -> Iterator[OnProgress | None]:
    """What shows the progress of work in a bar, in a notebook as a widget; None if not wanted."""
    if not wanted:
        yield None
        return
    try:
        from tqdm.auto import tqdm
    except ImportError as error:
        raise ImportError("progress=True needs the package tqdm") from error
    with tqdm(desc=what, unit=f" {unit}") as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
