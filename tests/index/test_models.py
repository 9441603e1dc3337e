import threading
from pathlib import Path

import numpy as np
import pytest

from index.encoder import Encoder
from index.model_files import content_hash
from index.models import load_encoder
from index.native import library
from index.native_encoder import NativeEncoder
from index.onnx_encoder import OnnxEncoder
from index.onnx_form import OnnxForm
from index.torch_encoder import SentenceTransformerEncoder, load_sentence_transformer
from sources.errors import ModelError

TEXTS = ["The bridge opened in the north.", "the judge was on a court and a bridge and a court and a bridge", "rain?"]


def test_another_model_gives_its_own_vectors(tiny_model: Path, tmp_path: Path) -> None:
    """Its pooling (cls), its length limit (8 tokens) and its length of vectors, 16; normalised though it does not."""
    encoder = load_encoder(str(tiny_model), cache_dir=tmp_path)
    expected = load_sentence_transformer(tiny_model).encode(TEXTS, normalize_embeddings=True)
    assert encoder.dimension == 16
    np.testing.assert_allclose(np.sum(encoder.encode(TEXTS) * expected, axis=1), 1, atol=0.02)


def test_a_bert_runs_on_the_native_layers_or_on_onnxruntime(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = load_sentence_transformer(small_model).encode(TEXTS, normalize_embeddings=True)
    native = load_encoder(str(small_model), cache_dir=tmp_path)
    assert isinstance(native, NativeEncoder if library() else OnnxEncoder)
    monkeypatch.setattr("index.models.library", lambda: None)
    other = load_encoder(str(small_model), cache_dir=tmp_path)
    assert isinstance(other, OnnxEncoder)
    assert (native.runtime, other.runtime) == ("native layers" if library() else "ONNX Runtime", "ONNX Runtime")
    assert native.fingerprint == other.fingerprint
    for encoder in (native, other):
        np.testing.assert_allclose(np.sum(encoder.encode(TEXTS) * expected, axis=1), 1, atol=0.02)


def test_what_the_native_layers_do_not_run_gets_no_file_for_them(tiny_model: Path, tmp_path: Path) -> None:
    assert isinstance(load_encoder(str(tiny_model), cache_dir=tmp_path), OnnxEncoder)
    assert not [*tmp_path.glob("*/network.native")]


def test_the_form_is_made_once(tiny_model: Path, tmp_path: Path) -> None:
    said: list[str] = []
    first = load_encoder(str(tiny_model), cache_dir=tmp_path, notify=said.append)
    second = load_encoder(str(tiny_model), cache_dir=tmp_path, notify=said.append)
    assert said == ["preparing the encoder, once"]
    assert first.fingerprint == second.fingerprint
    np.testing.assert_array_equal(first.encode(TEXTS), second.encode(TEXTS))


def test_at_the_same_time_it_is_made_once_too(tiny_model: Path, tmp_path: Path) -> None:
    said: list[str] = []
    made: list[Encoder] = []
    threads = [
        threading.Thread(
            target=lambda: made.append(load_encoder(str(tiny_model), cache_dir=tmp_path, notify=said.append))
        )
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 1
    assert len({encoder.fingerprint for encoder in made}) == 1
    assert len(made) == 3


@pytest.mark.parametrize("name", ["network.onnx", "network.native", "tokenizer.json", "encoder.json"])
def test_a_damaged_form_is_made_anew(small_model: Path, tmp_path: Path, name: str) -> None:
    said: list[str] = []
    before = load_encoder(str(small_model), cache_dir=tmp_path, notify=said.append)
    (damaged,) = tmp_path.glob(f"*/{name}")
    damaged.write_bytes(damaged.read_bytes()[:-7])
    with pytest.raises(ModelError):
        OnnxForm.read(damaged.parent)
    after = load_encoder(str(small_model), cache_dir=tmp_path, notify=said.append)
    assert len(said) == 2
    assert after.fingerprint == before.fingerprint
    assert not [*tmp_path.glob(".making-*")]


def test_a_model_without_onnx_form_runs_on_sentence_transformers(static_model: Path, tmp_path: Path) -> None:
    with pytest.warns(RuntimeWarning, match="cannot be exported to ONNX.* runs on sentence-transformers"):
        encoder = load_encoder(str(static_model), cache_dir=tmp_path)
    assert isinstance(encoder, SentenceTransformerEncoder)
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (3, 4)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("name", ["no-such-model-here", "no such name", "../nowhere/at/all", ""])
def test_a_name_that_is_nothing_is_named(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match="model"):
        load_encoder(name, cache_dir=tmp_path / "cache")


def test_a_folder_without_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]", "utf-8")
    with pytest.raises(ModelError, match="holds no sentence-transformers model"):
        load_encoder(str(tmp_path), cache_dir=tmp_path / "cache")
    (tmp_path / "modules.json").unlink()
    with pytest.raises(ModelError, match=r"neither modules\.json nor config\.json"):
        load_encoder(str(tmp_path), cache_dir=tmp_path / "cache")


def test_the_hash_follows_the_content(tmp_path: Path) -> None:
    model, memo = tmp_path / "model", tmp_path / "memo.json"
    model.mkdir()
    (model / "config.json").write_text("{}", "utf-8")
    first = content_hash(model, memo)
    (model / "README.md").write_text("notes", "utf-8")
    assert content_hash(model, memo) == first
    (model / "config.json").write_text("[]", "utf-8")
    assert content_hash(model, memo) != first
    memo.write_text("{", "utf-8")
    (model / "config.json").write_text("{}", "utf-8")
    assert content_hash(model, memo) == first
