"""The trained reader: its first layers skim every passage, the others read on where an answer may be.

The layers after the skim see the question and a share of the passage's tokens, and only those passages that are worth
it: together a third to a half of the work of reading all of everything (docs/reader.md).
"""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.hit import Hit
from qa.reader.native_network import native_pair
from qa.reader.network import HIDDEN, Network
from qa.reader.page import Page
from qa.reader.pairs import PairTokenizer
from qa.reader.reader import Reading
from qa.reader.skimming import kept, spread
from qa.reader.span_reader import INPUTS
from qa.reader.weights import ReaderWeights
from qa.workers import Workers, largest_first
from sources.article import Span
from sources.errors import ModelError


@dataclass(frozen=True, eq=False, slots=True)
class Skimmed:
    """A passage after its first layers.

    Attributes:
        page: the input.
        places: which of its tokens are read on, ascending.
        hidden: these tokens' states, [1, len(places), size].
        score: the log-odds that the passage answers, as far as the skim can tell.
        sentence: the one that is most likely to answer.
        reading: what reading on gave, where a thread had time for it before the last skim was over.
    """

    page: Page
    places: NDArray[np.int64]
    hidden: NDArray[np.float32]
    score: float
    sentence: Span
    reading: Reading | None = None


@dataclass(frozen=True)
class SkimReader:
    """Implements `Skimmer` over two networks, the second of which begins where the first ends.

    Each passage is a run of its own, for the reasons that `SpanReader` gives.

    Attributes:
        name: for the response's `models`.
        first: the network that skims: gives start and end logits and hidden states.
        second: the one that reads on: hidden states in, start and end logits out.
        tokenizer: makes the input.
        max_answer_tokens: the longest span that counts as an answer.
        share: of a passage's tokens, how many are read on.
        titled: whether the skim reads an article's title before the passage.
        workers: runs side by side; each uses one thread.
    """

    name: str
    first: Network
    second: Network
    tokenizer: PairTokenizer
    max_answer_tokens: int
    share: float
    titled: bool = False
    workers: Workers = field(default_factory=lambda: Workers(2), compare=False)
    reranks: bool = field(default=True, init=False)

    @classmethod
    def open(cls, weights: ReaderWeights, *, threads: int = 2) -> "SkimReader":
        """Load the networks and the tokenizer of checked weights that have two networks.

        Raises:
            ModelError: a file cannot be loaded, or a network takes or gives something else.
        """
        if weights.deep is None:
            raise ModelError(f"{weights.network} stands alone: a reader that skims has a second network")
        first, second = native_pair(weights.network, weights.deep) or _on_onnxruntime(weights.network, weights.deep)
        tokenizer = PairTokenizer(weights.tokenizer, max_tokens=weights.max_tokens)
        return cls(
            weights.name,
            first,
            second,
            tokenizer,
            weights.max_answer_tokens,
            weights.share,
            weights.titled,
            Workers(threads),
        )

    def read(self, question: str, hits: Sequence[Hit]) -> tuple[Reading, ...]:
        """One reading per hit; the score is the log-odds that the passage answers."""
        return self.read_on(question, self.skim(question, hits))

    def skim(self, question: str, hits: Sequence[Hit]) -> tuple[Skimmed, ...]:
        """One glance per hit. Threads that find no more to skim read on what scores best by then."""
        if self.workers.count < 2 or len(hits) < 2:
            return tuple(self._skim_one(question, hit) for hit in hits)
        glances = {
            place: self.workers.start(self._skim_one, question, hits[place])
            for place in largest_first(hits, lambda hit: len(hit.text))
        }
        idle = -len(hits) % self.workers.count
        ahead = [self.workers.start(self._read_ahead, question, glances, nth) for nth in range(idle)]
        early = dict(found for future in ahead for found in future.result())
        skimmed = (glances[place].result() for place in range(len(hits)))
        return tuple(
            replace(glance, reading=early[place]) if place in early else glance for place, glance in enumerate(skimmed)
        )

    def read_on(self, question: str, glances: Sequence[Skimmed]) -> tuple[Reading, ...]:
        """One reading per glance."""
        left = [glance for glance in glances if glance.reading is None]
        found = iter(
            self.workers.side_by_side(
                lambda glance: self._read_one(question, glance), left, size=lambda glance: len(glance.places)
            )
        )
        return tuple(glance.reading or next(found) for glance in glances)

    def _skim_one(self, question: str, hit: Hit) -> Skimmed:
        page = Page.of(self.tokenizer, question, hit, titled=self.titled)
        start, end, hidden = self.first.run({name: page.feeds[name] for name in self.first.inputs})
        # The question and its markers, but no title: what that says of the passage, the first layers have taken in.
        places = np.concatenate((np.arange(page.asked), kept(start[0], end[0], page.allowed, self.share)))
        return Skimmed(page, places, hidden[:, places], page.score(start[0], end[0]), page.likely(start[0] + end[0]))

    def _read_ahead(
        self, question: str, glances: "dict[int, Future[Skimmed]]", nth: int
    ) -> tuple[tuple[int, Reading], ...]:
        """Place and reading of the nth best of the passages that are skimmed by now; nothing if there are fewer."""
        over = [(place, future.result()) for place, future in glances.items() if future.done()]
        over.sort(key=lambda item: -item[1].score)
        return tuple((place, self._read_one(question, glance)) for place, glance in over[nth : nth + 1])

    def _read_one(self, question: str, glance: Skimmed) -> Reading:
        start, end = (
            spread(side[0], glance.places, len(glance.page.allowed))
            for side in self.second.run({HIDDEN: glance.hidden})
        )
        return glance.page.reading(question, start, end, self.max_answer_tokens)


def _on_onnxruntime(skim: Path, deep: Path) -> tuple[Network, Network]:
    from index.onnx_session import Session

    first, second = Session(skim), Session(deep)
    if not set(first.inputs) <= set(INPUTS) or len(first.outputs) != 3:
        raise ModelError(
            f"{skim} does not skim: it takes {', '.join(first.inputs)} and gives "
            f"{', '.join(first.outputs)}; wanted are {', '.join(INPUTS)}, start and end logits and hidden states"
        )
    if second.inputs != (HIDDEN,) or len(second.outputs) != 2:
        raise ModelError(
            f"{deep} does not read on: it takes {', '.join(second.inputs)} and gives "
            f"{', '.join(second.outputs)}; wanted are {HIDDEN}, and start and end logits"
        )
    return first, second
