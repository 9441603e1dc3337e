"""Question and passage as the token matrices that a reader's network takes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding

from index.tokens import open_tokenizer


@dataclass(frozen=True, eq=False, slots=True)
class Pair:
    """[CLS] question [SEP] passage [SEP], under whatever names the model has for these.

    Attributes:
        feeds: input_ids, attention_mask and token_type_ids, each [1, tokens].
        passage: [tokens] marks those of the passage.
        offsets: [tokens, 2] half-open code points into the passage, of the tokens marked.
    """

    feeds: dict[str, NDArray[np.int64]]
    passage: NDArray[np.bool_]
    offsets: NDArray[np.int64]


class PairTokenizer:
    """Tokenizes pairs; safe to use from many threads.

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

    def pair(self, question: str, passage: str) -> Pair:
        """The two as one input."""
        # `encode` would keep other threads waiting: of the two, only this one lets go of the interpreter's lock.
        encoding: Encoding = self._tokenizer.encode_batch([(question, passage)])[0]
        columns = (encoding.ids, encoding.attention_mask, encoding.type_ids)
        ids, mask, types = (np.array([column], np.int64) for column in columns)
        return Pair(
            feeds={"input_ids": ids, "attention_mask": mask, "token_type_ids": types},
            passage=np.array([sequence == 1 for sequence in encoding.sequence_ids]),
            offsets=np.array(encoding.offsets, np.int64),
        )
