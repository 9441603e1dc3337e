"""One size of the growth benchmark, in a process of its own so that its memory is its own.

python -m eval.bench.growth_step build|ask SIZE DIRECTORY      (prints one JSON object)
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np

from eval.bench.clustered import ClusteredEncoder, real_vectors
from eval.bench.collection import asking
from eval.bench.corpus import Corpus, load_corpus
from eval.bench.encoders import cache_dir, fast_encoder
from eval.bench.timing import interleaved, peak_mb, resident_mb
from index.catalog import Catalog
from index.encoder import Vectors
from index.filters import Filters
from qa.build import build_pipeline
from sources.article import Article

KINDS = 512
RECALLED = 50
ASKED = 200
_VECTORS = "made.f16"


def build(size: int, directory: Path) -> dict[str, float]:
    """Index `size` articles of one passage each; embedding is left out, all else is as always."""
    corpus = load_corpus()
    directory.mkdir(parents=True)
    with (directory / _VECTORS).open("wb") as record:
        encoder = _encoder(corpus, record)
        started = time.perf_counter()
        with Catalog.open(directory / "data", encoder) as catalog:
            catalog.add(corpus.articles(size))
            passages = len(catalog.snapshot())
        seconds = time.perf_counter() - started
    files = {part: _bytes(directory / "data" / part) / passages for part in ("vectors", "terms")}
    whole = _bytes(directory / "data") / passages
    return {
        "passages": passages,
        "index_s": seconds,
        "index_cpu_s": time.process_time(),
        "index_peak_mb": peak_mb(),
        **{f"disk_{part}": count for part, count in files.items()},
        "disk_articles": whole - sum(files.values()),
    }


def ask(directory: Path) -> dict[str, float]:
    """Open, ask, compare with exact search, add one article and remove it."""
    corpus = load_corpus()
    encoder = _encoder(corpus)
    encoder.encode(["warm"])
    before = resident_mb()
    started = time.perf_counter()
    with Catalog.open(directory / "data", encoder) as catalog:
        pipeline = build_pipeline(catalog, "none")
        opened = time.perf_counter() - started
        asked = corpus.questions[:ASKED]
        interleaved({"": asking(pipeline)}, asked[:10])
        (timings,) = interleaved({"": asking(pipeline)}, asked)
        after = resident_mb()
        cpu = time.process_time()
        stages = [asking(pipeline)(text).timing_ms for text in asked[:50]]
        cpu = (time.process_time() - cpu) / 50 * 1e3
        recall = _recall(catalog, encoder, directory, corpus.questions[:RECALLED])
        article = Article.create(
            name="new", origin="new", title="Article new", text="The Zyxwv bridge opened.", added_at=datetime.now(UTC)
        )
        started = time.perf_counter()
        catalog.add([article])
        found = asking(pipeline)("What about the Zyxwv bridge?")
        added = time.perf_counter() - started
        if all(hit.article.id != article.id for hit in found.hits):
            sys.exit("the new article is not found")
        started = time.perf_counter()
        catalog.remove([article.id])
        removed = time.perf_counter() - started
    return {
        "open_s": opened,
        "index_resident_mb": after - before,
        "ask_p50_ms": timings.median,
        "ask_p95_ms": timings.percentile(95),
        "ask_cpu_ms": cpu,
        **{f"{stage}_ms": float(np.median([found[stage] for found in stages])) for stage in ("dense", "lexical")},
        "recall_at_10": recall,
        "add_one_s": added,
        "remove_one_s": removed,
    }


def _encoder(corpus: Corpus, record: BinaryIO | None = None) -> ClusteredEncoder:
    real = fast_encoder()
    texts = corpus.texts[:KINDS]
    kept = cache_dir() / "bench" / f"kinds-{len(corpus.texts)}-{real.fingerprint[-24:]}.npy"
    return ClusteredEncoder(real, real_vectors(real, texts, kept), record)


def _recall(catalog: Catalog, encoder: ClusteredEncoder, directory: Path, questions: tuple[str, ...]) -> float:
    """Share of the ten found that are as near as the exact ten nearest; the true vector follows from the text."""
    asked = encoder.encode(questions)
    tenth = _tenth_best(np.memmap(directory / _VECTORS, np.float16, "r"), asked)
    snapshot = catalog.snapshot()
    right = 0
    for vector, least in zip(asked, tenth, strict=True):
        placed = snapshot.passages([key for key, _ in snapshot.dense(vector, 10, Filters())]).values()
        true = encoder.encode([f"{article.title}\n{passage.span.of(article.text)}" for passage, article in placed])
        # The exact scores are of vectors rounded to float16: 1e-4 covers that.
        right += int(np.sum(true @ vector >= least - 1e-4))
    return right / (10 * len(questions))


def _tenth_best(made: "np.memmap[tuple[int, ...], np.dtype[np.float16]]", asked: Vectors) -> Vectors:
    """The exact tenth best score of each question, a block of vectors at a time."""
    rows = made.reshape(-1, asked.shape[1])
    best = np.full((len(asked), 10), -1, np.float32)
    for start in range(0, len(rows), 50_000):
        scores = asked @ rows[start : start + 50_000].astype(np.float32).T
        together = np.concatenate([best, scores], axis=1)
        best = -np.partition(-together, 9, axis=1)[:, :10]
    tenth: Vectors = best.min(axis=1)
    return tenth


def _bytes(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


if __name__ == "__main__":
    step, count, place = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    print(json.dumps(build(count, place) if step == "build" else ask(place)))
