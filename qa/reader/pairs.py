"""Question and passages as the token matrices that a reader's network takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding

from index.tokens import by_length, open_tokenizer

Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class PairBatch:
    """Passages of similar length, each behind the same question: [CLS] question [SEP] passage [SEP].

    Attributes:
        rows: positions of the passages in the list they came from.
        encodings: one per row; `offsets` are code points into the passage where `sequence_ids` is 1.
        ids, mask, types: [rows, longest] matrices, padded with zeros.
    """

    rows: list[int]
    encodings: list[Encoding]
    ids: Ids
    mask: Ids
    types: Ids


class PairTokenizer:
    """Tokenizes pairs and gathers them by length.

    Args:
        path: a tokenizer.json with a pair template.
        max_tokens: the longer of question and passage is cut so that the pair fits.

    Raises:
        ModelError: the file is missing or no tokenizer.
    """

    def __init__(self, path: Path, *, max_tokens: int) -> None:
        self._tokenizer = open_tokenizer(path)
        # That is the passage, unless somebody pastes a page as the question.
        self._tokenizer.enable_truncation(max_tokens, strategy="longest_first")

    def batches(self, question: str, passages: Sequence[str], budget: int) -> Iterator[PairBatch]:
        """The pairs, sorted by length, in batches of at most `budget` ids with padding (one pair at the least)."""
        encodings = self._tokenizer.encode_batch([(question, passage) for passage in passages])
        for rows in by_length([len(encoding.ids) for encoding in encodings], budget):
            yield _batch(rows, [encodings[row] for row in rows])


def _batch(rows: list[int], encodings: list[Encoding]) -> PairBatch:
    longest = max(len(encoding.ids) for encoding in encodings)
    ids, mask, types = (np.zeros((len(rows), longest), np.int64) for _ in range(3))
    for line, encoding in enumerate(encodings):
        length = len(encoding.ids)
        ids[line, :length] = encoding.ids
        mask[line, :length] = 1
        types[line, :length] = encoding.type_ids
    return PairBatch(rows, encodings, ids, mask, types)
