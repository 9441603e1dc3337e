"""The reader on five and on ten passages, against sentence-transformers embedding ten such pairs in the same run.

    python -m eval.bench.reading [QUESTIONS=60] [FEWEST_WORDS=110] [MOST_WORDS=130] [PASSAGES=10000]

Both are networks of six layers and 384 dimensions. Each question has the best passages of the asked length that
retrieval finds among 11,000: five, or ten, of which all are skimmed and those that promise most read on.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from eval.bench.collection import open_bench
from eval.bench.corpus import load_corpus
from eval.bench.encoders import fast_encoder, torch_encoder
from eval.bench.timing import interleaved, latency_table, machine, numbers
from index.catalog import Catalog
from index.encoder import Encoder
from index.filters import Filters
from index.terms import EnglishTerms
from qa.build import build_pipeline
from qa.decide import Calibration
from qa.hit import Hit
from qa.promising import READ_ON, read_promising
from qa.reader.named import open_reader
from qa.reader.reader import Reader
from qa.retrieve import Retriever
from qa.stopwatch import Stopwatch

BASELINE = "sentence-transformers, embedding ten pairs"
MOST = 10
DEPTH = 200
"""So many are looked through for ten of the asked length."""


def main(questions: int, fewest: int, most: int, size: int) -> None:
    """Print the latencies."""
    corpus = load_corpus()
    with open_bench(corpus, fast_encoder(), size) as catalog:
        asked = corpus.questions[:questions]
        found = build_pipeline(catalog, "none")
        given = {text: _best(catalog, found.retriever, text, fewest, most) for text in asked}
    asked = tuple(text for text in asked if len(given[text]) == MOST)
    words = np.mean([len(hit.text.split()) for text in asked for hit in given[text]])
    about = f"the best passages of {words:.0f} words on average, of {corpus.name}, for {len(asked)} questions"
    print(f"{about}; {machine()}\n")
    base = torch_encoder()
    reader, calibration = open_reader("default", base, EnglishTerms(), print)
    ways: dict[str, Callable[[str], object]] = {BASELINE: lambda text: _embedded(base, text, given[text])}
    for count in (5, MOST):
        ways[f"the reader, {count} passages"] = partial(_read, reader, calibration, given, count)
    ways[f"the reader, {MOST} passages, all read on"] = lambda text: reader.read(text, given[text])
    for way in ways.values():
        way(asked[0])
    print(latency_table(interleaved(ways, asked, turn=5), BASELINE))


def _best(catalog: Catalog, retriever: Retriever, text: str, fewest: int, most: int) -> list[Hit]:
    """The best ten with so many words; fewer where so deep a search finds fewer."""
    hits = retriever.retrieve(catalog.snapshot(), text, Filters(), DEPTH, Stopwatch())
    fitting = [hit for hit in hits if fewest <= len(hit.text.split()) <= most][:MOST]
    return [replace(hit, rank=rank) for rank, hit in enumerate(fitting, start=1)]


def _read(reader: Reader, calibration: Calibration, given: dict[str, list[Hit]], count: int, text: str) -> object:
    return read_promising(text, given[text][:count], reader, calibration, READ_ON)


def _embedded(encoder: Encoder, text: str, hits: Sequence[Hit]) -> object:
    return encoder.encode([f"{text} {hit.article.title} {hit.text}" for hit in hits])


if __name__ == "__main__":
    main(*numbers(60, 110, 130, 10_000))
