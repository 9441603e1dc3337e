"""The bundled gold questions: README.md says how each split came about."""

from pathlib import Path

SPLITS = ("dev", "test")


def gold_files(split: str = "all") -> tuple[Path, ...]:
    """The files of a split, or of all of them."""
    directory = Path(__file__).resolve().parent
    return tuple(directory / f"{name}.jsonl" for name in SPLITS if split in ("all", name))
