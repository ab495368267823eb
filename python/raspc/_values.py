"""Tokens, and the values that s-ops and selectors have on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from raspc import _core, _pictures

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: A token, or the value of an s-op at one position.
Atom: TypeAlias = int | float | bool | str

#: An input: a str, whose characters are the tokens, or the tokens one by one.
Tokens: TypeAlias = "str | Sequence[Atom] | npt.NDArray[Any]"


# Positions of a selector that are shown as text.
_MOST_SHOWN = 64


class Values(list[Atom]):
    """The values of an s-op on an input, one per position: a list, with a picture in notebooks.

    Where a program appends or pads, there are more positions than the input has tokens; ``tokens``
    has them all.
    """

    # A batch has hundreds of these.
    __slots__ = ("_frame", "_tokens", "generated", "name", "stopped")

    #: The s-op's name.
    name: str
    #: The tokens that were generated after the input; None if the program does not generate.
    generated: list[Atom] | None
    #: Whether a stop token ended generation; None if the program does not generate.
    stopped: bool | None

    def __init__(
        self,
        values: Iterable[Atom],
        name: str = "",
        tokens: Iterable[Atom] = (),
        generated: Iterable[Atom] | None = None,
        stopped: bool | None = None,
        frame: tuple[list[Atom], Atom | None] = ([], None),
    ) -> None:
        """``tokens`` are the input's; ``frame`` are the appended ones and the padding token."""
        list.__init__(self, values)
        self.name = name
        self.generated = None if generated is None else list(generated)
        self.stopped = stopped
        self._tokens = tuple(tokens)
        self._frame = frame

    @property
    def tokens(self) -> list[Atom]:
        """The token at each position."""
        append, pad = self._frame
        tokens = [*self._tokens, *append]
        if pad is not None:
            tokens += [pad] * (len(self) - len(tokens))
        return tokens

    def to_numpy(self) -> npt.NDArray[Any]:
        """The values as an array of ints, floats, Booleans or strings; of objects if they mix."""
        return array_of(self)

    def _repr_svg_(self) -> str:
        return _pictures.values_svg(self)


class Selection:
    """The matrix of a selector on an input: row = query position, column = key position."""

    #: The selector's name.
    name: str
    #: The token at each position.
    tokens: list[Atom]
    #: [length, length]: whether the query, a row, selects the key, a column.
    matrix: npt.NDArray[np.bool_]

    def __init__(self, matrix: npt.NDArray[np.bool_], *, name: str, tokens: Iterable[Atom]) -> None:
        self.matrix = matrix
        self.name = name
        self.tokens = list(tokens)

    @property
    def widths(self) -> list[int]:
        """How many keys each query selects."""
        return [int(width) for width in self.matrix.sum(axis=1)]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        import numpy as np

        if copy is False:
            return np.asarray(self.matrix, dtype=dtype)
        return np.array(self.matrix, dtype=dtype)

    def __eq__(self, other: object) -> bool:
        import numpy as np

        if isinstance(other, Selection):
            return np.array_equal(self.matrix, other.matrix) and self.tokens == other.tokens
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        import numpy as np

        count = min(len(self.tokens), _MOST_SHOWN)
        matrix = np.ascontiguousarray(self.matrix[:count, :count])
        text = _core.selector_picture(matrix, self.tokens[:count]).rstrip("\n")
        if count < len(self.tokens):
            text += f"\n  the first {count} of {len(self.tokens)} positions"
        return text

    def _repr_svg_(self) -> str:
        return _pictures.selection_svg(self)


def array_of(values: Sequence[Atom]) -> npt.NDArray[Any]:
    """The values as an array of one type; of objects if they have several types."""
    import numpy as np

    types = {type(value) for value in values}
    if len(types) > 1:
        array = np.empty(len(values), dtype=object)
        array[:] = values
        return array
    return np.array(list(values))
