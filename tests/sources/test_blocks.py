"""Blocks: the layout of plain, Markdown and hard-wrapped news text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.blocks import blocks

ARTICLE = """Council fails children

Credit: ITV News Central

The council has failed. It said so on Monday.

What did inspectors find?

They found the following:

  • Staff are few
  • Cases were lost;
1. The board met once.

Arthur lived in Solihull. Credit: West Midlands Police

Image caption,

The leader said services were a priority

A diverse range of services
Nesfield Road, Colchester, Essex CO4 3ZL
Tel: 01206 878178

More from Example

Comments are closed."""


def shape(text: str, title: str = "") -> list[tuple[str, str]]:
    return [(block.kind, block.span.of(text)) for block in blocks(text, title)]


def test_an_article_as_news_sites_give_it() -> None:
    assert shape(ARTICLE, "Council fails children") == [
        ("heading", "Council fails children"),
        ("boilerplate", "Credit: ITV News Central"),
        ("paragraph", "The council has failed. It said so on Monday."),
        ("heading", "What did inspectors find?"),
        ("paragraph", "They found the following:"),
        ("bullet", "• Staff are few"),
        ("bullet", "• Cases were lost;"),
        ("bullet", "1. The board met once."),
        ("paragraph", "Arthur lived in Solihull."),
        ("boilerplate", "Credit: West Midlands Police"),
        ("boilerplate", "Image caption,"),
        ("paragraph", "The leader said services were a priority"),
        ("boilerplate", "A diverse range of services"),
        ("boilerplate", "Nesfield Road, Colchester, Essex CO4 3ZL"),
        ("boilerplate", "Tel: 01206 878178"),
        ("boilerplate", "More from Example"),
        ("boilerplate", "Comments are closed."),
    ]


def test_sentences_leave_out_the_marks() -> None:
    sentences = [s.of(ARTICLE) for block in blocks(ARTICLE, "") for s in block.sentences]
    assert "Staff are few" in sentences
    assert "The board met once." in sentences
    assert not any("Credit" in s or "Tel" in s for s in sentences)
    text = "# Results #1\n\nImage caption, The hall closed"
    assert [s.of(text) for block in blocks(text, "") for s in block.sentences] == ["Results #1", "The hall closed"]


def test_lines_without_blank_lines_are_paragraphs() -> None:
    text = "Council fails children\nThe council has failed, it said after a meeting.\nWhat next?\nNobody knows."
    assert [kind for kind, _ in shape(text, "Council fails children")] == [
        "heading",
        "paragraph",
        "heading",
        "paragraph",
    ]


def test_hard_wrapped_lines_are_joined() -> None:
    text = (
        "The council has failed to keep children safe for years, inspectors\n"
        "said in a report on Monday. They found that the social workers were\n"
        "too few and that the leaders of the council knew too little of what\n"
        "was going on in the homes they had visited. Credit: West Midlands\n"
        "Police\n"
        "\n"
        "The leader said he was sorry for the failings and that a new plan had\n"
        "been made.\n"
        "- One point of the plan is to hire more staff than ever before in the\n"
        "  borough\n"
    )
    assert [(kind, words.split()[0], words.split()[-1]) for kind, words in shape(text)] == [
        ("paragraph", "The", "visited."),
        ("boilerplate", "Credit:", "Police"),
        ("paragraph", "The", "made."),
        ("bullet", "-", "borough"),
    ]


@pytest.mark.parametrize(
    "line",
    ["The council closed.", "He said:", "the lower case line", "x " * 60, "Photo agency PA was there."],
)
def test_not_every_short_line_is_a_heading(line: str) -> None:
    text = f"Opening words of it all.\n\n{line.strip()}\n\nThe next paragraph ends here."
    assert shape(text)[1][0] == "paragraph"


def test_a_last_line_is_no_heading() -> None:
    assert shape("The council closed.\n\nBy our reporter")[-1] == ("paragraph", "By our reporter")


PIECES = [
    "Credit: PA",
    "• item",
    "# Head",
    "Tel: 01206 878178",
    "Image caption,",
    "The end.",
    "\n",
    "\n\n",
    " ",
    "1. x",
    "•",
]


@given(
    st.text() | st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.sampled_from(["", "Head", "The end."])
)
def test_blocks_cover_the_text_in_order(text: str, title: str) -> None:
    previous = 0
    for block in blocks(text, title):
        assert text[previous : block.span.start].strip() == ""
        assert block.span.of(text) == block.span.of(text).strip() != ""
        previous = block.span.end
        inner = block.span.start
        for sentence in block.sentences:
            assert inner <= sentence.start < sentence.end <= block.span.end
            inner = sentence.end
        assert bool(block.sentences) == (block.kind != "boilerplate")
    assert text[previous:].strip() == ""
