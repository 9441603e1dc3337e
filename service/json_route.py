"""The routes of the API: a JSON body goes straight to its endpoint."""

import json
from asyncio import get_running_loop, sleep
from functools import cached_property
from typing import Any, get_type_hints

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from service.requests import Request as Body

JSON = "application/json"
# Bytes of a body that take no time worth mentioning to parse.
SHORT = 4_096


class JsonRoute(APIRoute):
    """Calls an endpoint `(request, parts, body)` with the checked body: in a worker thread or, if quick, in place.

    FastAPI reads the endpoint's signature for the OpenAPI document alone, and serves the routes that have no body. Its
    own way, through dependencies and the stacks that end them, costs a request 0.1 to 0.2 ms more, and parses on the
    thread that all other requests wait for.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request.

        Raises:
            HTTPException: 415 for a body that does not call itself JSON, so that no web page can post here as a plain
                form; 400 for one that broke off; 405 for another method.
            RequestValidationError: the body is no JSON, or not what the model wants.
        """
        if self.body_field is None or scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        request = Request(scope, receive)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
            raise HTTPException(415)
        try:
            given = await request.body()
        except ClientDisconnect as error:
            raise HTTPException(400) from error
        state = request.app.state
        body = _checked(self._model, given) if state.in_place and len(given) <= SHORT else None
        if body and body.is_quick:
            # One at a time, whoever came first; after each the loop takes up what has arrived. It accepts one
            # connection a round, and a new one would wait for as many rounds of all questions as are before it.
            async with state.turn:
                response = self._answer(request, body)
                await sleep(0)
        else:
            # Not Starlette's own hand-over: it takes twice as long.
            response = await get_running_loop().run_in_executor(state.pool, self._answer, request, body or given)
        await response(scope, receive, send)

    def _answer(self, request: Request, body: Body | bytes) -> Response:
        checked = _checked(self._model, body) if isinstance(body, bytes) else body
        response: Response = self.endpoint(request, request.app.state.parts, checked)
        return response

    @cached_property
    def _model(self) -> type[Body]:
        model: type[Body] = get_type_hints(self.endpoint)["body"]
        return model


def _checked(model: type[Body], given: bytes) -> Body:
    # Not in one step with model_validate_json: that could not name the field that holds half a surrogate pair.
    try:
        return model.model_validate(json.loads(given))
    except ValidationError as error:
        found: list[Any] = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "") or str(error)
        found = [{"type": "json_invalid", "loc": ("body",), "msg": reason, "ctx": {"error": reason}}]
    raise RequestValidationError(found)
