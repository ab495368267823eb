"""Programs as graphs for the compiler.

Functions of a program become host functions: the compiler calls them for the values that their
arguments can have, and never afterwards. Operators and comparisons become operations of the graph
where that means the same: an operation knows no None, so its operands must not be able to be None.
"""

from __future__ import annotations

import linecache
import os
from collections.abc import Callable
from typing import Any

from raspc import _core
from raspc.tracr import _values
from raspc.tracr.rasp import rasp

_NATIVE_COMPARISONS = {"==", "<", "<=", ">", ">=", "!="}
_NATIVE_OPERATIONS = {"+", "-", "*", "/"} | _NATIVE_COMPARISONS
# Comparisons that hold between a value and itself.
_REFLEXIVE = {"==", "<=", ">="}


def name_of(function: Callable[..., Any]) -> str:
    """What messages call a function: its name, and where it is written."""
    name = getattr(function, "__name__", type(function).__name__).strip("<>")
    code = getattr(function, "__code__", None)
    if isinstance(function, rasp._After):
        code = getattr(function.outer, "__code__", None)
    if code is None:
        return str(name)
    return f"{name} ({os.path.basename(code.co_filename)}:{code.co_firstlineno})"


class GraphOf:
    """The graph of a program, causal or not."""

    def __init__(self, program: rasp.SOp, causal: bool) -> None:
        self._graph = _core.Graph()
        self._causal = causal
        self._ids: dict[int, int] = {}  # of nodes, by id of the expression
        self._may_be_none: dict[int, bool] = {}  # by id of the s-op
        self._functions: dict[tuple[Any, ...], int] = {}  # nodes of functions by what they are
        for expr in rasp.in_order(program):
            self._at(expr)
            if isinstance(expr, rasp.SOp):
                self._may_be_none[id(expr)] = self._sop_may_be_none(expr)
                node = self._sop(expr)
            else:
                node = self._selector(expr)
            self._ids[id(expr)] = node
            if expr.name != rasp.default_name(expr):
                self._graph.name(node, expr.name)
        self._output = self._ids[id(program)]
        self._name = program.name

    def program(self, **settings: Any) -> _core.Program:
        """The program with these settings."""
        return self._graph.program(self._output, self._name, settings)

    def _at(self, expr: rasp.RASPExpr) -> None:
        file, line = expr._place or ("<raspc.tracr>", 0)
        self._graph.at(file, "".join(linecache.getlines(file)), line)

    def _of(self, expr: rasp.RASPExpr) -> int:
        return self._ids[id(expr)]

    # Whether an s-op can be None. Functions are taken at their word only where they are operators.

    def _sop_may_be_none(self, expr: rasp.SOp) -> bool:
        if isinstance(expr, rasp.Full):
            return expr.fill is None
        if isinstance(expr, rasp.ConstantSOp):
            return None in expr.value
        if isinstance(expr, rasp.Aggregate):
            default_counts = expr.default is None and not self._is_never_empty(expr.selector)
            return default_counts or self._may_be_none[id(expr.sop)]
        if isinstance(expr, rasp.Map):
            return self._may_be_none[id(expr.inner)] or _steps_of(expr.f) is None
        if isinstance(expr, rasp.SequenceMap):
            operands = (expr.fst, expr.snd)
            return any(self._may_be_none[id(x)] for x in operands) or not (
                isinstance(expr, rasp.LinearSequenceMap) or _is_native(expr.f)
            )
        return False

    @staticmethod
    def _is_never_empty(selector: rasp.RASPExpr) -> bool:
        if not isinstance(selector, rasp.Select):
            return False
        predicate = selector.predicate
        if not isinstance(predicate, rasp.Comparison):
            return False
        same = selector.keys is selector.queries and predicate.value in _REFLEXIVE
        return predicate is rasp.Comparison.TRUE or same

    # S-ops.

    def _sop(self, expr: rasp.SOp) -> int:
        graph = self._graph
        if isinstance(expr, rasp.TokensType):
            return graph.tokens()
        if isinstance(expr, rasp.IndicesType):
            return graph.indices()
        if isinstance(expr, rasp.LengthType):
            return self._length()
        if isinstance(expr, rasp.Full):
            return self._constant(expr.fill)
        if isinstance(expr, rasp.ConstantSOp):
            values = list(expr.value)
            return self._call(values.__getitem__, "constant_sop", False, [graph.indices()])
        if isinstance(expr, rasp.SelectorWidth):
            return graph.selector_width(self._of(expr.selector))
        if isinstance(expr, rasp.Aggregate):
            # A default that no position has needs no value of its own.
            is_needed = expr.default is not None or not self._is_never_empty(expr.selector)
            default = _values.encode(expr.default) if is_needed else 0
            return graph.aggregate(self._of(expr.selector), self._of(expr.sop), default)
        if isinstance(expr, rasp.Map):
            return self._map(expr)
        if isinstance(expr, rasp.SequenceMap):
            return self._sequence_map(expr)
        raise NotImplementedError(f"{expr.label}: {type(expr).__name__} cannot be compiled")

    def _length(self) -> int:
        if self._causal:
            raise NotImplementedError(
                "length: a causal model cannot know the length of the input, only the position"
            )
        return self._graph.length()

    def _constant(self, value: Any) -> int:
        return self._graph.constant(_values.encode(value))

    def _map(self, expr: rasp.Map) -> int:
        inner = self._of(expr.inner)
        steps = None if self._may_be_none[id(expr.inner)] else _steps_of(expr.f)
        if steps is None:
            return self._call(expr.f, name_of(expr.f), True, [inner])
        for step in steps:
            if not isinstance(step, rasp._Operation):
                inner = self._graph.operation("round" if step is round else "not", [inner])
                continue
            constant = self._constant(step.constant)
            operands = [constant, inner] if step.is_left else [inner, constant]
            inner = self._graph.operation(step.symbol, operands)
        return inner

    def _sequence_map(self, expr: rasp.SequenceMap) -> int:
        operands = [self._of(expr.fst), self._of(expr.snd)]
        if not any(self._may_be_none[id(x)] for x in (expr.fst, expr.snd)):
            if isinstance(expr, rasp.LinearSequenceMap):
                return self._linear(expr, operands)
            if isinstance(expr.f, rasp._Operation) and _is_native(expr.f):
                return self._graph.operation(expr.f.symbol, operands)
        return self._call(expr.f, name_of(expr.f), True, operands)

    def _linear(self, expr: rasp.LinearSequenceMap, operands: list[int]) -> int:
        factors = (expr.fst_fac, expr.snd_fac)
        terms = [
            self._graph.operation("*", [self._constant(factor), operand])
            for factor, operand in zip(factors, operands)
        ]
        return self._graph.operation("+", terms)

    def _call(
        self, function: Callable[..., Any], name: str, keeps_none: bool, operands: list[int]
    ) -> int:
        def call(*atoms: Any) -> Any:
            return _values.encode(function(*map(_values.decode, atoms)))

        key = ("map", id(function), keeps_none, *operands)
        if key not in self._functions:
            self._functions[key] = self._graph.function(call, name, keeps_none, operands)
        return self._functions[key]

    # Selectors.

    def _selector(self, expr: rasp.RASPExpr) -> int:
        graph = self._graph
        if isinstance(expr, rasp.Select):
            return self._select(self._of(expr.keys), self._of(expr.queries), expr.predicate)
        if isinstance(expr, rasp.SelectorAnd):
            return graph.select_both(self._of(expr.fst), self._of(expr.snd))
        if isinstance(expr, rasp.SelectorOr):
            return graph.select_either(self._of(expr.fst), self._of(expr.snd))
        if isinstance(expr, rasp.SelectorNot):
            return graph.select_not(self._of(expr.inner))
        if isinstance(expr, rasp.ConstantSelector):
            rows = expr.value
            position = graph.indices()
            return self._select(position, position, lambda key, query: rows[query][key])
        raise NotImplementedError(f"{expr.label}: {type(expr).__name__} cannot be compiled")

    def _select(self, keys: int, queries: int, predicate: rasp.Predicate) -> int:
        graph = self._graph
        if predicate is rasp.Comparison.TRUE:
            return graph.select_all()
        if predicate is rasp.Comparison.FALSE:
            return graph.select_none()
        if isinstance(predicate, rasp.Comparison):
            return graph.select(keys, queries, predicate.value)
        if isinstance(predicate, rasp._Inverse):
            return graph.select_not(self._select(keys, queries, predicate.predicate))
        if isinstance(predicate, rasp._Combined):
            both = [self._select(keys, queries, part) for part in (predicate.fst, predicate.snd)]
            return graph.select_both(*both) if predicate.is_and else graph.select_either(*both)
        if isinstance(predicate, rasp._Fixed):
            constant = self._constant(predicate.constant)
            sides = (constant, queries) if predicate.is_key else (keys, constant)
            return self._select(*sides, predicate.predicate)

        def holds(key: Any, query: Any) -> bool:
            return bool(predicate(_values.decode(key), _values.decode(query)))

        key = ("select", id(predicate), keys, queries)
        if key not in self._functions:
            self._functions[key] = graph.select_by(keys, queries, holds, name_of(predicate))
        return self._functions[key]


def _is_native(function: Any) -> bool:
    """Whether a function is an operator of graphs, perhaps with a constant, or ``round``."""
    if isinstance(function, rasp._Not) or function is round:
        return True
    return (
        isinstance(function, rasp._Operation)
        and function.symbol in _NATIVE_OPERATIONS
        and (function.constant is None or isinstance(function.constant, (int, float, str)))
    )


def _steps_of(function: Any) -> list[Any] | None:
    """Operators that compute a function of one value, in order; None for other functions."""
    steps: list[Any] = []
    while isinstance(function, rasp._After):
        steps.append(function.outer)
        function = function.inner
    steps.append(function)
    if not all(_is_step(step) for step in steps):
        return None
    return steps[::-1]


def _is_step(step: Any) -> bool:
    return _is_native(step) and getattr(step, "constant", 0) is not None
