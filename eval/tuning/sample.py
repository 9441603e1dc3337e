"""A part of a training set, small enough to index in a minute or two, always the same."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from eval.corpus import Corpus, read_corpus
from eval.questions import GoldQuestion
from sources.article import Article
from sources.errors import GoldError

SEED = 7
TRAINING_FOLDER = "train"


def training_sample(folder: Path, questions: int, others: int, absent: float = 0.0) -> Corpus:
    """Questions of a training set with the passages that answer them and some that do not.

    Args:
        folder: a question set that is for training.
        questions: how many to draw.
        others: passages beside those that answer.
        absent: share of the answering passages to leave out; their questions become unanswerable.

    Raises:
        GoldError: the folder is not below one named `train`: nothing is tuned on what is reported on.
    """
    if TRAINING_FOLDER not in folder.resolve().parts:
        raise GoldError(f"{folder} is not below a folder named {TRAINING_FOLDER!r}: tuning takes training sets only")
    corpus = read_corpus(folder, datetime.now(UTC))
    draw = random.Random(SEED)  # noqa: S311 (a sample, no secret)
    drawn = draw.sample(corpus.questions, min(questions, len(corpus.questions)))
    needed = {name for question in drawn for name in question.relevant}
    rest = [article for article in corpus.articles if article.name not in needed]
    kept = [article for article in corpus.articles if article.name in needed and draw.random() >= absent]
    articles = (*kept, *draw.sample(rest, min(others, len(rest))))
    return replace(corpus, articles=articles, questions=_marked(drawn, articles))


def _marked(questions: Sequence[GoldQuestion], articles: Sequence[Article]) -> tuple[GoldQuestion, ...]:
    """The questions, unanswerable where no passage that answers is among the articles."""
    there = {article.name for article in articles}
    return tuple(replace(question, answerable=not there.isdisjoint(question.relevant)) for question in questions)
