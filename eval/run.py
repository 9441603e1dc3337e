"""Running: every gold question asked of a pipeline, a row for each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Protocol

from eval.judge import blank, judge, relevant_passages, with_rank_measures
from eval.questions import GoldQuestion
from eval.row import Row
from index.snapshot import Snapshot
from qa.answer import Result
from qa.question import MAX_TOP_K, Question
from sources.errors import GoldError, QuestionError

DEEPEST = 10
"""The metrics look at the first ten passages, so that at least ten are asked for."""


class Asked(Protocol):
    """What is evaluated; `qa.pipeline.Pipeline` in practice."""

    def ask(self, question: Question) -> Result:
        """The result for a question."""
        ...


def run(
    pipeline: Asked,
    questions: Sequence[GoldQuestion],
    texts: Mapping[str, str],
    snapshot: Snapshot,
    *,
    k: int = DEEPEST,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[Row, ...]:
    """One row a question, in order. The first question is asked once more beforehand, so that no row pays for loading.

    Args:
        pipeline: what to ask.
        questions: what to ask it.
        texts: article id -> text as read from the source, to prove the quotes with.
        snapshot: of the collection asked, to judge all its passages.
        k: passages to ask for, 10 to 50.
        progress: called with the number of questions done.

    Raises:
        GoldError: k is out of range.
    """
    check_depth(k)
    rows = []
    for done, gold in enumerate(questions, start=1):
        rows.append(_row(pipeline, gold, texts, k, warm=done > 1))
        progress(done)
    passages = [] if all(gold.relevant or not gold.answerable for gold in questions) else list(_passages(snapshot))
    return with_rank_measures(rows, relevant_passages(questions, passages))


def check_depth(k: int) -> None:
    """See that k is 10 to 50; raises GoldError."""
    if not DEEPEST <= k <= MAX_TOP_K:
        raise GoldError(f"k is {k}; the metrics need {DEEPEST} passages or more, and {MAX_TOP_K} is the most there is")


def _row(pipeline: Asked, gold: GoldQuestion, texts: Mapping[str, str], k: int, *, warm: bool) -> Row:
    try:
        question = Question(gold.question, top_k=k)
    except QuestionError as error:
        return blank(gold, problem=str(error))
    if not warm:
        pipeline.ask(question)
    begun = perf_counter()
    result = pipeline.ask(question)
    return judge(gold, result, texts, (perf_counter() - begun) * 1000)


def _passages(snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    """(passage id, article name, text) of the whole collection, a batch at a time."""
    keys = snapshot.store.keys()
    for begin in range(0, len(keys), 500):
        for passage, article in snapshot.passages(keys[begin : begin + 500]).values():
            yield passage.id, article.name, passage.span.of(article.text)
