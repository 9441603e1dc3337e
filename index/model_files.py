"""The content of a model folder as one hash, remembered so that a start need not read 90 MB."""

import hashlib
import json
from pathlib import Path

# What decides a model's vectors; read-me files, data cards and other runtimes' copies do not.
_SUFFIXES = (".safetensors", ".bin", ".json", ".txt", ".model")
_OTHER = ("onnx/", "openvino/", "data_config.json", "train_script")

State = list[list[str | int]]


def content_hash(directory: Path, memo: Path) -> str:
    """Hex SHA-256 over names and contents of the model's files.

    Args:
        directory: the model's folder.
        memo: a file that remembers the hash for as long as no file's size or time of change differs.
    """
    files = sorted(
        path
        for path in directory.rglob("*")
        if path.suffix in _SUFFIXES and not path.relative_to(directory).as_posix().startswith(_OTHER)
    )
    state: State = [
        [str(path.relative_to(directory)), (stat := path.stat()).st_size, stat.st_mtime_ns] for path in files
    ]
    try:
        known = json.loads(memo.read_text("utf-8"))
        if known["state"] == [str(directory), *state]:
            return str(known["hash"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no memo yet, or an unreadable one: it is only a memo
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            part = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(directory).as_posix()}\0{part}\n".encode())
    memo.parent.mkdir(parents=True, exist_ok=True)
    memo.write_text(json.dumps({"hash": digest.hexdigest(), "state": [str(directory), *state]}), "utf-8")
    return digest.hexdigest()
