"""The notebooks run, and show what they have stored.

RASPC_UPDATE_NOTEBOOKS=1 stores what they show now; look at the difference before committing it.
"""

from __future__ import annotations

import os
import pathlib
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

NOTEBOOKS = sorted((pathlib.Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def outputs_of(notebook: Any) -> list[Any]:
    """What each cell shows, without the numbers of executions."""
    shown = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            shown.append([output.get("data", output.get("text")) for output in cell.outputs])
    return shown


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_it_has_stored(path: pathlib.Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    stored = outputs_of(notebook)
    client = nbclient.NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    if os.environ.get("RASPC_UPDATE_NOTEBOOKS") == "1":
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
        nbformat.write(notebook, path)
        return
    assert outputs_of(notebook) == stored


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) == 3
