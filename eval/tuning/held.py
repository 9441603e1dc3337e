"""Rows of validation questions: those of the training sets that the reader was not trained on, asked openly.

    python -m eval.tuning.held ../shared/data/train squadshifts_newwiki rows.jsonl

What is fitted or chosen for the reader is fitted on these, for nothing else tells how it does on unseen questions of
the kind that `../shared/data/eval` holds. Each set's passages that answer them are indexed with some that do not.
"""

import random
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from eval.corpus import Corpus, index_corpus, read_corpus
from eval.row import write_rows
from eval.run import run
from index.models import load_encoder
from qa.build import build_pipeline
from sources.errors import GoldError

_SEED = 11


def held_out(data: Path, name: str, questions: int, others: int) -> Corpus:
    """Validation questions of one training set, with the passages that answer them and `others` that do not.

    Raises:
        GoldError: none of the set's questions was held out.
    """
    from qa.reader.training.data import encoder_folder, load, plain_tokenizer, sides

    read = load(data, plain_tokenizer(encoder_folder() / "tokenizer.json"))
    held = {read.asked[i].id for i in sides(read)[1] if read.asked[i].source == name}
    corpus = read_corpus(data / name, datetime.now(UTC))
    if not held:
        raise GoldError(f"no question of {name} was held out; sets that have some are in docs/reader.md")
    draw = random.Random(_SEED)  # noqa: S311 (a sample, no secret)
    asked = [question for question in corpus.questions if question.id in held]
    asked = draw.sample(asked, min(questions, len(asked)))
    needed = {passage for question in asked for passage in question.relevant}
    rest = [article for article in corpus.articles if article.name not in needed]
    articles = [article for article in corpus.articles if article.name in needed]
    articles += draw.sample(rest, min(others, len(rest)))
    return replace(corpus, articles=tuple(articles), questions=tuple(asked))


def main(
    data: Annotated[Path, typer.Argument(help="Folder of the training sets.")],
    name: Annotated[str, typer.Argument(help="One of the sets.")],
    rows: Annotated[Path, typer.Argument(help="The rows, one JSON object a line.")],
    *,
    questions: Annotated[int, typer.Option(help="At most so many questions.")] = 300,
    others: Annotated[int, typer.Option(help="Passages beside those that answer.")] = 1200,
    reader: Annotated[str, typer.Option(help="As in `quotary eval`.")] = "default",
    cache: Annotated[Path, typer.Option(help="Where the encoder's ONNX form is kept.")] = Path(".quotary/models"),
) -> None:
    """Ask the questions and write their rows."""
    corpus = held_out(data, name, questions, others)
    with (
        tempfile.TemporaryDirectory() as directory,
        index_corpus(corpus, Path(directory), load_encoder(cache_dir=cache)) as catalog,
    ):
        found = run(build_pipeline(catalog, reader), corpus.questions, corpus.texts, catalog.snapshot())
    write_rows(rows, found)
    first = sum(row.right for row in found)
    typer.echo(f"{len(found)} questions over {len(corpus.articles)} passages, the right one first for {first}")


if __name__ == "__main__":
    typer.run(main)
