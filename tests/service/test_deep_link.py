"""Text fragments: encoded by the rules, unique in the text, never across a block boundary at either end."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.deep_link import TextDirective, deep_link, is_web_url, text_directive
from sources.article import Span

URL = "https://news.example/a"


def at(text: str, quote: str, nth: int = 0) -> Span:
    start = [found.start() for found in re.finditer(re.escape(quote), text)][nth]
    return Span(start, start + len(quote))


@pytest.mark.parametrize(
    ("text", "quote", "nth", "fragment"),
    [
        ("It rose by a third.", "rose by a third", 0, "text=rose%20by%20a%20third"),
        ("Well-known, tried & true.", "Well-known, tried & true", 0, "text=Well%2Dknown%2C%20tried%20%26%20true"),
        ("Cost 2.5 million, then 5 million.", "5 million", 1, "text=then-,5%20million"),
        ("One cat. Two cat.", "cat", 0, "text=cat"),
        ("Tax is 20% — up ½ point", "20% — up ½", 0, "text=20%25%20%E2%80%94%20up%20%C2%BD"),
        ("A man. a MAN slept.", "a MAN", 0, "text=a%20MAN,-slept."),
        ("The 😀 circus came.", "😀 circus", 0, "text=%F0%9F%98%80%20circus"),
    ],
)
def test_directives_worked_out_by_hand(text: str, quote: str, nth: int, fragment: str) -> None:
    span = at(text, quote, nth)
    directive = text_directive(text, span)
    assert directive is not None
    assert directive.first_match(text) == span
    assert directive.encoded() == fragment


def test_a_repeated_word_gets_the_context_that_makes_it_unique() -> None:
    text = "In 2019 it fell. In 2019 it rose."
    assert text_directive(text, at(text, "2019", 1)) == TextDirective("2019", suffix="it rose.")
    assert deep_link(URL, text, at(text, "2019", 1)) == f"{URL}#:~:text=2019,-it%20rose."


def test_a_cut_inside_a_word_or_number_is_widened_to_the_whole() -> None:
    text = "It cost £2.5m in all."
    assert text_directive(text, at(text, "£2")) == TextDirective("£2.5m")


def test_a_long_quote_names_its_first_and_last_words() -> None:
    text = " ".join(f"word{n}" for n in range(60)) + "."
    directive = text_directive(text, Span(0, len(text)))
    assert directive == TextDirective("word0 word1 word2 word3 word4", "word55 word56 word57 word58 word59.")


def test_no_part_crosses_a_block_boundary() -> None:
    text = "First\n\nsecond line is longer here\n\nlast"
    directive = text_directive(text, Span(0, len(text)))
    assert directive == TextDirective("First", "last")
    repeated = "Title\n\nsame words\n\nOther\n\nsame words"
    assert text_directive(repeated, at(repeated, "same words", 1)) == TextDirective("same words", prefix="Other")


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/x#part", "https://a.example/x#part:~:text=rain"),
        ("https://a.example/x#:~:text=old", "https://a.example/x#:~:text=rain"),
        ("https://a.example/x?q=1", "https://a.example/x?q=1#:~:text=rain"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("//a.example/x", None),
        ("https://", None),
        ("http://[bad", None),
        (None, None),
    ],
)
def test_links_keep_the_page_and_lead_nowhere_but_the_web(url: str | None, link: str | None) -> None:
    assert deep_link(url, "Some rain fell.", Span(5, 9)) == link


def test_a_span_without_a_word_links_to_the_page() -> None:
    assert deep_link(URL, "a   b", Span(1, 3)) == URL
    assert is_web_url(URL)


words = st.sampled_from(["the", "cat", "sat", "On", "on", "2.5m", "well-known,", "£3", "“so”", "😀", "رجل", "(x)"])
breaks = st.sampled_from([" ", " ", " ", "\n\n", "  "])


@given(st.lists(st.tuples(words, breaks), min_size=1, max_size=50), st.data())
def test_a_browser_lands_on_the_span_or_on_its_equal(parts: list[tuple[str, str]], data: st.DataObject) -> None:
    text = "".join(word + gap for word, gap in parts)
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    assume(span.of(text).strip())
    directive = text_directive(text, span)
    assert directive is not None
    landed = directive.first_match(text)
    assert landed is not None
    found, wanted = landed.of(text).lower().split(), span.of(text).lower().split()
    assert found[0].endswith(wanted[0]) or wanted[0] in found[0]
    for part in (directive.start, directive.end, directive.prefix, directive.suffix):
        assert "\n" not in part
    encoded = directive.encoded().removeprefix("text=")
    assert set(re.sub(r"%[0-9A-F]{2}", "", encoded)) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~,-"
    )
    assert directive.start in unquote(encoded)
