"""A passage as a reader's network takes it, and what the network says of it as spans of the article."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.hit import Hit
from qa.reader.decode import Logits, best_spans, log_odds
from qa.reader.pairs import PairTokenizer
from qa.reader.reader import Reading
from qa.reader.sentence_reader import sentences_of
from qa.reader.titled import above
from qa.reader.widen import widened
from sources.article import Span


@dataclass(frozen=True, eq=False, slots=True)
class Page:
    """A question and a passage as one input.

    Attributes:
        hit: the passage.
        feeds: input_ids, attention_mask and token_type_ids, each [1, tokens].
        asked: how many tokens the question and its markers are, which come first.
        allowed: [tokens] marks the passage's own, which may answer.
        offsets: [tokens, 2] half-open code points of the article, of the tokens marked.
    """

    hit: Hit
    feeds: dict[str, NDArray[np.int64]]
    asked: int
    allowed: NDArray[np.bool_]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, tokenizer: PairTokenizer, question: str, hit: Hit, *, titled: bool) -> "Page":
        """The input; `titled`: with the article's title before the passage."""
        title = above(hit.article.title) if titled else ""
        pair = tokenizer.pair(question, title + hit.text)
        allowed = pair.passage & (pair.offsets[:, 0] >= len(title))
        asked = int(np.argmax(pair.passage)) if pair.passage.any() else len(allowed)
        return cls(hit, pair.feeds, asked, allowed, pair.offsets + (hit.passage.start - len(title)))

    def score(self, start: Logits, end: Logits) -> float:
        """The log-odds that the passage answers; as low as the logits can say where it has no word."""
        if not self.allowed.any():
            return float(min(start.min() - start[0], end.min() - end[0]))
        return log_odds(start, end, self.allowed)

    def likely(self, logits: Logits) -> Span:
        """The sentence of the passage's token with the largest logit; the first one of a passage without a word."""
        if not self.allowed.any():
            return sentences_of(self.hit)[0]
        place = int(np.where(self.allowed, logits, -np.inf).argmax())
        return sentence_around(self.hit, Span(int(self.offsets[place, 0]), int(self.offsets[place, 1])))

    def reading(self, question: str, start: Logits, end: Logits, longest: int) -> Reading:
        """What the logits [tokens] say; `longest`: tokens a span may have."""
        found = best_spans(start, end, self.allowed, longest)
        if not found:
            return Reading(self.score(start, end), (), sentences_of(self.hit)[0])
        text = self.hit.article.text
        spans = [Span(int(self.offsets[span.first, 0]), int(self.offsets[span.last, 1])) for span in found]
        wide = _distinct([widened(question, text, _trimmed(text, span), self.hit.passage) for span in spans])
        return Reading(self.score(start, end), wide, sentence_around(self.hit, wide[0]))


def sentence_around(hit: Hit, span: Span) -> Span:
    """The sentence of the passage that holds the span, or the run of sentences that it crosses."""
    touched = [sentence for sentence in sentences_of(hit) if sentence.start < span.end and span.start < sentence.end]
    if not touched:
        return span
    return Span(min(touched[0].start, span.start), max(touched[-1].end, span.end))


def _trimmed(text: str, span: Span) -> Span:
    """The span without white space at its ends, which the tokens of some models include."""
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def _distinct(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, without those that overlap an earlier one."""
    kept: list[Span] = []
    for span in spans:
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return tuple(kept)
