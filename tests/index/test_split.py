"""Passages follow paragraphs and sentences, and cover what answers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from index.split import MOST_WORDS, split, whole
from sources.article import Span
from tests.fakes import article

SENTENCE = "The council met on Monday and agreed the plan for the year ahead."


def texts(text: str) -> list[str]:
    made = article("Title", text)
    return [passage.span.of(made.text) for passage in split(made)]


def test_short_paragraphs_are_joined() -> None:
    assert texts(f"{SENTENCE}\n\n{SENTENCE}") == [f"{SENTENCE}\n\n{SENTENCE}"]


def test_a_passage_ends_at_about_120_words() -> None:
    paragraph = " ".join([SENTENCE] * 6)
    assert [len(text.split()) for text in texts("\n\n".join([paragraph] * 3))] == [78, 78, 78]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    found = texts(" ".join([SENTENCE] * 30))
    assert all(text.endswith("ahead.") and text.startswith("The council") for text in found)
    assert all(len(text.split()) <= MOST_WORDS for text in found)
    assert sum(text.count(SENTENCE) for text in found) == 30


def test_a_heading_stays_with_what_follows() -> None:
    long = " ".join([SENTENCE] * 8)
    found = texts(f"{long}\n\nWhat happens next\n\n{SENTENCE}")
    assert found == [long, f"What happens next\n\n{SENTENCE}"]


def test_a_list_keeps_its_lead_in() -> None:
    long = " ".join([SENTENCE] * 9)
    found = texts(f"{long}\n\nThe report found:\n\n  • Too few staff.\n  • Too many cases.\n")
    assert found[-1] == "The report found:\n\n  • Too few staff.\n  • Too many cases."


def test_boilerplate_is_in_no_passage() -> None:
    found = texts(f"{SENTENCE}\n\nCredit: PA Images\n\n{SENTENCE}\n\nComments are closed.")
    assert found == [SENTENCE, SENTENCE]


def test_a_headline_alone_can_be_found() -> None:
    made = article("Council leader resigns", "Council leader resigns")
    assert [passage.span for passage in split(made)] == [Span(0, 22)]
    assert split(article("x", "  \n \n")) == ()


def test_words_without_any_full_stop_are_cut() -> None:
    found = texts("word " * 1_000)
    assert sum(len(text.split()) for text in found) == 1_000
    assert max(len(text.split()) for text in found) <= MOST_WORDS


def test_whole_keeps_an_article_in_one_piece() -> None:
    made = article("t", f"\n{SENTENCE} {SENTENCE}\n\n{SENTENCE}\n")
    (passage,) = whole(made)
    assert passage.span.of(made.text) == made.text.strip()
    assert [span.of(made.text) for span in passage.sentences] == [SENTENCE] * 3


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["\n", "\n\n", " ", "• ", "A b. ", "Heading", SENTENCE, "é😀 ", "Credit: X", "1. "]),
        max_size=60,
    )
)
def test_passages_are_ordered_inside_and_hold_their_sentences(parts: list[str]) -> None:
    made = article("Heading", "".join(parts))
    end = 0
    for passage in split(made):
        assert end <= passage.start < passage.end <= len(made.text)
        end = passage.end
        text = passage.span.of(made.text)
        assert text == text.strip()
        last = passage.start
        for sentence in passage.sentences:
            assert last <= sentence.start < sentence.end <= passage.end
            last = sentence.end
    assert len({passage.key for passage in split(made)}) == len(split(made))
