"""The reader of two depths, on networks that can be worked out by hand."""

import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.reader.network import Network
from qa.reader.reader import Skimmer
from qa.reader.skim_reader import SkimReader
from qa.reader.span_reader import SpanReader
from qa.reader.weights import ReaderWeights
from qa.workers import Workers
from sources.errors import ModelError
from tests.qa.reader.tiny import make_hit, make_reader

DATE = {"28": (6.0, 0.0), "2022": (0.0, 6.0), "[CLS]": (1.0, 2.0)}
FILLER = "The river was on the council. " * 12


def opened(folder: Path, threads: int = 1) -> SkimReader:
    return SkimReader.open(ReaderWeights.load(folder), threads=threads)


@pytest.fixture(scope="module")
def dates(tmp_path_factory: pytest.TempPathFactory) -> SkimReader:
    folder = tmp_path_factory.mktemp("dates")
    return opened(make_reader(folder, DATE, skim={"28": (3.0, 0.0), "2022": (0.0, 3.0)}, max_tokens=256))


def test_the_deep_network_finds_the_span_among_what_the_skim_left(dates: SkimReader) -> None:
    assert isinstance(dates, Skimmer)
    hit = make_hit(f"{FILLER}😀 The trust began on 28 February 2022. {FILLER}", before="Title\n\n")
    (glance,) = dates.skim("when was it", [hit])
    # Markers, the question's three words, and half of the passage's tokens around the date.
    passage = len(glance.page.allowed.nonzero()[0])
    assert glance.places[:5].tolist() == [0, 1, 2, 3, 4]
    assert len(glance.places) == 5 + -(-passage // 2)
    assert glance.hidden.shape == (1, len(glance.places), 2)
    (reading,) = dates.read_on("when was it", [glance])
    assert [span.of(hit.article.text) for span in reading.spans] == ["28 February 2022"]
    assert reading.sentence.of(hit.article.text) == "😀 The trust began on 28 February 2022."
    assert (reading,) == dates.read("when was it", [hit])


def test_what_the_skim_leaves_out_answers_nothing(tmp_path: Path) -> None:
    reader = opened(make_reader(tmp_path, DATE, skim={"river": (9.0, 9.0)}, share=0.3, max_tokens=256))
    hit = make_hit(FILLER + "It was the council. " * 12 + "28 February 2022.")
    (reading,) = reader.read("when", [hit])
    assert "2022" not in {span.of(hit.article.text) for span in reading.spans}
    assert reading.score < 9


def test_the_skim_tells_which_passage_promises_more(dates: SkimReader) -> None:
    hits = [make_hit("The river rose."), make_hit("Sir Alan. It was 28 February 2022. He left.")]
    nothing, something = dates.skim("when", hits)
    assert something.score > nothing.score
    assert something.sentence.of(hits[1].article.text) == "It was 28 February 2022."


def test_a_passage_without_a_word_has_no_span_and_a_finite_score(dates: SkimReader) -> None:
    (glance,) = dates.skim("when", [make_hit("\u200b")])
    (reading,) = dates.read_on("when", [glance])
    assert reading.spans == ()
    assert all(abs(score) < 1e6 for score in (glance.score, reading.score))
    assert glance.sentence == reading.sentence


class _Waiting:
    """A network whose shortest input waits for an event."""

    def __init__(self, network: Network, shortest: int, event: threading.Event) -> None:
        self.inputs = network.inputs
        self._network, self._shortest, self._event = network, shortest, event

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        if next(iter(feeds.values())).shape[1] == self._shortest:
            assert self._event.wait(10)
        return self._network.run(feeds)


class _Telling:
    """A network that sets an event when it runs."""

    def __init__(self, network: Network, event: threading.Event) -> None:
        self.inputs = network.inputs
        self._network, self._event = network, event

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        self._event.set()
        return self._network.run(feeds)


@pytest.mark.parametrize("count", [3, 5])
def test_a_thread_without_a_skim_reads_on_what_is_best_so_far(dates: SkimReader, count: int) -> None:
    hits = [
        make_hit("The river. " * 3 * (count - place) + "28 February 2022." * (place == 1)) for place in range(count)
    ]
    shortest = len(dates.skim("when", hits[-1:])[0].page.allowed)
    event = threading.Event()
    first, second = _Waiting(dates.first, shortest, event), _Telling(dates.second, event)
    reader = replace(dates, first=first, second=second, workers=Workers(2))
    # The last skim ends after something was read on, or never.
    glances = reader.skim("when", hits)
    assert [place for place, glance in enumerate(glances) if glance.reading] == [1]
    assert reader.read_on("when", glances) == tuple(reading for hit in hits for reading in dates.read("when", [hit]))


@pytest.mark.parametrize("threads", [1, 2, 3, 4])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_how_many_threads_there_are_changes_nothing(dates: SkimReader, threads: int, count: int) -> None:
    hits = [make_hit("The river. " * 5 * (count - place) + "28 February 2022." * (place % 2)) for place in range(count)]
    reader = replace(dates, workers=Workers(threads))
    glances = reader.skim("when", hits)
    # A passage may be read on early by two that do not see each other.
    assert sum(glance.reading is not None for glance in glances) <= (-count % threads if count > 1 else 0)
    alone = tuple(reading for hit in hits for reading in dates.read("when", [hit]))
    assert reader.read_on("when", glances) == alone
    assert reader.read_on("when", glances[::-1]) == alone[::-1]


@settings(deadline=None, max_examples=40)
@given(
    texts=st.lists(
        st.lists(st.sampled_from("river 28 2022 Sir £3 😀 zzz.".split()), min_size=1).map(" ".join), max_size=6
    ),
    question=st.text(max_size=30),
)
def test_of_two_networks_that_agree_as_of_one(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], question: str
) -> None:
    folder = tmp_path_factory.mktemp("whole")
    whole = opened(make_reader(folder / "two", 7, skim=7, share=1.0), threads=2)
    one = SpanReader.open(ReaderWeights.load(make_reader(folder / "one", 7)), threads=2)
    hits = [make_hit(text) for text in texts]
    for found, expected in zip(whole.read(question, hits), one.read(question, hits), strict=True):
        assert (found.spans, found.sentence) == (expected.spans, expected.sentence)
        assert found.score == pytest.approx(expected.score, abs=1e-4)


