"""Passages that look right and are not: retrieved by words, without any accepted answer."""

import re
import string
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from qa.reader.training.examples import Asked, Questions

_DROPPED = re.compile(r"\b(a|an|the)\b")
_TERMS: dict[str, Any] = {
    "sublinear_tf": True,
    "stop_words": "english",
    "ngram_range": (1, 2),
    "dtype": np.float32,
}
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normal(text: str) -> str:
    """Lower case, without punctuation and articles, single spaces: SQuAD's normalisation (Rajpurkar et al. 2016)."""
    return " ".join(_DROPPED.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def mine(questions: Questions, wanted: list[int], keep: int, depth: int = 40) -> NDArray[np.int32]:
    """For each wanted question up to `keep` passages of its own set, shape [len(wanted), keep]; -1 where none was left.

    Ranked by TF-IDF over words and word pairs with sublinear counts; passages of the same article come first
    within each group of ten ranks, and a passage that holds an accepted answer (normalised) is left out.
    """
    found = np.full((len(wanted), keep), -1, np.int32)
    texts = [f" {normal(c.text)} " for c in questions.contexts]
    for source in sorted({questions.asked[i].source for i in wanted}):
        rows = [r for r, i in enumerate(wanted) if questions.asked[i].source == source]
        pool = np.asarray(sorted({questions.asked[i].context for i in wanted if questions.asked[i].source == source}))
        terms: Any = TfidfVectorizer(**_TERMS)
        documents = terms.fit_transform([questions.contexts[p].text for p in pool]).T.tocsr()
        for at in range(0, len(rows), 512):
            some = rows[at : at + 512]
            scores = (terms.transform([questions.asked[wanted[r]].text for r in some]) @ documents).toarray()
            count = min(depth, len(pool))
            best = np.argpartition(-scores, count - 1, axis=1)[:, :count]
            for r, candidates, row_scores in zip(some, best, scores, strict=True):
                q = questions.asked[wanted[r]]
                order = candidates[np.argsort(-row_scores[candidates], kind="stable")]
                left = [int(pool[c]) for c in order if wrong(q, int(pool[c]), texts)]
                title = questions.contexts[q.context].title
                ranked = sorted(
                    range(len(left)), key=lambda n: (n // 10, questions.contexts[left[n]].title != title, n)
                )
                found[r, : min(keep, len(left))] = [left[n] for n in ranked[:keep]]
    return found


def wrong(asked: Asked, passage: int, normal_texts: list[str]) -> bool:
    """Whether the passage is another one and holds none of the accepted answers."""
    return passage != asked.context and not any(f" {normal(a)} " in normal_texts[passage] for a in asked.answers)
