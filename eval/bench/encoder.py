"""The encoder: one question, and passages in bulk, against sentence-transformers in the same run.

python -m eval.bench.encoder [QUESTIONS=100] [PASSAGES=64]
"""

import subprocess
import sys
import time
from collections.abc import Callable

from eval.bench.corpus import load_corpus
from eval.bench.encoders import fast_encoder, torch_encoder
from eval.bench.timing import interleaved, latency_table, machine, numbers, table
from index.encoder import Encoder, Vectors

_START = """
import time
started = time.perf_counter()
from eval.bench.encoders import {name}
from eval.bench.timing import peak_mb
encoder = {name}()
encoder.encode(["when did it open?"])
print(time.perf_counter() - started, peak_mb())
"""


def main(questions: int, passages: int) -> None:
    """Print one table each for questions, passages and the start of a process."""
    corpus = load_corpus()
    print(f"{corpus.name}; {machine()}\n")
    base, fast, single = torch_encoder(), fast_encoder(), fast_encoder(threads=1)
    ways = {"sentence-transformers": base, "Quotary, 2 threads": fast, "Quotary, 1 thread": single}
    for encoder in ways.values():
        encoder.encode(corpus.questions[:5])
    asked = corpus.questions[:questions]
    timings = interleaved({name: _one(encoder) for name, encoder in ways.items()}, asked)
    print("One question embedded:\n\n" + latency_table(timings, "sentence-transformers") + "\n")

    texts = list(corpus.grown(passages))
    words = sum(len(text.split()) for text in texts) / len(texts)
    rates = {name: _rate(encoder, texts) for name, encoder in ways.items()}
    rows = [[name, f"{rate:.0f}", f"{rate / rates['sentence-transformers']:.2f} x"] for name, rate in rates.items()]
    print(f"{passages} passages of {words:.0f} words on average:\n")
    print(table(["way", "passages/s", "against sentence-transformers"], rows) + "\n")

    rows = [[label, *_start(name)] for label, name in (("sentence-transformers", "torch"), ("Quotary", "fast"))]
    print("A fresh process, to its first vector:\n\n" + table(["way", "seconds", "peak resident MB"], rows))


def _one(encoder: Encoder) -> Callable[[str], Vectors]:
    return lambda text: encoder.encode([text])


def _rate(encoder: Encoder, texts: list[str]) -> float:
    started = time.perf_counter()
    encoder.encode(texts)
    return len(texts) / (time.perf_counter() - started)


def _start(name: str) -> list[str]:
    program = _START.format(name=f"{name}_encoder")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    seconds, megabytes = done.stdout.split()[-2:]
    return [f"{float(seconds):.2f}", f"{float(megabytes):.0f}"]


if __name__ == "__main__":
    main(*numbers(100, 64))
