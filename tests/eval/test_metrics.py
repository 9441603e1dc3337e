import pytest

from eval.metrics import summarise
from tests.eval.builders import row, scored


def test_means_are_over_the_questions_that_define_the_metric() -> None:
    rows = [
        scored("a", confidence=0.9, right=True, values={"hit@1": 1.0, "f1": 0.5, "overall_f1": 0.5, "verdict": 1.0}),
        scored("b", confidence=0.8, right=False, values={"hit@1": 0.0, "f1": 0.0, "overall_f1": 0.0, "verdict": 0.0}),
        scored(
            "c",
            confidence=0.3,
            right=False,
            answerable=False,
            values={"hit@1": None, "f1": None, "overall_f1": 1.0, "verdict": 1.0},
        ),
    ]
    found = summarise(rows)
    figures = {name: (it.value, it.n) for name, it in found.metrics.items()}
    assert figures == {
        "hit@1": (1 / 2, 2),
        "f1": (0.25, 2),
        "overall_f1": (1.5 / 3, 3),
        "verdict": (2 / 3, 3),
        "has_ans_f1": (0.25, 2),
        "has_ans_answered": (1 / 2, 2),
        "no_ans_accuracy": (1.0, 1),
        "auroc": (1.0, 3),
        "calibration_error": (pytest.approx((0.1 + 0.8 + 0.3) / 3), 3),
    }
    assert (found.questions, found.answerable) == (3, 2)


def test_the_quote_rate_is_of_spans() -> None:
    found = summarise([row("a", quotes=7, inexact=("quote x",)), row("b", quotes=1)])
    assert (found.quotes, found.inexact) == (8, 1)
    assert found.metrics["exact_quote_rate"].value == 7 / 8
    assert found.metrics["exact_quote_rate"].n == 8


def test_kinds_with_answers_come_first_and_frequent_ones_before_rare() -> None:
    rows = [
        row("a", kind="off topic", answerable=False, values={"verdict": 1.0}),
        row("b", kind="off topic", answerable=False, values={"verdict": 0.0}),
        row("c", kind="when", values={"hit@1": 1.0}),
        row("d", kind="who", values={"hit@1": 0.0}),
        row("e", kind="who", values={"hit@1": 1.0}),
    ]
    kinds = [
        (kind, n, {name: it.value for name, it in metrics.items()})
        for kind, (n, metrics) in summarise(rows).by_kind.items()
    ]
    assert kinds == [
        ("who", 2, {"hit@1": 0.5}),
        ("when", 1, {"hit@1": 1.0}),
        ("off topic", 2, {"verdict": 0.5}),
    ]


def test_latency_is_of_the_questions_that_were_asked() -> None:
    rows = [row(str(place), latency_ms=float(place)) for place in range(1, 102)]
    found = summarise([*rows, row("long", problem="too long")])
    assert found.latency_ms == {"p50": 51.0, "p95": 96.0}
    assert found.problems == 1
