"""The whole path from question to quote, and its invariant."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.catalog import Catalog
from index.filters import Filters
from qa.answer import Answer, NoAnswer, Result
from qa.build import build_pipeline
from qa.decide import Calibration, Weights
from qa.hit import Scores
from qa.question import Question
from qa.reader.span_reader import SpanReader
from qa.reader.weights import ReaderWeights
from sources.article import Span
from sources.errors import ModelError
from tests.fakes import WordEncoder, article
from tests.qa.reader.tiny import make_reader

ALWAYS = Calibration(Weights(dense=1.0, reader=1.0), bias=0.0, threshold=0.0)
NEVER = Calibration(Weights(dense=1.0, reader=1.0), bias=0.0, threshold=1.0)
READERS = ["none", "sentence"]


def ask(
    catalog: Catalog, text: str, reader: str = "none", calibration: Calibration = ALWAYS, **fields: object
) -> Result:
    pipeline = replace(build_pipeline(catalog, reader), calibration=calibration)
    return pipeline.ask(Question(text, **fields))  # type: ignore[arg-type]


def answers(result: Result) -> tuple[Answer, ...]:
    assert not isinstance(result.outcome, NoAnswer)
    return result.outcome


@pytest.mark.parametrize("reader", READERS)
def test_the_sentence_that_answers_is_marked(catalog: Catalog, reader: str) -> None:
    result = ask(catalog, "how many metres rose the river Ash", reader)
    assert answers(result)[0].quote == "The river Ash rose by two metres on 3 May 2021."
    assert result.hits[0].highlights == (Span(answers(result)[0].start, answers(result)[0].end),)
    assert result.generation == 1
    assert result.models == {"encoder": "words", "reader": reader}
    assert set(result.timing_ms) == {"encode", "dense", "lexical", "fuse", "fetch", "read", "decide", "total"}


def test_below_the_threshold_nothing_is_called_an_answer(catalog: Catalog) -> None:
    result = ask(catalog, "river", calibration=NEVER)
    assert isinstance(result.outcome, NoAnswer)
    assert not result.answerable
    assert result.outcome.nearest == result.hits
    assert result.outcome.confidence < result.outcome.threshold == 1.0
    assert "nearest" in result.outcome.reason


def test_an_empty_collection_says_so(empty_catalog: Catalog) -> None:
    result = ask(empty_catalog, "river")
    assert isinstance(result.outcome, NoAnswer)
    assert result.outcome.reason == "The collection is empty: add articles first."


def test_filters_that_leave_nothing_say_so(catalog: Catalog) -> None:
    result = ask(catalog, "river", filters=Filters(publishers=("Nobody",)))
    assert isinstance(result.outcome, NoAnswer)
    assert result.outcome.reason == "No article passes the filters."


def test_articles_without_a_date_are_mentioned_when_a_date_filter_drops_them(catalog: Catalog) -> None:
    result = ask(catalog, "town", as_of=catalog.articles()[1].published_at)
    assert result.warnings == ("1 article has no publication date and cannot pass a date filter.",)
    assert ask(catalog, "town").warnings == ()


def test_an_unknown_reader_is_named(catalog: Catalog) -> None:
    with pytest.raises(ModelError, match="no model 'crystal ball'"):
        build_pipeline(catalog, "crystal ball")


def test_calibration_by_hand_and_its_errors() -> None:
    made = Calibration.from_mapping({"dense": 2, "reader": 1, "bias": -1, "threshold": 0.5}, "here")
    assert made.confidence(Scores(dense=0.5)) == pytest.approx(
        0.5
    )  # 2 x 0.5 + 1 x 0 - 1 = 0, and the logistic of 0 is a half
    order = {"dense": 1, "reader": 2, "lexical": 3, "missing": -4}
    full = Calibration.from_mapping(
        {**order, "bias": 0, "threshold": 0.5, "order": order, "promise": order, "margin": 6}, "here"
    )
    weights = Weights(1, 2, 3, -4)
    assert full == Calibration(weights, 0, 0.5, weights, weights, 6)
    for wrong in ({"dense": 2}, {"dense": 2, "reader": 1, "bias": 0, "threshold": 1, "order": {"dense": 1}}):
        with pytest.raises(ModelError, match="here: the calibration needs"):
            Calibration.from_mapping(wrong, "here")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(
        st.sampled_from("river town £3 😀 May fair fire when costs brigade 2021 zzz".split()), min_size=1
    ).map(" ".join),
    reader=st.sampled_from(READERS),
    top_k=st.integers(1, 5),
)
def test_whatever_leaves_is_in_the_article_word_for_word(catalog: Catalog, text: str, reader: str, top_k: int) -> None:
    result = ask(catalog, text, reader, top_k=top_k) if any(c.isalnum() for c in text) else None
    if result is None:
        return
    assert len(result.hits) <= top_k
    for hit in result.hits:
        stored = catalog.article(hit.article.id)
        assert stored == hit.article
        assert hit.text == stored.text[hit.passage.start : hit.passage.end]
        assert all(hit.passage.span.contains(span) and len(span) for span in hit.highlights)
    for answer in (one for head in answers(result) for one in (head, *head.agrees_with, *head.duplicates)):
        assert catalog.article(answer.article.id).text[answer.start : answer.end] == answer.quote != ""
        assert answer.passage.span.contains(answer.sentence)
        assert answer.sentence.contains(Span(answer.start, answer.end))
        assert 0 <= answer.confidence <= 1


def test_the_same_report_in_two_papers_is_one_answer(tmp_path: Path) -> None:
    report = "Wexcombe council raised the flood alarm at the weir on 3 May 2021."
    papers = [article(name, report, publisher=name) for name in ("Echo", "Post")]
    with Catalog.open(tmp_path, WordEncoder()) as opened:
        opened.add(papers)
        (only,) = answers(ask(opened, "When was the flood alarm raised?", "sentence"))
    assert {other.article.publisher for other in (only, *only.duplicates)} == {"Echo", "Post"}
    assert only.agrees_with == only.conflicts_with == ()


def test_a_span_reader_brings_equal_dates_together_and_sets_others_against_them(tmp_path: Path) -> None:
    papers = {
        "Gazette": "The trust took over on 28 February 2022.",
        "Herald": "Staff were told that the trust would begin its work in the town on 28 February 2022, a Monday.",
        "Post": "Our own books say that the trust began no sooner than the spring: it was 28 March 2022.",
    }
    logits = {"28": (6.0, 0.0), "2022": (0.0, 6.0)}
    weights = ReaderWeights.load(make_reader(tmp_path / "reader", logits, max_tokens=256))
    with Catalog.open(tmp_path / "data", WordEncoder()) as opened:
        opened.add([article(name, text, publisher=name) for name, text in papers.items()])
        pipeline = replace(build_pipeline(opened), reader=SpanReader.open(weights, threads=1), calibration=ALWAYS)
        found = answers(pipeline.ask(Question("When did the trust begin?")))
    same, other = sorted(found, key=lambda head: head.quote)
    assert {one.article.publisher for one in (same, *same.agrees_with)} == {"Gazette", "Herald"}
    assert {one.quote for one in (same, *same.agrees_with)} == {"28 February 2022"}
    assert (other.quote, other.agrees_with, other.duplicates) == ("28 March 2022", (), ())
    assert [one.quote for one in same.conflicts_with] == ["28 March 2022"]
    assert [one.quote for one in other.conflicts_with] == ["28 February 2022"]
