"""The composition root: settings in, the parts of a running service out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from index.catalog import Catalog
from index.encoder import Encoder
from index.models import load_encoder
from index.terms import EnglishTerms
from qa.build import assemble_pipeline, build_pipeline
from qa.decide import Calibration
from qa.pipeline import Pipeline
from qa.reader.named import open_reader
from qa.reader.reader import Reader
from service.settings import Settings

Notify = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Models:
    """The loaded networks: all that needs no collection.

    Attributes:
        encoder: embeds.
        readers: by the request's choice, `default` and `none`, each with its calibration.
    """

    encoder: Encoder
    readers: Mapping[str, tuple[Reader, Calibration]]


def open_encoder(settings: Settings, notify: Notify) -> Encoder:
    """The embedding model that the settings name; raises ModelError."""
    return load_encoder(settings.model, cache_dir=settings.cache, notify=notify)


def open_models(settings: Settings, notify: Notify, encoder: Encoder | None = None) -> Models:
    """The models that the settings name, with an encoder that is open or with theirs; raises ModelError."""
    encoder = encoder or open_encoder(settings, notify)
    default = open_reader(settings.reader, encoder, EnglishTerms(), notify)
    none = default if settings.reader == "none" else open_reader("none", encoder, EnglishTerms(), notify)
    return Models(encoder, {"default": default, "none": none})


def open_catalog(settings: Settings, notify: Notify, encoder: Encoder | None = None) -> Catalog:
    """The collection that the settings name, with an encoder that is open or with theirs. The caller closes it.

    Raises:
        CatalogError: the collection cannot be used.
        ModelError: the encoder cannot.
    """
    return Catalog.open(settings.data, encoder or open_encoder(settings, notify), notify=notify)


def open_pipeline(settings: Settings, catalog: Catalog, reader: str, notify: Notify = lambda _: None) -> Pipeline:
    """The way from question to answer for a request's choice of reader (`default`: what the settings name)."""
    name = settings.reader if reader == "default" else reader
    return build_pipeline(catalog, name, notify=notify)


def open_pipelines(settings: Settings, catalog: Catalog, notify: Notify = lambda _: None) -> dict[str, Pipeline]:
    """A pipeline for each choice of reader that a request has; raises ModelError."""
    return pipelines(open_models(settings, notify, catalog.encoder), catalog)


def pipelines(models: Models, catalog: Catalog) -> dict[str, Pipeline]:
    """The same, of models that are open."""
    return {
        choice: assemble_pipeline(catalog, reader, calibration)
        for choice, (reader, calibration) in models.readers.items()
    }
