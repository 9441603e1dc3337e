"""The trained reader: one forward pass over question and passage finds the span, scores the passage and may refuse."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from index.onnx_session import Session
from qa.hit import Hit
from qa.reader.decode import TokenSpan, best_spans, no_answer
from qa.reader.network import Network
from qa.reader.pairs import PairTokenizer
from qa.reader.reader import Reading
from qa.reader.sentence_reader import sentences_of
from qa.reader.weights import ReaderWeights
from qa.reader.widen import widened
from sources.article import Span
from sources.errors import ModelError

# Ids in one run: ten passages of 170 tokens in two runs, sorted by length, so that padding stays low.
TOKEN_BUDGET = 1_024
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


@dataclass(frozen=True)
class SpanReader:
    """Implements `Reader` over a network with outputs start and end logits.

    Attributes:
        name: for the response's `models`.
        network: gives start and end logits.
        tokenizer: makes its input.
        max_answer_tokens: the longest span that counts as an answer.
    """

    name: str
    network: Network
    tokenizer: PairTokenizer
    max_answer_tokens: int
    reranks: bool = field(default=True, init=False)

    @classmethod
    def open(cls, weights: ReaderWeights, *, threads: int = 2) -> "SpanReader":
        """Load the network and tokenizer of checked weights.

        Raises:
            ModelError: a file cannot be loaded, or the network takes or gives something else.
        """
        tokenizer = PairTokenizer(weights.tokenizer, max_tokens=weights.max_tokens)
        session = Session(weights.network, threads=threads)
        if len(session.outputs) != 2 or not set(session.inputs) <= set(INPUTS):
            raise ModelError(
                f"{weights.network} is no span reader: it takes {', '.join(session.inputs)} and gives "
                f"{', '.join(session.outputs)}; wanted are {', '.join(INPUTS)} and start and end logits"
            )
        return cls(weights.name, session, tokenizer, weights.max_answer_tokens)

    def read(self, question: str, hits: Sequence[Hit]) -> tuple[Reading, ...]:
        """One reading per hit; the score is best span less no answer, in logits."""
        readings: dict[int, Reading] = {}
        for batch in self.tokenizer.batches(question, [hit.text for hit in hits], TOKEN_BUDGET):
            feeds = dict(zip(INPUTS, (batch.ids, batch.mask, batch.types), strict=True))
            starts, ends = self.network.run({name: feeds[name] for name in self.network.inputs})
            for line, row in enumerate(batch.rows):
                encoding = batch.encodings[line]
                length = len(encoding.ids)
                allowed = np.array([sequence == 1 for sequence in encoding.sequence_ids])
                start, end = starts[line, :length], ends[line, :length]
                found = best_spans(start, end, allowed, self.max_answer_tokens)
                # A passage without a token has no span: no better than the worst that the logits allow.
                best = found[0].score if found else float(start.min() + end.min())
                score = best - no_answer(start, end)
                readings[row] = _reading(question, hits[row], encoding.offsets, found, score)
        return tuple(readings[row] for row in range(len(hits)))


def _reading(question: str, hit: Hit, offsets: list[tuple[int, int]], found: list[TokenSpan], score: float) -> Reading:
    if not found:
        return Reading(score, (), sentences_of(hit)[0])
    base = hit.passage.start
    spans = [Span(base + offsets[span.first][0], base + offsets[span.last][1]) for span in found]
    wide = _distinct(
        [widened(question, hit.article.text, _trimmed(hit.article.text, span), hit.passage) for span in spans]
    )
    return Reading(score, wide, sentence_around(hit, wide[0]))


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
