"""Growth: 1,000 to 1,000,000 passages; time, bytes, latency, recall. Writes docs/growth.json and docs/growth.svg.

    python -m eval.bench.growth [LARGEST=1000000]

Passages are real text, copied with changes where there is not enough; their vectors are made (see `clustered`), so
that the figures are of everything but the embedding. Recall is against exact search over those vectors.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from eval.bench.corpus import load_corpus
from eval.bench.curves import curve
from eval.bench.timing import machine, numbers, table

SIZES = (1_000, 10_000, 100_000, 1_000_000)
DOCS = Path(__file__).resolve().parents[2] / "docs"
COLUMNS = {
    "index_s": ("index s", "{:.0f}"),
    "index_cpu_s": ("index CPU s", "{:.0f}"),
    "index_peak_mb": ("peak MB", "{:.0f}"),
    "disk_articles": ("articles B/p", "{:.0f}"),
    "disk_vectors": ("vectors B/p", "{:.0f}"),
    "disk_terms": ("terms B/p", "{:.0f}"),
    "open_s": ("open s", "{:.2f}"),
    "index_resident_mb": ("resident MB", "{:.0f}"),
    "ask_p50_ms": ("ask p50 ms", "{:.1f}"),
    "ask_p95_ms": ("p95 ms", "{:.1f}"),
    "ask_cpu_ms": ("CPU ms", "{:.1f}"),
    "dense_ms": ("dense ms", "{:.1f}"),
    "lexical_ms": ("lexical ms", "{:.1f}"),
    "recall_at_10": ("recall@10", "{:.3f}"),
    "add_one_s": ("add one s", "{:.2f}"),
    "remove_one_s": ("remove one s", "{:.2f}"),
}


def main(largest: int) -> None:
    """Run every size, print the table, keep the figures and draw them."""
    print(f"{load_corpus().name}, copied with changes; vectors made; {machine()}\n", flush=True)
    found = []
    for size in (size for size in SIZES if size <= largest):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "growth"
            found.append({**_step("build", size, place), **_step("ask", size, place)})
        print(f"{size:,} done", flush=True)
    print("\n" + growth_table(found))
    DOCS.mkdir(exist_ok=True)
    (DOCS / "growth.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (DOCS / "growth.svg").write_text(drawn(found), "utf-8")


def growth_table(found: list[dict[str, float]]) -> str:
    """One row a size; B/p is bytes a passage, resident what opening and asking add to a process."""
    rows = [[f"{row['passages']:,}", *(form.format(row[key]) for key, (_, form) in COLUMNS.items())] for row in found]
    return table(["passages", *(title for title, _ in COLUMNS.values())], rows)


def drawn(found: list[dict[str, float]]) -> str:
    """Four curves over the number of passages, as one SVG."""
    sizes = [row["passages"] for row in found]

    def values(key: str) -> list[float]:
        return [row[key] for row in found]

    disk = [sum(row[key] for key in row if key.startswith("disk_")) for row in found]
    return curve(
        sizes,
        [
            ("ask, ms", {"p50": values("ask_p50_ms"), "p95": values("ask_p95_ms")}),
            ("memory of the open index, MB", {"resident": values("index_resident_mb")}),
            ("bytes on disk a passage", {"all": disk, "vectors": values("disk_vectors")}),
            ("seconds to add one article", {"add": values("add_one_s")}),
        ],
    )


def _step(step: str, size: int, place: Path) -> dict[str, float]:
    arguments = [sys.executable, "-m", "eval.bench.growth_step", step, str(size), str(place)]
    done = subprocess.run(arguments, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 (our own module)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    main(*numbers(SIZES[-1]))