@pytest.mark.parametrize(("broken", "other", "message"), [
    ("skim.onnx", "deep.onnx", r"skim\.onnx does not skim: it takes hidden_states and gives"),
    ("deep.onnx", "skim.onnx", r"deep\.onnx does not read on: it takes input_ids, attention_mask, token_type_ids"),
])  # fmt: skip
def test_a_network_in_the_place_of_another(tmp_path: Path, broken: str, other: str, message: str) -> None:
    folder = make_reader(tmp_path, 1, skim=1)
    (folder / broken).write_bytes((folder / other).read_bytes())
    description = json.loads((folder / "reader.json").read_text("utf-8"))
    description["sha256"][broken] = description["sha256"][other]
    (folder / "reader.json").write_text(json.dumps(description), "utf-8")
    with pytest.raises(ModelError, match=message):
        opened(folder)


def test_one_network_alone_does_not_skim(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.onnx stands alone"):
        opened(make_reader(tmp_path, 1))


@pytest.mark.parametrize("share", [0, -1, 1.5, "much"])
def test_a_share_that_is_none(tmp_path: Path, share: object) -> None:
    folder = make_reader(tmp_path, 1, skim=1)
    description = json.loads((folder / "reader.json").read_text("utf-8"))
    (folder / "reader.json").write_text(json.dumps(description | {"share": share}), "utf-8")
    with pytest.raises(ModelError, match="does not describe a reader"):
        ReaderWeights.load(folder)


@pytest.mark.parametrize("name", ["skim.onnx", "deep.onnx"])
def test_a_network_that_was_changed_is_refused(tmp_path: Path, name: str) -> None:
    folder = make_reader(tmp_path, 1, skim=1)
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(ModelError, match=f"{name} is not the file it should be"):
        ReaderWeights.load(folder)
