"""A smaller vocabulary: without the pieces that English text never uses, which are a twentieth of the network."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa.reader.training.model import ReaderModel

_UNUSED = re.compile(r"\[unused\d+\]")
_KEPT = 104
"""Ids below this stay what they are, so that [PAD], [UNK], [CLS] and [SEP] keep theirs."""


def is_latin(piece: str) -> bool:
    """Whether every letter of the piece is Latin, or Greek as in formulas; what is no letter does not matter."""
    names = [unicodedata.name(c, "") for c in piece if c.isalpha()]
    return all("LATIN" in name or "GREEK" in name for name in names)


def vocabulary(tokenizer: Tokenizer) -> list[str]:
    """The pieces by id."""
    pieces: dict[str, int] = tokenizer.get_vocab()
    return sorted(pieces, key=lambda p: pieces[p])


def kept(pieces: list[str]) -> list[int]:
    """Ids to keep, ascending."""
    return [i for i, p in enumerate(pieces) if i < _KEPT or (not _UNUSED.fullmatch(p) and is_latin(p))]


def prune_tokenizer(source: Path, target: Path, unknown: str = "[UNK]") -> NDArray[np.int64]:
    """Writes tokenizer.json with the kept pieces; returns new ids by old ones, [old size]; the rest get `unknown`'s."""
    fields: dict[str, Any] = json.loads(source.read_text("utf-8"))
    vocabulary: dict[str, int] = fields["model"]["vocab"]
    pieces = sorted(vocabulary, key=lambda p: vocabulary[p])
    stay = kept(pieces)
    fields["model"]["vocab"] = {pieces[old]: new for new, old in enumerate(stay)}
    fields["truncation"] = fields["padding"] = None
    target.write_text(json.dumps(fields, ensure_ascii=False), "utf-8")
    new_ids = np.full(len(pieces), fields["model"]["vocab"][unknown], np.int64)
    new_ids[stay] = np.arange(len(stay))
    return new_ids


def prune_model(model: ReaderModel, stay: list[int], positions: int) -> ReaderModel:
    """Drops the other words' rows and the positions past the longest input, in place; returns the model."""
    embeddings = model.bert.embeddings
    words = embeddings.word_embeddings.weight.detach()[torch.tensor(stay)]
    places = embeddings.position_embeddings.weight.detach()[:positions]
    for name, rows in (("word_embeddings", words), ("position_embeddings", places)):
        table = torch.nn.Embedding(*rows.shape)
        table.weight.data.copy_(rows)
        setattr(embeddings, name, table)
    for name in ("position_ids", "token_type_ids"):
        setattr(embeddings, name, getattr(embeddings, name)[:, :positions])
    return model
