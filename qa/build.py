"""The parts of a pipeline put together; what service and eval share of the composition."""

from collections.abc import Callable

from index.catalog import Catalog
from index.terms import EnglishTerms
from qa.decide import Calibration
from qa.fusion import WeightedSum
from qa.pipeline import Pipeline
from qa.reader.named import open_reader
from qa.reader.reader import Reader
from qa.retrieve import Mode, Retriever

# Cosine that one unit of BM25 is worth, chosen on training questions: docs/decisions.md.
BM25_WEIGHT = 0.03


def build_pipeline(
    catalog: Catalog,
    reader: str = "default",
    mode: Mode = "hybrid",
    notify: Callable[[str], None] = lambda _: None,
) -> Pipeline:
    """A pipeline over a catalog, with the catalog's encoder.

    Args:
        catalog: the articles; the caller closes it.
        reader: `default`, `sentence`, `none` for retrieval alone, or a model's folder or name.
        mode: hybrid, dense or lexical retrieval.
        notify: told in one line when something slow begins.

    Raises:
        ModelError: the reader's model is not there or cannot be loaded.
    """
    opened, calibration = open_reader(reader, catalog.encoder, EnglishTerms(), notify)
    return assemble_pipeline(catalog, opened, calibration, mode)


def assemble_pipeline(catalog: Catalog, reader: Reader, calibration: Calibration, mode: Mode = "hybrid") -> Pipeline:
    """The same, of a reader that is open already."""
    return Pipeline(catalog, Retriever(catalog.encoder, WeightedSum(BM25_WEIGHT), mode), reader, calibration)
