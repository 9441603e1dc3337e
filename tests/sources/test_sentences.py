"""Sentence boundaries: decided cases of news English, and what holds on any text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.article import Span
from sources.sentences import sentence_spans

# Sentences are parted by " | " and joined with one space before splitting.
CASES = [
    "Mr. Smith met Dr. Jones. | Cllr. Ian Courts was there.",
    "Sir Alan came to No. 10 Downing St. on Monday. | He left at noon.",
    "He lived in St. Albans until Jan. 5, 2022. | Then he moved.",
    "The visit was on 3 Nov. 2022. | Ministers acted at once.",
    "It is based in the U.S. and the U.K. | The firm grew.",
    "The U.S. Government agreed. | So did the U.N. Secretary General.",
    "He arrived at 5 p.m. on Friday. | She came at 9 a.m. | The rest were late.",
    "It opens at 9 a.m. GMT on Tuesday.",
    "Some groups, e.g. Mind, i.e. the charity, objected. | Others did not.",
    "J. K. Rowling spoke. | George W. Bush listened.",
    "Profits rose to £1.5m. | Costs fell 2.3%. | Growth was 0.5 per cent.",
    "Acme Inc. Chief Executive Ann Lee resigned. | He left Acme Ltd. | The board was split.",
    "“We failed.” | “We are sorry.”",
    "“We failed. | We are sorry,” he said. | “Never again!”",
    "“Why was he missed?” asked Mr Halfon. | Nobody knew.",
    "“Why was he missed?” Mr Halfon asked. | Nobody knew.",
    "“Stop!” Robert Halfon said. | They did.",
    "Was it fair? | Yes! | No one denied it.",
    "(It was late.) | The court rose.",
    "The hub (see p. 5) was short of staff. | It closed.",
    "He waited... and waited. | Then he left.",
    "He waited… | Nobody came.",
    "He waited . . . and left. | The end.",
    "It found: a) staff were few. | b) cases were lost; and c) nobody knew.",
    "1. The council must act. | 2. The board must meet.",
    "The fact is known.[3] | Others are not.",
    "It hit 2,000 cases in 2019. | 12 were closed.",
    "She asked for vitamin C. | He gave none.",
    "The café’s owner said ‘no.’ | ‘Never,’ said his wife.",
    "He bought an iPhone. | iPads came later.",
    "It was statutoryintervention. | Plans areprogressed.",
    "See www.gov.uk for more. | Node.js is a tool.",
    "He works at Yahoo.com and Amazon.Com today.",
    "The Rev. Dr. Martin Luther King Jr. spoke. | The crowd, etc. were moved.",
    "What happened?! | Nobody knows.",
    "It rose by 5 per cent. | £3m was lost. | “Too much,” he said.",
    "The results: | • Staff are few. | • Cases are many.",
    "The Met Office said it was cold. | HM. Revenue did not.",
    "Ofsted’s Lt. Col. Smith and Det. Insp. Brown agreed. | PC. Green did not.",
    "He was 6 ft. tall. | The wall was 2 in. thick.",
    "The monk Zhi Guang (d. 1435) came. | He took a B.Sc. (Tech.) there.",
    "Sen. Ann Lee met Nirupama Sen. | The media were angry at Gen. Roe.",
    "He fell ill. | Doctors sat. | 12 people lay in the sun. | 40 looked at art. | 3 did not miss. | Nurses came.",
    "这是第一句。 | 这是第二句。",
]


@pytest.mark.parametrize("case", CASES)
def test_news_sentences(case: str) -> None:
    sentences = case.split(" | ")
    text = " ".join(sentences)
    assert [span.of(text) for span in sentence_spans(text)] == [s for s in sentences if s]


def test_joined_words_after_a_lost_space() -> None:
    text = "They must improve.The council agreed."
    assert [span.of(text) for span in sentence_spans(text)] == ["They must improve.", "The council agreed."]


def test_newline_is_white_space_and_blank_line_is_an_end() -> None:
    text = "A line\nbroken once\n\nMr.\n\nSmith came"
    assert [span.of(text) for span in sentence_spans(text)] == ["A line\nbroken once", "Mr.", "Smith came"]


def test_a_range_is_split_as_if_it_stood_alone() -> None:
    text = "One came. Two came. Three came."
    assert sentence_spans(text, 4, 19) == [Span(4, 9), Span(10, 19)]
    assert sentence_spans(text, 9, 10) == []
    assert sentence_spans("", 0, 0) == []


NEWSLIKE = st.text(st.sampled_from([*"abcTUSI.!?…\"'“”‘’()[] \n\t:;,£15•-\xa0。\u2028"]), max_size=80) | st.lists(
    st.sampled_from(
        ["Mr. ", "U.S. ", "The ", "said. ", "“We ", "p.m. ", "No. ", "10 ", "a) ", "1. ", "\n\n", "... ", "?” ", "he "]
    ),
    max_size=30,
).map("".join)


@given(st.text() | NEWSLIKE, st.data())
def test_spans_cover_the_range_exactly(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    previous = start
    for span in sentence_spans(text, start, end):
        assert text[previous : span.start].strip() == ""
        assert previous <= span.start < span.end <= end
        assert span.of(text) == span.of(text).strip()
        previous = span.end
    assert text[previous:end].strip() == ""


@pytest.mark.parametrize("unit", [".", ". ", ".)", "\n \n", " ", ". . . ", 'a."', ".A", "x.'''''", "(((", "?!", "•"])
def test_hostile_repetition_takes_linear_time(unit: str) -> None:
    def seconds(times: int) -> float:
        text = unit * times
        started = time.perf_counter()
        sentence_spans(text)
        return time.perf_counter() - started

    seconds(1_000)
    assert seconds(100_000) < 1.5
