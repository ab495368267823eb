"""Evaluates programs causally: no position selects a later one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from raspc.tracr.rasp import rasp

__all__ = ["CausalEvaluator", "evaluate"]


class CausalEvaluator(rasp.DefaultRASPEvaluator):
    """An evaluator whose selectors are restricted to keys at or before the query."""

    def selector_rows(self, rows: rasp.SelectorValue) -> rasp.SelectorValue:
        return [
            [selected and k <= q for k, selected in enumerate(row)] for q, row in enumerate(rows)
        ]


def evaluate(expr: rasp.RASPExpr, xs: Sequence[Any]) -> Any:
    """The causal value of an s-op or selector."""
    return CausalEvaluator().evaluate(expr, xs)
