"""Spans grown to what a person would quote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passage import Passage
from qa.reader.widen import widened
from sources.article import Span
from sources.sentences import sentence_spans
from tests.fakes import article


def place(text: str, *, sentences: bool = True) -> Passage:
    found = article("a", text)
    return Passage.of(found, Span(0, len(text)), tuple(sentence_spans(text)) if sentences else ())


def grown(question: str, marked: str) -> str:
    """The quote, where the reader found what is in brackets."""
    before, _, rest = marked.partition("[")
    inside, _, after = rest.partition("]")
    text = before + inside + after
    span = Span(len(before), len(before) + len(inside))
    return widened(question, text, span, place(text)).of(text)


@pytest.mark.parametrize(
    ("marked", "quote"),
    [
        ("It began on [28] February 2022 in the hall.", "28 February 2022"),
        ("It began on 28 [February] 2022.", "28 February 2022"),
        ("It began on 28 February [2022].", "28 February 2022"),
        ("It began on February [28], 2022, they say.", "February 28, 2022"),
        ("It began on the 28th of [Feb]. 2022.", "28th of Feb. 2022"),
        ("It began on [Monday] 28 February 2022 at noon.", "Monday 28 February 2022"),
        ("It began in January [2023] after 3 May 2021.", "January 2023"),
        ("It began in [January].", "January"),
        ("It began on [3] November.", "3 November"),
        ("It began on [28] and 29 February 2022.", "28 and 29 February 2022"),
        ("It began on 2022-02-[28].", "2022-02-28"),
        ("It began on [28]/02/2022.", "28/02/2022"),
        ("It ran in the spring of [2022] and after.", "spring of 2022"),
        ("It ran in [2021]/22.", "2021/22"),
        ("It began in [2022], when 400 people came.", "2022"),
        ("The [Mayor] of May opened it.", "Mayor"),
        ("The [Marchers] came.", "Marchers"),
        ("In May 400 [people] came.", "people"),
        ("It began in [May] 2022. June 2023 was wet.", "May 2022"),
        ("Staff [20]22-x left.", "2022"),
    ],
)
def test_when_gives_the_whole_date_and_no_more(marked: str, quote: str) -> None:
    assert grown("When did it begin?", marked) == quote


def test_a_year_alone_is_what_some_ask_for() -> None:
    assert grown("In which year did it begin?", "It began on 28 February [2022].") == "2022"


@pytest.mark.parametrize(
    ("marked", "quote"),
    [
        ("It cost [532],000 pounds in all.", "532,000 pounds"),
        ("It cost £[5].3 million in all.", "£5.3 million"),
        ("It cost £5.[3] million.", "£5.3 million"),
        ("It cost [£]532,000.", "£532,000"),
        ("It cost £532,[000].", "£532,000"),
        ("It cost £0.[532]m.", "£0.532m"),
        ("He got [29] years in jail.", "29 years"),
        ("He got twenty-[nine] years in jail.", "twenty-nine years"),
        ("He got [two] hundred and fifty months.", "two hundred and fifty months"),
        ("At least [1],400 children were hurt.", "1,400 children"),
        ("It rose by [29] per cent.", "29 per cent"),
        ("It rose by [29]%.", "29%"),
        ("It took half a [million] pounds.", "half a million pounds"),
        ("It took a [year].", "a year"),
        ("There were [31] homes in 2022.", "31"),
        ("It sold [5] million, or 6%.", "5 million"),
        ("In [2011] 500 came.", "2011"),
        ("It has a [three] member board.", "three"),
        ("It cost US$[3].8 billion.", "US$3.8 billion"),
    ],
)
def test_how_much_gives_the_amount_with_its_unit(marked: str, quote: str) -> None:
    assert grown("How much was it?", marked) == quote


@pytest.mark.parametrize(
    ("marked", "quote"),
    [
        ("The chair was Sir Alan [Wood], a former head.", "Sir Alan Wood"),
        ("The chair was Sir [Alan] Wood.", "Sir Alan Wood"),
        ("The chair was Dr. [Wood].", "Dr. Wood"),
        ("On Monday [Wood] spoke.", "Wood"),
        ("Then Dame Louise [Casey] spoke.", "Dame Louise Casey"),
        ("It was J. K. [Rowling] who wrote it.", "J. K. Rowling"),
        ("It was Jane van der [Berg] who led it.", "Jane van der Berg"),
        ("It was [Jane] van der Berg's idea.", "Jane van der Berg"),
        ("It was Fiona O’[Brien]’s idea.", "Fiona O’Brien"),
        ("It was Siân [Jones] who led it.", "Siân Jones"),
        ("The trust chose ‘Alan [Wood]’ to lead it.", "Alan Wood"),
        ("Birmingham City [Council] led it.", "Birmingham City Council"),
        ("Many [people] Smith knew.", "people"),
        ("Home Secretary Theresa [May] said so.", "Home Secretary Theresa May"),
        ("It was Sir Alan [Wood]’s Plan.", "Sir Alan Wood"),
        ("Leeds-based Alan [Wood] led it.", "Alan Wood"),
        ("It was Jean-Luc [Picard].", "Jean-Luc Picard"),
        ("Alan [Wood] of the Post led it.", "Alan Wood"),
        ("Head of the [Council] it was.", "Council"),
        ("So said [the] Prime Minister, Boris Johnson.", "the"),
    ],
)
def test_who_gives_the_full_name_with_its_title(marked: str, quote: str) -> None:
    assert grown("Who was it?", marked) == quote


@pytest.mark.parametrize("question", ["Why was it shut?", "List the councils", "What were the main findings?"])
def test_why_and_lists_give_the_sentence(question: str) -> None:
    marked = "It was shut. Inspectors said that [it] was unsafe. Nobody objected."
    assert grown(question, marked) == "Inspectors said that it was unsafe."


@pytest.mark.parametrize(
    ("marked", "quote"),
    [
        ("The un[lawful] act", "unlawful"),
        ("The [un]lawful act", "unlawful"),
        ("A rate of 3.[5] then", "3.5"),
        ("It ended in [2022]. So", "2022"),
        ("The cafe\u0301 by the sea, the [caf]e\u0301 in town", "cafe\u0301"),
        ("The 😀[😀] face", "😀"),
        ("The well-[known] face", "known"),
    ],
)
def test_other_questions_get_whole_words_and_numbers(marked: str, quote: str) -> None:
    assert grown("What was it like?", marked) == quote


def test_without_sentences_the_span_grows_no_further_than_itself() -> None:
    text = "The February 2022 report"
    passage = place(text, sentences=False)
    assert widened("When was it?", text, Span(4, 12), passage) == Span(4, 12)


QUESTIONS = ["When?", "How much?", "Who?", "Why?", "List them", "What?", "In which year?"]
WORDS = st.lists(
    st.sampled_from(
        "28 29th of February Feb. 2022 Monday, and £5.3 million 532,000 pounds 29% twenty-nine years half a one "
        "hundred Sir Dr. Alan J. O’Brien’s Wood's van der The On May Mayor 😀 e\u0301 . . ! \n\n".split(" ")
    )
    | st.text(max_size=4),
    min_size=1,
    max_size=25,
).map(lambda words: " ".join(words) or "a")


@given(WORDS, st.sampled_from(QUESTIONS), st.booleans(), st.data())
def test_it_only_grows_and_never_leaves_its_sentences(
    text: str, question: str, sentences: bool, data: st.DataObject
) -> None:
    passage = place(text, sentences=sentences)
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    wide = widened(question, text, span, passage)
    touched = [found for found in passage.sentences if found.start < span.end and span.start < found.end]
    room = Span(min([span.start, *(s.start for s in touched)]), max([span.end, *(s.end for s in touched)]))
    assert wide.contains(span)
    assert room.contains(wide)
    assert passage.span.contains(wide)
    assert widened(question, text, wide, passage).contains(wide)
