"""Handlers: whatever goes wrong in a request becomes problem+json under /v1, a page elsewhere; never a traceback."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException

from service.middleware import request_id
from service.problems import BY_STATUS, INTERNAL, INVALID, METHOD, NOT_FOUND, Problem, problem_of
from service.rendering import render
from sources.errors import QuotaryError

PROBLEM_JSON = "application/problem+json"
TYPE_NAMES = {
    "string_type": "a string",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "a JSON object",
    "string_unicode": "text of whole Unicode characters",
}


def install(app: FastAPI) -> None:
    """Register a handler for every expected error on `app`; the unexpected ones are caught by `Edge`."""
    app.add_exception_handler(QuotaryError, _quotary_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)


def problem_response(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The problem as JSON, or as a page for a person who asked for one outside the API."""
    if wants_page(request):
        page = render("problem.html", problem=problem, request_id=request_id(request.scope))
        return Response(page, problem.kind.status, headers, "text/html")
    body = to_json(problem.body(request_id(request.scope)))
    return Response(body, problem.kind.status, headers, PROBLEM_JSON)


def internal_error(request: Request) -> Response:
    """What is shown when our code failed: the id to look for in the log, and nothing of the inside."""
    return problem_response(request, Problem(INTERNAL, INTERNAL.meaning))


def wants_page(request: Request) -> bool:
    """Whether the sender is a browser looking at a page."""
    return not request.url.path.startswith("/v1/") and "text/html" in request.headers.get("accept", "")


def field_problems(errors: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """Field and message of each pydantic error, in words for a person."""
    return tuple((_field(error), _message(error)) for error in errors)


async def _quotary_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, QuotaryError):
        raise error
    return problem_response(request, problem_of(error))


async def _validation_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    fields = field_problems(error.errors())
    detail = "; ".join(f"{field}: {message}" if field else message for field, message in fields)
    return problem_response(request, Problem(INVALID, detail, fields))


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    kind = BY_STATUS.get(error.status_code, INTERNAL if error.status_code >= 500 else NOT_FOUND)
    allowed = (error.headers or {}).get("Allow", "")
    detail = {
        NOT_FOUND: f"there is nothing at {request.url.path}; /openapi.json lists every path",
        METHOD: f"{request.method} is not allowed at {request.url.path}; use {allowed or 'another method'}",
    }.get(kind, kind.meaning)
    return problem_response(request, Problem(kind, detail), error.headers)


def _field(error: Mapping[str, Any]) -> str:
    place = [str(part) for part in error["loc"][1:]]
    if error["type"] == "unknown_field":
        place.append(error["ctx"]["field"])
    return "" if error["type"] == "json_invalid" else ".".join(place)


def _message(error: Mapping[str, Any]) -> str:
    kind, given = error["type"], error.get("input")
    if kind == "missing":
        return "is missing"
    if kind == "json_invalid":
        return f"the body is not valid JSON: {error.get('ctx', {}).get('error', 'it cannot be read')}"
    if kind in TYPE_NAMES:
        return f"{repr(given)[:60]} is not {TYPE_NAMES[kind]}"
    message = str(error["msg"])
    return message[0].lower() + message[1:]
