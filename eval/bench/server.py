"""A real Quotary server in a process of its own, and a client that keeps its connection."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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


class Client:
    """Asks over one kept connection; a context manager that ends it."""

    def __init__(self, port: int, reader: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._reader = reader

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, question: str) -> dict[str, Any]:
        """The response's JSON; anything but status 200 ends the benchmark."""
        body = json.dumps({"question": question, "reader": self._reader})
        self._connection.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        content = response.read()
        if response.status != http.HTTPStatus.OK:
            sys.exit(f"status {response.status}: {content[:300]!r}")
        answer: dict[str, Any] = json.loads(content)
        return answer
