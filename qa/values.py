"""What a quote says, in a form that can be compared: a date, an amount, a person's name, or words."""

import re
import unicodedata
from dataclasses import dataclass

from qa.answer import Answer
from qa.asks import Asks
from qa.days import Day, day_of
from qa.names import Name, name_of, names_a_person
from qa.quantities import Quantity, quantity_of
from sources.article import Span

_SKIPPED = frozenset(("a", "an", "the"))
_POSSESSIVE = re.compile(r"['’]s\b")
# The mark comes first and what stands before it after: the other way round, every character is looked at twice.
_INNER = re.compile(r",(?<=\d,)(?=\d{3})|'(?<=\w')(?=\w)|’(?<=\w’)(?=\w)")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W_]+|[%£$€]")


@dataclass(frozen=True, slots=True)
class Words:
    """Anything else: words without case, articles, punctuation.

    Attributes:
        tokens: the words.
        initials: of its capitalised words; of an abbreviation, itself.
        whole: whether it is a sentence or more, which says too much to be compared with another.
    """

    tokens: tuple[str, ...]
    initials: str = ""
    whole: bool = False


Value = Day | Quantity | Name | Words


def value_of(answer: Answer, asks: Asks) -> Value:
    """What the answer's quote says, given what was asked for."""
    quote = answer.quote
    if asks in (Asks.WHY, Asks.LIST) or Span(answer.start, answer.end).contains(answer.sentence):
        return Words(tokens_of(quote), whole=True)
    if asks is Asks.AMOUNT:
        return quantity_of(quote) or day_of(quote, answer.article.published_at) or _words(quote)
    if asks is Asks.WHO:
        return name_of(quote) or _words(quote)
    return day_of(quote, answer.article.published_at) or quantity_of(quote) or _words(quote)


def agree(one: Value, other: Value) -> bool:
    """Whether both say the same."""
    if isinstance(one, Day) and isinstance(other, Day):
        return one.agrees(other)
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.agrees(other)
    if isinstance(one, Name) and isinstance(other, Name):
        return one.agrees(other)
    if isinstance(one, Words) and isinstance(other, Words):
        return one.tokens == other.tokens or _abbreviates(one, other) or _abbreviates(other, one)
    return False


def differ(one: Value, other: Value) -> bool:
    """Whether both cannot be the answer: two days, two amounts of one unit, two people. Words never differ."""
    if isinstance(one, Day) and isinstance(other, Day):
        return one.differs(other)
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.differs(other)
    if isinstance(one, Name) and isinstance(other, Name):
        return names_a_person(one) and names_a_person(other) and one.differs(other)
    return False


def finer(one: Value, other: Value) -> Value:
    """Of two that agree, the one that says more: a later one must agree with that."""
    if isinstance(one, Day) and isinstance(other, Day):
        return one.finer(other)
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.finer(other)
    if isinstance(one, Name) and isinstance(other, Name):
        return one.finer(other)
    return one


def tokens_of(text: str) -> tuple[str, ...]:
    """Words, numbers and currency signs of a text, without case, articles, possessives and punctuation.

    >>> tokens_of("The Council's bill: £1,200.")
    ('council', 'bill', '£', '1200')
    """
    plain = _POSSESSIVE.sub("", unicodedata.normalize("NFKC", text).casefold())
    return tuple(token for token in _TOKEN.findall(_INNER.sub("", plain)) if token not in _SKIPPED)


def _words(quote: str) -> Words:
    words = re.findall(r"[^\W\d_]+", quote)
    if len(words) == 1 and words[0].isupper():
        return Words(tokens_of(quote), words[0])
    return Words(tokens_of(quote), "".join(word[0] for word in words if word[0].isupper() and word != "The"))


def _abbreviates(short: Words, long: Words) -> bool:
    """Whether one is the other's initials: IICSA, three letters at the least."""
    alone = len(short.tokens) == 1 and short.initials.casefold() == short.tokens[0]
    return alone and len(short.initials) >= 3 and len(long.tokens) > 1 and short.initials == long.initials
