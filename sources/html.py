"""Web pages (.html): main text and metadata. The only file that imports trafilatura."""

import re
from datetime import datetime

from sources.article import Article
from sources.encoding import decode
from sources.errors import SourceError
from sources.metadata import Metadata

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_LANGUAGE = re.compile(r"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([A-Za-z-]{2,12})", re.IGNORECASE)
_HEAD = 4_096


def read_html(data: bytes, *, name: str, origin: str, now: datetime) -> Article:
    """The article in a web page: its main text, one blank line between paragraphs, and what the page says of it.

    Raises:
        SourceError: no readable text in the page, or a file that is not text.
    """
    declared = _CHARSET.search(data[:_HEAD])
    page = decode(data, origin, declared[1].decode("ascii", "replace") if declared else None)
    if not page.strip():
        raise SourceError(origin, "is empty: there is no text in it")
    found = _extract(page, origin)
    text = found.get("text") or ""
    if not text.strip():
        raise SourceError(origin, "holds no article text that could be found")
    language = _LANGUAGE.search(page[:_HEAD])
    url = found.get("url")
    fields: dict[str, object] = {
        "title": found.get("title"),
        "url": url if isinstance(url, str) and url.startswith(("http://", "https://")) else None,
        "publisher": found.get("sitename"),
        "author": found.get("author"),
        "date": found.get("date"),
        "language": found.get("language") or (language[1].split("-")[0].lower() if language else None),
    }
    return Metadata.of(fields, origin).article(name=name, origin=origin, text=_spaced(text), now=now)


def _extract(page: str, origin: str) -> dict[str, str | None]:
    import trafilatura  # here, because it takes 0.4 s, which no command without a web page should pay

    try:
        found = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
        fields = {} if found is None else found if isinstance(found, dict) else found.as_dict()
        return fields if fields.get("text") else {**fields, "text": trafilatura.html2txt(page)}
    except Exception as error:  # a foreign parser may raise anything on hostile input
        raise SourceError(origin, f"cannot be read as a web page ({type(error).__name__})") from error


def _spaced(text: str) -> str:
    """One blank line between paragraphs: trafilatura ends each with a single newline."""
    return re.sub(r"\n\s*", "\n\n", text.strip())
