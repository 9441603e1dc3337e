"""A real Quotary server in a process of its own."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.bench.encoders import cache_dir

_READY = re.compile(r"http://127\.0\.0\.1:(\d+)/")


def command() -> str:
    """The `quotary` command of this environment."""
    beside = Path(sys.executable).with_name("quotary")
    found = str(beside) if beside.exists() else shutil.which("quotary")
    if not found:
        sys.exit("the quotary command is not installed: pip install -e .")
    return found


def environment(data: Path) -> dict[str, str]:
    """This process's environment, with the data directory."""
    return {**os.environ, "QUOTARY_DATA": str(data), "QUOTARY_CACHE": str(cache_dir())}


@contextmanager
def serving(data: Path, workers: int = 1) -> Iterator[tuple[int, int]]:
    """Run `quotary serve` with so many processes on a free port of 127.0.0.1; gives port and process id."""
    process = subprocess.Popen(  # noqa: S603 (our own command)
        [command(), "serve", "--host", "127.0.0.1", "--port", "0", "--workers", str(workers)],
        env=environment(data),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = []
        for line in process.stderr or ():
            said.append(line)
            ready = _READY.search(line)
            if ready:
                yield int(ready[1]), process.pid
                return
        sys.exit("quotary serve ended: " + "".join(said))
    finally:
        process.terminate()
        process.communicate()
