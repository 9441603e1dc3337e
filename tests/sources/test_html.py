"""Web pages, through the real extractor."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.article import Article
from sources.blocks import blocks
from sources.errors import SourceError
from sources.html import read_html

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="{charset}"><title>Council fails | Example News</title>
<meta property="og:title" content="Council fails children"><meta property="og:site_name" content="Example News">
<meta property="article:published_time" content="2022-11-08T09:00:00Z"><meta name="author" content="Ann Lee">
<link rel="canonical" href="https://news.example.org/story"></head><body><nav><a href="/">Home</a> <a>Sport</a></nav>
<article><h1>Council fails children</h1><p>The council’s services cost £1.5m and have failed children for years,
inspectors said on Monday in a report.</p><h2>What did they find?</h2><p>They found that there were too few social
workers, and that the leaders knew too little of what went on.</p><ul><li>Staff are few in every team</li>
<li>Cases were lost</li></ul></article><footer>Cookies and privacy</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_text_and_metadata(charset: str) -> None:
    data = PAGE.format(charset=charset).encode(charset)
    article = read_html(data, name="story", origin="/story.html", now=NOW)
    assert article.title == "Council fails children"
    assert article.publisher == "Example News"
    assert article.author == "Ann Lee"
    assert article.published_at == date(2022, 11, 8)
    assert article.url == "https://news.example.org/story"
    assert article.language == "en"
    assert "The council’s services cost £1.5m" in article.text
    assert "Cookies" not in article.text
    kinds = [(block.kind, block.span.of(article.text)) for block in blocks(article.text, article.title)]
    assert ("heading", "What did they find?") in kinds
    assert ("bullet", "- Cases were lost") in kinds


def test_broken_html_gives_what_can_be_found() -> None:
    data = b"<html><p>The council <b>failed <p>It said so on Monday <div><table><tr>unclosed & wrong &#xZZ; <p"
    article = read_html(data, name="b", origin="/b.html", now=NOW)
    assert "The council" in article.text
    assert "It said so on Monday" in article.text


@pytest.mark.parametrize(
    "data",
    [b"", b"  \n", b"<html></html>", b"<!-- only a comment -->", b"<script>var a = 1</script>", b"<" * 5_000],
)
def test_a_page_without_an_article(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"^/b\.html: (is empty|holds no article text|cannot be read)"):
        read_html(data, name="b", origin="/b.html", now=NOW)


def test_deep_nesting_is_survived() -> None:
    data = b"<div>" * 20_000 + b"<p>The council failed children for many years, it said.</p>"
    [item] = read_or_refuse(data)
    assert isinstance(item, SourceError) or "The council failed" in item.text


def read_or_refuse(data: bytes) -> list[Article | SourceError]:
    try:
        return [read_html(data, name="b", origin="/b.html", now=NOW)]
    except SourceError as error:
        return [error]


@settings(max_examples=30)
@given(st.binary(max_size=200) | st.text(st.sampled_from('<>/pdiv ="&#;!-[]aé'), max_size=120).map(str.encode))
def test_any_bytes_give_an_article_or_a_source_error(data: bytes) -> None:
    [item] = read_or_refuse(data)
    assert "\n" not in str(item) if isinstance(item, SourceError) else item.text.strip()
