"""The trained reader's way from logits to words, on a network that can be worked out by hand."""

import json
import math
from dataclasses import replace
from pathlib import Path

import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from qa.hit import Hit
from qa.reader.page import sentence_around
from qa.reader.pairs import PairTokenizer
from qa.reader.span_reader import SpanReader
from qa.reader.weights import ReaderWeights
from qa.workers import Workers
from sources.article import Span
from sources.errors import ModelError
from tests.qa.reader.tiny import make_hit, make_reader

DATE = {"28": (6.0, 0.0), "2022": (0.0, 6.0), "[CLS]": (1.0, 2.0)}


def opened(folder: Path) -> SpanReader:
    return SpanReader.open(ReaderWeights.load(folder), threads=1)


@pytest.fixture(scope="module")
def dates(tmp_path_factory: pytest.TempPathFactory) -> SpanReader:
    return opened(make_reader(tmp_path_factory.mktemp("dates"), DATE))


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> SpanReader:
    return opened(make_reader(tmp_path_factory.mktemp("noise"), 7, max_tokens=48))


def quotes(reader: SpanReader, question: str, hit: Hit) -> list[str]:
    (reading,) = reader.read(question, [hit])
    return [span.of(hit.article.text) for span in reading.spans]


def test_the_span_its_sentence_and_its_score_by_hand(dates: SpanReader) -> None:
    hit = make_hit("It rained. 😀 The trust began on 28 February 2022. It ended.", before="Title 😀\n\n")
    (reading,) = dates.read("when was it", [hit])
    assert [span.of(hit.article.text) for span in reading.spans] == ["28 February 2022"]
    assert reading.sentence.of(hit.article.text) == "😀 The trust began on 28 February 2022."
    # The best span is 6 + 6 against 1 + 2 for none; the other tokens, each e^0, add a little.
    assert 9.0 < reading.score < 9.2


def test_a_passage_without_the_answer_scores_below_one_with_it(dates: SpanReader) -> None:
    hits = [make_hit("The river rose."), make_hit("It was 28 February 2022.")]
    nothing, found = dates.read("when", hits)
    assert nothing.score == pytest.approx(2 * math.log(7) - 3)  # the, river, r, ##o, ##s, ##e and the full stop
    assert found.score > 9.0


def test_no_hits_no_readings(dates: SpanReader) -> None:
    assert dates.read("when", []) == ()


@pytest.mark.parametrize("text", [" ", "\u200b", "\n\n"])
def test_a_passage_without_a_word_has_no_span_and_a_finite_score(dates: SpanReader, text: str) -> None:
    hit = make_hit(text, sentences=False)
    (reading,) = dates.read("when", [hit])
    assert reading.spans == ()
    assert reading.sentence == hit.passage.span
    assert math.isfinite(reading.score)


def test_an_answer_beyond_the_cut_is_not_seen(dates: SpanReader) -> None:
    near = make_hit("It was 28 February 2022. " + "river " * 200)
    far = make_hit("river " * 200 + "It was 28 February 2022.")
    seen, unseen = dates.read("when", [near, far])
    assert unseen.score < 6.0
    assert seen.score > 9.0
    assert seen.spans[0].of(near.article.text) == "28 February 2022"


@pytest.mark.parametrize("question", ["when " * 200, "😀" * 1000, "x" * 1000, "?" * 1000])
def test_a_question_longer_than_the_network_takes_is_cut(dates: SpanReader, question: str) -> None:
    hit = make_hit("It was 28 February 2022.")
    (reading,) = dates.read(question, [hit])
    assert reading.score > 9.0


def test_a_title_is_read_and_never_quoted(tmp_path: Path) -> None:
    logits = {"28": (6.0, 0.0), "2022": (0.0, 6.0), "river": (9.0, 9.0), "[CLS]": (1.0, 2.0)}
    reader = opened(make_reader(tmp_path, logits, titled=True))
    hit = make_hit("😀 It was 28 February 2022.", before="Before.\n\n", title="River 😀 rises")
    assert quotes(reader, "when", hit) == ["28 February 2022"]
    without = make_hit("😀 It was 28 February 2022.", before="Before.\n\n")
    assert reader.read("when", [without])[0].spans == reader.read("when", [hit])[0].spans


def test_several_answers_are_all_marked(tmp_path: Path) -> None:
    reader = opened(make_reader(tmp_path, {"river": (5.0, 5.0), "council": (4.6, 4.6), "wood": (1.0, 1.0)}))
    hit = make_hit("The river, the council and the wood.")
    assert quotes(reader, "which", hit) == ["river", "council"]


