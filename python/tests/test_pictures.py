"""Pictures: well-formed, and nothing in a token, name or label becomes markup."""

from __future__ import annotations

import html.parser
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import raspc
from raspc import lab

HOSTILE = ["<script>alert(1)</script>", "&lt;", '"', "'", "\x1b[2J", "\u202e", "]]>", "\n", "\x00"]


def text_of(svg: str | None) -> str:
    """All text of an SVG image; fails if it is not well-formed, or not only shapes and text."""
    assert svg is not None
    root = ElementTree.fromstring(svg)
    allowed = {"svg", "title", "rect", "text", "defs", "marker", "path", "circle", "g"}
    assert {element.tag.split("}")[1] for element in root.iter()} <= allowed
    for element in root.iter():
        assert not any(name.startswith("on") or "href" in name for name in element.attrib)
    return " ".join(element.text or "" for element in root.iter())


class Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def tags_of(page: str) -> Tags:
    parser = Tags()
    parser.feed(page)
    assert parser.tags <= {"p", "b", "pre", "table", "thead", "tbody", "tr", "th", "td", "br"}
    return parser


def test_values_are_tokens_above_values() -> None:
    values = raspc.Program("same = select(tokens, tokens, ==); hist = selector_width(same);")[
        "hist"
    ]
    assert text_of(values("hello")._repr_svg_()).split() == [
        *("hist", "hist", "h", "1", "e", "1", "l", "2", "l", "2", "o", "1")
    ]


@pytest.mark.parametrize("tokens", [HOSTILE, HOSTILE * 40, ["a" * 10_000], []])
def test_hostile_tokens_stay_text(tokens: list[str]) -> None:
    name = HOSTILE[0]
    values = raspc.Values(tokens, name=name, tokens=tokens, generated=tokens, stopped=False)
    shown = text_of(values._repr_svg_())
    count = len(tokens)
    matrix = np.ones((count, count), dtype=bool)
    selection = raspc.Selection(matrix, name=name, tokens=tokens)
    shown += text_of(selection._repr_svg_()) + repr(selection)
    assert "\x1b" not in shown and "\u202e" not in shown
    assert name in text_of(values._repr_svg_())
    assert len(shown) < 400_000


def test_numbers_that_are_equal_have_one_colour_and_larger_ones_are_darker() -> None:
    svg = raspc.Values([1, 2, 1], tokens=list("aba"))._repr_svg_()
    fills = [e.attrib["fill"] for e in ElementTree.fromstring(svg) if e.tag.endswith("rect")][1:]
    assert fills[0] == fills[2] != fills[1]
    assert int(fills[0][1:3], 16) > int(fills[1][1:3], 16)


def test_a_model_is_the_table_of_its_layers() -> None:
    model = raspc.compile(
        "same = select(tokens, tokens, ==); hist = selector_width(same);",
        vocabulary=HOSTILE[:3],
        max_length=4,
    )
    page = tags_of(model._repr_html_())
    assert "same" in page.text and "encoder" in page.text
    shown = text_of(model.trace(HOSTILE[:3])._repr_svg_())
    assert "layer 0, head 0" in shown and "BOS" in shown
    assert text_of(
        raspc.compile("x = indices;", vocabulary="a", max_length=2).trace("a")._repr_svg_()
    )


def test_a_program_is_its_text_and_names() -> None:
    program = raspc.Program('# <script>"\nx = tokens == "<b>";')
    page = tags_of(program._repr_html_())
    assert '# <script>"' in page.text and "assigns x" in page.text


def test_an_automaton_is_its_states_and_edges() -> None:
    classification = lab.classify("regex:(ab)*")
    svg = classification.automaton._repr_svg_()
    assert svg is not None and svg.count("<circle") == 3 + 1
    assert text_of(svg).split()[-3:] == ["0", "1", "2"]
    page = tags_of(classification._repr_html_())
    assert "aperiodic" in page.text
    large = lab.classify("from_end(8)").automaton
    assert large.num_states > 40 and large._repr_svg_() is None
