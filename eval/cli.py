"""`quotary eval`: ask the gold questions and report."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sources.errors import GoldError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from eval.corpus import Corpus
    from eval.questions import GoldQuestion

UNDER_FLOOR = 1
MODES = ("hybrid", "dense", "lexical")
SPLITS = ("dev", "test", "all")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command("eval")
def evaluate(
    *,
    gold: Annotated[list[Path] | None, typer.Option(help="Gold questions, JSON Lines; may be repeated.")] = None,
    corpus: Annotated[Path | None, typer.Option(help="Articles, or a SQuAD, BEIR or JSON Lines question set.")] = None,
    split: Annotated[str, typer.Option(help="dev, test or all of the bundled questions (or of a BEIR set).")] = "all",
    reader: Annotated[str, typer.Option(help="default, none for retrieval alone, or a model.")] = "default",
    mode: Annotated[str, typer.Option(help="hybrid, dense or lexical retrieval.")] = "hybrid",
    k: Annotated[int, typer.Option(help="Passages a question, 10 to 50.")] = 10,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N questions.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="Rows of a former run, to compare with.")] = None,
    rows: Annotated[Path | None, typer.Option(help="Write a row a question to this JSON Lines file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report to this HTML file.")] = None,
    index: Annotated[Path | None, typer.Option(help="Keep the index in this directory for the next run.")] = None,
    model: Annotated[str, typer.Option(envvar="QUOTARY_MODEL", help="Embedding model.")] = "all-MiniLM-L6-v2",
    fail_under: Annotated[
        list[str] | None, typer.Option(metavar="METRIC=VALUE", help="Exit 1 below this; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
) -> None:
    """Ask gold questions of a corpus and report how well they are answered.

    Without options: all bundled questions over the bundled sample. Exit status 1 when a metric is under its floor.
    """
    import json
    import sys
    import tempfile

    from rich.console import Console

    from eval.compare import compare
    from eval.corpus import index_corpus
    from eval.gate import parse_floors, under_floor
    from eval.metrics import summarise
    from eval.page import page
    from eval.report import Heading, print_report
    from eval.report import as_json as summary_json
    from eval.row import read_rows, write_rows
    from eval.run import check_depth, run
    from index.models import load_encoder
    from qa.build import build_pipeline

    _one_of("--mode", mode, MODES)
    _one_of("--split", split, SPLITS)
    check_depth(k)
    floors = parse_floors(fail_under or [])
    before = read_rows(baseline) if baseline else None
    for target in (rows, html):
        if target and not target.resolve().parent.is_dir():
            raise GoldError(f"{target}: cannot be written: its folder does not exist")
    chosen, questions = _chosen(corpus, gold or [], split)
    questions = questions[:limit]
    console = Console(stderr=True)
    encoder = load_encoder(model, cache_dir=_cache(), notify=lambda line: console.print(f"quotary: {line}"))
    with tempfile.TemporaryDirectory(prefix="quotary-eval-") as scratch, _bar(console) as bar:
        indexing = bar.add_task("indexing", total=len(chosen.articles))
        with index_corpus(
            chosen, index or Path(scratch), encoder, lambda done: bar.update(indexing, completed=done)
        ) as catalog:
            asking = bar.add_task("asking", total=len(questions))
            pipeline = build_pipeline(catalog, reader, mode)  # type: ignore[arg-type]
            found = run(
                pipeline,
                questions,
                chosen.texts,
                catalog.snapshot(),
                k=k,
                progress=lambda done: bar.update(asking, completed=done),
            )
            models = {"encoder": encoder.name, "reader": pipeline.reader.name}
            heading = Heading(chosen.name, catalog.count(), len(catalog.snapshot()), mode, k, models)
    summary = summarise(found)
    comparison = compare(before, found) if before else None
    if rows:
        write_rows(rows, found)
    if html:
        html.write_text(page(heading, summary, found, comparison), "utf-8")
    if as_json:
        print(json.dumps(summary_json(heading, summary, comparison), ensure_ascii=False, indent=2))
    else:
        print_report(Console(), heading, summary, comparison)
    failures = under_floor(summary, floors)
    for line in failures:
        print(f"quotary: {line}", file=sys.stderr)
    if failures:
        raise typer.Exit(UNDER_FLOOR)


def _chosen(corpus: Path | None, gold: list[Path], split: str) -> "tuple[Corpus, tuple[GoldQuestion, ...]]":
    """What to ask, and the questions: those given, else the corpus's own, else the bundled ones."""
    from datetime import UTC, datetime

    from eval.corpus import check_gold, read_corpus
    from eval.gold import gold_files
    from eval.questions import read_gold
    from sources.sample import sample_directory

    chosen = read_corpus(corpus or sample_directory(), datetime.now(UTC), split)
    questions = read_gold(gold) if gold else chosen.questions or read_gold(gold_files(split))
    check_gold(questions, chosen)
    return chosen, questions


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise GoldError(f"{option} {value!r} is not known; use {', '.join(allowed)}")


def _cache() -> Path:
    """Where prepared models are kept: the same place as the service's."""
    return Path(
        os.environ.get("QUOTARY_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "quotary"
    ).expanduser()


def _bar(console: "Console") -> "Progress":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
