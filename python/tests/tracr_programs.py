"""Random programs of Tracr's operations, made the same for whichever module has the operations.

A program is a list of steps that refer to earlier ones; ``build(steps, rasp)`` makes it of the
operations of a module, so that one program can be evaluated by two implementations.
"""

from __future__ import annotations

import random
from typing import Any

VOCABULARIES: list[list[Any]] = [["a", "b", "c"], [0, 1, 2], [1, 2, 5], [0.5, 1.5], ["x", "yy"]]

# Functions of values of any type: of one, of two, and predicates. Some fail on some values.
UNARY: list[Any] = [
    lambda x: x,
    lambda x: x == 1,
    lambda x: (x, x),
    lambda x: len(str(x)),
    lambda x: x if isinstance(x, (int, float)) else 3,
    lambda x: None if x == 2 else x,
    lambda x: 1 / x if isinstance(x, (int, float)) and x else "none",
    lambda x: not x,
    lambda x: str(x),
    lambda x: isinstance(x, str),
]
BINARY: list[Any] = [
    lambda x, y: x == y,
    lambda x, y: (x, y),
    lambda x, y: len(str(x)) - len(str(y)),
    lambda x, y: x if isinstance(x, (int, float)) and x else y,
    lambda x, y: str(x) + str(y),
    lambda x, y: x + y,
    lambda x, y: x and y,
]
PREDICATES: list[Any] = [
    lambda k, q: k == q,
    lambda k, q: str(k) <= str(q),
    lambda k, q: k != 1,
    lambda k, q: q is None,
    lambda k, q: len(str(k)) == len(str(q)),
    lambda k, q: str(k) in str(q),
]
OF_POSITIONS: list[Any] = [
    lambda k, q: k == q - 1,
    lambda k, q: k <= q + 1,
    lambda k, q: (k + q) % 2 == 0,
    lambda k, q: k == 0,
    lambda k, q: k * 2 == q,
]
COMPARISONS = ["EQ", "NEQ", "LT", "LEQ", "GT", "GEQ", "TRUE", "FALSE"]


def random_steps(chooser: random.Random, num_steps: int) -> list[tuple[Any, ...]]:
    """Steps of a program; s-ops and selectors are referred to by numbers, from the end."""
    steps: list[tuple[Any, ...]] = []
    for _ in range(num_steps):
        sops = tuple(chooser.randrange(6) for _ in range(2))
        selectors = tuple(chooser.randrange(4) for _ in range(2))
        kind = chooser.choice(
            [
                "map",
                "map",
                "operator",
                "operators",
                "sequence",
                "linear",
                "select",
                "select",
                "compare",
                "compare",
                "positions",
                "logic",
                "not",
                "aggregate",
                "aggregate",
                "aggregate",
                "width",
                "full",
            ]
        )
        detail = {
            "map": lambda: chooser.randrange(len(UNARY)),
            "operator": lambda: (
                chooser.choice(["+", "-", "*", "<", "==", "r-"]),
                chooser.randint(0, 3),
            ),
            "operators": lambda: chooser.choice(["+", "-", "*", "and", "or"]),
            "sequence": lambda: chooser.randrange(len(BINARY)),
            "linear": lambda: (chooser.choice([1, -1, 2, 0.5]), chooser.choice([1, -1, 3])),
            "select": lambda: chooser.randrange(len(PREDICATES)),
            "compare": lambda: chooser.choice(COMPARISONS),
            "positions": lambda: chooser.randrange(len(OF_POSITIONS)),
            "logic": lambda: chooser.choice(["and", "or"]),
            "aggregate": lambda: chooser.choice([None, None, None, 0, "-", 1.5]),
            "full": lambda: chooser.choice([0, 1, "a", None, True]),
        }.get(kind, lambda: None)()
        steps.append((kind, sops, selectors, detail))
    return steps


def build(steps: list[tuple[Any, ...]], rasp: Any) -> Any:
    """The last s-op of the program, made of the operations of ``rasp``."""
    sops: list[Any] = [rasp.tokens, rasp.indices]
    selectors: list[Any] = [
        rasp.Select(rasp.tokens, rasp.tokens, rasp.Comparison.EQ),
        rasp.Select(rasp.indices, rasp.indices, rasp.Comparison.LEQ),
    ]
    for kind, of_sops, of_selectors, detail in steps:
        a, b = (sops[-1 - (i % len(sops))] for i in of_sops)
        s, t = (selectors[-1 - (i % len(selectors))] for i in of_selectors)
        made = _step(rasp, kind, detail, a, b, s, t)
        (selectors if isinstance(made, rasp.Selector) else sops).append(made)
    return sops[-1]


def _step(rasp: Any, kind: str, detail: Any, a: Any, b: Any, s: Any, t: Any) -> Any:
    if kind == "map":
        return rasp.Map(UNARY[detail], a)
    if kind == "operator":
        return _operator(detail[0], a, detail[1])
    if kind == "operators":
        return _operator(detail, a, b)
    if kind == "sequence":
        return rasp.SequenceMap(BINARY[detail], a, b)
    if kind == "linear":
        return rasp.LinearSequenceMap(a, b, *detail)
    if kind == "select":
        return rasp.Select(a, b, PREDICATES[detail])
    if kind == "compare":
        return rasp.Select(a, b, rasp.Comparison[detail])
    if kind == "positions":
        return rasp.Select(rasp.indices, rasp.indices, OF_POSITIONS[detail])
    if kind == "logic":
        return (s & t) if detail == "and" else (s | t)
    if kind == "not":
        return ~s
    if kind == "aggregate":
        return rasp.Aggregate(s, a, default=detail)
    if kind == "width":
        return rasp.SelectorWidth(s)
    return rasp.Full(detail)


def _operator(symbol: str, a: Any, b: Any) -> Any:
    return {
        "+": lambda: a + b,
        "-": lambda: a - b,
        "r-": lambda: b - a,
        "*": lambda: a * b,
        "<": lambda: a < b,
        "==": lambda: a == b,
        "and": lambda: a & b,
        "or": lambda: a | b,
    }[symbol]()
