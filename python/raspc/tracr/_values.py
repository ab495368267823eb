"""Values of Python in graphs, which know ints of 64 bits, finite floats, bools and strings.

Whatever else a program computes with, such as None or a tuple, is a *host value*: a string that
begins with a mark which no text has. Equal values are equal strings, so they can be compared and
passed on; functions get the values themselves.
"""

from __future__ import annotations

import math
from typing import Any

from raspc import _core

_MARK = _core.host_value_mark()
NONE = _MARK + "None"
_INT_BITS = 63

# By what is written after the mark, and by the values themselves.
_values: dict[str, Any] = {
    "None": None,
    "inf": math.inf,
    "-inf": -math.inf,
    "nan": math.nan,
}
_texts: dict[Any, str] = {}


def encode(value: Any) -> Any:
    """The value as an int, float, bool or str."""
    if value is None:
        return NONE
    if isinstance(value, (bool, int)):
        if not -(1 << _INT_BITS) <= value < 1 << _INT_BITS:
            raise OverflowError(f"an int of more than 64 bits: {value}")
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else _MARK + str(value).lower()
    if isinstance(value, str):
        return value if not value.startswith(_MARK) else _encode_object(value)
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return encode(value.item())  # a NumPy scalar
    return _encode_object(value)


def _encode_object(value: Any) -> str:
    shown = repr(value)
    key = (type(value), value, shown)  # (1,) and (1.0,) are equal, but not the same
    text = _texts.get(key)
    if text is None:
        text = shown if shown not in _values else f"{shown} #{len(_values)}"
        _texts[key] = text
        _values[text] = value
    return _MARK + text


def decode(atom: Any) -> Any:
    """The value that :func:`encode` made this of."""
    if isinstance(atom, str) and atom.startswith(_MARK):
        return _values.get(atom.removeprefix(_MARK), atom)
    return atom


def shown(text: str) -> str:
    """A name in which host values may occur, for people."""
    return text.replace(_MARK, "")
