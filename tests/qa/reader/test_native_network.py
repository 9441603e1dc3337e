"""The bundled reader on the native layers gives what it gives on onnxruntime."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from index.native import library
from index.onnx_session import Session
from qa.reader.native_network import NativeDeep, NativeSkim, native_pair
from qa.reader.network import HIDDEN
from qa.reader.pairs import PairTokenizer
from qa.reader.skim_reader import SkimReader
from qa.reader.weights import ReaderWeights
from tests.qa.reader.tiny import make_reader

needs_layers = pytest.mark.skipif(library() is None, reason="no compiler was there, or no AVX-512 VNNI is here")
PASSAGES = (
    ("When did the bridge open?", "The bridge over the Forth opened on 30 August 2017, after a storm."),
    ("Who chairs the trust?", "A loaf of bread cost 1.35 pounds in May, the statistics office said. " * 9),
    ("Why?", "Rain."),
)


@pytest.fixture(scope="module")
def weights() -> ReaderWeights:
    return ReaderWeights.load(Path(str(files("qa.reader") / "weights")))


@needs_layers
def test_logits_are_those_of_onnxruntime_but_for_rounding(weights: ReaderWeights) -> None:
    """A logit is 5 large on average; the states between the two networks differ by a norm, which the second has."""
    assert weights.deep is not None
    pair = native_pair(weights.network, weights.deep)
    assert pair is not None
    tokenizer = PairTokenizer(weights.tokenizer, max_tokens=weights.max_tokens)
    first, second = Session(weights.network), Session(weights.deep)
    for question, passage in PASSAGES:
        feeds = tokenizer.pair(question, passage).feeds
        start, end, states = pair[0].run(feeds)
        expected_start, expected_end, raw = first.run({name: feeds[name] for name in first.inputs})
        found = [start, end, *pair[1].run({HIDDEN: states})]
        expected = [expected_start, expected_end, *second.run({HIDDEN: raw})]
        for mine, other in zip(found, expected, strict=True):
            assert mine.shape == other.shape
            assert np.abs(mine - other).mean() < 0.15
            assert mine.argmax() == other.argmax()


@needs_layers
def test_the_bundled_reader_runs_on_them(weights: ReaderWeights) -> None:
    reader = SkimReader.open(weights)
    assert isinstance(reader.first, NativeSkim)
    assert isinstance(reader.second, NativeDeep)


def test_without_them_it_runs_on_onnxruntime(weights: ReaderWeights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.reader.native_network.library", lambda: None)
    reader = SkimReader.open(weights)
    assert isinstance(reader.first, Session)
    assert isinstance(reader.second, Session)


def test_networks_that_are_no_bert_run_on_onnxruntime(tmp_path: Path) -> None:
    folder = make_reader(tmp_path, {"28": (6.0, 0.0)}, skim={"28": (3.0, 0.0)})
    weights = ReaderWeights.load(folder)
    assert weights.deep is not None
    assert native_pair(weights.network, weights.deep) is None
    assert isinstance(SkimReader.open(weights).first, Session)
