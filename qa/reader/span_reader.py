"""The trained reader: one forward pass over question and passage finds the span, scores the passage and may refuse."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from index.onnx_session import Session
from qa.hit import Hit
from qa.reader.decode import best_spans, log_odds
from qa.reader.network import Network
from qa.reader.pairs import PairTokenizer
from qa.reader.reader import Reading
from qa.reader.sentence_reader import sentences_of
from qa.reader.titled import above
from qa.reader.weights import ReaderWeights
from qa.reader.widen import widened
from sources.article import Span
from sources.errors import ModelError

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


@dataclass(frozen=True)
class SpanReader:
    """Implements `Reader` over a network with outputs start and end logits.

    Each passage is a run of its own. Runs of several take longer: their values leave the cache, the shorter passages
    are padded, and two threads share five better one by one (docs/performance.md). And what is read of a passage
    depends on none beside it, though int8 networks scale their values by the largest of a run.

    Attributes:
        name: for the response's `models`.
        network: gives start and end logits.
        tokenizer: makes its input.
        max_answer_tokens: the longest span that counts as an answer.
        titled: whether the network reads an article's title before the passage.
        threads: runs side by side; each uses one thread, so that none waits for another at every layer.
    """

    name: str
    network: Network
    tokenizer: PairTokenizer
    max_answer_tokens: int
    titled: bool = False
    threads: int = 2
    reranks: bool = field(default=True, init=False)

    @classmethod
    def open(cls, weights: ReaderWeights, *, threads: int = 2) -> "SpanReader":
        """Load the network and tokenizer of checked weights.

        Raises:
            ModelError: a file cannot be loaded, or the network takes or gives something else.
        """
        tokenizer = PairTokenizer(weights.tokenizer, max_tokens=weights.max_tokens)
        session = Session(weights.network)
        if len(session.outputs) != 2 or not set(session.inputs) <= set(INPUTS):
            raise ModelError(
                f"{weights.network} is no span reader: it takes {', '.join(session.inputs)} and gives "
                f"{', '.join(session.outputs)}; wanted are {', '.join(INPUTS)} and start and end logits"
            )
        return cls(weights.name, session, tokenizer, weights.max_answer_tokens, weights.titled, threads)

    def read(self, question: str, hits: Sequence[Hit]) -> tuple[Reading, ...]:
        """One reading per hit; the score is the log-odds that the passage answers."""
        if self.threads < 2 or len(hits) < 2:
            return tuple(self._read_one(question, hit) for hit in hits)
        # The longest first, so that no thread is left with it at the end.
        order = sorted(range(len(hits)), key=lambda row: len(hits[row].text), reverse=True)
        with ThreadPoolExecutor(self.threads) as pool:
            readings = dict(zip(order, pool.map(lambda row: self._read_one(question, hits[row]), order), strict=True))
        return tuple(readings[row] for row in range(len(hits)))

    def _read_one(self, question: str, hit: Hit) -> Reading:
        title = above(hit.article.title) if self.titled else ""
        pair = self.tokenizer.pair(question, title + hit.text)
        logits = self.network.run({name: pair.feeds[name] for name in self.network.inputs})
        start, end = (side[0] for side in logits)
        allowed = pair.passage & (pair.offsets[:, 0] >= len(title))
        found = best_spans(start, end, allowed, self.max_answer_tokens)
        # A passage without a word answers nothing: as sure as the logits can say.
        score = log_odds(start, end, allowed) if found else float(min(start.min() - start[0], end.min() - end[0]))
        offsets = pair.offsets + (hit.passage.start - len(title))
        spans = [Span(int(offsets[span.first, 0]), int(offsets[span.last, 1])) for span in found]
        return _reading(question, hit, spans, score)


def _reading(question: str, hit: Hit, spans: Sequence[Span], score: float) -> Reading:
    if not spans:
        return Reading(score, (), sentences_of(hit)[0])
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
