"""Which fusion finds the right passage: both indexes alone and every way to merge them, on training questions.

Run `python -m eval.tuning.fusion ../shared/data/train/squad11_du_test ...`; the table is in docs/decisions.md.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from eval.questions import GoldQuestion
from eval.tuning.sample import training_sample
from index.catalog import Catalog
from index.filters import Filters
from index.models import load_encoder
from index.scored import Scored
from qa.fusion import ConvexCombination, ReciprocalRank, WeightedSum
from qa.retrieve import DEPTH

Merge = Callable[[Sequence[Scored], Sequence[Scored]], Sequence[Scored]]
Rankings = tuple[list[Scored], list[Scored], set[int]]

CANDIDATES: dict[str, Merge] = {
    "dense alone": lambda dense, _lexical: dense,
    "BM25 alone": lambda _dense, lexical: lexical,
    **{f"reciprocal rank, k={k}": ReciprocalRank(k).fuse for k in (5, 60)},
    **{f"convex, dense {w}": ConvexCombination(w).fuse for w in (0.5, 0.6, 0.7, 0.8, 0.9)},
    **{f"cosine + {w} x BM25": WeightedSum(w).fuse for w in (0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.06)},
}


def main(
    folders: Annotated[list[Path], typer.Argument(help="Training sets.")],
    questions: Annotated[int, typer.Option(help="Questions drawn from each.")] = 1000,
    others: Annotated[int, typer.Option(help="Passages beside those that answer.")] = 800,
    cache: Annotated[Path, typer.Option(help="Where the encoder's ONNX form is kept.")] = Path(".quotary/models"),
) -> None:
    """Print hit@1, hit@5 and MRR@10 of every candidate on each set, and the mean hit@1."""
    encoder = load_encoder(cache_dir=cache)
    columns: dict[str, list[tuple[float, float, float]]] = {name: [] for name in CANDIDATES}
    for folder in folders:
        corpus = training_sample(folder, questions, others)
        with (
            tempfile.TemporaryDirectory() as directory,
            Catalog.open(Path(directory), encoder, splitter=corpus.splitter) as catalog,
        ):
            catalog.add(corpus.articles)
            rankings = _rankings(catalog, corpus.questions)
        for name, merge in CANDIDATES.items():
            columns[name].append(_measures(rankings, merge))
    table = Table("fusion", *(folder.name for folder in folders), "mean hit@1", title="hit@1 / hit@5 / MRR@10")
    for name, measures in columns.items():
        mean = sum(hit for hit, _, _ in measures) / len(measures)
        table.add_row(name, *(" / ".join(f"{m:.3f}" for m in measure) for measure in measures), f"{mean:.3f}")
    Console(width=60 + 26 * len(folders)).print(table)


def _rankings(catalog: Catalog, questions: Sequence[GoldQuestion]) -> list[Rankings]:
    snapshot = catalog.snapshot()
    placed = snapshot.store.iter_passages(snapshot.store.keys())
    key_of = {article.name: passage.key for passage, article in placed}
    vectors = catalog.encoder.encode([question.question for question in questions])
    return [
        (
            snapshot.dense(vector, DEPTH, Filters()),
            snapshot.lexical(question.question, DEPTH, Filters()),
            {key_of[name] for name in question.relevant if name in key_of},
        )
        for question, vector in zip(questions, vectors, strict=True)
    ]


def _measures(rankings: Sequence[Rankings], merge: Merge) -> tuple[float, float, float]:
    """hit@1, hit@5 and MRR@10."""
    places = [
        next((place for place, (key, _) in enumerate(merge(dense, lexical)[:10], 1) if key in relevant), None)
        for dense, lexical, relevant in rankings
    ]
    found = [place for place in places if place]
    count = len(places)
    return (
        sum(place == 1 for place in found) / count,
        sum(place <= 5 for place in found) / count,
        sum(1 / place for place in found) / count,
    )


if __name__ == "__main__":
    typer.run(main)
