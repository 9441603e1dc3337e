"""The parts of a pipeline put together; what service and eval share of the composition."""

from index.catalog import Catalog
from qa.decide import Calibration
from qa.fusion import WeightedSum
from qa.pipeline import Pipeline
from qa.reader.sentence_reader import SentenceReader
from qa.reader.term_reader import TermReader
from qa.retrieve import Mode, Retriever
from sources.errors import SettingsError

# Cosine that one unit of BM25 is worth, chosen on training questions: docs/decisions.md.
BM25_WEIGHT = 0.03


def build_pipeline(catalog: Catalog, reader: str = "default", mode: Mode = "hybrid") -> Pipeline:
    """A pipeline over a catalog, with the catalog's encoder.

    Args:
        catalog: the articles; the caller closes it.
        reader: `default`, `sentence`, or `none` for retrieval alone.
        mode: hybrid, dense or lexical retrieval.

    Raises:
        SettingsError: no reader has this name.
    """
    retriever = Retriever(catalog.encoder, WeightedSum(BM25_WEIGHT), mode)
    if reader == "none":
        terms = TermReader(lambda text: catalog.snapshot().terms(text))
        return Pipeline(catalog, retriever, terms, Calibration.bundled("none"))
    if reader in ("default", "sentence"):
        return Pipeline(catalog, retriever, SentenceReader(catalog.encoder), Calibration.bundled("sentence"))
    raise SettingsError(f"reader: {reader!r} is not known; use default, sentence or none")
