"""Many clients at once: questions/s and latencies over HTTP against asking in process, one after the other.

    python -m eval.bench.load [CLIENTS=16] [QUESTIONS=960] [PASSAGES=10000]

All on this machine: the clients' own work is in the figures. With the reader a tenth of the questions are asked.
"""

from eval.bench.clients import ask_together
from eval.bench.collection import asking, open_bench
from eval.bench.corpus import load_corpus
from eval.bench.encoders import fast_encoder
from eval.bench.server import serving
from eval.bench.timing import Timings, interleaved, machine, numbers, table
from qa.build import build_pipeline

READERS = {"none": 1, "default": 10}
"""How a question is read, and what share of the questions is asked so."""
WORKERS = (1, 2)


def main(clients: int, questions: int, size: int) -> None:
    """Print throughput and latencies for retrieval only and with the reader."""
    corpus = load_corpus()
    asked = corpus.questions[:questions]
    rows = []
    with open_bench(corpus, fast_encoder(), size) as catalog:
        print(f"{len(catalog.snapshot()):,} passages from {corpus.name}; {clients} clients; {machine()}\n")
        for reader, share in READERS.items():
            some = asked[: max(clients, questions // share)]
            ask = {"alone": asking(build_pipeline(catalog, reader))}
            interleaved(ask, some[:5])
            (alone,) = interleaved(ask, some[: len(some) // 2])
            base = 1e3 * len(alone.values) / sum(alone.values)
            rows.append([f"{reader}, in process, one by one", *_latencies(alone), f"{base:.0f}", "1.00 x"])
            for workers in WORKERS:
                with serving(catalog.directory, workers) as (port, _):
                    ask_together(port, reader, clients, some[:clients] * 4)  # every process has loaded what it needs
                    together, seconds = ask_together(port, reader, clients, some)
                rate = len(some) / seconds
                name = f"{reader}, HTTP, {clients} clients, {workers} server process{'es' * (workers > 1)}"
                rows.append([name, *_latencies(together), f"{rate:.0f}", f"{rate / base:.2f} x"])
    print(table(["reader, way", "p50 ms", "p99 ms", "p99 / p50", "questions/s", "against one by one"], rows))


def _latencies(timings: Timings) -> list[str]:
    worst = timings.percentile(99)
    return [f"{timings.median:.1f}", f"{worst:.1f}", f"{worst / timings.median:.1f}"]


if __name__ == "__main__":
    main(*numbers(16, 960, 10_000))
