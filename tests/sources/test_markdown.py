"""Markdown files and their front matter."""

from datetime import UTC, date, datetime

import pytest

from sources.article import Article
from sources.errors import SourceError
from sources.markdown import read_markdown

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def read(text: str) -> Article:
    return read_markdown(text.encode(), name="a", origin="/a.md", now=NOW)


def test_front_matter_gives_the_headings_and_is_not_text() -> None:
    article = read(
        "---\ntitle: 'The title: here'\nPublisher: Quotary sample\ndate: 2022-11-08\nurl: https://example.org/a\n"
        "author: [Ann Lee, Bo Roe]\nlanguage: en\nsummarises: report 004\n---\n\nBody.\n\n---\n\nMore."
    )
    assert article.text == "Body.\n\n---\n\nMore."
    assert article.title == "The title: here"
    assert article.publisher == "Quotary sample"
    assert article.published_at == date(2022, 11, 8)
    assert article.url == "https://example.org/a"
    assert article.author == "Ann Lee, Bo Roe"
    assert article.language == "en"


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# A heading #\n\nBody", "A heading", "# A heading #\n\nBody"),
        ("Intro\n\n## Later\n", "Later", "Intro\n\n## Later\n"),
        ("Only words\n\nBody", "Only words", "Only words\n\nBody"),
        ("---\n---\nBody", "Body", "Body"),
        ("---\ndate: 8 November 2022\n---\nBody", "Body", "Body"),
        ("---\nA rule, then prose\n\n---\nBody", "---", "---\nA rule, then prose\n\n---\nBody"),
        ("---\nnot closed: ever\n", "---", "---\nnot closed: ever\n"),
        ("---\ntitle: 1984\nauthor: null\n---\nBody", "1984", "Body"),
        ("---\ntitle: no\ndate: ~\n---\nBody", "no", "Body"),
        ("---\ntitle: !!python/object/apply:os.system [x]\ntitle: safe\n---\nBody", "safe", "Body"),
    ],
)
def test_titles_and_texts(text: str, title: str, body: str) -> None:
    article = read(text)
    assert (article.title, article.text) == (title, body)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("title: 'unclosed\ndate: 2022-11-08", "front matter is not YAML at line"),
        ("title: a: b", "front matter is not YAML at line 2"),
        ("title: &a [*a]", "front matter is not YAML at line 2"),
        ("title: {a: b}", "title must be a line of text"),
        ("- a\nb: c", "front matter is not YAML"),
        ("date: soon", "date: 'soon' is not a date"),
        ("date: 2022-13-45", "date: '2022-13-45' is not a date of the calendar"),
        ("url: javascript:alert(1)", "url must begin with http"),
        ("a: " + "[" * 5_000, "front matter is not YAML"),
        ("title: x\n" + "k: v\n" * 20_000, "longer than 65,536 characters"),
    ],
)
def test_bad_front_matter_is_one_clear_line(fields: str, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(f"---\n{fields}\n---\nBody")
    assert reason in str(caught.value)
    assert str(caught.value).startswith("/a.md: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("key", ["title", "author", "date", "url"])
def test_nested_aliases_are_never_written_out(key: str) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    with pytest.raises(SourceError, match=f"{key}.* a list"):
        read(f"---\nl0: &l0 [x]\n{levels}\n{key}: *l29\n---\nBody")


def test_front_matter_without_a_body_is_empty() -> None:
    with pytest.raises(SourceError, match="is empty"):
        read("---\ntitle: x\n---\n")


def test_an_article_that_says_its_id_is_the_same_wherever_it_lies() -> None:
    first, moved = (
        read_markdown(b"---\nid: report-7\n---\nBody.", name="a", origin=origin, now=NOW).id
        for origin in ("/x/a.md", "/y/a.md")
    )
    unnamed = read_markdown(b"Body.", name="a", origin="/x/a.md", now=NOW).id
    assert first == moved != unnamed
    with pytest.raises(SourceError, match="id must be one line of text"):
        read_markdown(b"---\nid: [1, 2]\n---\nBody.", name="a", origin="/x/a.md", now=NOW)
