"""When two wordings are the same answer: SQuAD's normalisation, exact match and F1.

The definitions are those of Rajpurkar et al. 2016 (https://arxiv.org/abs/1606.05250, section 6.1). One thing is wider:
punctuation is all of Unicode's category P, not ASCII's alone, so that a curly apostrophe equals a straight one
(as in MLQA, Lewis et al. 2020).
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

_ARTICLES = re.compile(r"\b(a|an|the)\b")


@lru_cache(maxsize=16_384)
def normalised(text: str) -> str:
    """Lower case, without punctuation and English articles, single spaces.

    >>> normalised("The Council’s £532,000.")
    'councils £532000'
    """
    kept = "".join(
        c for c in text.lower() if c not in string.punctuation and not unicodedata.category(c).startswith("P")
    )
    return " ".join(_ARTICLES.sub(" ", kept).split())


def contains(text: str, answers: Iterable[str]) -> bool:
    """Whether one of the answers stands in the text, as whole words, after normalisation.

    >>> contains("in 2016", ["6"]), contains("aged 6, he", ["6"])
    (False, True)
    """
    padded = f" {normalised(text)} "
    return any(f" {wanted} " in padded for wanted in map(normalised, answers) if wanted)


def exact_match(quote: str, answers: Iterable[str]) -> float:
    """1.0 when the quote is one of the answers after normalisation, else 0.0."""
    return float(normalised(quote) in {normalised(answer) for answer in answers})


def f1(quote: str, answers: Iterable[str]) -> float:
    """Harmonic mean of word precision and recall, against the answer it fits best; 0.0 where there are no answers."""
    return max((_f1(normalised(quote).split(), normalised(answer).split()) for answer in answers), default=0.0)


def _f1(got: list[str], wanted: list[str]) -> float:
    if not got or not wanted:
        return float(got == wanted)
    # (2 * p * r) / (p + r) with p = shared / got and r = shared / wanted
    return 2 * (Counter(got) & Counter(wanted)).total() / (len(got) + len(wanted))
