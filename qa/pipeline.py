"""The pipeline: question in, Result out."""

from dataclasses import dataclass

from index.catalog import Catalog
from index.filters import Filters
from index.snapshot import Snapshot
from qa.agree import grouped
from qa.answer import Answer, NoAnswer, Result
from qa.decide import Calibration
from qa.hit import Hit
from qa.promising import read_promising
from qa.question import Question
from qa.reader.reader import Reader, Reading
from qa.retrieve import Retriever
from qa.stopwatch import Stopwatch

# Passages that a reader which reranks gets: on training questions the right one is among ten nearly always.
READ = 10


@dataclass(frozen=True)
class Pipeline:
    """Retrieve, read, rank, decide, group: everything handed in, nothing global.

    Attributes:
        catalog: the articles.
        retriever: finds candidate passages.
        reader: marks the words that answer.
        calibration: turns scores into a confidence; belongs to the reader.
    """

    catalog: Catalog
    retriever: Retriever
    reader: Reader
    calibration: Calibration

    def ask(self, question: Question) -> Result:
        """Answer from the newest whole generation of the catalog."""
        watch = Stopwatch()
        snapshot = self.catalog.snapshot()
        filters = question.effective_filters
        depth = max(READ, question.top_k) if self.reader.reranks else question.top_k
        found = self.retriever.retrieve(snapshot, question.text, filters, depth, watch)
        ranked = read_promising(question.text, found, self.reader, self.calibration, question.top_k)
        watch.lap("read")
        outcome = self._decide(question.text, ranked[: question.top_k], snapshot, filters)
        watch.lap("decide")
        return Result(
            question=question,
            outcome=outcome,
            hits=tuple(hit for hit, _ in ranked[: question.top_k]),
            generation=snapshot.generation,
            models={"encoder": self.retriever.encoder.name, "reader": self.reader.name},
            timing_ms=watch.milliseconds(),
            warnings=_warnings(snapshot, filters),
        )

    def _decide(
        self, question: str, ranked: tuple[tuple[Hit, Reading], ...], snapshot: Snapshot, filters: Filters
    ) -> tuple[Answer, ...] | NoAnswer:
        """Every passage that is confidently an answer, equal answers as one, or why there is none."""
        answers = [self._answer(hit, reading) for hit, reading in ranked if reading.spans]
        threshold = self.calibration.threshold
        sure = tuple(answer for answer in answers if answer.confidence >= threshold)
        if sure and answers[0].confidence >= threshold:
            return grouped(question, sure)
        return NoAnswer(
            reason=_reason(len(snapshot), len(ranked), filters),
            confidence=answers[0].confidence if answers else 0.0,
            threshold=threshold,
            nearest=tuple(hit for hit, _ in ranked),
        )

    def _answer(self, hit: Hit, reading: Reading) -> Answer:
        return Answer(
            article=hit.article,
            start=reading.spans[0].start,
            end=reading.spans[0].end,
            sentence=reading.sentence,
            passage=hit.passage,
            confidence=self.calibration.confidence(hit.scores),
            scores=hit.scores,
        )


def _reason(passages: int, candidates: int, filters: Filters) -> str:
    if not passages:
        return "The collection is empty: add articles first."
    if not candidates and filters:
        return "No article passes the filters."
    if not candidates:
        return "No passage has anything to do with the question."
    return "No passage answers the question with enough confidence; the nearest ones are listed."


def _warnings(snapshot: Snapshot, filters: Filters) -> tuple[str, ...]:
    undated = snapshot.store.undated(filters)
    if not undated:
        return ()
    articles = "1 article has" if undated == 1 else f"{undated:,} articles have"
    return (f"{articles} no publication date and cannot pass a date filter.",)
