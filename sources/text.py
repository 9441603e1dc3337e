"""Plain text (.txt): the first line is the title, the whole file is the text."""

import re
from datetime import date, datetime

from sources.article import Article
from sources.dates import parse_date
from sources.encoding import decode
from sources.metadata import Metadata, first_line

_DATED_LINE = re.compile(
    r"^[ \t•-]*(?:(?:story|article|page)\s+)?(?:(?:first|last)\s+)?(?:published|updated|posted)\s*(?:on\b|:|,)?\s*"
    r"(\d{1,2}\s+[A-Z][a-z]+\s+\d{4}|[A-Z][a-z]+\s+\d{1,2},\s+\d{4}|\d{4}-\d{2}-\d{2})[ \t.]*$",
    re.IGNORECASE | re.MULTILINE,
)
_HEAD = 2_000


def read_text(data: bytes, *, name: str, origin: str, now: datetime) -> Article:
    """The article in a text file; its date is known only if one of its first lines says so ("Updated 8 May 2022").

    Raises:
        SourceError: no text, a binary file, an unclear encoding.
    """
    text = decode(data, origin)
    metadata = Metadata(title=first_line(text) or None, published_at=_stated_date(text))
    return metadata.article(name=name, origin=origin, text=text, now=now)


def _stated_date(text: str) -> date | None:
    """The day that a line of its own gives near the top, if all such lines give the same."""
    days: set[date] = set()
    for match in _DATED_LINE.finditer(text, 0, _HEAD):
        try:
            days.add(parse_date(match[1]))
        except ValueError:
            continue
    return days.pop() if len(days) == 1 else None
