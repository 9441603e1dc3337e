"""The composition root: settings in, the parts of a running service out."""

from collections.abc import Callable

from index.catalog import Catalog
from index.encoder import Encoder
from index.models import load_encoder
from qa.build import build_pipeline
from qa.pipeline import Pipeline
from service.settings import Settings

Notify = Callable[[str], None]


def open_encoder(settings: Settings, notify: Notify) -> Encoder:
    """The embedding model that the settings name; raises ModelError."""
    return load_encoder(settings.model, cache_dir=settings.cache, notify=notify)


def open_catalog(settings: Settings, notify: Notify) -> Catalog:
    """The collection that the settings name; raises CatalogError, ModelError. The caller closes it."""
    return Catalog.open(settings.data, open_encoder(settings, notify), notify=notify)


def open_pipeline(settings: Settings, catalog: Catalog, reader: str, notify: Notify = lambda _: None) -> Pipeline:
    """The way from question to answer for a request's choice of reader (`default`: what the settings name)."""
    name = settings.reader if reader == "default" else reader
    return build_pipeline(catalog, name, notify=notify)


def open_pipelines(settings: Settings, catalog: Catalog, notify: Notify = lambda _: None) -> dict[str, Pipeline]:
    """Both choices a request has; one pipeline serves both where the settings leave the reader out."""
    default = open_pipeline(settings, catalog, "default", notify)
    return {
        "default": default,
        "none": default if settings.reader == "none" else open_pipeline(settings, catalog, "none"),
    }
