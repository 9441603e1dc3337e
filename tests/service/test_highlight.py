"""Cutting text at ranges: nothing lost, nothing added, exactly the marked characters marked."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.highlight import Piece, cut, lines
from sources.article import Span


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, Span, list[Span]]:
    text = draw(st.text(max_size=60))
    place = st.integers(0, len(text))
    spans = st.tuples(place, place).map(lambda pair: Span(min(pair), max(pair)))
    return text, draw(spans), draw(st.lists(spans, max_size=6))


@given(marked_texts())
def test_pieces_joined_are_the_text_and_marks_cover_just_the_ranges(case: tuple[str, Span, list[Span]]) -> None:
    text, window, marks = case
    pieces = cut(text, window, marks)
    assert "".join(piece.text for piece in pieces) == window.of(text)
    assert all(text[piece.start : piece.start + len(piece.text)] == piece.text for piece in pieces)
    covered = {place for piece in pieces if piece.marked for place in range(piece.start, piece.start + len(piece.text))}
    assert covered == {p for m in marks for p in range(m.start, m.end)} & set(range(window.start, window.end))
    assert all(a.marked != b.marked for a, b in pairwise(pieces))


@given(marked_texts())
def test_lines_hold_every_character_that_is_not_white_space(case: tuple[str, Span, list[Span]]) -> None:
    text, window, _ = case
    found = lines(text, window)
    assert "".join("".join(span.of(text).split()) for span in found) == "".join(window.of(text).split())
    assert all("\n" not in span.of(text) and span.of(text) == span.of(text).strip() for span in found)
    assert all(window.contains(span) for span in found)


def test_astral_characters_count_one_each() -> None:
    assert cut("😀a😀b", Span(0, 4), [Span(1, 3)]) == [
        Piece("😀", 0, marked=False),
        Piece("a😀", 1, marked=True),
        Piece("b", 3, marked=False),
    ]


def test_a_window_beyond_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match=r"ends after the text \(3 characters\)"):
        cut("abc", Span(0, 4), [])
