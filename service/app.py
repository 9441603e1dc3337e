"""The web application: receives its parts, puts the rooms' doors together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version

from anyio import to_thread
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from index.catalog import Catalog
from qa.pipeline import Pipeline
from service import api, articles_api, errors, operations, pages
from service.metrics import Metrics
from service.middleware import Edge
from service.openapi import openapi
from service.parts import Parts
from service.rendering import STATIC
from service.settings import Settings

DESCRIPTION = """Questions in; passages of stored articles out, quoted exactly, with their sources, or a plain
"not in these articles". Offsets are half-open Unicode code points into the stored text."""


def create_app(
    settings: Settings,
    catalog: Catalog,
    pipelines: Mapping[str, Pipeline],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    *,
    shared_metrics: bool = False,
    stopped: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The ASGI application over these parts; it closes none of them.

    Args:
        settings: `at_a_time` bounds how many requests are worked on at once.
        catalog: the collection.
        pipelines: `default` and `none`, by the request's `reader`.
        now: the clock for newly stored articles.
        shared_metrics: whether this is one process of several, whose counts are added up.
        stopped: called when the server has stopped.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = settings.at_a_time
        yield
        app.state.pool.shutdown()
        stopped()

    app = FastAPI(
        # Not as routers: each of them would be asked twice whether it has the path of a request.
        routes=[route for room in (api, articles_api, operations, pages) for route in room.router.routes],
        title="Quotary",
        version=version("quotary"),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # `Metrics` counts
    )
    metrics = Metrics(catalog.status, shared=shared_metrics)
    app.state.pool = ThreadPoolExecutor(settings.at_a_time, "quotary-request")  # for bodies of JSON: JsonRoute
    app.state.in_place, app.state.turn = settings.in_place, asyncio.Lock()
    app.state.parts = Parts(settings, catalog, pipelines, metrics, now)
    errors.install(app)
    app.openapi = lambda: openapi(app)  # type: ignore[method-assign]  # FastAPI's own way to extend the document
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Edge, metrics=metrics, internal_error=errors.internal_error)
    return app
