"""The reader on five and on ten passages, against sentence-transformers embedding ten such pairs in the same run.

    python -m eval.bench.reading [QUESTIONS=60] [FEWEST_WORDS=110] [MOST_WORDS=130]

Both are networks of six layers and 384 dimensions. Five passages are all read; of ten, as of every question's, all are
skimmed and the most promising five are read on. Which passages belong to which question does not matter to the time;
the lengths of both do.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import cycle, islice

import numpy as np

from eval.bench.corpus import Corpus, load_corpus
from eval.bench.encoders import torch_encoder
from eval.bench.timing import interleaved, latency_table, machine, numbers
from index.encoder import Encoder
from index.split import split
from index.terms import EnglishTerms
from qa.decide import Calibration
from qa.hit import Hit, Scores
from qa.promising import READ_ON, read_promising
from qa.reader.named import open_reader
from qa.reader.reader import Reader

BASELINE = "sentence-transformers, embedding ten pairs"
MOST = 10


def main(questions: int, fewest: int, most: int) -> None:
    """Print the latencies."""
    corpus = load_corpus()
    asked = corpus.questions[:questions]
    hits = _hits(corpus, fewest, most, questions * MOST)
    words = np.mean([len(hit.text.split()) for hit in hits])
    print(f"passages of {words:.0f} words on average from {corpus.name}; {machine()}\n")
    given = {text: hits[place * MOST : (place + 1) * MOST] for place, text in enumerate(asked)}
    base = torch_encoder()
    reader, calibration = open_reader("default", base, EnglishTerms(), print)
    ways: dict[str, Callable[[str], object]] = {BASELINE: lambda text: _embedded(base, text, given[text])}
    for count in (5, MOST):
        ways[f"the reader, {count} passages"] = partial(_read, reader, calibration, given, count)
    ways["the reader, 10 passages, all read on"] = lambda text: reader.read(text, given[text])
    for way in ways.values():
        way(asked[0])
    print(latency_table(interleaved(ways, asked, turn=5), BASELINE))


def _hits(corpus: Corpus, fewest: int, most: int, count: int) -> list[Hit]:
    """Passages with so many words as retrieval would hand them over; the same again where there are too few."""
    found = (
        Hit(passage, article, 1, 0.0, Scores())
        for article in corpus.articles(len(corpus.texts))
        for passage in split(article)
        if fewest <= len(passage.span.of(article.text).split()) <= most
    )
    return list(islice(cycle(found), count))


def _read(reader: Reader, calibration: Calibration, given: dict[str, list[Hit]], count: int, text: str) -> object:
    return read_promising(text, given[text][:count], reader, calibration, READ_ON)


def _embedded(encoder: Encoder, text: str, hits: Sequence[Hit]) -> object:
    return encoder.encode([f"{text} {hit.article.title} {hit.text}" for hit in hits])


if __name__ == "__main__":
    main(*numbers(60, 110, 130))
