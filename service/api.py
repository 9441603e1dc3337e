"""The JSON API: ask and verify."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic_core import to_json

from qa.question import Question
from service.json_route import JSON, JsonRoute
from service.middleware import request_id
from service.parts import Injected, Parts
from service.requests import AskQuery, AskRequest, ReaderChoice, VerifyRequest
from service.responses import AskResponse, ProblemBody, VerifyResponse
from service.verify import verify
from service.wire import ask_response
from sources.errors import QuestionError

QUERY_NAMES = {
    "question": "q",
    "filters.published_from": "published_from",
    "filters.published_to": "published_to",
    "filters.publisher": "publisher",
    "filters.article_ids": "article_id",
}
"""Fields of a question -> the query parameters that they come from."""


def problems(*statuses: int) -> dict[int | str, dict[str, object]]:
    """The OpenAPI entry of error responses."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {
        status: {"description": "Problem (RFC 9457)", "content": content, "model": ProblemBody} for status in statuses
    }


router = APIRouter(prefix="/v1", tags=["questions"], route_class=JsonRoute)


@router.post("/ask", response_model=AskResponse, responses=problems(413, 415, 422, 503))
def ask(request: Request, parts: Injected, body: AskRequest) -> Response:
    """Answer a question with the articles' own words, or say that they do not."""
    return _answer(request, parts, body.to_question(), body.reader, highlight=body.highlight)


@router.get("/ask", response_model=AskResponse, responses=problems(422, 503))
def ask_by_query(request: Request, parts: Injected, query: Annotated[AskQuery, Query()]) -> Response:
    """The same, from a query string."""
    try:
        question = query.to_question()
    except QuestionError as error:
        raise QuestionError(QUERY_NAMES.get(error.field, error.field), error.reason) from error
    return _answer(request, parts, question, query.reader, highlight=query.highlight)


@router.post("/verify", response_model=VerifyResponse, responses=problems(404, 413, 415, 422, 503))
def verify_quote(_: Request, parts: Injected, body: VerifyRequest) -> Response:
    """Check that the stored article says exactly these words at this place."""
    article = parts.catalog.article(body.article_id)
    verdict = verify(article, start=body.start, end=body.end, quote=body.quote, sha256=body.sha256)
    return json_response(VerifyResponse(holds=verdict.holds, reason=verdict.reason))


def json_response(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A response from plain data that is right by construction: dumped once, validated in the tests instead."""
    return Response(to_json(body), status, headers, JSON)


def _answer(request: Request, parts: Parts, question: Question, reader: ReaderChoice, *, highlight: bool) -> Response:
    result = parts.pipelines[reader].ask(question)
    parts.metrics.question(result)
    return json_response(ask_response(result, request_id(request.scope), highlight=highlight))
