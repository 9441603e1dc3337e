"""What a run is over: articles from files with gold questions beside them, or a question set with its own."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eval.datasets.detect import read_dataset
from eval.questions import GoldQuestion
from index.catalog import Catalog
from index.encoder import Encoder
from index.split import Splitter, split, whole
from sources.article import Article
from sources.errors import GoldError, SourceError
from sources.files import read_paths

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles to ask.

    Attributes:
        name: for the report.
        articles: all of them.
        questions: its own questions; empty for a folder of files.
        splitter: how the articles are cut into passages.
    """

    name: str
    articles: tuple[Article, ...]
    questions: tuple[GoldQuestion, ...]
    splitter: Splitter

    @property
    def texts(self) -> dict[str, str]:
        """Article id -> its text as read from the source."""
        return {article.id: article.text for article in self.articles}


def read_corpus(path: Path, now: datetime, part: str = "all") -> Corpus:
    """The corpus at `path`: a file or folder of articles, or a question set in a format that we know.

    Raises:
        GoldError: nothing is there, or it is a question set and cannot be read.
        SourceError: the first file that cannot be read as an article.
    """
    if not path.exists():
        raise GoldError(f"{path}: there is no such file or folder")
    dataset = read_dataset(path, now, part)
    if dataset:
        return Corpus(dataset.name, dataset.articles, dataset.questions, whole)
    articles: list[Article] = []
    for item in read_paths([path], now):
        if isinstance(item, SourceError):
            raise item
        articles.append(item)
    if not articles:
        raise GoldError(f"{path}: holds no article and no question set that is known")
    return Corpus(path.resolve().name, tuple(articles), (), split)


def check_gold(questions: Sequence[GoldQuestion], corpus: Corpus) -> None:
    """See that every answerable question could be answered from this corpus.

    Raises:
        GoldError: a question names articles none of which is there.
    """
    names = [article.name for article in corpus.articles]
    for gold in questions:
        if gold.answerable and gold.articles and not any(map(gold.names, names)):
            raise GoldError(
                f"question {gold.id!r} is answered by articles named {', '.join(gold.articles)}..., "
                f"and {corpus.name} has none of that name"
            )


def index_corpus(
    corpus: Corpus, directory: Path, encoder: Encoder, progress: Progress = lambda _: None
) -> AbstractContextManager[Catalog]:
    """The corpus indexed in `directory`; what is there already is not done again.

    Args:
        corpus: what to index.
        directory: empty, or of a former run over the same corpus.
        encoder: embeds the passages.
        progress: called with the number of articles done.

    Raises:
        GoldError: the directory holds other articles too.
    """
    catalog = Catalog.open(directory, encoder, splitter=corpus.splitter)
    catalog.add(corpus.articles, lambda articles, _passages: progress(articles))
    if catalog.count() > len(corpus.articles):
        catalog.close()
        raise GoldError(f"{directory} holds other articles than {corpus.name}; name an empty directory")
    return catalog
