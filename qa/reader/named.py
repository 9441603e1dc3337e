"""From a reader's name to the reader and its calibration."""

import json
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

from index.encoder import Encoder
from index.hub import model_folder
from qa.decide import Calibration, Weights
from qa.reader.cross_encoder import CrossEncoderReader, load_cross_encoder
from qa.reader.pairs import PairTokenizer
from qa.reader.reader import Reader
from qa.reader.sentence_reader import SentenceReader
from qa.reader.skim_reader import SkimReader
from qa.reader.span_reader import SpanReader
from qa.reader.term_reader import TermReader, Terms
from qa.reader.torch_network import TorchNetwork
from qa.reader.weights import DESCRIPTION, ReaderWeights
from sources.errors import ModelError

# A foreign model comes without a calibration: its logit against nothing, or against zero, decides alone.
UNCALIBRATED = Calibration(Weights(dense=0.0, reader=1.0), bias=0.0, threshold=0.5)
MAX_ANSWER_TOKENS = 30


def open_reader(name: str, encoder: Encoder, terms: Terms, notify: Callable[[str], None]) -> tuple[Reader, Calibration]:
    """The reader of a name.

    Args:
        name: `default` (the bundled weights), `none` (retrieval alone: words are marked), `sentence`, a folder with
            a reader.json, or a folder or hub name of a question-answering model or cross-encoder.
        encoder: for the sentence reader.
        terms: for the term reader.
        notify: told in one line when something slow begins.

    Raises:
        ModelError: there is no such model, or it cannot be loaded.
    """
    if name == "none":
        return TermReader(terms), Calibration.bundled("none")
    if name == "sentence":
        return SentenceReader(encoder), Calibration.bundled("sentence")
    if name == "default":
        with as_file(files("qa.reader") / "weights") as bundled:
            return _own(bundled)
    folder = Path(name).expanduser()
    return _own(folder) if (folder / DESCRIPTION).is_file() else _foreign(name, encoder, notify)


def _own(folder: Path) -> tuple[Reader, Calibration]:
    weights = ReaderWeights.load(folder)
    kind = SkimReader if weights.deep else SpanReader
    return kind.open(weights), weights.calibration


def _foreign(name: str, encoder: Encoder, notify: Callable[[str], None]) -> tuple[Reader, Calibration]:
    folder = model_folder(name, notify)
    try:
        architectures = json.loads((folder / "config.json").read_text("utf-8")).get("architectures") or []
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError(f"{folder / 'config.json'} cannot be read: {error}") from error
    if any(str(kind).endswith("ForQuestionAnswering") for kind in architectures):
        network = TorchNetwork(folder)
        tokenizer = PairTokenizer(folder / "tokenizer.json", max_tokens=network.max_tokens)
        return SpanReader(name, network, tokenizer, MAX_ANSWER_TOKENS), UNCALIBRATED
    if any(str(kind).endswith("ForSequenceClassification") for kind in architectures):
        return CrossEncoderReader(name, load_cross_encoder(folder), SentenceReader(encoder)), UNCALIBRATED
    raise ModelError(
        f"{name} is {', '.join(map(str, architectures)) or 'of no known kind'}; "
        "a reader is a model for question answering or a cross-encoder"
    )
