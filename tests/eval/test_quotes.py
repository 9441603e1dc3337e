from dataclasses import replace

import pytest

from eval.quotes import inexact_quotes
from sources.article import Span
from tests.eval.builders import FIRE, FLOOD, RISE, RIVER, TEXTS, answer, hit, result


def test_every_passage_highlight_quote_and_sentence_is_checked() -> None:
    related = answer(FIRE, Span(0, 6), Span(0, 28))
    found = result(hit(FLOOD, 1, (RISE, RIVER)), hit(FIRE, 2), answers=(replace(answer(), agrees_with=(related,)),))
    # 2 passages, 2 highlights, and quote and sentence of 2 answers
    assert inexact_quotes(found, TEXTS) == (2 + 2 + 2 * 2, ())


def test_the_nearest_passages_of_a_refusal_are_checked_too() -> None:
    assert inexact_quotes(result(hit(FLOOD, 1)), TEXTS) == (1 + 1, ())


@pytest.mark.parametrize(
    ("place", "complaint"),
    [
        (Span(22, 22), "is empty or outside the text of 71 characters"),
        (Span(22, 99), "is empty or outside the text of 71 characters"),
    ],
)
def test_a_span_that_is_empty_or_outside_fails(place: Span, complaint: str) -> None:
    found = result(hit(FLOOD, 1), answers=(answer(place=place),))
    assert inexact_quotes(found, TEXTS) == (3, (f"quote 000-flood[{place.start}:{place.end}] {complaint}",))


def test_a_quote_outside_its_passage_fails() -> None:
    narrow = replace(answer(), passage=replace(hit(FLOOD, 1).passage, start=0, end=24))
    count, failed = inexact_quotes(result(hit(FLOOD, 1), answers=(narrow,)), TEXTS)
    assert count == 3
    assert failed == (
        "quote 000-flood[22:32] is outside its passage [0, 24)",
        "sentence 000-flood[0:47] is outside its passage [0, 24)",
    )


def test_the_pipelines_copy_of_the_text_is_not_believed() -> None:
    found = result(hit(FLOOD, 1), answers=(answer(),))
    changed = {FLOOD.id: FLOOD.text.replace("two", "six")}
    count, failed = inexact_quotes(found, changed)
    assert count == 3
    assert failed[1] == "quote 000-flood[22:32] 'two metres' is not what the source says: 'six metres'"
    assert len(failed) == 3
    assert len(inexact_quotes(found, {})[1]) == 3
