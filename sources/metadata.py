"""What a source says about an article, checked: front matter and records name the same things in the same way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sources.article import Article
from sources.dates import parse_date
from sources.errors import SourceError

_LONGEST_TITLE = 300
_CUT_TITLE = 120


@dataclass(frozen=True, slots=True)
class Metadata:
    """An article's headings; None where the source is silent."""

    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    published_at: date | None = None
    language: str | None = None

    @classmethod
    def of(cls, fields: Mapping[str, object], origin: str) -> "Metadata":
        """The headings among `fields` (title, url, publisher, author, date or published_at, language).

        Raises:
            SourceError: a value of the wrong kind, a date that is none, a URL that is not http or https.
        """
        return cls(
            title=_line(fields, "title", origin),
            url=_url(fields, origin),
            publisher=_line(fields, "publisher", origin),
            author=_author(fields, origin),
            published_at=_date(fields, origin),
            language=_line(fields, "language", origin),
        )

    def article(self, *, name: str, origin: str, text: str, now: datetime, identity: str | None = None) -> Article:
        """The article with these headings; without a title, its first line is the title.

        Args:
            name, origin, text: as in `Article`.
            now: when it was read.
            identity: what its id follows from, where the source says so.

        Raises:
            SourceError: there is no text, or it holds what no text file can (NUL, half of a surrogate pair).
        """
        if not text.strip():
            raise SourceError(origin, "is empty: there is no text in it")
        for value in (text, self.title, self.url, self.publisher, self.author, self.language):
            if value is not None and not _is_storable(value):
                raise SourceError(origin, "holds NUL or half of a surrogate pair, which are no characters of text")
        return Article.create(
            name=name,
            origin=origin,
            title=self.title or first_line(text),
            text=text,
            added_at=now,
            url=self.url,
            publisher=self.publisher,
            author=self.author,
            published_at=self.published_at,
            language=self.language,
            identity=identity,
        )


def first_line(text: str) -> str:
    """The first line that is not blank, without a Markdown heading's marks; cut at a word if longer than 300."""
    line = next((line for line in _stripped(text) if line), "")
    if len(line) <= _LONGEST_TITLE:
        return line
    return line[:_CUT_TITLE].rsplit(None, 1)[0] + "…"


def _stripped(text: str) -> Iterable[str]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].strip()
        yield line.lstrip("#").strip() if line.startswith("#") else line
        start = end + 1


def _is_storable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _line(fields: Mapping[str, object], key: str, origin: str) -> str | None:
    value = fields.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, int | float | date) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise SourceError(origin, f"{key} must be a line of text, not a {type(value).__name__}")
    return " ".join(value.split()) or None


def _author(fields: Mapping[str, object], origin: str) -> str | None:
    value = fields.get("author")
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        value = ", ".join(value)
    return _line({"author": value}, "author", origin)


def _url(fields: Mapping[str, object], origin: str) -> str | None:
    url = _line(fields, "url", origin)
    if url is not None and not url.lower().startswith(("http://", "https://")):
        raise SourceError(origin, f"url must begin with http:// or https://, not {url!r:.80}")
    return url


def _date(fields: Mapping[str, object], origin: str) -> date | None:
    for key in ("date", "published_at"):
        value = fields.get(key)
        if value is not None and value != "":
            try:
                return parse_date(value)
            except ValueError as error:
                raise SourceError(origin, f"{key}: {error}") from error
    return None
