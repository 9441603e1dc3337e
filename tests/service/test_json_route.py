"""JSON bodies on their way to an endpoint: checked, in a worker thread, never half read."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.testclient import TestClient
from starlette.types import Message

from service import errors
from service.json_route import SHORT, JsonRoute
from service.parts import Injected
from service.requests import Request as Body

JSON = {"content-type": "application/json"}


class Order(Body):
    loaves: int

    @property
    def is_quick(self) -> bool:
        return self.loaves < 10


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    app.state.parts = "the bakery's parts"
    app.state.pool = ThreadPoolExecutor(1, "baker")
    app.state.in_place, app.state.turn = False, asyncio.Lock()
    errors.install(app)
    router = APIRouter(route_class=JsonRoute)

    @router.post("/orders")
    def take(_: Request, parts: Injected, body: Order) -> Response:
        return Response(f"{body.loaves} from {parts} by {threading.current_thread().name}")

    @router.get("/orders/{number}")
    def show(number: int) -> int:
        return number

    app.include_router(router)
    return app


def test_the_endpoint_gets_parts_and_checked_body_in_a_worker_thread(app: FastAPI) -> None:
    answer = TestClient(app).post("/orders", json={"loaves": 3})
    assert answer.text.startswith("3 from the bakery's parts by baker")


def test_what_is_quick_is_done_in_place_where_that_is_wanted(app: FastAPI) -> None:
    app.state.in_place = True
    client = TestClient(app)
    by = [client.post("/orders", json={"loaves": loaves}).text.rpartition(" by ")[2] for loaves in (3, 300)]
    assert not by[0].startswith("baker")
    assert by[1].startswith("baker")
    padded = b'{"loaves": 3' + b" " * SHORT + b"}"
    assert " by baker" in client.post("/orders", content=padded, headers=JSON).text
    assert client.post("/orders", json={"loaves": "3"}).status_code == 422


def test_a_route_without_a_body_is_fastapis_own(app: FastAPI) -> None:
    client = TestClient(app)
    assert client.get("/orders/4").json() == 4
    assert client.get("/orders/four").status_code == 422


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        (b'{"loaves": "3"}', "loaves", "'3' is not a whole number"),
        (b"{}", "loaves", "is missing"),
        (b"[]", "", "[] is not a JSON object"),
        (b"", "", "the body is not valid JSON: Expecting value"),
        (b"{'loaves': 3}", "", "the body is not valid JSON: Expecting property name enclosed in double quotes"),
        (b'{"loaves": \xff}', "", "the body is not valid JSON: 'utf-8' codec can't decode byte 0xff"),
        (b"[" * 100_000, "", "the body is not valid JSON: maximum recursion depth exceeded"),
    ],
)
def test_what_is_wrong_with_a_body_is_named(app: FastAPI, body: bytes, field: str, message: str) -> None:
    answer = TestClient(app).post("/orders", content=body, headers=JSON)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert error["message"].startswith(message)


def test_a_body_that_breaks_off_is_malformed_and_no_failure_of_ours(app: FastAPI) -> None:
    sent: list[Message] = []
    received: Iterator[Message] = iter(
        [{"type": "http.request", "body": b'{"loav', "more_body": True}, {"type": "http.disconnect"}]
    )
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/orders",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }

    async def receive() -> Message:
        return next(received)

    async def send(message: Message) -> None:
        sent.append(message)

    with start_blocking_portal() as portal:  # in a thread of its own: the browser of other tests has a loop in this one
        portal.call(app, scope, receive, send)
    assert sent[0]["status"] == 400