def test_spans_that_grow_into_one_are_marked_once(tmp_path: Path) -> None:
    reader = opened(make_reader(tmp_path, {"alan": (5.0, 5.0), "wood": (4.9, 4.9)}, max_answer_tokens=1))
    hit = make_hit("It was Sir Alan Wood who led it.")
    assert quotes(reader, "who led it", hit) == ["Sir Alan Wood"]
    assert quotes(reader, "which", hit) == ["Alan", "Wood"]
    assert quotes(reader, "why", hit) == ["It was Sir Alan Wood who led it."]


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_many_passages_of_every_length_come_back_in_order(dates: SpanReader, threads: int) -> None:
    hits = [make_hit("river " * (place * 7 % 60) + "28 February 2022.") for place in range(40)]
    alone = tuple(reading for hit in hits for reading in dates.read("when", [hit]))
    assert replace(dates, workers=Workers(threads)).read("when", hits) == alone
    assert len({reading.score for reading in alone}) > 20


TEXTS = st.lists(
    st.sampled_from(
        [
            "28",
            "February",
            "2022",
            "Sir",
            "Alan Wood",
            "£3,500.50",
            "😀",
            "𝔘nicode",
            "e\u0301t\u00e9",
            "مرحبا",
            "日本",
            "\u200b",
            ". ",
            "?",
            "\n",
            "\n\n",
            "x" * 120,
        ]
    )
    | st.text(max_size=6),
    min_size=1,
    max_size=30,
).map(" ".join)
QUESTIONS = st.sampled_from(["when", "who was it?", "how much", "why", "list it", "which 😀", "é" * 300])


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(TEXTS, TEXTS, st.booleans()), max_size=4), QUESTIONS)
def test_spans_are_words_of_the_passage(noise: SpanReader, rows: list[tuple[str, str, bool]], question: str) -> None:
    hits = [make_hit(text, before=before, sentences=sentences) for text, before, sentences in rows]
    readings = noise.read(question, hits)
    assert len(readings) == len(hits)
    for hit, reading in zip(hits, readings, strict=True):
        assert math.isfinite(reading.score)
        assert hit.passage.span.contains(reading.sentence)
        for span in reading.spans:
            assert hit.passage.span.contains(span)
            assert span.of(hit.article.text).strip()
        if reading.spans:
            assert reading.sentence.contains(reading.spans[0])
        for place, span in enumerate(reading.spans):
            assert all(span.end <= other.start or other.end <= span.start for other in reading.spans[:place])
        assert noise.read(question, [hit]) == (reading,)  # whatever is beside it


def test_a_span_over_two_sentences_has_both_around_it() -> None:
    hit = make_hit("One here. Two there. Three.")
    assert sentence_around(hit, Span(4, 14)).of(hit.article.text) == "One here. Two there."
    assert sentence_around(make_hit("Headline", sentences=False), Span(0, 4)) == Span(0, 8)


def test_a_network_of_another_kind_is_refused(tmp_path: Path) -> None:
    folder = make_reader(tmp_path, {})
    value = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [1])
    out = helper.make_tensor_value_info("label", TensorProto.FLOAT, [1])
    graph = helper.make_graph([helper.make_node("Identity", ["pixels"], ["label"])], "other", [value], [out])
    other = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(other, str(folder / "model.onnx"))
    weights = ReaderWeights.load(_resealed(folder))
    with pytest.raises(ModelError, match="is no span reader: it takes pixels and gives label; wanted are input_ids"):
        SpanReader.open(weights)


def test_files_that_are_not_what_their_names_say(tmp_path: Path) -> None:
    folder = make_reader(tmp_path, {})
    (folder / "tokenizer.json").write_text("{}", "utf-8")
    with pytest.raises(ModelError, match=r"tokenizer\.json is no tokenizer"):
        SpanReader.open(ReaderWeights.load(_resealed(folder)))
    with pytest.raises(ModelError, match=r"nowhere\.json is no tokenizer"):
        PairTokenizer(tmp_path / "nowhere.json", max_tokens=64)
    make_reader(tmp_path, {})
    (folder / "model.onnx").write_bytes(b"no network")
    with pytest.raises(ModelError, match=r"model\.onnx cannot be run"):
        SpanReader.open(ReaderWeights.load(_resealed(folder)))


def _resealed(folder: Path) -> Path:
    """The folder with the checksums of what it holds now."""
    import hashlib

    path = folder / "reader.json"
    fields = json.loads(path.read_text("utf-8"))
    fields["sha256"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in fields["sha256"]}
    path.write_text(json.dumps(fields), "utf-8")
    return folder
