"""Which format a path holds, and reading it."""

from datetime import datetime
from pathlib import Path

from eval.datasets.beir import read_beir
from eval.datasets.dataset import Dataset
from eval.datasets.layout import read_layout
from eval.datasets.squad import is_squad, read_squad


def read_dataset(path: Path, now: datetime, split: str = "all") -> Dataset | None:
    """The question set at `path`, or None when there are only articles.

    SQuAD is a .json file or a folder of them; BEIR a folder with `qrels`; ours one with corpus.jsonl and queries.jsonl.

    Raises:
        GoldError: it is a question set and cannot be read.
    """
    if path.is_file():
        return read_squad(path, now) if path.suffix == ".json" else None
    if (path / "corpus.jsonl").exists() and (path / "queries.jsonl").exists():
        return read_beir(path, now, split) if (path / "qrels").is_dir() else read_layout(path, now)
    files = sorted(path.glob("*.json"))
    return read_squad(path, now) if files and all(map(is_squad, files)) else None
