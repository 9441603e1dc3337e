"""One model input: [CLS] question [SEP] title | window [SEP], with the answer's tokens or the null answer at [CLS]."""

from dataclasses import dataclass

import numpy as np

from qa.reader.training.examples import NOTHING, Context, Ids

CLS, SEP = 101, 102
"""Ids of BERT's uncased vocabulary."""


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """Token ids of the whole input, where its second part (with the title) and the passage's own text begin, and the
    target's first and last token (0, 0: null)."""

    ids: Ids
    second: int
    passage: int
    start: int
    end: int


def window(home: Context, size: int, target: tuple[int, int] | None, rng: np.random.Generator) -> tuple[int, int]:
    """A half-open range of at most about `size` tokens that begins a sentence where it can, and holds the whole target.

    The range may end mid-sentence, as the index's passages do not; a target longer than `size` is kept whole.
    """
    total = len(home.ids)
    if total <= size:
        return 0, total
    if target is None:
        lowest, highest = 0, total - size // 2
    else:
        size = max(size, target[1] - target[0] + 1)
        lowest, highest = max(0, target[1] + 1 - size), target[0]
    heads = home.heads[(home.heads >= lowest) & (home.heads <= highest)]
    start = int(heads[rng.integers(len(heads))]) if len(heads) else int(rng.integers(lowest, highest + 1))
    return start, min(total, start + size)


def joined(question: Ids, passage: Ids, target: tuple[int, int] | None, title: Ids = NOTHING) -> Feature:
    """The input for a question and passage tokens; `target` counts from the passage's first token, None is null."""
    ids = np.concatenate(([CLS], question, [SEP], title, passage, [SEP])).astype(np.int32)
    second = len(question) + 2
    first = second + len(title)
    start, end = (0, 0) if target is None else (target[0] + first, target[1] + first)
    return Feature(ids, second, first, start, end)


def sentences_around(home: Context, target: tuple[int, int]) -> tuple[int, int]:
    """The half-open range of tokens of the sentences that hold the target."""
    first = int(home.heads[np.searchsorted(home.heads, target[0], side="right") - 1])
    after = int(np.searchsorted(home.heads, target[1], side="right"))
    return first, int(home.heads[after]) if after < len(home.heads) else len(home.ids)


def without_sentence(home: Context, target: tuple[int, int]) -> Ids | None:
    """The passage's ids without the sentences of the target; None when the answer or too little would remain."""
    first, last = sentences_around(home, target)
    rest = np.concatenate((home.ids[:first], home.ids[last:]))
    answer = home.ids[target[0] : target[1] + 1]
    if len(rest) < 24 or _contains(rest, answer):
        return None
    return rest


def _contains(ids: Ids, part: Ids) -> bool:
    if len(part) > len(ids):
        return False
    views = np.lib.stride_tricks.sliding_window_view(ids, len(part))
    return bool((views == part).all(axis=1).any())
