"""A reader of one network: one pass over question and passage finds the span, scores the passage and may refuse."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.onnx_session import Session
from qa.hit import Hit
from qa.reader.network import Network
from qa.reader.page import Page
from qa.reader.pairs import PairTokenizer
from qa.reader.reader import Reading
from qa.reader.weights import ReaderWeights
from qa.workers import Workers
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
        workers: runs side by side; each uses one thread, so that none waits for another at every layer.
    """

    name: str
    network: Network
    tokenizer: PairTokenizer
    max_answer_tokens: int
    titled: bool = False
    workers: Workers = field(default_factory=lambda: Workers(2), compare=False)
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
        return cls(weights.name, session, tokenizer, weights.max_answer_tokens, weights.titled, Workers(threads))

    def read(self, question: str, hits: Sequence[Hit]) -> tuple[Reading, ...]:
        """One reading per hit; the score is the log-odds that the passage answers."""
        return self.workers.side_by_side(
            lambda hit: self._read_one(question, hit), hits, size=lambda hit: len(hit.text)
        )

    def _read_one(self, question: str, hit: Hit) -> Reading:
        page = Page.of(self.tokenizer, question, hit, titled=self.titled)
        start, end = (side[0] for side in self.network.run({name: page.feeds[name] for name in self.network.inputs}))
        return page.reading(question, start, end, self.max_answer_tokens)
