import pytest

from qa.reader.titled import LONGEST_TITLE, TITLE_END, above


@pytest.mark.parametrize("title", ["", " ", "\n\t"])
def test_nothing_stands_above_a_passage_without_a_title(title: str) -> None:
    assert above(title) == ""


def test_a_title_is_one_line_that_ends_in_a_bar() -> None:
    assert above("The river\n rose ") == f"The river rose {TITLE_END} "
    assert len(above("river " * 100)) <= LONGEST_TITLE + len(TITLE_END) + 2
