"""Programs in RASP, with the names and meaning of those in Tracr's library.

Those of the first part need the whole input, and so only work where evaluation is not causal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from raspc.tracr.rasp import rasp

__all__ = [
    "detect_pattern",
    "length",
    "make_count",
    "make_count_less_freq",
    "make_frac_prevs",
    "make_hist",
    "make_length",
    "make_nary_sequencemap",
    "make_pair_balance",
    "make_reverse",
    "make_shuffle_dyck",
    "make_shuffle_dyck2",
    "make_sort",
    "make_sort_freq",
    "make_sort_unique",
    "shift_by",
]


def make_length() -> rasp.SOp:
    """The length of the input, as the width of a selector of everything; causally, the position.

    >>> make_length()("abc")
    [3, 3, 3]
    """
    everything = rasp.Select(rasp.tokens, rasp.tokens, rasp.Comparison.TRUE)
    return rasp.SelectorWidth(everything.named("all_true_selector")).named("length")


length = make_length()


def make_reverse(sop: rasp.SOp) -> rasp.SOp:
    """The values from the last to the first.

    >>> make_reverse(rasp.tokens)("abc")
    ['c', 'b', 'a']
    """
    mirrored = ((length - rasp.indices) - 1).named("opp_idx-1")
    opposite = rasp.Select(rasp.indices, mirrored, rasp.Comparison.EQ).named("reverse_selector")
    return rasp.Aggregate(opposite, sop).named("reverse")


def make_pair_balance(sop: rasp.SOp, open_token: str, close_token: str) -> rasp.SOp:
    """Of the values so far, the fraction that opens less the fraction that closes.

    >>> make_pair_balance(rasp.tokens, "(", ")")("())(")
    [1, 0.0, -0.3333333333333333, 0.0]
    """
    fractions = [
        rasp.numerical(make_frac_prevs(rasp.numerical(sop == token).named(f"bools_{kind}")))
        for kind, token in (("open", open_token), ("close", close_token))
    ]
    opens, closes = fractions[0].named("opens"), fractions[1].named("closes")
    difference = rasp.numerical(rasp.LinearSequenceMap(opens, closes, 1, -1))
    return difference.named("pair_balance")


def make_shuffle_dyck(pairs: Sequence[str]) -> rasp.SOp:
    """Whether brackets of each kind are balanced, whatever stands between them.

    >>> make_shuffle_dyck(["()", "[]"])("([)]")
    [True, True, True, True]
    """
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise ValueError(f"pairs of two tokens are needed, not {pairs}")
    balances = [
        make_pair_balance(rasp.tokens, pair[0], pair[1]).named(f"balance_{pair}") for pair in pairs
    ]
    negative, zero = balances[0] < 0, balances[0] == 0
    for balance in balances[1:]:
        negative = negative | (balance < 0)
        zero = zero & (balance == 0)
    negative = rasp.numerical(rasp.Map(lambda x: x, negative)).named("any_negative")
    everywhere = rasp.Select(rasp.indices, rasp.indices, rasp.Comparison.TRUE).named("select_all")
    has_negative = rasp.numerical(rasp.Aggregate(everywhere, negative, default=0)).named("has_neg")
    last = rasp.Select(rasp.indices, length - 1, rasp.Comparison.EQ).named("select_last")
    ends_at_zero = rasp.Aggregate(last, zero).named("last_zero")
    return (ends_at_zero & (~has_negative).named("not_has_neg")).named("shuffle_dyck")


def make_shuffle_dyck2() -> rasp.SOp:
    """Shuffle-Dyck of round and curly brackets."""
    return make_shuffle_dyck(["()", "{}"]).named("shuffle_dyck2")


def make_hist() -> rasp.SOp:
    """How often each token occurs.

    >>> make_hist()("abac")
    [2, 1, 2, 1]
    """
    same = rasp.Select(rasp.tokens, rasp.tokens, rasp.Comparison.EQ).named("same_tok")
    return rasp.SelectorWidth(same).named("hist")


def make_sort_unique(vals: rasp.SOp, keys: rasp.SOp) -> rasp.SOp:
    """The values by ascending keys, which must differ.

    >>> make_sort_unique(rasp.tokens, rasp.tokens)([2, 4, 3, 1])
    [1, 2, 3, 4]
    """
    smaller = rasp.Select(keys, keys, rasp.Comparison.LT).named("smaller")
    rank = rasp.SelectorWidth(smaller).named("target_pos")
    return rasp.Aggregate(rasp.Select(rank, rasp.indices, rasp.Comparison.EQ), vals).named("sort")


def make_sort(vals: rasp.SOp, keys: rasp.SOp, *, max_seq_len: int, min_key: float) -> rasp.SOp:
    """The values by ascending keys, equal ones in the order of the input.

    Keys are numbers whose differences are at least ``min_key``.

    >>> make_sort(rasp.tokens, rasp.tokens, max_seq_len=5, min_key=1)([2, 4, 1, 2])
    [1, 2, 2, 4]
    """
    apart = rasp.SequenceMap(lambda x, i: x + min_key * i / max_seq_len, keys, rasp.indices)
    return make_sort_unique(vals, apart)


def make_sort_freq(max_seq_len: int) -> rasp.SOp:
    """The tokens by how often they occur, the most frequent first.

    >>> make_sort_freq(5)([2, 4, 2, 1])
    [2, 2, 4, 1]
    """
    by_count = -1 * make_hist().named("hist")
    return make_sort(rasp.tokens, by_count, max_seq_len=max_seq_len, min_key=1).named("sort_freq")


# Programs that also work causally.


def make_frac_prevs(bools: rasp.SOp) -> rasp.SOp:
    """The fraction of positions so far at which something is true.

    >>> make_frac_prevs(rasp.tokens == "l")("hell")
    [False, 0.0, 0.3333333333333333, 0.5]
    """
    so_far = rasp.Select(rasp.indices, rasp.indices, rasp.Comparison.LEQ)
    fraction = rasp.Aggregate(so_far, rasp.numerical(bools), default=0)
    return rasp.numerical(fraction.named("frac_prevs"))


def shift_by(offset: int, /, sop: rasp.SOp) -> rasp.SOp:
    """The values ``offset`` positions to the right; None where there is none.

    >>> shift_by(1, rasp.tokens)("abc")
    [None, 'a', 'b']
    """
    before = rasp.Select(rasp.indices, rasp.indices, lambda key, query: query == key + offset)
    return rasp.Aggregate(before, sop, default=None).named(f"shift_by({offset})")


def detect_pattern(sop: rasp.SOp, pattern: Sequence[rasp.Value]) -> rasp.SOp:
    """Whether the pattern ends at a position; None where the input is too short for that.

    >>> detect_pattern(rasp.tokens, "ab")("abab")
    [None, True, False, True]
    """
    if len(pattern) < 1:
        raise ValueError("a pattern has at least one value")
    distances = range(len(pattern) - 1, -1, -1)
    detected: rasp.SOp | None = None
    for distance, value in zip(distances, pattern):
        here = sop == value
        found = shift_by(distance, here) if distance else here
        detected = found if detected is None else detected & found
    assert detected is not None
    return detected.named(f"detect_pattern({pattern})")


def make_count_less_freq(n: int) -> rasp.SOp:
    """How many tokens occur at most ``n`` times, at every position.

    >>> make_count_less_freq(2)("aaabbc")
    [3, 3, 3, 3, 3, 3]
    """
    hist = make_hist()
    rare = rasp.Select(hist, hist, lambda key, query: key <= n).named("select_less")
    return rasp.SelectorWidth(rare).named("count_less_freq")


def make_count(sop: rasp.SOp, token: rasp.Value) -> rasp.SOp:
    """How often a value occurs, at every position.

    >>> make_count(rasp.tokens, "a")("aba")
    [2, 2, 2]
    """
    chosen = rasp.Select(sop, sop, lambda key, query: key == token)
    return rasp.SelectorWidth(chosen).named(f"count_{token}")


def make_nary_sequencemap(f: Callable[..., Any], *sops: rasp.SOp) -> rasp.SOp:
    """A function of the values of any number of s-ops at the same position.

    The arguments are collected in a tuple.

    >>> make_nary_sequencemap(lambda x, y, z: x + y - z, *[rasp.indices] * 3)("abc")
    [0, 1, 2]
    """
    first, *others = sops
    collected: rasp.SOp = rasp.Map(lambda x: (x,), first)
    for sop in others:
        collected = rasp.SequenceMap(lambda values, x: (*values, x), collected, sop)
    return rasp.Map(lambda values: f(*values), collected)
