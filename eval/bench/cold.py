"""Cold start: `quotary ask`, the whole process, against a process that only imports sentence-transformers.

    python -m eval.bench.cold [RUNS=5]

The collection is the bundled sample; files are in the page cache.
"""

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from eval.bench.encoders import fast_encoder
from eval.bench.server import command, environment
from eval.bench.timing import interleaved, latency_table, machine, numbers
from index.catalog import Catalog
from sources.article import Article
from sources.files import read_paths
from sources.sample import sample_directory

BASELINE = "import sentence_transformers"
QUESTION = "When was the bridge opened?"


def main(runs: int) -> None:
    """Print the seconds of whole processes, as milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with Catalog.open(data, fast_encoder()) as catalog:
            items = read_paths([sample_directory()], datetime.now(UTC))
            catalog.add(item for item in items if isinstance(item, Article))
        ways = {
            BASELINE: [sys.executable, "-c", "import sentence_transformers"],
            "quotary --help": [command(), "--help"],
            "quotary ask, retrieval only": [command(), "ask", QUESTION, "--reader", "none"],
            "quotary ask, with the reader": [command(), "ask", QUESTION],
        }

        print(f"bundled sample; {machine()}\n")
        turns = {name: partial(_run, way, environment(data)) for name, way in ways.items()}
        interleaved(turns, [""])
        print(latency_table(interleaved(turns, [""] * runs), BASELINE))


def _run(way: list[str], environ: dict[str, str], _: str) -> None:
    done = subprocess.run(way, env=environ, capture_output=True, check=False)  # noqa: S603 (our own commands)
    # Exit status 3 says that the articles do not answer: a result too.
    if done.returncode not in (0, 3):
        sys.exit(done.stderr.decode())


if __name__ == "__main__":
    main(*numbers(5))
