"""The term reader: marks the sentence that shares most words with the question. It costs next to nothing."""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from qa.hit import Hit
from qa.reader.reader import Reading
from qa.reader.sentence_reader import sentences_of


class Terms(Protocol):
    """Text to index terms: lower-cased, stemmed, without stop words."""

    def __call__(self, text: str) -> Sequence[str]:
        """The distinct terms of a text."""
        ...

    def among(self, wanted: frozenset[str], text: str) -> Sequence[tuple[int, str]]:
        """Where the text has which of the wanted terms: (position, term)."""
        ...


@dataclass(frozen=True)
class TermReader:
    """Counts shared index terms, rare ones among the hits' sentences counting more.

    Attributes:
        terms: of question and sentences.
    """

    terms: Terms
    name: str = field(default="none", init=False)
    reranks: bool = field(default=False, init=False)

    def read(self, question: str, hits: Sequence[Hit]) -> tuple[Reading, ...]:
        """One reading per hit; the score is the weighted share of the question's terms in the passage, in [0, 1]."""
        wanted = frozenset(self.terms(question))
        shared = [self._shared(wanted, hit) for hit in hits]
        sentences = sum(map(len, shared))
        having = Counter(term for passage in shared for found in passage for term in found)
        # Inverse document frequency with sentences as documents, plus one as in BM25, so that it stays positive.
        weight = {term: math.log(1 + sentences / (1 + having[term])) for term in wanted}
        total = sum(weight.values()) or 1.0
        readings = []
        for hit, passage in zip(hits, shared, strict=True):
            value = [sum(weight[term] for term in found) for found in passage]
            best = sentences_of(hit)[value.index(max(value))]
            covered = set().union(*passage)
            readings.append(Reading(sum(weight[term] for term in covered) / total, (best,), best))
        return tuple(readings)

    def _shared(self, wanted: frozenset[str], hit: Hit) -> list[set[str]]:
        """For each sentence of the passage, the wanted terms that it has."""
        sentences = sentences_of(hit)
        starts = [sentence.start for sentence in sentences]
        shared: list[set[str]] = [set() for _ in sentences]
        for at, term in self.terms.among(wanted, hit.text):
            place = hit.passage.start + at
            number = bisect_right(starts, place) - 1
            if number >= 0 and place < sentences[number].end:  # a heading is in no sentence
                shared[number].add(term)
        return shared
