from pathlib import Path

import pytest

from eval.bench import corpus
from eval.bench.corpus import Corpus, load_corpus


def test_grown_texts_are_distinct_and_always_the_same() -> None:
    small = Corpus("two", ("Rain fell on 3 May. It was wet.", "The fair cost 2 pounds."), ())
    grown = list(small.grown(50))
    assert grown[:2] == list(small.texts)
    assert len(set(grown)) == 50
    assert grown == list(small.grown(50))
    assert len({article.id for article in small.articles(50)}) == 50


def test_without_public_data_the_sample_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "PUBLIC", tmp_path / "none")
    found = load_corpus()
    assert "bundled sample" in found.name
    assert len(found.texts) > 30
    assert len(found.questions) > 50
