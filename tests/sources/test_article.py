"""Spans, ids and checksums."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.article import Article, Span, article_id

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def make(**changes: str) -> Article:
    fields = {"name": "a", "origin": "/a.txt", "title": "T", "text": "Text £"} | changes
    return Article.create(**fields, added_at=NOW)  # type: ignore[arg-type]  # every value is a string


def test_span_counts_code_points() -> None:
    assert Span(5, 6).of("Text £") == "£"
    assert len(Span(2, 5)) == 3
    assert Span(0, 6).contains(Span(0, 6))
    assert not Span(0, 6).contains(Span(5, 7))
    assert sorted([Span(2, 3), Span(1, 9)]) == [Span(1, 9), Span(2, 3)]


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_impossible_spans(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="0 <= start <= end"):
        Span(start, end)


def test_id_follows_the_origin_or_the_url() -> None:
    assert make().id == make(text="Other").id
    assert make().id != make(origin="/b.txt").id
    assert make(url="https://example.org/a").id == make(url="https://example.org/a", origin="/b.txt").id
    assert make().sha256 == hashlib.sha256("Text £".encode()).hexdigest()


def test_same_content_looks_at_all_but_place_and_time() -> None:
    one = make()
    assert one.same_content(replace(make(name="b", origin="/b"), added_at=datetime(2020, 1, 1, tzinfo=UTC)))
    assert not one.same_content(make(text="Other"))
    assert not one.same_content(replace(one, published_at=date(2022, 11, 8)))


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_ids_are_short_and_plain(name: str, origin: str) -> None:
    made = article_id(name, origin)
    assert 8 <= len(made) <= 57
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
