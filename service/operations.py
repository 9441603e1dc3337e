"""What operators ask: is it alive, is it ready, how is it doing."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from typing_extensions import TypedDict

from service.api import json_response, problems
from service.parts import Injected

router = APIRouter(tags=["operations"])


class Health(TypedDict):
    """The process is up."""

    status: str


class Ready(Health):
    """The collection can answer."""

    articles: int
    passages: int
    index_generation: int
    warnings: list[str]


@router.get("/healthz", response_model=Health)
async def health() -> Response:
    """Whether the process answers at all; touches nothing else."""
    return json_response({"status": "ok"})


@router.get("/readyz", response_model=Ready, responses=problems(503))
def ready(parts: Injected) -> Response:
    """Whether the collection can be read; 503 when not."""
    status = parts.catalog.status()
    body = Ready(
        status="ready",
        articles=status.articles,
        passages=status.passages,
        index_generation=status.generation,
        warnings=list(status.warnings),
    )
    return json_response(body)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(parts: Injected) -> Response:
    """Counts and durations in Prometheus text format."""
    return Response(parts.metrics.exposition(), media_type=CONTENT_TYPE_LATEST)
