"""Clients that do as little as they can: what they take of the cores and of the time is not the server's."""

import asyncio
import json
import re
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from http import HTTPStatus
from typing import cast

import uvloop

from eval.bench.timing import Timings

_HEAD_END = b"\r\n\r\n"
_CHUNK = 65_536
_LENGTH_SAID = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


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
        if complaint := _complaint(head, body):
            sys.exit(complaint)
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
    try:
        values = uvloop.run(_all(port, clients, requests))
    except ConnectionError as error:
        sys.exit(str(error))
    return Timings(f"{clients} clients", tuple(values), (), (time.perf_counter() - started) * 1e3)


async def _all(port: int, clients: int, requests: Iterator[bytes]) -> list[float]:
    loop = asyncio.get_running_loop()
    ended = [loop.create_future() for _ in range(clients)]
    for future in ended:
        await loop.create_connection(partial(_Connection, requests, future), "127.0.0.1", port)
    await asyncio.wait(ended)  # all of them: a loop that is closed with connections open hangs
    return [value for values in ended for value in values.result()]


class _Connection(asyncio.Protocol):
    """One client's connection: sends a request when it has the answer to the one before.

    Args:
        requests: of all clients; each takes the next.
        ended: gets the milliseconds of each request that this client made.
    """

    def __init__(self, requests: Iterator[bytes], ended: "asyncio.Future[list[float]]") -> None:
        self._requests, self._ended = requests, ended
        self._values: list[float] = []
        self._got = b""
        self._wanted = 0  # bytes of head and body, once the head is there

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        """A part of an answer; after the last, ask the next."""
        self._got = self._got + data if self._got else data
        if not self._wanted and _HEAD_END in self._got:
            head, _, _ = self._got.partition(_HEAD_END)
            self._wanted = len(head) + len(_HEAD_END) + _length(head)
        if self._wanted and len(self._got) >= self._wanted:
            self._values.append((time.perf_counter() - self._started) * 1e3)
            complaint = _complaint(*self._got.split(_HEAD_END, 1))
            self._got, self._wanted = b"", 0
            if complaint:
                self._ended.set_exception(ConnectionError(complaint))
                self._transport.close()
            else:
                self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing where this client ended it."""
        if not self._ended.done():
            self._ended.set_exception(exc or ConnectionError("the server closed the connection"))

    def _ask(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._ended.set_result(self._values)
            self._transport.close()
            return
        self._started = time.perf_counter()
        self._transport.write(request)


def _length(head: bytes) -> int:
    """The body's length, which our server always says."""
    return int(_LENGTH_SAID.findall(head)[0])


def _complaint(head: bytes, body: bytes) -> str:
    if int(head.split(b" ", 2)[1]) == HTTPStatus.OK:
        return ""
    return f"the server answered {head[:60]!r}: {body[:300]!r}"


def _request(question: str, reader: str) -> bytes:
    body = json.dumps({"question": question, "reader": reader}).encode()
    head = (
        "POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
