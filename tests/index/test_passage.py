"""Passages: inside their article, named by what they are."""

import pytest

from index.passage import Passage, passage_key
from sources.article import Span
from tests.fakes import article

MADE = article("a", "One. Two.")


def test_a_passage_knows_its_place() -> None:
    passage = Passage.of(MADE, Span(5, 9), (Span(5, 9),))
    assert (passage.id, passage.span.of(MADE.text)) == (f"{MADE.id}:5-9", "Two.")


def test_the_key_follows_from_article_text_and_place_and_fits_63_bits() -> None:
    key = passage_key(MADE.id, MADE.sha256, Span(0, 4))
    assert key == Passage.of(MADE, Span(0, 4), ()).key
    others = {
        passage_key("b", MADE.sha256, Span(0, 4)),
        passage_key(MADE.id, "0", Span(0, 4)),
        passage_key(MADE.id, MADE.sha256, Span(0, 5)),
        passage_key(MADE.id, MADE.sha256, Span(1, 4)),
    }
    assert len(others | {key}) == 5
    assert all(0 <= one < 2**63 for one in others | {key})


@pytest.mark.parametrize(
    ("span", "sentences", "told"),
    [(Span(0, 10), (), "ends after the text"), (Span(0, 4), (Span(3, 5),), "lies outside its passage")],
)
def test_offsets_out_of_place_are_refused(span: Span, sentences: tuple[Span, ...], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Passage.of(MADE, span, sentences)
