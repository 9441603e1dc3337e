"""The particulars a question insists on, names and numbers, and how many of them a passage lacks.

"When was Sir Alan Wood appointed in Birmingham?" is not answered by a passage on Solihull, however near its meaning.
"""

import re

from qa.hit import Hit
from qa.similar import is_slip

# Numbers keep what stands between their digits; words end before "'s".
_WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W_]+(?:-[^\W_]+)*")
# A capital at the head of a question is no sign of a name.
_OPENERS = frozenset(
    "who whom whose what when where why how which did does do was were is are has have had can could will would "
    "should in on at by for from of to with the a an and or if after before during since until list name give tell "
    "show".split()
)
# A name as long as this may be typed with one slip.
_SLIP_FROM = 5


def specifics(question: str) -> tuple[str, ...]:
    """Numbers and capitalised words of the question, lower case, each once, in their order."""
    found = (match[0] for match in _WORD.finditer(question))
    return tuple(
        dict.fromkeys(
            word.casefold()
            for word in found
            if word[0].isdigit() or (word[0].isupper() and word.casefold() not in _OPENERS)
        )
    )


def missing(question: str, hit: Hit) -> int:
    """How many of the question's specifics stand neither in the passage nor in its article's title or date."""
    wanted = specifics(question)
    if not wanted:
        return 0
    published = hit.article.published_at
    date = f"{published:%Y %B} {published.day}" if published else ""
    there = _words(f"{hit.article.title} {date} {hit.text}")
    return sum(not _among(word, there) for word in wanted)


def _words(text: str) -> frozenset[str]:
    words = [match[0].casefold() for match in _WORD.finditer(text)]
    # "Labinjo-Hughes" is also asked for as "Hughes"; "1,200" as "1200".
    parts = [part for word in words if "-" in word for part in word.split("-")]
    plain = [word.replace(",", "") for word in words if word[0].isdigit()]
    return frozenset((*words, *parts, *plain))


def _among(word: str, words: frozenset[str]) -> bool:
    if word in words or word.replace(",", "") in words:
        return True
    if word[0].isdigit() or len(word) < _SLIP_FROM:
        return False
    return any(is_slip(word, other) for other in words if not other[0].isdigit())
