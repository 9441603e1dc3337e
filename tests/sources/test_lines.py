"""Lines and hard wrapping: `text` is always as long as its span."""

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from sources.lines import lines, paragraph_lines

PARAGRAPH = (
    "The council has failed to keep children safe for years, inspectors said in a report on Monday, and found that "
    "the social workers were too few and that the leaders knew too little of what was going on in the homes. "
)


def test_wrapped_paragraphs_come_back_whole() -> None:
    paragraphs = [PARAGRAPH * 2 + "It ended.", PARAGRAPH + "Nobody knew.", "A short one."]
    for width in (50, 72, 100):
        text = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in paragraphs)
        assert [line.text for line in paragraph_lines(text, lines(text))] == paragraphs


def test_long_lines_and_lists_are_left_alone() -> None:
    text = f"{PARAGRAPH}\nA line after it\n{PARAGRAPH}"
    assert len(paragraph_lines(text, lines(text))) == 3
    names = "Ann Lee\nBo Roe\nCy Poe\nDee Moe"
    assert len(paragraph_lines(names, lines(names))) == 4


@given(
    st.lists(st.sampled_from(["word ", "Word. ", "\n", "\n\n", "- ", "a " * 24 + "\n", "\t"]), max_size=60).map("".join)
)
def test_text_is_as_long_as_its_span(text: str) -> None:
    for line in paragraph_lines(text, lines(text)):
        assert len(line.text) == len(line.span)
        assert line.text == line.span.of(text).replace("\n", " ")
