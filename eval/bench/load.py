"""Many clients at once: questions/s and latencies over HTTP against asking in process, one after the other.

    python -m eval.bench.load [CLIENTS=16] [QUESTIONS=3840] [PASSAGES=10000]

All on this machine: the clients' own work is in the figures. The ways take turns in rounds, and the ratio is the median
of the rounds' ratios, for the machine's speed moves. With the reader a twentieth of the questions is asked.
"""

from collections.abc import Callable
from contextlib import ExitStack
from statistics import median

from eval.bench.clients import ask_together
from eval.bench.collection import asking, open_bench
from eval.bench.corpus import load_corpus
from eval.bench.encoders import fast_encoder
from eval.bench.server import serving
from eval.bench.timing import Timings, interleaved, machine, numbers, table
from index.catalog import Catalog
from qa.build import build_pipeline

READERS = {"none": 1, "default": 20}
"""How a question is read, and what share of the questions is asked so."""
WORKERS = (1, 2)
ROUNDS = 4

Way = Callable[[tuple[str, ...]], Timings]


def main(clients: int, questions: int, size: int) -> None:
    """Print throughput and latencies for retrieval only and with the reader."""
    corpus = load_corpus()
    asked = corpus.questions[:questions]
    rows = []
    with open_bench(corpus, fast_encoder(), size) as catalog:
        print(f"{len(catalog.snapshot()):,} passages from {corpus.name}; {clients} clients; {machine()}\n")
        for reader, share in READERS.items():
            some = asked[: max(clients * ROUNDS, questions // share)]
            with ExitStack() as servers:
                ways = {f"{reader}, in process, one by one": _alone(catalog, reader)}
                for workers in WORKERS:
                    port, _ = servers.enter_context(serving(catalog.directory, workers))
                    name = f"{reader}, HTTP, {clients} clients, {workers} server process{'es' * (workers > 1)}"
                    ways[name] = _together(port, reader, clients)
                rows += _measured(ways, some, warm=some[:clients])
    print(table(["reader, way", "p50 ms", "p99 ms", "p99 / p50", "questions/s", "against one by one"], rows))


def _alone(catalog: Catalog, reader: str) -> Way:
    ask = {"": asking(build_pipeline(catalog, reader))}

    def way(questions: tuple[str, ...]) -> Timings:
        (timings,) = interleaved(ask, questions)
        return timings

    return way


def _together(port: int, reader: str, clients: int) -> Way:
    return lambda questions: ask_together(port, reader, clients, questions)


def _measured(ways: dict[str, Way], questions: tuple[str, ...], warm: tuple[str, ...]) -> list[list[str]]:
    """A row of the table a way; the first way is what the others are compared with."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    values: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way(warm * ROUNDS)  # every server process has loaded what it needs
    for number in range(ROUNDS):
        for name, way in ways.items():
            timings = way(questions[number::ROUNDS])
            rates[name].append(len(timings.values) / timings.seconds)
            values[name] += timings.values
    base, *_ = rates.values()
    return [
        [
            name,
            *_latencies(Timings(name, tuple(values[name]), ())),
            f"{median(rates[name]):.0f}",
            f"{median(rate / alone for rate, alone in zip(rates[name], base, strict=True)):.2f} x",
        ]
        for name in ways
    ]


def _latencies(timings: Timings) -> list[str]:
    worst = timings.percentile(99)
    return [f"{timings.median:.1f}", f"{worst:.1f}", f"{worst / timings.median:.1f}"]


if __name__ == "__main__":
    main(*numbers(16, 3840, 10_000))
