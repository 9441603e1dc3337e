"""Asking over HTTP: a real server in another process, one client after the other, against asking in process.

python -m eval.bench.http [PASSAGES=10000] [QUESTIONS=200]

The ways take turns of twenty questions, since a server in use finds its caches warm.
"""

from eval.bench.clients import Client
from eval.bench.collection import asking, open_bench
from eval.bench.corpus import load_corpus
from eval.bench.encoders import fast_encoder
from eval.bench.server import serving
from eval.bench.timing import interleaved, latency_table, machine, numbers, resident_mb
from qa.build import build_pipeline

BASELINE = "in process, retrieval only"
TURN = 20


def main(size: int, questions: int) -> None:
    """Print the latencies, and what the server holds in memory."""
    corpus = load_corpus()
    asked = corpus.questions[:questions]
    with (
        open_bench(corpus, fast_encoder(), size) as catalog,
        serving(catalog.directory) as (port, pid),
        Client(port, "none") as retrieval,
        Client(port, "default") as reader,
    ):
        print(f"{len(catalog.snapshot()):,} passages from {corpus.name}; {machine()}\n")
        ways = {
            BASELINE: asking(build_pipeline(catalog, "none")),
            "HTTP, retrieval only": retrieval.ask,
            "HTTP, with the reader": reader.ask,
        }
        interleaved(ways, asked[:5])
        print(latency_table(interleaved(ways, asked, TURN), BASELINE))
        print(f"\nserver resident: {resident_mb(pid):.0f} MB")


if __name__ == "__main__":
    main(*numbers(10_000, 200))
