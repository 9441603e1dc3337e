"""What a question asks for: a date, an amount, a person, a reason, a list, or anything else."""

import re
from enum import Enum


class Asks(Enum):
    """The kinds of answer that are quoted and compared in a way of their own."""

    WHEN = "when"
    AMOUNT = "amount"
    WHO = "who"
    WHY = "why"
    LIST = "list"
    OTHER = "other"


# "What year" wants a year alone, which needs no growing: it is no WHEN.
_SIGNS = (
    (Asks.WHEN, r"\bwhen\b|\b(?:what|which)\s+(?:exact\s+|precise\s+)?(?:date|day)s?\b"),
    (Asks.AMOUNT, r"\bhow\s+(?:much|many|long|old|far|often|large|big|high|tall|heavy|deep|fast)\b"),
    (
        Asks.WHO,
        r"\b(?:who|whom|whose)\b|\b(?:what|which)\s+(?:person|man|woman)\b|\bname of the\s+(?:person|man|woman)\b",
    ),
    (Asks.WHY, r"(?:^|,)\W*(?:and\s+)?why\b|\bwhat reasons?\b|\bwhat (?:was|is|were|are) the reasons?\b|\bhow come\b"),
    (
        Asks.LIST,
        r"^\W*list\b|^\W*name\s+(?:the\s+)?(?:all|every|each|\d+|two|three|four|five)\b"
        r"|\bwhat (?:are|were) the (?:names of|\d+|two|three|four|five|six|main|key)\b",
    ),
    # Weaker signs: they count only where nothing above is found.
    (Asks.AMOUNT, r"\b(?:cost|amount|price|sum|total)\b"),
)
_STRONG = tuple((asks, re.compile(sign, re.IGNORECASE)) for asks, sign in _SIGNS[:-1])
_CLAUSE = re.compile(r"\W*when\b[^?]*?,\s*", re.IGNORECASE)
_WEAK = tuple((asks, re.compile(sign, re.IGNORECASE)) for asks, sign in _SIGNS[-1:])


def asked(question: str) -> Asks:
    """What the question asks for, by its first question word.

    >>> asked("Who was told when the inspection was?")
    <Asks.WHO: 'who'>
    """
    # "When the trust took over, how many children ...?" asks for no date.
    clause = _CLAUSE.match(question)
    if clause and any(sign.search(question, clause.end()) for _, sign in _STRONG):
        question = question[clause.end() :]
    for signs in (_STRONG, _WEAK):
        found = [(match.start(), asks) for asks, sign in signs if (match := sign.search(question))]
        if found:
            return min(found, key=lambda item: item[0])[1]
    return Asks.OTHER
