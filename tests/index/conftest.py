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
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=32,
        initializer_range=0.5,
    )
    BertModel(config).save_pretrained(folder / "bert")
    (folder / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    network = Transformer(str(folder / "bert"), max_seq_length=8)
    SentenceTransformer(modules=[network, Pooling(16, pooling_mode="cls")], device="cpu").save(str(folder / "model"))
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
