"""Checking a quote: does the stored article say exactly these words at this place?"""

from dataclasses import dataclass

from sources.article import Article

SHOWN_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a quote holds, and why or why not in one sentence."""

    holds: bool
    reason: str


def verify(article: Article, *, start: int, end: int, quote: str, sha256: str | None) -> Verdict:
    """Compare a quote with the stored text at `[start, end)`; a different checksum is named as the likely cause."""
    length = len(article.text)
    if not 0 <= start < end <= length:
        return Verdict(False, f"[{start}, {end}) is no range of the article's text, which has {length:,} characters")
    found = article.text[start:end]
    changed = sha256 is not None and sha256.lower() != article.sha256
    if found != quote:
        why = " (the article has changed since the quote was made)" if changed else ""
        return Verdict(False, f"the article says {_short(found)} there, not {_short(quote)}{why}")
    if changed:
        return Verdict(False, "the words stand there, but the article has changed since the quote was made")
    return Verdict(True, "the stored article says exactly this at this place")


def _short(text: str) -> str:
    return repr(text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…")
