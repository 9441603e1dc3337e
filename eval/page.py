"""The report as one HTML file that needs nothing else."""

from collections.abc import Iterable, Sequence
from html import escape

from eval.abstention import reliability, risk_coverage
from eval.charts import reliability_diagram, risk_coverage_curve
from eval.compare import Comparison
from eval.metrics import BY_KIND, Summary
from eval.report import NOTES, Heading, got, number
from eval.row import Row

_FAILURES = 30

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #5c5c5c; --line: #d5d5d5; --mark: #0b5cad; --page: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --soft: #a8a8a8; --line: #444; --mark: #7ab8f5; --page: #161616 } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); margin: 2rem auto;
  max-width: 66rem; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0; font-size: .9rem }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
.wide { overflow-x: auto }
.charts { display: flex; flex-wrap: wrap; gap: 2rem }
figure { margin: 0; flex: 1 1 20rem; max-width: 28rem }
figcaption, .soft { color: var(--soft) }
svg text { font-size: 11px; fill: var(--soft) }
.grid { stroke: var(--line); stroke-width: .5 }
.guide { stroke: var(--soft); stroke-dasharray: 4 4 }
.curve { fill: none; stroke: var(--mark); stroke-width: 2 }
.dot { fill: var(--mark); fill-opacity: .6 }
"""


def page(heading: Heading, summary: Summary, rows: Sequence[Row], comparison: Comparison | None) -> str:
    """The HTML of a run: figures, charts, the comparison, and the failures that the pipeline was surest of."""
    parts = [
        f"<p>{escape(str(heading))}.</p>",
        f"<p>{summary.questions:,} questions, {summary.questions - summary.answerable:,} of them unanswerable. "
        f"Latency p50 {summary.latency_ms['p50']:.1f} ms, p95 {summary.latency_ms['p95']:.1f} ms. "
        f"{summary.quotes - summary.inexact:,} of {summary.quotes:,} spans are exactly the source's words.</p>",
        "<h2>Figures</h2>",
        _table(
            ("metric", "value", "95% interval", "n", "over"),
            (
                (name, number(it.value), _interval(it.low, it.high), f"{it.n:,}", NOTES.get(name, ""))
                for name, it in summary.metrics.items()
            ),
            numbers=(1, 2, 3),
        ),
        "<h2>Confidence</h2>",
        '<p class="soft">A question is right when it is answerable and the best passage is a hit.</p>',
        '<div class="charts">',
        reliability_diagram(reliability(rows)),
        risk_coverage_curve(risk_coverage(rows)),
        "</div>",
        "<h2>By kind of question</h2>",
        _kinds(summary),
    ]
    if comparison:
        parts += ["<h2>Against the baseline</h2>", _comparison(comparison)]
    failures = worst(rows)
    parts += [f"<h2>Worst failures ({len(failures)} shown)</h2>", _failures(failures)]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Quotary eval: {escape(heading.corpus)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>Quotary eval: {escape(heading.corpus)}</h1>{''.join(parts)}</main></body></html>\n"
    )


def worst(rows: Iterable[Row]) -> list[Row]:
    """Wrong first passages and wrong verdicts, the most confident first."""
    failed = [row for row in rows if (row.answerable and not row.right) or row.answered != row.answerable]
    return sorted(failed, key=lambda row: -row.confidence)[:_FAILURES]


def _kinds(summary: Summary) -> str:
    rows = (
        (kind, f"{n:,}", *(f"{metrics[name].value:.3f}" if name in metrics else "" for name in BY_KIND))
        for kind, (n, metrics) in summary.by_kind.items()
    )
    return _table(("kind", "n", *BY_KIND), rows, numbers=range(1, len(BY_KIND) + 2))


def _comparison(comparison: Comparison) -> str:
    figures = _table(
        ("metric", "n", "before", "after", "fixed", "broken", "p", "test"),
        (
            (
                it.metric,
                f"{it.n:,}",
                number(it.before),
                number(it.after),
                f"{len(it.fixed):,}",
                f"{len(it.broken):,}",
                f"{it.p:.4f}",
                it.test,
            )
            for it in comparison.changes
        ),
        numbers=range(1, 7),
    )
    changed = (
        (change.metric, verb, after.id, after.question, got(before), got(after))
        for change in comparison.changes
        if change.test.startswith("McNemar")
        for verb, pairs in (("fixed", change.fixed), ("broken", change.broken))
        for before, after in pairs
    )
    return figures + _table(("metric", "", "id", "question", "before", "after"), changed)


def _failures(rows: Iterable[Row]) -> str:
    cells = (
        (
            f"{row.confidence:.2f}",
            row.id,
            row.kind,
            row.question,
            "; ".join(row.expected) or ("" if row.answerable else "(no answer)"),
            got(row),
            next((str(rank) for rank, found in enumerate(row.ranking, start=1) if found.right), "-"),
        )
        for row in rows
    )
    return _table(
        ("confidence", "id", "kind", "question", "expected", "got", "rank of first hit"), cells, numbers=(0, 6)
    )


def _interval(low: float, high: float) -> str:
    return f"{number(low)} - {number(high)}" if low != high else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    def cells(tag: str, values: Sequence[str]) -> str:
        opened = [f'<{tag} class="number">' if place in numbers else f"<{tag}>" for place in range(len(values))]
        return "".join(f"{start}{escape(value)}</{tag}>" for start, value in zip(opened, values, strict=True))

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{cells("th", heads)}</tr></thead><tbody>{body}</tbody></table></div>'
