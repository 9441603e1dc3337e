"""What the int8 encoder costs in retrieval: hit@1 and MRR@10 against sentence-transformers in fp32.

    python -m eval.bench.fidelity [FOLDER] [QUESTIONS]

FOLDER holds corpus.jsonl and queries.jsonl; squad11_dev of the public sets by default. Dense retrieval alone, exact.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

from eval.bench.corpus import PUBLIC
from eval.bench.encoders import fast_encoder, torch_encoder
from eval.bench.timing import machine, table
from index.encoder import Encoder
from index.encoder import Vectors as Matrix


def main(folder: Path, most: int | None) -> None:
    """Print both encoders' figures and the differences."""
    if not folder.is_dir():
        print(f"fidelity is not measured: {folder} is not there; name a folder with corpus.jsonl and queries.jsonl")
        return
    corpus = [json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines()]
    asked = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
    asked = [row for row in asked if row.get("answerable", True)][:most]
    places = {row["id"]: place for place, row in enumerate(corpus)}
    relevant = [{places[name] for name in row["relevant"]} for row in asked]
    print(f"{folder.name}: {len(corpus):,} passages, {len(asked):,} questions; {machine()}\n")
    rows, vectors = [], []
    for name, encoder in (("sentence-transformers fp32", torch_encoder()), ("Quotary", fast_encoder())):
        passages, seconds = _timed(encoder, [row["text"] for row in corpus])
        questions, _ = _timed(encoder, [row["question"] for row in asked])
        ranks = _ranks(questions @ passages.T, relevant)
        reciprocal = np.where(ranks <= 10, 1 / ranks, 0)
        vectors.append(questions)
        rows.append([name, f"{np.mean(ranks <= 1):.4f}", f"{reciprocal.mean():.4f}", f"{len(corpus) / seconds:.0f}"])
    first, second = rows
    rows.append(["difference", *(f"{float(second[i]) - float(first[i]):+.4f}" for i in (1, 2)), ""])
    print(table(["encoder", "hit@1", "MRR@10", "passages/s"], rows))
    cosines = np.sum(vectors[0] * vectors[1], axis=1)
    print(f"\ncosine of a question's two vectors: mean {cosines.mean():.4f}, lowest {cosines.min():.4f}")


def _timed(encoder: Encoder, texts: list[str]) -> tuple[Matrix, float]:
    started = time.perf_counter()
    return encoder.encode(texts), time.perf_counter() - started


def _ranks(scores: Matrix, relevant: list[set[int]]) -> Matrix:
    """The rank, from 1, of each question's best relevant passage."""
    best = np.array([row[list(places)].max() for row, places in zip(scores, relevant, strict=True)])
    better: Matrix = np.sum(scores > best[:, None], axis=1, dtype=np.float32)
    return better + 1


if __name__ == "__main__":
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 else PUBLIC / "eval" / "squad11_dev",
        int(sys.argv[2]) if len(sys.argv) > 2 else None,
    )
