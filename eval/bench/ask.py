"""Asking in process: retrieval only and with the reader, stage by stage.

    python -m eval.bench.ask [PASSAGES=10000] [QUESTIONS=100]

The baseline is sentence-transformers embedding the question and doing nothing else. The ways take turns of twenty
questions: after a single one of the baseline's, caches are cold and its threads still busy.
"""

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from eval.bench.collection import asking, open_bench
from eval.bench.corpus import load_corpus
from eval.bench.encoders import fast_encoder, torch_encoder
from eval.bench.timing import interleaved, latency_table, machine, numbers, resident_mb, table
from qa.build import build_pipeline
from qa.pipeline import Pipeline
from qa.question import Question

BASELINE = "sentence-transformers, embedding alone"
TURN = 20


def main(size: int, questions: int) -> None:
    """Print the latencies and the stages."""
    corpus = load_corpus()
    asked = corpus.questions[:questions]
    with open_bench(corpus, fast_encoder(), size) as catalog:
        print(f"{len(catalog.snapshot()):,} passages from {corpus.name}; {machine()}\n")
        pipelines = {
            "retrieval only": build_pipeline(catalog, "none"),
            "with the reader": build_pipeline(catalog, "default"),
        }
        for pipeline in pipelines.values():
            for text in asked[:5]:
                pipeline.ask(Question(text))
        memory = resident_mb()
        base = torch_encoder()
        base.encode(asked[:2])
        ways: dict[str, Callable[[str], object]] = {name: asking(pipeline) for name, pipeline in pipelines.items()}
        ways = {BASELINE: lambda text: base.encode([text]), **ways}
        print(latency_table(interleaved(ways, asked, TURN), BASELINE))
        print(f"\nresident without the baseline: {memory:.0f} MB\n")
        print("Stages, median ms:\n")
        for name, pipeline in pipelines.items():
            stages = _stages(pipeline, asked)
            print(table([name, *stages], [["", *(f"{value:.2f}" for value in stages.values())]]) + "\n")


def _stages(pipeline: Pipeline, asked: tuple[str, ...]) -> dict[str, float]:
    values: dict[str, list[float]] = defaultdict(list)
    for text in asked:
        for stage, milliseconds in pipeline.ask(Question(text)).timing_ms.items():
            values[stage].append(milliseconds)
    return {stage: float(np.median(found)) for stage, found in values.items()}


if __name__ == "__main__":
    main(*numbers(10_000, 100))
