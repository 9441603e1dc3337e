"""When two texts are one statement printed twice, or two words one with a slip. Only this file imports rapidfuzz."""

from collections import Counter

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

Tokens = tuple[str, ...]

# Of 100: share of characters or words that an editor of syndicated copy leaves alone, a headline or a byline apart.
NEARLY = 90.0
_TURNS = frozenset(
    "not no never nor neither without cannot cant didnt doesnt dont isnt wasnt werent wont nobody none denied".split()
)


def nearly_equal(one: str, other: str) -> bool:
    """Whether at least `NEARLY` of the characters are in common, in order (normalised indel similarity)."""
    return fuzz.ratio(one, other, score_cutoff=NEARLY) > 0


def one_statement(one: Tokens, other: Tokens) -> bool:
    """Whether two sentences, as tokens, say the same in nearly the same words.

    Likeness is not enough, since "was appointed in May" and "was not appointed in May" are much alike. One may only
    have words more than the other, and neither a number nor a negation among them.
    """
    if one == other:
        return True
    if not fuzz.ratio(one, other, score_cutoff=NEARLY):
        return False
    first, second = set(one), set(other)
    if not (first <= second or second <= first):
        return False
    more, less = Counter(one) - Counter(other), Counter(other) - Counter(one)
    if more and less:
        return False
    return not any(token in _TURNS or any(c.isdigit() for c in token) for token in more | less)


def is_slip(one: str, other: str) -> bool:
    """Whether one word becomes the other by one letter more, less, changed or exchanged with its neighbour."""
    return DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1
