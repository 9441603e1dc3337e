"""What every request and response gets: an id, a body limit, security headers, a measurement."""

import logging
import secrets
import time
from collections.abc import Callable, Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.metrics import Metrics

BODY_LIMIT = 1_000_000
ARTICLE_BODY_LIMIT = 10_000_000
SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
_ID = "quotary.request_id"


def request_id(scope: Scope) -> str:
    """The id of the request, also sent as `X-Request-ID`."""
    found = scope.get(_ID)
    return found if isinstance(found, str) else ""


class Edge:
    """The ASGI layer around the application.

    Args:
        app: what it is around.
        metrics: counts every request.
        internal_error: the response where the application raised; the traceback goes to the log, with the request's id.
        headers: added to every response that does not set them itself.
        clock: seconds, for the durations.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        internal_error: Callable[[Request], Response],
        headers: Mapping[str, str] = SECURITY_HEADERS,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.app, self.metrics, self.internal_error = app, metrics, internal_error
        self.headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = self.clock(), 0
        scope[_ID] = secrets.token_hex(16)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = list(message.get("headers", ()))
                own = {name.lower() for name, _ in given}
                added = [(name, value) for name, value in self.headers if name not in own]
                message["headers"] = [*given, (b"x-request-id", scope[_ID].encode()), *added]
            await send(message)

        try:
            await self.app(scope, _limited(scope, receive), send_with_headers)
        except Exception:
            logging.getLogger("quotary").exception("request %s failed", request_id(scope))
            if status:
                raise  # Half a response is out; only the server can end it, by closing the connection.
            await self.internal_error(Request(scope))(scope, receive, send_with_headers)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self.metrics.request(route, scope["method"], status, self.clock() - started)


def _limited(scope: Scope, receive: Receive) -> Receive:
    """`receive`, raising 413 as soon as the body is declared or found to be too large."""
    limit = ARTICLE_BODY_LIMIT if scope["path"].startswith("/v1/articles") else BODY_LIMIT
    declared = Headers(scope=scope).get("content-length", "0")
    size = 0

    async def receive_limited() -> Message:
        nonlocal size
        if declared.isdigit() and int(declared) > limit:
            raise HTTPException(413)
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise HTTPException(413)
        return message

    return receive_limited
