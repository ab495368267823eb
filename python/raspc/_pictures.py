"""Pictures for notebooks: static HTML and SVG, with every text escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raspc._model import Model
    from raspc._program import Program
    from raspc._trace import Attention
    from raspc._values import Atom, Selection, Values


def _text(value: object) -> str:
    return html.escape(str(value))


def values_html(values: Values) -> str:
    """The values of an s-op, each under its token."""
    cells = "".join(
        f"<td>{_text(t)}<br>{_text(v)}</td>" for t, v in zip(values.tokens, values)
    )
    return f"<table><tr>{cells}</tr></table>"


def selection_text(selection: Selection) -> str:
    """A row per query and a column per key: 1 where the query selects the key."""
    names = [str(token) for token in selection.tokens]
    width = max((len(name) for name in names), default=0)
    lines = [" " * (width + 5) + " ".join(name.rjust(width) for name in names)]
    for name, row in zip(names, selection.matrix):
        entries = " ".join(("1" if entry else ".").rjust(width) for entry in row)
        lines.append(f"  {name.rjust(width)} | {entries}")
    return "\n".join(lines)


def selection_html(selection: Selection) -> str:
    """The same as a grid."""
    return f"<pre>{_text(selection_text(selection))}</pre>"


def program_html(program: Program) -> str:
    """The text of a program."""
    return f"<pre>{_text(program.source)}</pre>"


def model_html(model: Model) -> str:
    """A table of the layers."""
    return f"<pre>{_text(model)}</pre>"


def attention_html(attention: Attention) -> str:
    """The patterns of all heads."""
    return f"<pre>{_text(attention)}</pre>"
