"""The expressions of RASP, with the names and the meaning that they have in Tracr.

An s-op is a function from a sequence of tokens to a sequence of values, a selector one to a
Boolean matrix whose rows are queries and whose columns are keys. Calling an expression evaluates it
in Python, without a compiled model::

    >>> from raspc.tracr import rasp
    >>> same = rasp.Select(rasp.tokens, rasp.tokens, rasp.Comparison.EQ)
    >>> rasp.SelectorWidth(same)("hello")
    [1, 1, 2, 2, 1]

``raspc.tracr.compiling`` makes transformers of them.
"""

from __future__ import annotations

import abc
import copy
import enum
import functools
import itertools
import operator
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FrameType
from typing import Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar, Union

__all__ = [
    "Aggregate",
    "Annotator",
    "Comparison",
    "ConstantSOp",
    "ConstantSelector",
    "DEFAULT_ANNOTATORS",
    "DefaultRASPEvaluator",
    "Encoding",
    "Full",
    "IndicesType",
    "LengthType",
    "LinearSequenceMap",
    "Map",
    "NumericValue",
    "Predicate",
    "RASPEvaluator",
    "RASPExpr",
    "SOp",
    "Select",
    "Selector",
    "SelectorAnd",
    "SelectorNot",
    "SelectorOr",
    "SelectorValue",
    "SelectorWidth",
    "SequenceMap",
    "TokensType",
    "Value",
    "annotate",
    "categorical",
    "default_encoding",
    "default_name",
    "evaluate",
    "get_encoding",
    "indices",
    "is_categorical",
    "is_numerical",
    "length",
    "numerical",
    "selector_and",
    "selector_not",
    "selector_or",
    "sop_not",
    "tokens",
]

SelectorValue: TypeAlias = list[list[bool]]
NumericValue: TypeAlias = Union[int, float]
Value: TypeAlias = Union[None, int, float, str, bool]
_Expr = TypeVar("_Expr", bound="RASPExpr")
_SOp = TypeVar("_SOp", bound="SOp")
_T = TypeVar("_T")


class Annotator(Protocol):
    """Makes the default annotation of an expression."""

    def __call__(self, expr: RASPExpr) -> Any: ...


#: For each key, what annotates an expression that has no annotation of its own; asked when the key
#: is first looked up.
DEFAULT_ANNOTATORS: dict[str, Annotator] = {}


class _Annotations(Mapping[str, Any]):
    """The annotations of one expression, completed by the default annotators on demand."""

    def __init__(self, expr: RASPExpr, own: Mapping[str, Any]) -> None:
        self._expr = expr
        self._own = dict(own)

    def __getitem__(self, key: str) -> Any:
        if key not in self._own:
            if key not in DEFAULT_ANNOTATORS:
                known = sorted({*self._own, *DEFAULT_ANNOTATORS})
                raise KeyError(f"there is no annotation '{key}'; there are {', '.join(known)}")
            self._own[key] = DEFAULT_ANNOTATORS[key](self._expr)
        return self._own[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)


