"""Many clients at once: questions/s and latencies over HTTP against asking in process, one after the other.

    python -m eval.bench.load [CLIENTS=16] [QUESTIONS=320] [PASSAGES=10000]

All on this machine: the clients' own work is in the figures.
"""

import time
from concurrent.futures import ThreadPoolExecutor

from eval.bench.collection import asking, open_bench
from eval.bench.corpus import load_corpus
from eval.bench.encoders import fast_encoder
from eval.bench.server import Client, serving
from eval.bench.timing import Timings, interleaved, machine, numbers, table
from qa.build import build_pipeline

READERS = ("none", "default")


def main(clients: int, questions: int, size: int) -> None:
    """Print throughput and latencies for retrieval only and with the reader."""
    corpus = load_corpus()
    asked = corpus.questions[:questions]
    rows = []
    with open_bench(corpus, fast_encoder(), size) as catalog:
        print(f"{len(catalog.snapshot()):,} passages from {corpus.name}; {clients} clients; {machine()}\n")
        for reader in READERS:
            pipeline = build_pipeline(catalog, reader)
            ask = {"alone": asking(pipeline)}
            interleaved(ask, asked[:5])
            (alone,) = interleaved(ask, asked[: questions // 4])
            with serving(catalog.directory) as (port, _):
                with Client(port, reader) as first:
                    first.ask(asked[0])
                together, seconds = _together(port, reader, clients, asked)
            base = 1e3 * len(alone.values) / sum(alone.values)
            rate = len(asked) / seconds
            rows.append([f"{reader}, in process, one by one", *_latencies(alone), f"{base:.0f}", "1.00 x"])
            rows.append(
                [f"{reader}, HTTP, {clients} clients", *_latencies(together), f"{rate:.0f}", f"{rate / base:.2f} x"]
            )
    print(table(["reader, way", "p50 ms", "p99 ms", "p99 / p50", "questions/s", "against one by one"], rows))


def _together(port: int, reader: str, clients: int, asked: tuple[str, ...]) -> tuple[Timings, float]:
    """All clients at once, each with its share of the questions over its own connection; wall seconds."""

    def work(share: tuple[str, ...]) -> Timings:
        with Client(port, reader) as client:
            (timing,) = interleaved({"": client.ask}, share)
        return timing

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        found = list(pool.map(work, [asked[start::clients] for start in range(clients)]))
    seconds = time.perf_counter() - started
    values = tuple(value for timing in found for value in timing.values)
    return Timings("together", values, tuple(value for timing in found for value in timing.cpu)), seconds


def _latencies(timings: Timings) -> list[str]:
    worst = timings.percentile(99)
    return [f"{timings.median:.1f}", f"{worst:.1f}", f"{worst / timings.median:.1f}"]


if __name__ == "__main__":
    main(*numbers(16, 320, 10_000))
