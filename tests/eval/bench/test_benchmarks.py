"""Each benchmark runs, small, and says what it should; how fast is for the benchmark to say."""

from pathlib import Path

import pytest

from eval.bench import ask, cold, encoder, growth, http, indexing, load, reading
from eval.bench.curves import curve


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTARY_CACHE", str(cache))


def test_encoder(capsys: pytest.CaptureFixture[str]) -> None:
    encoder.main(3, 4)
    said = capsys.readouterr().out
    assert "| Quotary, 1 thread |" in said
    assert "| sentence-transformers | " in said
    assert "peak resident MB" in said


def test_ask(capsys: pytest.CaptureFixture[str]) -> None:
    ask.main(20, 3)
    said = capsys.readouterr().out
    assert "| retrieval only | encode | dense | lexical |" in said.replace("scores | ", "")


def test_reading(capsys: pytest.CaptureFixture[str]) -> None:
    reading.main(2, 10, 400, 120)
    said = capsys.readouterr().out
    assert "| the reader, 5 passages |" in said
    assert "| the reader, 10 passages |" in said


def test_http_and_load(capsys: pytest.CaptureFixture[str]) -> None:
    http.main(20, 3)
    load.main(2, 8, 20)
    said = capsys.readouterr().out
    assert "| HTTP, retrieval only |" in said
    assert "| default, HTTP, 2 clients, 1 server process |" in said
    assert "| default, HTTP, 2 clients, 2 server processes |" in said


def test_indexing(capsys: pytest.CaptureFixture[str]) -> None:
    indexing.main(8, 4)
    assert "file to committed index" in capsys.readouterr().out


def test_cold(capsys: pytest.CaptureFixture[str]) -> None:
    cold.main(1)
    assert "| quotary ask, retrieval only |" in capsys.readouterr().out


def test_growth(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "DOCS", tmp_path)
    monkeypatch.setattr(growth, "SIZES", (40, 80))
    growth.main(80)
    assert "recall@10" in capsys.readouterr().out
    assert (tmp_path / "growth.svg").read_text("utf-8").startswith("<svg")


def test_curves_end_where_the_decade_does() -> None:
    drawn = curve([10, 1_000], [("title & more", {"one": [1, 100]})])
    assert "title &amp; more" in drawn
    assert 'points="0.0,180.0 300.0,0.0"' in drawn
