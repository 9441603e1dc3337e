"""The report for the terminal, and the summary as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from eval.bootstrap import Estimate
from eval.compare import Change, Comparison
from eval.metrics import ANSWER, BY_KIND, RETRIEVAL, Summary
from eval.row import Row

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_SHOWN = 20
_HEADS = {"quote_has_answer": "in quote"}

NOTES = {
    **dict.fromkeys(RETRIEVAL, "answerable"),
    **dict.fromkeys(ANSWER, "answerable"),
    "em": "answerable; refused or not",
    "f1": "answerable; refused or not",
    "quote_has_answer": "answerable; top quote holds an answer",
    "overall_em": "all; a refusal is 0 or 1",
    "overall_f1": "all; a refusal is 0 or 1",
    "verdict": "all; answered just when answerable",
    "has_ans_em": "answerable; a refusal is 0",
    "has_ans_f1": "answerable; a refusal is 0",
    "has_ans_answered": "answerable; answered",
    "no_ans_accuracy": "unanswerable; refused",
    "auroc": "all; does confidence tell them apart",
    "calibration_error": "all; confidence against share right",
    "exact_quote_rate": "spans that are the source's words",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """What was run.

    Attributes:
        corpus: its name; articles, passages: its size.
        models: stage -> name.
        mode: hybrid, dense or lexical.
        k: passages asked for.
    """

    corpus: str
    articles: int
    passages: int
    mode: str
    k: int
    models: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        models = ", ".join(f"{stage} {name}" for stage, name in self.models.items())
        return f"{self.corpus}: {self.articles:,} articles, {self.passages:,} passages; {self.mode} retrieval; {models}"


def as_json(heading: Heading, summary: Summary, comparison: Comparison | None) -> dict[str, Any]:
    """Everything but the rows, for machines."""
    return {
        **asdict(heading),
        "questions": summary.questions,
        "answerable": summary.answerable,
        "problems": summary.problems,
        "metrics": {name: asdict(found) for name, found in summary.metrics.items()},
        "by_kind": {
            kind: {"n": n, "metrics": {name: asdict(found) for name, found in metrics.items()}}
            for kind, (n, metrics) in summary.by_kind.items()
        },
        "quotes": {"checked": summary.quotes, "inexact": summary.inexact},
        "latency_ms": summary.latency_ms,
        "baseline": None
        if comparison is None
        else {
            "only_before": comparison.only_before,
            "only_after": comparison.only_after,
            "changes": [_change_json(change) for change in comparison.changes],
        },
    }


def print_report(console: "Console", heading: Heading, summary: Summary, comparison: Comparison | None) -> None:
    """Tables of all metrics and of the kinds, then the comparison."""
    console.print(f"[bold]{heading}[/]", highlight=False)
    refusable = summary.questions - summary.answerable
    console.print(f"{summary.questions:,} questions, {refusable:,} of them unanswerable; 95% bootstrap intervals")
    if summary.problems:
        console.print(f"[red]{summary.problems:,} questions could not be asked and count as 0[/]")
    console.print(_overall(summary.metrics))
    if "em" in summary.metrics:
        console.print("em and f1 are of the top quote: a reader that quotes whole sentences scores low by construction")
    console.print(_kinds(summary))
    console.print(
        f"Latency of a whole ask: p50 {summary.latency_ms['p50']:.1f} ms, p95 {summary.latency_ms['p95']:.1f} ms",
        highlight=False,
    )
    exact = summary.quotes - summary.inexact
    console.print(f"{exact:,} of {summary.quotes:,} quotes, sentences and passages are exactly the source's words")
    if comparison:
        _print_comparison(console, comparison)


def number(value: float) -> str:
    """A share with four digits, never rounded up to 1."""
    return "1.0000" if value >= 1 else f"{min(value, 0.9999):.4f}"


def got(row: Row) -> str:
    """What a row's question got, for showing."""
    return row.quote if row.answered else f"(refused) {row.quote}"


def _overall(metrics: Mapping[str, Estimate]) -> "Table":
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table("metric", "value", "95% interval", "n", "over", box=SIMPLE, pad_edge=False)
    for column in table.columns[1:4]:
        column.justify = "right"
    for name, found in metrics.items():
        interval = f"{number(found.low)} - {number(found.high)}" if found.low != found.high else ""
        table.add_row(name, number(found.value), interval, f"{found.n:,}", NOTES.get(name, ""))
    return table


def _kinds(summary: Summary) -> "Table":
    from rich.box import SIMPLE
    from rich.table import Table

    shown = [name for name in BY_KIND if any(name in metrics for _, metrics in summary.by_kind.values())]
    table = Table("kind", "n", *(_HEADS.get(name, name) for name in shown), box=SIMPLE, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for kind, (n, metrics) in summary.by_kind.items():
        table.add_row(kind, f"{n:,}", *(f"{metrics[name].value:.3f}" if name in metrics else "" for name in shown))
    return table


def _print_comparison(console: "Console", comparison: Comparison) -> None:
    from rich.box import SIMPLE
    from rich.markup import escape
    from rich.table import Table

    table = Table("against the baseline", "n", "before", "after", "fixed", "broken", "p", "test", box=SIMPLE)
    for change in comparison.changes:
        table.add_row(
            change.metric,
            f"{change.n:,}",
            number(change.before),
            number(change.after),
            f"{len(change.fixed):,}",
            f"{len(change.broken):,}",
            f"{change.p:.4f}",
            change.test,
        )
    console.print(table)
    if comparison.only_before or comparison.only_after:
        console.print(f"{comparison.only_before:,} questions only in the baseline, {comparison.only_after:,} only here")
    for change in comparison.changes:
        if change.test.startswith("McNemar"):
            for verb, pairs in (("fixed", change.fixed), ("broken", change.broken)):
                for before, after in pairs[:_SHOWN]:
                    line = f"{change.metric} {verb}: {after.id} {after.question} | {got(before)} -> {got(after)}"
                    console.print(escape(line), highlight=False, soft_wrap=True)
                if len(pairs) > _SHOWN:
                    console.print(f"{change.metric} {verb}: and {len(pairs) - _SHOWN:,} more (--json lists them all)")


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "metric": change.metric,
        "n": change.n,
        "before": change.before,
        "after": change.after,
        "fixed": [after.id for _, after in change.fixed],
        "broken": [after.id for _, after in change.broken],
        "p": change.p,
        "test": change.test,
    }
