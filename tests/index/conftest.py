"""Encoders for the tests of the index: the real model, and a tiny one made here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.catalog import Catalog
from index.encoder import Encoder
from index.models import load_encoder
from tests.index.two_articles import ENCODER

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] the a bridge court rain opened judge in was is and on north . ?".split()


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """Empty."""
    with Catalog.open(tmp_path / "data", ENCODER) as opened:
        yield opened


@pytest.fixture(scope="session")
def encoder_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("encoders")


@pytest.fixture(scope="session")
def minilm(encoder_cache: Path) -> Encoder:
    return load_encoder(cache_dir=encoder_cache)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as sentence-transformers saves it: random BERT of two layers, cls pooling, 8 tokens at the most."""
    return _bert(tmp_path_factory.mktemp("tiny"), size=16, pooling="cls")


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with mean pooling, and large enough for the native layers."""
    return _bert(tmp_path_factory.mktemp("small"), size=64, pooling="mean")


def _bert(folder: Path, *, size: int, pooling: str) -> Path:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(7)
    # Beyond a thousand rows a table of words is stored in int8, as that of a real model.
    words = [*WORDS, *(f"word{number}" for number in range(1_000))]
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=size,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=32,
        initializer_range=0.5,
    )
    model = BertModel(config)
    for name, weight in model.named_parameters():
        if name.endswith("bias"):  # as in a model that has learned; torch exports equal ones as one
            torch.nn.init.normal_(weight, std=0.1)
        elif "LayerNorm" in name:
            torch.nn.init.normal_(weight, mean=1, std=0.1)
    model.save_pretrained(folder / "bert")
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    network = Transformer(str(folder / "bert"), max_seq_length=8)
    SentenceTransformer(modules=[network, Pooling(size, pooling_mode=pooling)], device="cpu").save(
        str(folder / "model")
    )
    return folder / "model"


@pytest.fixture(scope="session")
def static_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model that is no transformer: a table of word vectors, averaged."""
    import numpy as np
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({word: row for row, word in enumerate(WORDS)}, unk_token=WORDS[1]))
    tokenizer.pre_tokenizer = Whitespace()
    table = np.random.default_rng(7).normal(size=(len(WORDS), 4)).astype(np.float32)
    folder = tmp_path_factory.mktemp("static")
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=table)], device="cpu")
    model.save(str(folder))
    return folder
