"""Many clients at once, in one thread, doing as little as they can: what they take of the cores, the server lacks."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from http import HTTPStatus

import uvloop

from eval.bench.timing import Timings

_HEAD_END = b"\r\n\r\n"


def ask_together(port: int, reader: str, clients: int, questions: Sequence[str]) -> tuple[Timings, float]:
    """Ask all questions over so many kept connections, each taking the next question when it has its answer.

    Anything but status 200 ends the benchmark. Gives the latency of each question (processor time is not told apart)
    and the wall seconds of all.
    """
    requests = iter([_request(question, reader) for question in questions])
    started = time.perf_counter()
    values = uvloop.run(_all(port, clients, requests))
    seconds = time.perf_counter() - started
    return Timings(f"{clients} clients", tuple(values), (0.0,) * len(values)), seconds


async def _all(port: int, clients: int, requests: Iterator[bytes]) -> list[float]:
    found = await asyncio.gather(*(_client(port, requests) for _ in range(clients)))
    return [value for values in found for value in values]


async def _client(port: int, requests: Iterator[bytes]) -> list[float]:
    """Milliseconds of each request that this client made."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    values = []
    for request in requests:
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(_HEAD_END)
        body = await reader.readexactly(_length(head))
        values.append((time.perf_counter() - started) * 1e3)
        if int(head.split(b" ", 2)[1]) != HTTPStatus.OK:
            sys.exit(f"the server answered {head[:60]!r}: {body[:300]!r}")
    writer.close()
    return values


def _length(head: bytes) -> int:
    """The body's length, which our server always says."""
    (line,) = (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return int(line.partition(b":")[2])


def _request(question: str, reader: str) -> bytes:
    body = json.dumps({"question": question, "reader": reader}).encode()
    head = (
        "POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
