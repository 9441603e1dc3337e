"""The figures of a run, derived from its rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.abstention import auroc, calibration_error
from eval.bootstrap import Estimate, mean
from eval.row import Row

RETRIEVAL = ("hit@1", "hit@3", "hit@5", "hit@10", "mrr@10", "ndcg@10")
ANSWER = ("has_answer@1", "has_answer@3", "has_answer@5", "has_answer@10", "em", "f1", "quote_has_answer")
DECISION = ("overall_em", "overall_f1", "verdict")
BY_KIND = ("hit@1", "hit@5", "mrr@10", "em", "f1", "quote_has_answer", "verdict")


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in figures.

    Attributes:
        questions, answerable: how many.
        metrics: name -> estimate; a metric that no question defines is not there.
        by_kind: kind -> (number of questions, metric -> estimate).
        quotes, inexact: how many spans of text left the pipeline, and how many were not the source's words.
        latency_ms: `p50` and `p95` of the whole ask.
        problems: questions that could not be asked.
    """

    questions: int
    answerable: int
    metrics: dict[str, Estimate]
    by_kind: dict[str, tuple[int, dict[str, Estimate]]]
    quotes: int
    inexact: int
    latency_ms: dict[str, float]
    problems: int


def summarise(rows: Sequence[Row]) -> Summary:
    """The figures of at least one row.

    Means are over every question that defines the metric: of retrieval and of the answer, the answerable ones; of the
    decision, all. `has_ans_*` and `no_ans_accuracy` are the parts of `overall_*` with and without an answer.
    """
    metrics = _means(rows, (*RETRIEVAL, *ANSWER, *DECISION))
    answerable = [row for row in rows if row.answerable]
    unanswerable = [row for row in rows if not row.answerable]
    for name, part, source in (
        ("has_ans_em", answerable, "overall_em"),
        ("has_ans_f1", answerable, "overall_f1"),
        ("has_ans_answered", answerable, "verdict"),
        ("no_ans_accuracy", unanswerable, "verdict"),
    ):
        found = _means(part, (source,))
        if found:
            metrics[name] = found[source]
    quotes, inexact = sum(row.quotes for row in rows), sum(len(row.inexact) for row in rows)
    if quotes:
        # Spans of one question are no independent sample, so that the interval is the figure itself.
        rate = 1 - inexact / quotes
        metrics["exact_quote_rate"] = Estimate(rate, quotes, rate, rate)
    separation = auroc(rows)
    if separation:
        metrics["auroc"] = separation
    error = calibration_error(rows)
    metrics["calibration_error"] = Estimate(error, len(rows), error, error)
    times = [row.latency_ms for row in rows if not row.problem] or [0.0]
    return Summary(
        questions=len(rows),
        answerable=len(answerable),
        metrics=metrics,
        by_kind={
            kind: (len(part), _means(part, BY_KIND))
            for kind in sorted({row.kind for row in rows}, key=lambda kind: _kind_order(kind, rows))
            if (part := [row for row in rows if row.kind == kind])
        },
        quotes=quotes,
        inexact=inexact,
        latency_ms={"p50": float(np.percentile(times, 50)), "p95": float(np.percentile(times, 95))},
        problems=sum(bool(row.problem) for row in rows),
    )


def _means(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Estimate]:
    found = {}
    for name in names:
        values = [value for row in rows if (value := row.values.get(name)) is not None]
        if values:
            found[name] = mean(values)
    return found


def _kind_order(kind: str, rows: Sequence[Row]) -> tuple[bool, int, str]:
    """Kinds with answers first, then the most frequent."""
    part = [row for row in rows if row.kind == kind]
    return (not any(row.answerable for row in part), -len(part), kind)
