"""How much of what exact search finds the approximate index finds, on vectors of real text.

    python -m eval.bench.recall [ROWS=100000] [QUESTIONS=500]

Rows are sentences of the public passages, alone and with the next one or two, embedded with the encoder; questions are
people's. The first run embeds them (some minutes) and keeps the vectors beside the encoder's cache.
"""

import time
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.bench.corpus import Corpus, load_corpus
from eval.bench.encoders import cache_dir, fast_encoder
from eval.bench.timing import machine, numbers, table
from index.encoder import Encoder
from index.encoder import Vectors as Matrix
from index.faiss_index import LISTS_READ, FaissIndex
from sources.sentences import sentence_spans

READ = (16, 32, LISTS_READ, 2 * LISTS_READ, 4 * LISTS_READ)
K = 10


def main(rows: int, questions: int) -> None:
    """Print recall@10 and the time of a search by how many lists are read."""
    corpus, encoder = load_corpus(), fast_encoder()
    stored = _vectors(corpus, encoder, rows)
    asked = encoder.encode(corpus.questions[:questions])
    print(f"{len(stored):,} sentences and runs of sentences of {corpus.name}, {len(asked)} questions; {machine()}\n")
    exact = np.stack([_best(stored, vector) for vector in asked])
    formed = FaissIndex.empty(encoder.dimension).folded(np.zeros(0, np.bool_), stored)
    live = np.ones(len(stored), np.bool_)
    shown = []
    for read in READ:
        index = formed.reading(read)
        started = time.thread_time()
        found = [index.search(vector, K, live)[0] for vector in asked]
        took = (time.thread_time() - started) / len(asked) * 1e3
        recall = np.mean([len(set(a.tolist()) & set(b.tolist())) / K for a, b in zip(found, exact, strict=True)])
        first = np.mean([b[0] in a for a, b in zip(found, exact, strict=True)])
        name = f"**{read}**" if read == LISTS_READ else f"{read}"
        shown.append([name, f"{recall:.3f}", f"{first:.3f}", f"{took:.2f}"])
    print(table(["lists read", "recall@10", "nearest one found", "CPU ms"], shown))


def _vectors(corpus: Corpus, encoder: Encoder, rows: int) -> Matrix:
    kept: Path = cache_dir() / "bench" / f"sentences-{rows}-{len(corpus.texts)}-{encoder.fingerprint[-24:]}.npy"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        texts = list(islice(dict.fromkeys(chain.from_iterable(_runs(text) for text in corpus.texts)), rows))
        np.save(kept, encoder.encode(texts))
    vectors: Matrix = np.load(kept)
    return vectors


def _runs(text: str) -> list[str]:
    spans = sentence_spans(text)
    return [text[a.start : b.end] for step in range(3) for a, b in zip(spans, spans[step:], strict=False)]


def _best(stored: Matrix, vector: Matrix) -> NDArray[np.int64]:
    """The rows of the ten nearest, the nearest first."""
    scores = stored @ vector
    best = np.argpartition(-scores, K)[:K]
    return best[np.argsort(-scores[best])]


if __name__ == "__main__":
    main(*numbers(100_000, 500))
