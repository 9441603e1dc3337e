"""Clients that do as little as they can: what they take of the cores and of the time is not the server's."""

import asyncio
import json
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from http import HTTPStatus

import uvloop

from eval.bench.timing import Timings

_HEAD_END = b"\r\n\r\n"
_CHUNK = 65_536


class Client:
    """Asks over one kept connection; a context manager that ends it."""

    def __init__(self, port: int, reader: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = reader

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, question: str) -> bytes:
        """The response's body; anything but status 200 ends the benchmark."""
        self._socket.sendall(_request(question, self._reader))
        got = b""
        while _HEAD_END not in got:
            got += self._received()
        head, _, body = got.partition(_HEAD_END)
        while len(body) < _length(head):
            body += self._received()
        _check(head, body)
        return body

    def _received(self) -> bytes:
        return self._socket.recv(_CHUNK) or sys.exit("the server closed the connection")


def ask_together(port: int, reader: str, clients: int, questions: Sequence[str]) -> Timings:
    """Ask all questions over so many kept connections, each taking the next question when it has its answer.

    All of them are served by one thread. Anything but status 200 ends the benchmark. Processor time is not
    told apart.
    """
    requests = iter([_request(question, reader) for question in questions])
    started = time.perf_counter()
    values = uvloop.run(_all(port, clients, requests))
    return Timings(f"{clients} clients", tuple(values), (), (time.perf_counter() - started) * 1e3)


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
        _check(head, body)
    writer.close()
    return values


def _length(head: bytes) -> int:
    """The body's length, which our server always says."""
    (line,) = (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return int(line.partition(b":")[2])


def _check(head: bytes, body: bytes) -> None:
    if int(head.split(b" ", 2)[1]) != HTTPStatus.OK:
        sys.exit(f"the server answered {head[:60]!r}: {body[:300]!r}")


def _request(question: str, reader: str) -> bytes:
    body = json.dumps({"question": question, "reader": reader}).encode()
    head = (
        "POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
