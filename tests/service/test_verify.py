"""Verifying quotes against the stored text."""

import pytest

from service.verify import verify
from tests.fakes import article

STORED = article("rain", "Rain 😀 fell on 3 May.")
SUM = STORED.sha256


@pytest.mark.parametrize(
    ("start", "end", "quote", "sha256", "holds", "reason"),
    [
        (0, 4, "Rain", SUM, True, "exactly this"),
        (5, 11, "😀 fell", None, True, "exactly this"),
        (0, 4, "Rain", SUM.upper(), True, "exactly this"),
        (0, 4, "rain", SUM, False, "the article says 'Rain' there, not 'rain'"),
        (0, 4, "rain", "0" * 64, False, "has changed since the quote was made"),
        (0, 4, "Rain", "0" * 64, False, "the words stand there, but the article has changed"),
        (0, 99, "Rain", SUM, False, "no range of the article's text, which has 21 characters"),
        (4, 4, "", SUM, False, "no range"),
    ],
)
def test_verdicts(start: int, end: int, quote: str, sha256: str | None, holds: bool, reason: str) -> None:
    verdict = verify(STORED, start=start, end=end, quote=quote, sha256=sha256)
    assert verdict.holds is holds
    assert reason in verdict.reason
