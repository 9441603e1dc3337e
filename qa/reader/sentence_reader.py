"""The sentence reader: marks in each passage the sentence most like the question. No training, no reordering."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from index.encoder import Encoder
from qa.hit import Hit
from qa.reader.reader import Reading
from sources.article import Span


@dataclass(frozen=True)
class SentenceReader:
    """Cosine of the question's vector and each sentence's vector, by the retrieval encoder.

    Attributes:
        encoder: embeds question and sentences alike.
    """

    encoder: Encoder
    name: str = field(default="sentence", init=False)
    reranks: bool = field(default=False, init=False)

    def read(self, question: str, hits: Sequence[Hit]) -> tuple[Reading, ...]:
        """One reading per hit: the score is the best sentence's cosine, its one span that sentence."""
        spans: list[Span] = []
        bounds = [0]
        for hit in hits:
            spans.extend(sentences_of(hit))
            bounds.append(len(spans))
        if not spans:
            return ()
        texts = [span.of(hit.article.text) for hit in hits for span in sentences_of(hit)]
        vectors = self.encoder.encode([question, *texts])
        cosines = vectors[1:] @ vectors[0]
        readings = []
        for start, end in pairwise(bounds):
            best = start + int(np.argmax(cosines[start:end]))
            readings.append(Reading(float(cosines[best]), (spans[best],), spans[best]))
        return tuple(readings)


def sentences_of(hit: Hit) -> tuple[Span, ...]:
    """The passage's sentences, or the whole passage where it has none (a headline alone)."""
    return hit.passage.sentences or (hit.passage.span,)
