"""The routes of the API: a JSON body goes straight to its endpoint."""

import json
from asyncio import get_running_loop
from functools import cached_property
from typing import Any, get_type_hints

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

JSON = "application/json"


class JsonRoute(APIRoute):
    """Calls an endpoint `(request, parts, body)` in a worker thread, with the checked body.

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
        # Not Starlette's own hand-over: it takes twice as long.
        response = await get_running_loop().run_in_executor(request.app.state.pool, self._answer, request, given)
        await response(scope, receive, send)

    def _answer(self, request: Request, given: bytes) -> Response:
        response: Response = self.endpoint(request, request.app.state.parts, _checked(self._model, given))
        return response

    @cached_property
    def _model(self) -> type[BaseModel]:
        model: type[BaseModel] = get_type_hints(self.endpoint)["body"]
        return model


def _checked(model: type[BaseModel], given: bytes) -> BaseModel:
    # Not in one step with model_validate_json: that could not name the field that holds half a surrogate pair.
    try:
        return model.model_validate(json.loads(given))
    except ValidationError as error:
        found: list[Any] = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "") or str(error)
        found = [{"type": "json_invalid", "loc": ("body",), "msg": reason, "ctx": {"error": reason}}]
    raise RequestValidationError(found)
