"""One statement printed twice."""

import pytest

from qa.similar import is_slip, nearly_equal, one_statement
from qa.values import tokens_of

LONG = "The council said on Monday that it would close the children's home in Wexcombe after inspectors found it unsafe"


@pytest.mark.parametrize(
    "other",
    [
        LONG,
        LONG + ".",
        LONG.upper(),
        LONG.replace("The council", "Council"),
        LONG.replace("children's", "children’s"),
        LONG.replace("on Monday ", ""),
    ],
)
def test_copies(other: str) -> None:
    assert one_statement(tokens_of(LONG), tokens_of(other))
    assert one_statement(tokens_of(other), tokens_of(LONG))


@pytest.mark.parametrize(
    "other",
    [
        LONG.replace("would close", "would not close"),
        LONG.replace("Monday", "Tuesday"),
        LONG.replace("close", "open"),
        LONG.replace("Monday", "Monday 3 May"),
        "Nothing of the kind was said",
        "",
    ],
)
def test_statements_that_only_look_alike(other: str) -> None:
    assert not one_statement(tokens_of(LONG), tokens_of(other))
    assert not one_statement(tokens_of(other), tokens_of(LONG))


def test_nearly_equal_by_hand() -> None:
    # Indel similarity: 1 - (insertions + deletions) / (both lengths); 10 and 8 characters, 2 inserted.
    assert not nearly_equal("abcdefghij", "abcdefgh")  # 1 - 2 / 18 = 0.889
    assert nearly_equal("abcdefghij", "abcdefghi")  # 1 - 1 / 19 = 0.947


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("solihull", "solihul", True),
        ("solihull", "soilhull", True),
        ("solihull", "solihill", True),
        ("solihull", "solihull", True),
        ("solihull", "soliholl's", False),
        ("birmingham", "solihull", False),
    ],
)
def test_one_slip_of_the_hand(one: str, other: str, *, slip: bool) -> None:
    assert is_slip(one, other) is slip
    assert is_slip(other, one) is slip