def _place_of_caller() -> tuple[str, int] | None:
    """The file and line, outside this module and the library, that makes an expression."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") in _OWN_MODULES:
        frame = frame.f_back
    if frame is None or frame.f_code.co_filename.startswith("<frozen"):
        return None  # it is a part of this package
    return frame.f_code.co_filename, frame.f_lineno


_OWN_MODULES = ("raspc.tracr.rasp.rasp", "raspc.tracr.compiler.lib")


class RASPExpr(abc.ABC):
    """An s-op or a selector."""

    _ids: ClassVar[Iterator[int]] = itertools.count(1)

    def __init__(self) -> None:
        self._annotations = _Annotations(self, {})
        self._place = _place_of_caller()

    def __call__(self, xs: Sequence[Any]) -> Any:
        """The value on a sequence of tokens."""
        return evaluate(self, xs)

    @property
    def annotations(self) -> Mapping[str, Any]:
        """Its annotations, such as its name and its encoding."""
        return self._annotations

    @annotations.setter
    def annotations(self, annotations: Mapping[str, Any]) -> None:
        self._annotations = _Annotations(self, annotations)

    @property
    def name(self) -> str:
        """Its name: its kind, unless it was given one."""
        return str(self.annotations["name"])

    @property
    @abc.abstractmethod
    def children(self) -> Sequence[RASPExpr]:
        """The expressions that it is computed from directly."""

    @functools.cached_property
    def unique_id(self) -> int:
        """A number that no other expression has."""
        return next(RASPExpr._ids)

    @property
    def label(self) -> str:
        """Its name, with a number that makes it unique."""
        return f"{self.name}_{self.unique_id}"

    def copy(self: _Expr) -> _Expr:
        """The same expression once more, with a number of its own."""
        new = copy.copy(self)
        new.__dict__.pop("unique_id", None)
        new.annotations = dict(self._annotations)
        return new

    def named(self: _Expr, name: str) -> _Expr:
        """The expression with this name."""
        return annotate(self, name=name)

    def annotated(self: _Expr, **annotations: Any) -> _Expr:
        """The expression with these annotations, beside those it has."""
        return annotate(self, **annotations)


def annotate(expr: _Expr, **annotations: Any) -> _Expr:
    """A copy of an expression with these annotations, beside those it has."""
    new = expr.copy()
    new.annotations = {**expr.annotations, **annotations}
    return new


# What operators do, as functions that say which operation of the graph they are.


class _Operation:
    """An operator of two operands, or with one of them fixed, that the compiler knows by symbol."""

    def __init__(
        self,
        symbol: str,
        function: Callable[[Any, Any], Any],
        constant: Any = None,
        is_left: bool = False,
    ) -> None:
        self.symbol = symbol
        self.function = function
        self.constant = constant
        self.is_left = is_left
        self.__name__ = f"'{symbol}'"

    def __call__(self, x: Any, *more: Any) -> Any:
        if more:
            return self.function(x, more[0])
        return self.function(self.constant, x) if self.is_left else self.function(x, self.constant)


class _Not:
    """The operator ``not``."""

    __name__ = "'not'"

    def __call__(self, x: Any) -> bool:
        return not x


class _After:
    """One function after another, as two maps in a row are one."""

    def __init__(self, outer: Callable[[Any], Any], inner: Callable[[Any], Any]) -> None:
        self.outer = outer
        self.inner = inner
        self.__name__ = getattr(outer, "__name__", "function")

    def __call__(self, x: Any) -> Any:
        return self.outer(self.inner(x))


def _and(x: Any, y: Any) -> Any:
    return x and y


def _or(x: Any, y: Any) -> Any:
    return x or y


def _apply(symbol: str, function: Callable[[Any, Any], Any], x: Any, y: Any) -> SOp:
    """An operator applied to an s-op and another s-op or a constant."""
    if isinstance(x, SOp) and isinstance(y, SOp):
        return SequenceMap(_Operation(symbol, function), x, y)
    if isinstance(x, SOp):
        return Map(_Operation(symbol, function, y), x)
    return Map(_Operation(symbol, function, x, is_left=True), y)


class SOp(RASPExpr):
    """A sequence operation. Its operators make s-ops; comparisons take a constant."""

    def __lt__(self, other: Any) -> SOp:
        return Map(_Operation("<", operator.lt, other), self)

    def __le__(self, other: Any) -> SOp:
        return Map(_Operation("<=", operator.le, other), self)

    def __eq__(self, other: Any) -> SOp:  # type: ignore[override]
        return Map(_Operation("==", operator.eq, other), self)

    def __ne__(self, other: Any) -> SOp:  # type: ignore[override]
        return Map(_Operation("!=", operator.ne, other), self)

    def __gt__(self, other: Any) -> SOp:
        return Map(_Operation(">", operator.gt, other), self)

    def __ge__(self, other: Any) -> SOp:
        return Map(_Operation(">=", operator.ge, other), self)

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: Any) -> SOp:
        return _apply("+", operator.add, self, other)

    def __radd__(self, other: Any) -> SOp:
        return _apply("+", operator.add, other, self)

    def __sub__(self, other: Any) -> SOp:
        return _apply("-", operator.sub, self, other)

    def __rsub__(self, other: Any) -> SOp:
        return _apply("-", operator.sub, other, self)

    def __mul__(self, other: Any) -> SOp:
        return _apply("*", operator.mul, self, other)

    def __rmul__(self, other: Any) -> SOp:
        return _apply("*", operator.mul, other, self)

    def __truediv__(self, other: Any) -> SOp:
        return _apply("/", operator.truediv, self, other)

    def __rtruediv__(self, other: Any) -> SOp:
        return _apply("/", operator.truediv, other, self)

    def __invert__(self) -> SOp:
        return Map(_Not(), self)

    def __and__(self, other: Any) -> SOp:
        return _apply("and", _and, self, other)

    def __rand__(self, other: Any) -> SOp:
        return _apply("and", _and, other, self)

    def __or__(self, other: Any) -> SOp:
        return _apply("or", _or, self, other)

    def __ror__(self, other: Any) -> SOp:
        return _apply("or", _or, other, self)


class _Primitive(SOp):
    """An s-op of the input itself, which has one name only."""

    _word: ClassVar[str]

    @property
    def children(self) -> Sequence[RASPExpr]:
        return []

    @property
    def label(self) -> str:
        return self._word

    def __repr__(self) -> str:
        return self._word


class TokensType(_Primitive):
    """The tokens of the input."""

    _word = "tokens"


class IndicesType(_Primitive):
    """The position of each token, from 0."""

    _word = "indices"


class LengthType(_Primitive):
    """The number of tokens, at every position."""

    _word = "length"


tokens = TokensType()
indices = IndicesType()
length = LengthType()


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise AssertionError(message)


class Map(SOp):
    """A function of the value at the same position; where that is None, it is None."""

    def __init__(self, f: Callable[[Any], Any], inner: SOp, simplify: bool = True) -> None:
        """With ``simplify``, a map of a map is one map, of both functions."""
        super().__init__()
        _require(isinstance(inner, SOp), "Map needs an s-op")
        _require(callable(f) and not isinstance(f, RASPExpr), "Map needs a function")
        self.f = f
        self.inner = inner
        if simplify and isinstance(inner, Map):
            self.f = _After(f, inner.f)
            self.inner = inner.inner

    @property
    def children(self) -> Sequence[RASPExpr]:
        return [self.inner]


class SequenceMap(SOp):
    """A function of two values at the same position; where one is None, it is None."""

    def __init__(self, f: Callable[[Any, Any], Any], fst: SOp, snd: SOp) -> None:
        super().__init__()
        _require(isinstance(fst, SOp) and isinstance(snd, SOp), "SequenceMap needs two s-ops")
        _require(callable(f) and not isinstance(f, RASPExpr), "SequenceMap needs a function")
        self.f = f
        self.fst = fst
        self.snd = snd

    @property
    def children(self) -> Sequence[RASPExpr]:
        return [self.fst, self.snd]


class LinearSequenceMap(SequenceMap):
    """The sum of two s-ops, each multiplied by a constant."""

    def __init__(self, fst: SOp, snd: SOp, fst_fac: float, snd_fac: float) -> None:
        super().__init__(lambda x, y: fst_fac * x + snd_fac * y, fst, snd)
        self.fst_fac = fst_fac
        self.snd_fac = snd_fac


class Full(SOp):
    """The same value at every position."""

    def __init__(self, fill: Value) -> None:
        super().__init__()
        self.fill = fill

    @property
    def children(self) -> Sequence[RASPExpr]:
        return []


def sop_not(sop: SOp) -> SOp:
    """Where the value is false."""
    return Map(_Not(), sop)


class ConstantSOp(SOp, Generic[_T]):
    """Given values, whatever the tokens; with ``check_length`` for inputs as long as they are."""

    def __init__(self, value: Sequence[_T], check_length: bool = True) -> None:
        super().__init__()
        self.value = value
        self.check_length = check_length

    @property
    def children(self) -> Sequence[RASPExpr]:
        return []


class Predicate(Protocol):
    """Whether a query selects a key."""

    def __call__(self, key: Any, query: Any) -> bool: ...


class Comparison(enum.Enum):
    """Predicates by name. The key is on the left."""

    EQ = "=="
    LT = "<"
    LEQ = "<="
    GT = ">"
    GEQ = ">="
    NEQ = "!="
    TRUE = "True"
    FALSE = "False"

    def __call__(self, key: Any, query: Any) -> bool:
        if key is None or query is None:
            raise ValueError(f"the {'key' if key is None else 'query'} is None, which has no order")
        if self in (Comparison.TRUE, Comparison.FALSE):
            return self is Comparison.TRUE
        return bool(_COMPARISONS[self.value](key, query))


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "!=": operator.ne,
}


class _Inverse:
    """A predicate that holds where another does not."""

    def __init__(self, predicate: Predicate) -> None:
        self.predicate = predicate

    def __call__(self, key: Any, query: Any) -> bool:
        return not self.predicate(key, query)


class _Combined:
    """Two predicates of the same keys and queries, combined by ``and`` or ``or``."""

    def __init__(self, is_and: bool, fst: Predicate, snd: Predicate) -> None:
        self.is_and = is_and
        self.fst = fst
        self.snd = snd

    def __call__(self, key: Any, query: Any) -> bool:
        # Both are called, so that each fails where it does alone.
        fst, snd = self.fst(key, query), self.snd(key, query)
        return (fst and snd) if self.is_and else (fst or snd)


class _Fixed:
    """A predicate whose key or query is a constant."""

    def __init__(self, predicate: Predicate, constant: Any, is_key: bool) -> None:
        self.predicate = predicate
        self.constant = constant
        self.is_key = is_key

    def __call__(self, key: Any, query: Any) -> bool:
        if self.is_key:
            return self.predicate(self.constant, query)
        return self.predicate(key, self.constant)


class Selector(RASPExpr):
    """A Boolean matrix over queries and keys, as an attention pattern is."""

    def __and__(self, other: Selector) -> Selector:
        return selector_and(self, other)

    def __rand__(self, other: Selector) -> Selector:
        return selector_and(other, self)

    def __or__(self, other: Selector) -> Selector:
        return selector_or(self, other)

    def __ror__(self, other: Selector) -> Selector:
        return selector_or(other, self)

    def __invert__(self) -> Selector:
        return selector_not(self)


class Select(Selector):
    """Where a predicate of the key and the query holds."""

    def __init__(self, keys: SOp, queries: SOp, predicate: Predicate) -> None:
        super().__init__()
        _require(isinstance(keys, SOp) and isinstance(queries, SOp), "Select needs two s-ops")
        self.keys = keys
        self.queries = queries
        self.predicate = predicate

    @property
    def children(self) -> Sequence[RASPExpr]:
        return [self.keys, self.queries]


class ConstantSelector(Selector):
    """A given matrix; with ``check_length`` for inputs as long as it is."""

    def __init__(self, value: SelectorValue, check_length: bool = True) -> None:
        super().__init__()
        self.value = value
        self.check_length = check_length

    @property
    def children(self) -> Sequence[RASPExpr]:
        return []


class SelectorWidth(SOp):
    """How many keys each query selects."""

    def __init__(self, selector: Selector) -> None:
        super().__init__()
        _require(isinstance(selector, Selector), "SelectorWidth needs a selector")
        self.selector = selector

    @property
    def children(self) -> Sequence[RASPExpr]:
        return [self.selector]


class _TwoSelectors(Selector):
    def __init__(self, fst: Selector, snd: Selector) -> None:
        super().__init__()
        _require(
            isinstance(fst, Selector) and isinstance(snd, Selector),
            f"{type(self).__name__} needs two selectors",
        )
        self.fst = fst
        self.snd = snd

    @property
    def children(self) -> Sequence[RASPExpr]:
        return [self.fst, self.snd]


class SelectorAnd(_TwoSelectors):
    """Where both selectors select."""


class SelectorOr(_TwoSelectors):
    """Where one of two selectors selects."""


class SelectorNot(Selector):
    """Where a selector does not select."""

    def __init__(self, inner: Selector) -> None:
        super().__init__()
        _require(isinstance(inner, Selector), "SelectorNot needs a selector")
        self.inner = inner

    @property
    def children(self) -> Sequence[RASPExpr]:
        return [self.inner]


def selector_not(inner: Selector, simplify: bool = True) -> Selector:
    """Where a selector does not select: a Select, if it is one and ``simplify`` is set."""
    if simplify and isinstance(inner, Select):
        return Select(inner.keys, inner.queries, _Inverse(inner.predicate))
    return SelectorNot(inner)


def selector_and(fst: Selector, snd: Selector, simplify: bool = True) -> Selector:
    """Where both select: one Select, if they compare the same and ``simplify`` is set."""
    return (_as_one_select(True, fst, snd) if simplify else None) or SelectorAnd(fst, snd)


def selector_or(fst: Selector, snd: Selector, simplify: bool = True) -> Selector:
    """Where one of two selects: one Select, if they compare the same and ``simplify`` is set."""
    return (_as_one_select(False, fst, snd) if simplify else None) or SelectorOr(fst, snd)


def _as_one_select(is_and: bool, fst: Selector, snd: Selector) -> Select | None:
    """Two selects of the same keys and the same queries as one; constants fit anything."""
    if not isinstance(fst, Select) or not isinstance(snd, Select):
        return None
    predicates: list[Predicate] = [fst.predicate, snd.predicate]
    sides: list[SOp | None] = []
    for is_key in (True, False):
        both = [select.keys if is_key else select.queries for select in (fst, snd)]
        common: SOp | None = both[0] if both[0] is both[1] else None
        if common is None:
            for i, side in enumerate(both):
                if isinstance(side, Full):
                    common = both[1 - i]
                    predicates[i] = _Fixed(predicates[i], side.fill, is_key)
        sides.append(common)
    keys, queries = sides
    if keys is None or queries is None:
        return None
    return Select(keys, queries, _Combined(is_and, *predicates))


class Aggregate(SOp):
    """The selected value; of several the mean, and of none the default."""

    def __init__(self, selector: Selector, sop: SOp, default: Any = None) -> None:
        super().__init__()
        _require(isinstance(selector, Selector), "Aggregate needs a selector")
        _require(isinstance(sop, SOp), "Aggregate needs an s-op")
        _require(
            default is None or isinstance(default, (str, float, bool, int)),
            "the default of an Aggregate is a number, a string or None",
        )
        self.selector = selector
        self.sop = sop
        self.default = default

    @property
    def children(self) -> Sequence[RASPExpr]:
        return [self.selector, self.sop]


# Encodings are how Tracr is told to represent an s-op. raspc chooses itself; they are kept, so that
# programs that set or read them work.


class Encoding(enum.Enum):
    """How Tracr represents values: one direction each, or one number."""

    CATEGORICAL = "categorical"
    NUMERICAL = "numerical"


def numerical(sop: _SOp) -> _SOp:
    """The s-op, annotated as numerical."""
    return annotate(sop, encoding=Encoding.NUMERICAL)


def categorical(sop: _SOp) -> _SOp:
    """The s-op, annotated as categorical."""
    return annotate(sop, encoding=Encoding.CATEGORICAL)


def get_encoding(sop: SOp) -> Encoding:
    """How the s-op is annotated; categorical if it is not."""
    encoding: Encoding = sop.annotations["encoding"]
    return encoding


def is_numerical(sop: SOp) -> bool:
    """Whether the s-op is annotated as numerical."""
    return get_encoding(sop) is Encoding.NUMERICAL


def is_categorical(sop: SOp) -> bool:
    """Whether the s-op is categorical."""
    return get_encoding(sop) is Encoding.CATEGORICAL


def default_encoding(expr: RASPExpr) -> Encoding:
    """Categorical. Only s-ops have encodings."""
    if not isinstance(expr, SOp):
        raise TypeError(f"{expr} is not an s-op")
    return Encoding.CATEGORICAL


DEFAULT_ANNOTATORS["encoding"] = default_encoding

# The most specific class that an expression is of names it.
_NAMES: tuple[tuple[type[RASPExpr], str], ...] = (
    (TokensType, "tokens"),
    (IndicesType, "indices"),
    (LengthType, "length"),
    (LinearSequenceMap, "linear_sequence_map"),
    (SequenceMap, "sequence_map"),
    (Map, "map"),
    (Full, "full"),
    (ConstantSOp, "constant_sop"),
    (SelectorWidth, "selector_width"),
    (Aggregate, "aggregate"),
    (SOp, "sop"),
    (Select, "select"),
    (SelectorAnd, "selector_and"),
    (SelectorOr, "selector_or"),
    (SelectorNot, "selector_not"),
    (ConstantSelector, "constant_selector"),
    (Selector, "selector"),
)


def default_name(expr: RASPExpr) -> str:
    """What an expression without a name is called: its kind."""
    for kind, name in _NAMES:
        if isinstance(expr, kind):
            return name
    raise NotImplementedError(f"{expr!r} is neither an s-op nor a selector")


DEFAULT_ANNOTATORS["name"] = default_name


class RASPEvaluator(abc.ABC):
    """Gives expressions a value on an input."""

    @abc.abstractmethod
    def evaluate(self, expr: RASPExpr, xs: Sequence[Any]) -> Any:
        """The value of an s-op, a list, or of a selector, a list of rows."""


class DefaultRASPEvaluator(RASPEvaluator):
    """The meaning of programs. Each expression is evaluated once for an input."""

    def __init__(self) -> None:
        self._values: dict[int, Any] | None = None  # during an evaluation, by id of the expression

    def evaluate(self, expr: RASPExpr, xs: Sequence[Any]) -> Any:
        if self._values is not None:
            return self._values[id(expr)]
        self._values = {}
        try:
            for part in in_order(expr):
                value = self._value_of(part, xs)
                self._values[id(part)] = (
                    self.selector_rows(value) if isinstance(part, Selector) else value
                )
            return self._values[id(expr)]
        finally:
            self._values = None

    def selector_rows(self, rows: SelectorValue) -> SelectorValue:
        """The rows of a selector, given those by its definition."""
        return rows

    def _value_of(self, expr: RASPExpr, xs: Sequence[Any]) -> Any:
        of = [self.evaluate(child, xs) for child in expr.children]
        if isinstance(expr, TokensType):
            return list(xs)
        if isinstance(expr, IndicesType):
            return list(range(len(xs)))
        if isinstance(expr, LengthType):
            return [len(xs)] * len(xs)
        if isinstance(expr, SequenceMap):
            return [None if x is None or y is None else expr.f(x, y) for x, y in zip(*of)]
        if isinstance(expr, Map):
            return [None if x is None else expr.f(x) for x in of[0]]
        if isinstance(expr, Full):
            return [expr.fill] * len(xs)
        if isinstance(expr, (ConstantSOp, ConstantSelector)):
            return _constant(expr.value, expr.check_length, len(xs))
        if isinstance(expr, SelectorWidth):
            return [sum(row) for row in of[0]]
        if isinstance(expr, Aggregate):
            return [_mean([x for x, s in zip(of[1], row) if s], expr.default) for row in of[0]]
        if isinstance(expr, Select):
            return [[bool(expr.predicate(key, query)) for key in of[0]] for query in of[1]]
        if isinstance(expr, SelectorAnd):
            return [[x and y for x, y in zip(*rows)] for rows in zip(*of)]
        if isinstance(expr, SelectorOr):
            return [[x or y for x, y in zip(*rows)] for rows in zip(*of)]
        if isinstance(expr, SelectorNot):
            return [[not x for x in row] for row in of[0]]
        raise NotImplementedError(f"{expr!r} has no evaluation")


def in_order(expr: RASPExpr) -> list[RASPExpr]:
    """The expressions that one depends on, each once and after its children; itself is last."""
    order: list[RASPExpr] = []
    seen: set[int] = set()
    stack: list[tuple[RASPExpr, bool]] = [(expr, False)]
    while stack:
        part, has_children = stack.pop()
        if has_children:
            order.append(part)
        elif id(part) not in seen:
            seen.add(id(part))
            stack.append((part, True))
            stack.extend((child, False) for child in reversed(part.children))
    return order


def _constant(value: Any, check_length: bool, num_tokens: int) -> Any:
    if check_length and len(value) != num_tokens:
        raise ValueError(
            f"a constant of length {len(value)} has no value on an input of {num_tokens} tokens"
        )
    return value


def _mean(values: list[Any], default: Any) -> Any:
    if not values:
        return default
    if len(values) == 1:
        return values[0]
    if not all(isinstance(value, (int, bool, float)) for value in values):
        raise ValueError(f"only numbers have a mean, and these are {values}")
    return sum(values) / len(values)


def evaluate(expr: RASPExpr, xs: Sequence[Any]) -> Any:
    """The value of an s-op or a selector on a sequence of tokens."""
    return DefaultRASPEvaluator().evaluate(expr, xs)
