"""Markdown (.md), with optional YAML front matter. The only file that imports yaml."""

import re
from datetime import datetime

import yaml

from sources.article import Article
from sources.encoding import decode
from sources.errors import SourceError
from sources.metadata import Metadata

_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(?P<fields>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"^\w[\w -]*:(?:\s|$)", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+(\S.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_LONGEST_FRONT_MATTER = 65_536
_NULLS = ("", "~", "null")


def read_markdown(data: bytes, *, name: str, origin: str, now: datetime) -> Article:
    """The article in a Markdown file: its text is what follows the front matter, marks and all.

    Front matter may give title, publisher, date, url, author, language and id; other keys are left alone. The title is
    the front matter's, else the first heading, else the first line. An article with an id is the same article
    wherever its file lies.

    Raises:
        SourceError: no text, unreadable front matter, a value that cannot be right, or a file that is not text.
    """
    text = decode(data, origin)
    fields: dict[str, object] = {}
    match = _FRONT_MATTER.match(text)
    if match and (not match["fields"].strip() or _KEY.search(match["fields"])):
        fields = _front_matter(match["fields"], origin)
        text = text[match.end() :].lstrip("\n")
    if not fields.get("title") and (heading := _HEADING.search(text)):
        fields["title"] = heading[1]
    identity = fields.get("id")
    if identity is not None and not isinstance(identity, str):
        raise SourceError(origin, f"the front matter's id must be one line of text, not {identity!r:.60}")
    return Metadata.of(fields, origin).article(name=name, origin=origin, text=text, now=now, identity=identity)


def _front_matter(source: str, origin: str) -> dict[str, object]:
    if len(source) > _LONGEST_FRONT_MATTER:
        raise SourceError(origin, f"front matter is longer than {_LONGEST_FRONT_MATTER:,} characters")
    try:
        # BaseLoader makes strings, lists and mappings only: "no" stays a word, a bad date is ours to name.
        loaded = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 2}" if mark else ""
        what = getattr(error, "problem", None) or str(error).split("\n", maxsplit=1)[0]
        raise SourceError(origin, f"front matter is not YAML{where}: {what}") from error
    if not loaded:
        return {}
    if not isinstance(loaded, dict):
        raise SourceError(origin, "front matter must be lines of 'key: value'")
    return {str(key).lower(): None if value in _NULLS else value for key, value in loaded.items()}
