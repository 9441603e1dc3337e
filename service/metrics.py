"""Prometheus metrics, in a registry of their own: two applications in one process do not mix, and the processes of one
server are added up."""

from collections.abc import Callable, Iterable
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from index.report import CatalogStatus
from qa.answer import Result

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """Counts and durations of requests and questions, and the size of the collection at the time of the scrape.

    Args:
        status: of the collection.
        shared: whether the counts of all processes that share a directory are given (`service/processes.py`).
    """

    def __init__(self, status: Callable[[], CatalogStatus], *, shared: bool = False) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Collection(status))
        own = None if shared else self.registry
        if shared:
            MultiProcessCollector(self.registry)  # type: ignore[no-untyped-call]
        self._requests = Counter("quotary_http_requests", "HTTP requests", ["route", "method", "status"], registry=own)
        self._seconds = Histogram(
            "quotary_http_request_seconds", "Time to answer", ["route"], buckets=SECONDS, registry=own
        )
        self._questions = Counter("quotary_questions", "Questions by outcome", ["outcome"], registry=own)
        self._stages = Histogram(
            "quotary_stage_seconds", "Time per stage of a question", ["stage"], buckets=SECONDS, registry=own
        )

        # The library looks for labels under a lock, which costs as much as counting: outcomes and stages are few.
        self._outcome, self._stage = cache(self._questions.labels), cache(self._stages.labels)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one HTTP request."""
        self._requests.labels(route, method, status).inc()
        self._seconds.labels(route).observe(seconds)

    def question(self, result: Result) -> None:
        """Count one question with the time of each stage."""
        self._outcome("answered" if result.answerable else "no_answer").inc()
        for stage, milliseconds in result.timing_ms.items():
            self._stage(stage).observe(milliseconds / 1000)

    def exposition(self) -> bytes:
        """The text format that Prometheus reads."""
        return generate_latest(self.registry)


class _Collection(Collector):
    def __init__(self, status: Callable[[], CatalogStatus]) -> None:
        self._status = status

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not open the catalog."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Sizes of the collection now."""
        status = self._status()
        yield GaugeMetricFamily("quotary_articles", "Articles in the collection", status.articles)
        yield GaugeMetricFamily("quotary_passages", "Passages in the index", status.passages)
        yield GaugeMetricFamily("quotary_index_generation", "Generation of the index", status.generation)
