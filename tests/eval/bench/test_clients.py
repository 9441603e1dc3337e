"""The benchmarks' clients, against a server of the standard library."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from eval.bench.clients import Client, ask_together

LONG = "word " * 30_000


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["question"]
        self.server.asked.append(question)  # type: ignore[attr-defined]
        body = (question + LONG).encode()
        self.send_response(500 if question == "fail" else 200)
        self.send_header("CONTENT-LENGTH", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        server.asked = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize("clients", [1, 4, 20])
def test_every_question_is_asked_once_and_timed(server: ThreadingHTTPServer, clients: int) -> None:
    questions = [f"{number}?" for number in range(12)]
    timings = ask_together(server.server_port, "none", clients, questions)
    assert sorted(server.asked) == sorted(questions)  # type: ignore[attr-defined]
    assert len(timings.values) == len(questions)
    assert 0 < max(timings.values) <= timings.seconds * 1e3 * 1.01


def test_an_error_ends_the_benchmark_in_words(server: ThreadingHTTPServer) -> None:
    with pytest.raises(SystemExit, match=r"the server answered b.HTTP/1\.1 500"):
        ask_together(server.server_port, "none", 2, ["a", "fail", "b"])
    with Client(server.server_port, "none") as client, pytest.raises(SystemExit, match=r"HTTP/1\.1 500"):
        client.ask("fail")


def test_one_client_gets_the_whole_body(server: ThreadingHTTPServer) -> None:
    with Client(server.server_port, "none") as client:
        assert client.ask("one") == ("one" + LONG).encode()
        assert client.ask("two") == ("two" + LONG).encode()
