"""What the application is made of, handed to it by the composition root."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from index.catalog import Catalog
from qa.pipeline import Pipeline
from service.metrics import Metrics
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one running service.

    Attributes:
        settings: as configured.
        catalog: the collection.
        pipelines: by the request's `reader`: `default` and `none`.
        metrics: counts of this application.
        now: the clock for when articles are read.
    """

    settings: Settings
    catalog: Catalog
    pipelines: Mapping[str, Pipeline]
    metrics: Metrics
    now: Callable[[], datetime]


async def _parts(request: Request) -> Parts:
    found: Parts = request.app.state.parts
    return found


Injected = Annotated[Parts, Depends(_parts)]
"""An endpoint's parameter of this type receives the application's parts."""
