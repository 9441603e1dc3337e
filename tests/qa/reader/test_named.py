"""Readers by name: the built-in ones, and tiny models of the kinds that a user may name, made here."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.catalog import Catalog
from index.terms import EnglishTerms
from qa.build import build_pipeline
from qa.decide import Calibration
from qa.question import Question
from qa.reader.named import open_reader
from qa.reader.reader import Reader
from sources.article import Span
from sources.errors import ModelError
from tests.fakes import WordEncoder

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS), ".", "£"]


def tiny(folder: Path, *, answers: bool) -> Path:
    """A random BERT of one layer with a head for answers, or for one score a pair, and its tokenizer."""
    import torch
    from transformers import BertConfig, BertForQuestionAnswering, BertForSequenceClassification, BertTokenizer

    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(PIECES), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=128, initializer_range=0.5,
    )  # fmt: skip
    config.num_labels = 2 if answers else 1
    kind = BertForQuestionAnswering if answers else BertForSequenceClassification
    kind(config).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(PIECES), "utf-8")
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny(tmp_path_factory.mktemp("answering"), answers=True)


@pytest.fixture(scope="module")
def scoring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny(tmp_path_factory.mktemp("scoring"), answers=False)


def opened(name: str) -> tuple[Reader, Calibration]:
    return open_reader(name, WordEncoder(), EnglishTerms(), lambda _: None)


@pytest.mark.parametrize("name", ["none", "sentence"])
def test_built_in_readers(name: str) -> None:
    reader, calibration = opened(name)
    assert (reader.name, reader.reranks) == (name, False)
    assert 0 < calibration.threshold < 1


def test_the_default_is_the_bundled_one_and_gives_the_fact_itself(catalog: Catalog) -> None:
    result = build_pipeline(catalog).ask(Question("by how many metres did the river rise?"))
    assert result.models["reader"].startswith("quotary-reader ")
    assert "two metres" in result.hits[0].highlights[0].of(result.hits[0].article.text)


@pytest.mark.parametrize("kind", ["answering", "scoring"])
def test_a_named_model_reads_ranks_and_quotes_exactly(
    catalog: Catalog, kind: str, request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue(kind)
    pipeline = build_pipeline(catalog, str(folder))
    pipeline = replace(pipeline, calibration=replace(pipeline.calibration, threshold=0.0))
    result = pipeline.ask(Question("how far rose the river"))
    assert result.models["reader"] == str(folder)
    assert [hit.score for hit in result.hits] == sorted((hit.score for hit in result.hits), reverse=True)
    assert result.answerable
    for hit in result.hits:
        assert hit.scores.reader is not None
        assert hit.highlights
        assert all(hit.passage.span.contains(span) and len(span) for span in hit.highlights)
    for answer in result.outcome:  # type: ignore[union-attr]
        assert answer.sentence.contains(Span(answer.start, answer.end))
        assert answer.quote == catalog.article(answer.article.id).text[answer.start : answer.end]


def test_a_long_passage_is_cut_to_the_model(tmp_path: Path, answering: Path) -> None:
    from tests.fakes import article

    with Catalog.open(tmp_path, WordEncoder()) as catalog:
        catalog.add([article("long", "word after word " * 60)])
        result = build_pipeline(catalog, str(answering)).ask(Question("which word"))
        assert len(result.hits) == 1


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ('{"architectures": ["GPT2LMHeadModel"]}', "is GPT2LMHeadModel; a reader is a model for question answering"),
        ("{}", "is of no known kind"),
        ("not json", r"config\.json cannot be read"),
        ('{"architectures": ["BertForQuestionAnswering"], "model_type": "bert"}', "holds no question-answering model"),
        ('{"architectures": ["BertForSequenceClassification"], "model_type": "bert"}', "holds no cross-encoder"),
    ],
)
def test_a_model_of_another_kind_is_explained(tmp_path: Path, config: str, told: str) -> None:
    (tmp_path / "config.json").write_text(config, "utf-8")
    with pytest.raises(ModelError, match=told):
        opened(str(tmp_path))


def test_a_folder_without_a_model_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no model"):
        opened(str(tmp_path))


def test_a_name_that_nobody_knows_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="no model 'nobody/nothing'"):
        opened("nobody/nothing")
