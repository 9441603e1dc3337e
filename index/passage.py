"""Passage: a run of whole sentences of one article, the unit that is retrieved and read."""

import hashlib
from dataclasses import dataclass

from sources.article import Article, Span


@dataclass(frozen=True, slots=True)
class Passage:
    """A contiguous range of an article's text with its sentences.

    Attributes:
        key: 63-bit number that names the passage in every index; follows from article id, text and place,
            so that a rebuilt index has the same keys.
        article_id: the article it belongs to.
        start, end: half-open code points into the article's text.
        sentences: spans into the article's text, in order, inside `[start, end)`; bullets included, headings not,
            since a heading answers nothing.
    """

    key: int
    article_id: str
    start: int
    end: int
    sentences: tuple[Span, ...]

    @property
    def id(self) -> str:
        """The id on the wire: `article_id:start-end`."""
        return f"{self.article_id}:{self.start}-{self.end}"

    @property
    def span(self) -> Span:
        """The whole range."""
        return Span(self.start, self.end)

    @classmethod
    def of(cls, article: Article, span: Span, sentences: tuple[Span, ...]) -> "Passage":
        """The passage at `span` of `article`.

        Raises:
            ValueError: a sentence lies outside the span, or the span outside the text.
        """
        if span.end > len(article.text):
            raise ValueError(f"passage {span} ends after the text of {article.id} ({len(article.text)} characters)")
        for sentence in sentences:
            if not span.contains(sentence):
                raise ValueError(f"sentence {sentence} lies outside its passage {span} in {article.id}")
        return cls(passage_key(article.id, article.sha256, span), article.id, span.start, span.end, sentences)


Placed = tuple[Passage, Article]
"""A passage with the article revision that its offsets refer to."""


def passage_key(article_id: str, sha256: str, span: Span) -> int:
    """63 bits of BLAKE2b over article id, text checksum and place.

    Two of a million passages share a key with probability 5e-8 (n^2 / 2^64); the store rejects such a pair.
    """
    name = f"{article_id}\0{sha256}\0{span.start}\0{span.end}".encode()
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "big") >> 1
