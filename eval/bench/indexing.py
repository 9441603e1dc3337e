"""Bulk indexing, parse to commit, against `SentenceTransformer.encode(batch_size=32)` on the same passages.

    python -m eval.bench.indexing [PASSAGES=512] [BASELINE_PASSAGES=128]

The baseline only embeds; Quotary splits, embeds, stores and commits. Passages are in the order of the corpus for both.
"""

import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from eval.bench.corpus import load_corpus
from eval.bench.encoders import fast_encoder, torch_encoder
from eval.bench.timing import machine, numbers, peak_mb, table
from index.catalog import Catalog
from sources.article import Article
from sources.files import read_paths


def main(size: int, base_size: int) -> None:
    """Print both rates and the peak of memory."""
    corpus = load_corpus()
    texts = list(corpus.grown(size))
    print(f"{size:,} passages from {corpus.name}; {machine()}\n")
    encoder = fast_encoder()
    encoder.encode(texts[:8])
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "articles.jsonl"
        lines = (json.dumps({"id": f"{i}", "title": f"Article {i}", "text": text}) for i, text in enumerate(texts))
        source.write_text("\n".join(lines), "utf-8")
        started = time.perf_counter()
        with Catalog.open(Path(folder) / "data", encoder) as catalog:
            items = read_paths([source], datetime.now(UTC))
            catalog.add(item for item in items if isinstance(item, Article))
            passages = len(catalog.snapshot())
        rate = passages / (time.perf_counter() - started)
    peak = peak_mb()
    base = torch_encoder()
    base.encode(texts[:8])
    started = time.perf_counter()
    base.encode(texts[:base_size])
    base_rate = base_size / (time.perf_counter() - started)
    rows = [
        [f"SentenceTransformer.encode, {base_size:,} passages", f"{base_rate:.0f}", "1.00 x"],
        [f"Quotary, file to committed index, {passages:,} passages", f"{rate:.0f}", f"{rate / base_rate:.2f} x"],
    ]
    print(table(["way", "passages/s", "against the baseline"], rows))
    print(f"\npeak resident of Quotary: {peak:.0f} MB")


if __name__ == "__main__":
    main(*numbers(512, 128))
