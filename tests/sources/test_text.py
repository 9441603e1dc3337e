"""Plain text files."""

from datetime import UTC, date, datetime

import pytest

from sources.errors import SourceError
from sources.text import read_text

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_title_is_the_first_line_and_the_text_is_whole() -> None:
    data = b"\r\n  Council fails children \r\n\r\nIt did.\r\n"
    article = read_text(data, name="a", origin="/a.txt", now=NOW)
    assert article.title == "Council fails children"
    assert article.text == "\n  Council fails children \n\nIt did.\n"
    assert (article.publisher, article.published_at, article.url) == (None, None, None)


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("Story updated 8 November 2022", date(2022, 11, 8)),
        ("• Published: November 8, 2022", date(2022, 11, 8)),
        ("Last updated on 2022-11-08", date(2022, 11, 8)),
        ("The notice was published 8 November 2022", None),
        ("Published 8 November 2022 by the council", None),
        ("Published 8 November 2022\nUpdated 9 November 2022", None),
        ("Published 31 February 2022", None),
    ],
)
def test_date_only_from_a_line_that_says_just_that(head: str, day: date | None) -> None:
    text = f"Title\n\n{head}\n\nThe story."
    assert read_text(text.encode(), name="a", origin="/a.txt", now=NOW).published_at == day


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf"])
def test_no_text(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"/a\.txt: is empty"):
        read_text(data, name="a", origin="/a.txt", now=NOW)


def test_one_huge_line_gets_a_short_title() -> None:
    text = "word " * 1_000_000
    article = read_text(text.encode(), name="a", origin="/a.txt", now=NOW)
    assert len(article.title) <= 121
    assert article.title.endswith("…")
    assert article.text == text
