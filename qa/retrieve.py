"""Retrieval: the passages most likely to answer, from meaning (vectors) and words (BM25)."""

from dataclasses import dataclass, field
from typing import Literal

from index.encoder import Encoder
from index.filters import Filters
from index.scored import Scored
from index.snapshot import Snapshot
from qa.beside import Beside
from qa.fusion import Fusion
from qa.hit import Hit, Scores
from qa.stopwatch import Stopwatch

Mode = Literal["hybrid", "dense", "lexical"]

# Candidates from each index: deep enough that fusion loses nothing measurable at k <= 20, DESIGN section 4.
DEPTH = 100
# Passages from which on the words are searched beside the vectors. To hand over costs 0.1 ms and words take 0.3 ms of
# 10,000 passages, 1.1 of 100,000 and 2.3 of a million (docs/performance.md, Growth).
BESIDE_FROM = 50_000


@dataclass(frozen=True)
class Retriever:
    """Finds passages in a snapshot.

    Attributes:
        encoder: the model that the snapshot's vectors were made with.
        fusion: merges the two rankings in hybrid mode.
        mode: hybrid, or one index alone, for comparison.
        beside: searches the words of a large collection while the question is embedded, when nobody else asks.
    """

    encoder: Encoder
    fusion: Fusion
    mode: Mode = "hybrid"
    beside: Beside = field(default_factory=Beside, compare=False)

    def retrieve(
        self, snapshot: Snapshot, question: str, filters: Filters, k: int, watch: Stopwatch
    ) -> tuple[Hit, ...]:
        """The best k passages, best first; fewer where the filters leave fewer.

        Args:
            snapshot: one generation of the index.
            question: the checked question.
            filters: which articles may be used.
            k: at most this many hits.
            watch: gets the stages encode, dense, lexical, fuse and fetch; lexical is what had to be waited for.
        """
        depth = max(DEPTH, k)
        dense: list[Scored] = []
        lexical: list[Scored] = []
        with self.beside.asking(self.mode == "hybrid" and len(snapshot) >= BESIDE_FROM) as beside:
            words = beside(snapshot.lexical, question, depth, filters)
            if self.mode != "lexical":
                vector = self.encoder.encode([question])[0]
                watch.lap("encode")
                dense = snapshot.dense(vector, depth, filters)
                watch.lap("dense")
            if self.mode != "dense":
                lexical = words()
                watch.lap("lexical")
        ranking = {"hybrid": self.fusion.fuse, "dense": _first, "lexical": _second}[self.mode](dense, lexical)[:k]
        watch.lap("fuse")
        hits = _hits(snapshot, ranking, dense, lexical)
        watch.lap("fetch")
        return hits


def _hits(snapshot: Snapshot, ranking: list[Scored], dense: list[Scored], lexical: list[Scored]) -> tuple[Hit, ...]:
    found = snapshot.passages([key for key, _ in ranking])
    # A passage that only the words found is at most as near as the last of the dense list; with none, it is unknown.
    far = dense[-1][1] if dense else None
    near, words = dict(dense), dict(lexical)
    return tuple(
        Hit(
            passage=found[key][0],
            article=found[key][1],
            rank=rank,
            score=score,
            scores=Scores(dense=near.get(key, far), lexical=words.get(key), fused=score),
        )
        for rank, (key, score) in enumerate(ranking, start=1)
    )


def _first(dense: list[Scored], _lexical: list[Scored]) -> list[Scored]:
    return dense


def _second(_dense: list[Scored], lexical: list[Scored]) -> list[Scored]:
    return lexical
