"""A collection of a given size for the benchmarks, made once and kept beside the encoder's cache."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.bench.corpus import Corpus
from eval.bench.encoders import cache_dir
from index.catalog import Catalog
from index.encoder import Encoder
from qa.answer import Result
from qa.pipeline import Pipeline
from qa.question import Question


def collection_dir(corpus: Corpus, encoder: Encoder, size: int) -> Path:
    """The data directory with `size` articles of this corpus, filled on first use."""
    directory = cache_dir() / "bench" / f"{len(corpus.texts)}-{size}-{encoder.fingerprint[-24:]}"
    with Catalog.open(directory, encoder) as catalog:
        missing = size - catalog.count()
        if missing > 0:
            print(f"indexing {missing:,} articles into {directory.name}, once", flush=True)
            started = time.perf_counter()
            catalog.add(corpus.articles(size))
            print(f"done at {missing / (time.perf_counter() - started):.0f} articles/s\n", flush=True)
    return directory


@contextmanager
def open_bench(corpus: Corpus, encoder: Encoder, size: int) -> Iterator[Catalog]:
    """The collection, open."""
    with Catalog.open(collection_dir(corpus, encoder, size), encoder) as catalog:
        yield catalog


def asking(pipeline: Pipeline) -> Callable[[str], Result]:
    """The pipeline as a function of the question's words."""
    return lambda text: pipeline.ask(Question(text))
