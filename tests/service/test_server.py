"""A real server over a real socket: many clients at once, no waiting on the network's account."""

import select
import socket
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from service.listen import listen, listen_shared
from sources.errors import SettingsError


def test_clients_at_once_get_their_own_answers(server: str) -> None:
    questions = ["How many tickets did the circus sell?", "What did the zorbian minister do?", "Who is Sir Alan Wood?"]

    def ask(number: int) -> tuple[str, str, str]:
        question = questions[number % 3]
        body = httpx.get(f"{server}/v1/ask", params={"q": question, "reader": "none"}, timeout=60).json()
        return body["question"], body["query_id"], body["passages"][0]["text"]

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(ask, range(48)))
    assert [question for question, _, _ in got] == [questions[number % 3] for number in range(48)]
    assert len({query_id for _, query_id, _ in got}) == 48
    assert len({(question, text) for question, _, text in got}) == 3


def test_reading_goes_on_while_an_article_is_stored(server: str) -> None:
    article = {"title": "Passing note", "text": "A note that passes. It says nothing of interest.", "name": "passing"}
    with httpx.Client(base_url=server, timeout=60) as http:
        before = http.get("/v1/ask", params={"q": "tickets", "reader": "none"}).json()["index_generation"]
        stored = http.post("/v1/articles", json=article)
        assert stored.status_code == 201
        after = http.get("/v1/ask", params={"q": "tickets", "reader": "none"}).json()["index_generation"]
        assert after == stored.json()["index_generation"] > before
        assert http.delete(f"/v1/articles/{stored.json()['id']}").status_code == 204


def test_no_response_waits_for_a_delayed_acknowledgement(server: str) -> None:
    """With Nagle's algorithm on, every response on a kept connection takes 40 ms or more."""
    with httpx.Client(base_url=server) as http:
        times = []
        for _ in range(30):
            begin = time.perf_counter()
            http.get("/healthz")
            times.append(time.perf_counter() - begin)
    assert statistics.median(times) < 0.035


@pytest.mark.parametrize(("host", "port"), [("256.256.256.256", 0), ("203.0.113.1", 0)])
def test_an_address_that_is_not_ours_is_a_settings_error(host: str, port: int) -> None:
    with pytest.raises(SettingsError, match=r"cannot be used \(.+\); give another --host or --port"):
        listen(host, port)


def test_several_sockets_share_one_port_and_connections() -> None:
    with ExitStack() as stack:
        sockets = [stack.enter_context(one) for one in listen_shared("127.0.0.1", 0, 2)]
        if len(sockets) == 1:
            pytest.skip("this system does not share a port out among sockets")
        assert len({one.getsockname() for one in sockets}) == 1
        clients = [stack.enter_context(socket.create_connection(sockets[0].getsockname())) for _ in range(64)]
        ready, *_ = select.select(sockets, [], [], 5)
        assert len(ready) == 2, "all of 64 connections went to one socket: a chance of 1 in 2^63"
        with pytest.raises(SettingsError, match="cannot be used"):
            listen_shared("127.0.0.1", clients[0].getpeername()[1], 2)


def test_ipv6_works_where_the_machine_has_it() -> None:
    try:
        with listen("::1", 0) as listening:
            assert listening.getsockname()[1] > 0
    except SettingsError:
        pytest.skip("this machine has no IPv6 loopback")
