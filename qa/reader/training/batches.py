"""A stream of training batches: of one length, within a token budget, the same again for the same seed and place."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa.reader.training.batch import Batch, Packed, pack_groups
from qa.reader.training.changes import Changer
from qa.reader.training.examples import NOTHING, Asked, Questions
from qa.reader.training.features import Feature, joined, window, without_sentence

_POOL = 1536
"""Questions sorted by length together; enough that a batch's lengths differ by a token or two."""
_LONGEST_TARGET = 60
"""Tokens; a longer answer (the whole of a list or table, in one set) is no quote, and may not fit in the network."""
_FUNCTION_WORDS = (
    "the a an of in on at to for is are was were did does do be been has have had that this by with as and"
)


@dataclass(frozen=True, slots=True)
class Mix:
    """What the examples of a stretch of training look like.

    Attributes:
        shortest, longest: passage windows have a size drawn evenly from this range, in tokens.
        mined: chance that a question also comes with a retrieved wrong passage.
        wrongs: how many such passages it may come with, each by that chance.
        cut: chance that it comes with its passage less the answering sentences.
        changed: chance that it comes changed so that its passage does not answer (where it can be).
        untitled: chance that its passages stand without their titles.
        keywords, no_mark: chances that a question loses its function words, or its question mark.
        skip: share of each source's questions to leave out.
        together: keep a question's passages in one batch (needed by the ranking loss).
    """

    shortest: int = 32
    longest: int = 180
    mined: float = 0.3
    wrongs: int = 1
    cut: float = 0.07
    changed: float = 0.12
    untitled: float = 0.15
    keywords: float = 0.1
    no_mark: float = 0.2
    skip: tuple[tuple[str, float], ...] = ()
    together: bool = False


class Stream:
    """Batches of the given questions without end; `pools(place)` begins at any pool, so training can resume there."""

    def __init__(
        self,
        *,
        questions: Questions,
        wanted: list[int],
        negatives: NDArray[np.int32],
        tokenizer: Tokenizer,
        mix: Mix,
        seed: int,
        budget: int,
    ) -> None:
        """`negatives` [len(wanted), k] as `negatives.mine` gives them; `budget`: tokens a batch, padding included."""
        self._questions, self._wanted, self._negatives = questions, wanted, negatives
        self._tokenizer, self._mix, self._seed, self._budget = tokenizer, mix, seed, budget
        word_ids = (tokenizer.token_to_id(word) for word in _FUNCTION_WORDS.split())
        self._function_words = np.asarray([i for i in word_ids if i is not None])
        self._mark = tokenizer.token_to_id("?")
        self._changer = Changer()
        self._siblings: dict[str, list[str]] = {}
        for i in wanted:
            q = questions.asked[i]
            self._siblings.setdefault(f"{q.source}/{questions.contexts[q.context].title}", []).append(q.text)

    def pool(self, place: int) -> Iterator[Batch]:
        """The batches of pool number `place` (counted over all epochs), in a random order."""
        return map(Batch.of, self.packed(place))

    def packed(self, place: int) -> Iterator[Packed]:
        """The same, packed."""
        per_epoch = max(1, -(-len(self._wanted) // _POOL))
        epoch, part = divmod(place, per_epoch)
        order = np.random.default_rng((self._seed, epoch)).permutation(len(self._wanted))
        rng = np.random.default_rng((self._seed, epoch, part))
        groups = [self._examples(int(r), rng) for r in order[part * _POOL : (part + 1) * _POOL]]
        if not self._mix.together:
            groups = [[f] for group in groups for f in group]
        groups = sorted((g for g in groups if g), key=lambda g: max(len(f.ids) for f in g))
        batches: list[list[list[Feature]]] = [[]]
        for group in groups:
            longest = max(len(f.ids) for f in group)
            rows = sum(len(g) for g in batches[-1]) + len(group)
            if batches[-1] and rows * longest > self._budget:
                batches.append([])
            batches[-1].append(group)
        for b in rng.permutation(len(batches)):
            if batches[b]:
                yield pack_groups(batches[b])

    def _examples(self, row: int, rng: np.random.Generator) -> list[Feature]:
        mix, asked = self._mix, self._questions.asked[self._wanted[row]]
        too_long = asked.target is not None and asked.target[1] - asked.target[0] >= _LONGEST_TARGET
        if too_long or rng.random() < dict(mix.skip).get(asked.source, 0.0):
            return []
        home = self._questions.contexts[asked.context]
        size = int(rng.integers(mix.shortest, mix.longest + 1))
        ids = self._varied(asked, rng)
        titled = rng.random() >= mix.untitled
        title = home.above if titled else NOTHING
        start, end = window(home, size, asked.target, rng)
        target = asked.target and (asked.target[0] - start, asked.target[1] - start)
        features = [joined(ids, home.ids[start:end], target, title)]
        others = self._negatives[row][self._negatives[row] >= 0]
        for _ in range(mix.wrongs):
            if not len(others) or rng.random() >= mix.mined:
                break
            # The best-ranked wrong passages are the hardest: the rank is drawn with a bias to the front.
            drawn = int(len(others) * rng.random() ** 2)
            other, others = self._questions.contexts[int(others[drawn])], np.delete(others, drawn)
            start, end = window(other, size, None, rng)
            features.append(joined(ids, other.ids[start:end], None, other.above if titled else NOTHING))
        if asked.target is None:
            return features
        if rng.random() < mix.cut and (rest := without_sentence(home, asked.target)) is not None:
            features.append(joined(ids, rest[:size], None, title))
        if rng.random() < mix.changed:
            near = self._siblings[f"{asked.source}/{home.title}"]
            if (text := self._changer.changed(asked, home, near, rng)) is not None:
                other_ids = np.asarray(self._tokenizer.encode(text, add_special_tokens=False).ids, np.int32)
                start, end = window(home, size, asked.target, rng)
                features.append(joined(other_ids, home.ids[start:end], None, title))
        return features

    def _varied(self, asked: Asked, rng: np.random.Generator) -> NDArray[np.int32]:
        ids = asked.ids[:64]
        if rng.random() < self._mix.keywords:
            kept = ids[~np.isin(ids, self._function_words)]
            return kept if len(kept) > 2 else ids
        if rng.random() < self._mix.no_mark and len(ids) > 1 and ids[-1] == self._mark:
            return ids[:-1]
        return ids
