"""Pictures for notebooks: SVG images and plain HTML tables, without scripts or style sheets.

Both are static, so that they also show in Colab, in VS Code and on GitHub, which keeps images and
tables and removes everything else. All text goes through ``_core.markup``, which escapes markup and
whatever a screen obeys instead of showing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from raspc import _core

if TYPE_CHECKING:
    from raspc._model import Array, Model
    from raspc._program import Program
    from raspc._trace import Attention
    from raspc._values import Atom, Selection, Values
    from raspc.lab import Automaton, Classification

_FONT = 'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace"'
_CHARACTER = 7.3  # the width of a character of 12 pixels
_INK, _PALE, _LINE, _ACCENT = "#1b1f24", "#6e7781", "#d0d7de", "#1f5fae"
# Tints of colours that are told apart with any kind of sight.
_TINTS = ["#cfe3f7", "#fde3b4", "#cdebdd", "#f6d5e6", "#fff4b0", "#d9d5f0", "#f9d2c0", "#e2e5e9"]
_MOST_POSITIONS = 256  # of an s-op
_MOST_CELLS = 64  # of a row of a selector or pattern
_MOST_HEADS = 64
_MOST_STATES = 40
_MOST_CHARACTERS = 16  # of a token or value


def _shown(value: object, most: int = _MOST_CHARACTERS) -> str:
    """The text of a token or value, shortened, and ready for markup."""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    if isinstance(value, float) and text.lstrip("-").isdigit():
        text += ".0"
    return _core.markup(text if len(text) <= most else text[: most - 1] + "…")


def _width(text: str) -> float:
    """The width of text that is ready for markup; an entity is one character."""
    length, inside = 0, False
    for character in text:
        inside = (inside or character == "&") and character != ";"
        length += not inside
    return length * _CHARACTER


def _text(x: float, y: float, text: str, **attributes: object) -> str:
    more = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<text x="{x:.1f}" y="{y:.1f}"{more}>{text}</text>'


def _rect(x: float, y: float, width: float, height: float, fill: str, stroke: str = _LINE) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{fill}" stroke="{stroke}"/>'
    )


def _svg(width: float, height: float, parts: Iterable[str], title: str) -> str:
    width, height = math.ceil(width), math.ceil(height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" {_FONT} font-size="12" fill="{_INK}">'
        f"<title>{title}</title>"
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>' + "".join(parts) + "</svg>"
    )


def _blue(share: float) -> str:
    """From white to blue."""
    share = min(max(share, 0.0), 1.0)
    parts = (round(255 + share * (end - 255)) for end in (31, 95, 174))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _colours(values: Sequence[Atom]) -> list[str]:
    """A colour per value: numbers from light to dark, others by which they are."""
    if values and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values):
        numbers = [float(v) for v in values]
        low, high = min(numbers), max(numbers)
        span = (high - low) or 1.0
        return [_blue(0.08 + 0.42 * (number - low) / span) for number in numbers]
    if all(isinstance(v, bool) for v in values):
        return ["#cdebdd" if v else "#f0f2f4" for v in values]
    numbered: dict[tuple[type, Atom], int] = {}
    for v in values:
        numbered.setdefault((type(v), v), len(numbered))
    return [_TINTS[numbered[type(v), v] % len(_TINTS)] for v in values]


def values_svg(values: Values) -> str:
    """The values of an s-op as coloured tokens: each token above the value there."""
    count = min(len(values), _MOST_POSITIONS)
    tokens = [_shown(token) for token in values.tokens[:count]]
    tokens += [""] * (count - len(tokens))
    texts = [_shown(value) for value in values[:count]]
    cell = max([26.0, *(_width(text) + 12 for text in tokens + texts)])
    per_row = max(1, int(760 // cell))
    parts = [_text(8, 18, _shown(values.name, 60) or "values", font_weight="bold")]
    y = 28.0
    colours = _colours(values[:count])
    for start in range(0, count, per_row):
        for i in range(start, min(start + per_row, count)):
            x = 8 + (i - start) * cell
            centre = x + cell / 2
            parts.append(_text(centre, y + 12, tokens[i], text_anchor="middle", fill=_PALE))
            parts.append(_rect(x + 1, y + 18, cell - 2, 24, colours[i]))
            parts.append(_text(centre, y + 34, texts[i], text_anchor="middle"))
        y += 52
    if count < len(values):
        parts.append(_text(8, y + 8, f"… and {len(values) - count} more positions", fill=_PALE))
        y += 18
    if values.generated is not None:
        generated = " ".join(_shown(token) for token in values.generated[:_MOST_CELLS])
        if len(values.generated) > _MOST_CELLS:
            generated += " …"
        note = "" if values.stopped else "  (and stops at the step limit)"
        parts.append(_text(8, y + 10, f"generates {generated}{note}"))
        y += 20
        per_row = max(per_row, math.ceil((_width(generated + note) + 90) / cell))
    width = 16 + cell * max(min(count, per_row), math.ceil((_width(values.name) + 8) / cell))
    return _svg(width, y + 4, parts, _shown(values.name, 60))


def _grid(
    rows: Sequence[Sequence[float]], names: Sequence[str], x: float, y: float, side: float
) -> tuple[list[str], float, float]:
    """A matrix of shares from 0 to 1, keys above and queries at the left; its width and height."""
    left = max((_width(name) for name in names), default=0.0) + 8
    widest = max((_width(name) for name in names if _width(name) > side + 2), default=0.0)
    above = max(16.0, widest + 8)
    parts = []
    for k, name in enumerate(names):
        centre = x + left + (k + 0.5) * side
        if _width(name) <= side + 2:
            parts.append(_text(centre, y + above - 5, name, text_anchor="middle", fill=_PALE))
        else:
            turn = f"rotate(-90 {centre + 4:.1f} {y + above - 4:.1f})"
            parts.append(_text(centre + 4, y + above - 4, name, transform=turn, fill=_PALE))
    for q, (name, row) in enumerate(zip(names, rows)):
        top = y + above + q * side
        parts.append(_text(x + left - 6, top + side / 2 + 4, name, text_anchor="end", fill=_PALE))
        for k, share in enumerate(row):
            parts.append(_rect(x + left + k * side, top, side, side, _blue(share)))
    return parts, left + len(names) * side, above + len(names) * side


def selection_svg(selection: Selection) -> str:
    """A selector as a labelled grid: a row per query, a column per key, filled where it selects."""
    count = min(len(selection.tokens), _MOST_CELLS)
    names = [_shown(token) for token in selection.tokens[:count]]
    rows = [[float(entry) for entry in row[:count]] for row in selection.matrix[:count]]
    title = _shown(selection.name, 60)
    parts, width, height = _grid(rows, names, 8, 44, 20)
    parts.append(_text(8, 18, title or "selector", font_weight="bold"))
    parts.append(_text(8, 36, "rows: queries, columns: keys", fill=_PALE, font_size="11"))
    if count < len(selection.tokens):
        text = f"the first {count} of {len(selection.tokens)} positions"
        parts.append(_text(8, height + 60, text, fill=_PALE))
        height += 20
    return _svg(max(width + 16, 220, _width(title) + 16), height + 52, parts, title)


def attention_svg(attention: Attention) -> str:
    """The patterns of the heads on an input, a grid for each."""
    count = min(len(attention.tokens), _MOST_CELLS)
    names = [_shown(token, 8) for token in attention.tokens[:count]]
    side = 18.0 if count <= 16 else 12.0 if count <= 32 else 8.0
    if side < 12:
        names = [""] * count
    parts: list[str] = []
    x, y, row_height, right = 8.0, 8.0, 0.0, 0.0
    heads = list(attention)
    for layer, head in heads[:_MOST_HEADS]:
        pattern: Array = attention[layer, head]
        label = _shown(attention.head(layer, head).label, 48)
        rows = [[float(weight) for weight in row[:count]] for row in pattern[:count]]
        _, width, height = _grid(rows, names, 0, 0, side)
        width = max(width, _width(label), 120.0)
        if x > 8 and x + width > 900:
            x, y, row_height = 8.0, y + row_height, 0.0
        grid, _, height = _grid(rows, names, x, y + 38, side)
        parts.append(_text(x, y + 12, f"layer {layer}, head {head}", font_weight="bold"))
        parts.append(_text(x, y + 29, label, fill=_PALE))
        parts += grid
        x += width + 24
        right = max(right, x)
        row_height = max(row_height, height + 54)
    y += row_height
    notes = []
    if len(heads) > _MOST_HEADS:
        notes.append(f"the first {_MOST_HEADS} of {len(heads)} heads")
    if count < len(attention.tokens):
        notes.append(f"the first {count} of {len(attention.tokens)} positions")
    if not heads:
        notes.append("no heads")
    for note in notes:
        parts.append(_text(8, y + 12, note, fill=_PALE))
        y += 20
    return _svg(max(right, 240.0), y + 4, parts, "attention: rows are queries, columns are keys")


def _table(rows: Iterable[Sequence[str]], header: Sequence[str]) -> str:
    head = "".join(f"<th>{cell}</th>" for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def model_html(model: Model) -> str:
    """A model as the table of its layers: heads and neurons by what they are for."""
    sizes = model.sizes
    rows = []
    for layer in model.layers:
        heads = "<br>".join(
            f"{_shown(head.label, 80)} ({_mask(head.mask)}dim {head.head_dim})"
            for head in layer.heads
        )
        groups: dict[str, int] = {}
        for neuron in layer.mlp.neurons:
            name = neuron.rsplit(" ", 1)[0]
            groups[name] = groups.get(name, 0) + 1
        neurons = "<br>".join(f"{_shown(name, 80)}: {number}" for name, number in groups.items())
        rows.append((str(layer.index), heads or "none", str(layer.mlp.d_mlp), neurons))
    certificate = model.certificate
    closest = certificate.closest
    facts = (
        f"<b>{_shown(model.name, 80)}</b>: {model.target}, {model.dtype}, {sizes.layers} layers, "
        f"d_model {sizes.d_model}, {sizes.parameters} parameters ({sizes.nonzeros} not zero), "
        f"inputs of up to {model.max_length} tokens, exact to {certificate.exact_to_length}"
    )
    if closest is not None:
        facts += (
            f"; closest decision: {_shown(closest.label, 80)}, "
            f"error bound {closest.error_bound:.2g}, margin {closest.margin:.2g}"
        )
    header = ("layer", "heads", "neurons", "for")
    return f"<p>{facts}</p>" + (_table(rows, header) if rows else "")


def _mask(mask: str) -> str:
    return "" if mask == "none" else mask.replace("_", " ") + ", "


def program_html(program: Program) -> str:
    """A program: its text, and the s-ops and selectors it assigns."""
    selectors = set(program.selectors)
    names = ", ".join(
        f"{_core.markup(name)}{' (selector)' if name in selectors else ''}"
        for name in program.names
    )
    lines = program.source.splitlines()
    shown = "\n".join(_core.markup(line) for line in lines[:200])
    more = f"\n… and {len(lines) - 200} more lines" if len(lines) > 200 else ""
    return f"<pre>{shown}{more}</pre><p>assigns {names}</p>"


def automaton_svg(automaton: Automaton) -> str | None:
    """The states in columns by their distance from the start; None if there are too many."""
    if automaton.num_states > _MOST_STATES:
        return None
    places = _places(automaton)
    x, y = places[automaton.start]
    edges = [_edge(f"M{x - 52:.1f} {y:.1f}L{x - 21:.1f} {y:.1f}")]
    labels = []
    spots = [(x + 40, y + 30) for x, y in places]  # what the picture has to hold
    for (start, end), symbols in _labels(automaton).items():
        path, spot = _arc(places[start], places[end], is_low=places[start][1] > y)
        edges.append(_edge(path))
        labels.append(_label(*spot, symbols))
        spots += [spot, (spot[0] + _width(symbols) / 2, spot[1] + 14)]
    states = [_state(automaton, state, place) for state, place in enumerate(places)]
    title = _shown(automaton.language, 80)
    top = min(0.0, *(y - 40 for _, y in spots))
    parts = [
        '<defs><marker id="raspc-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
        'markerHeight="7" orient="auto">'
        f'<path d="M0 0L10 5L0 10z" fill="{_PALE}"/></marker></defs>',
        _text(8, 18, title, font_weight="bold"),
        f'<g transform="translate(0 {-top:.1f})">',
        *edges,
        *labels,
        *states,
        "</g>",
    ]
    width = max(_width(title) + 16, *(x + 8 for x, _ in spots))
    return _svg(width, max(y for _, y in spots) - top + 8, parts, title)


def _state(automaton: Automaton, state: int, place: tuple[float, float]) -> str:
    """A circle; a double one accepts, and from a dashed one nothing does."""
    x, y = place
    dash = ' stroke-dasharray="4 3"' if state in automaton.dead else ""
    circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="20" fill="#ffffff" stroke="{_INK}"{dash}/>'
    if automaton.accepting[state]:
        circle += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="16" fill="#cdebdd" stroke="{_INK}"/>'
    return circle + _text(x, y + 4, str(state), text_anchor="middle")


def _label(x: float, y: float, text: str) -> str:
    """The symbols of an edge, with a white edge of their own, so that they can cross others."""
    return _text(
        x,
        y + 4,
        text,
        text_anchor="middle",
        fill=_ACCENT,
        stroke="#ffffff",
        stroke_width="3",
        paint_order="stroke",
    )


def _places(automaton: Automaton) -> list[tuple[float, float]]:
    """The centre of each state."""
    distance = {automaton.start: 0}
    queue = [automaton.start]
    for state in queue:
        for end in automaton.transitions[state]:
            if end not in distance:
                distance[end] = distance[state] + 1
                queue.append(end)
    columns: dict[int, list[int]] = {}
    for state in queue:
        columns.setdefault(distance[state], []).append(state)
    tallest = max(map(len, columns.values()))
    places = [(0.0, 0.0)] * automaton.num_states
    for column, states in columns.items():
        for row, state in enumerate(states):
            centred = row + (tallest - len(states)) / 2
            # Neighbouring columns are shifted a little, so that no edge runs through a state.
            shift = 14 * (column % 2) if tallest > 1 else 0
            places[state] = (80 + 130 * column, 90 + 110 * centred + shift)
    return places


def _labels(automaton: Automaton) -> Mapping[tuple[int, int], str]:
    """The symbols of each edge, as text."""
    symbols: dict[tuple[int, int], list[str]] = {}
    for start, row in enumerate(automaton.transitions):
        for symbol, end in zip(automaton.alphabet, row):
            symbols.setdefault((start, end), []).append(_shown(symbol, 8))
    joined = {}
    for edge, names in symbols.items():
        joined[edge] = ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
    return joined


def _edge(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="{_PALE}" marker-end="url(#raspc-arrow)"/>'


def _arc(
    start: tuple[float, float], end: tuple[float, float], is_low: bool
) -> tuple[str, tuple[float, float]]:
    """The path of an edge, a loop (below the state if that is low) or a curve that leaves room for
    the edge back; and the place of its label, near the start, where fewer edges meet."""
    (x0, y0), (x1, y1) = start, end
    if start == end:
        side = 1 if is_low else -1
        near, far = y0 + 18 * side, y0 + 56 * side
        path = f"M{x0 - 9:.1f} {near:.1f}C{x0 - 28:.1f} {far:.1f} {x0 + 28:.1f} {far:.1f} "
        return path + f"{x0 + 9:.1f} {near:.1f}", (x0, y0 + 50 * side)
    length = math.hypot(x1 - x0, y1 - y0)
    bend = 36 + 0.24 * max(0.0, length - 130)
    middle_x = (x0 + x1) / 2 + (y1 - y0) / length * bend
    middle_y = (y0 + y1) / 2 - (x1 - x0) / length * bend
    # From circle to circle, in the direction of the curve's ends.
    ends = []
    for x, y in (start, end):
        away = math.hypot(middle_x - x, middle_y - y)
        ends.append((x + 21 * (middle_x - x) / away, y + 21 * (middle_y - y) / away))
    (sx, sy), (ex, ey) = ends
    path = f"M{sx:.1f} {sy:.1f}Q{middle_x:.1f} {middle_y:.1f} {ex:.1f} {ey:.1f}"
    at = 0.3  # along the curve
    shares = ((1 - at) ** 2, 2 * at * (1 - at), at**2)
    label_x = shares[0] * sx + shares[1] * middle_x + shares[2] * ex
    label_y = shares[0] * sy + shares[1] * middle_y + shares[2] * ey
    return path, (label_x, label_y)


def classification_html(classification: Classification) -> str:
    """What is known of a language: its properties, and the transformers that recognise it."""
    properties = [
        (_core.markup(name.replace("_", " ")), _verdict(value))
        for name, value in classification.properties.items()
    ]
    models = [
        (key, _core.markup(verdict.model), _verdict(verdict.recognises))
        for key, verdict in classification.models.items()
    ]
    facts = (
        f"<b>{_shown(classification.language, 80)}</b>: {classification.num_states} states, "
        f"monoid of {classification.monoid_size or 'unknown size'}"
    )
    return (
        f"<p>{facts}</p>"
        + _table(properties, ("property", ""))
        + _table(models, ("class", "transformers", "recognise it"))
    )


def _verdict(value: bool | None) -> str:
    return "unknown" if value is None else "yes" if value else "no"
