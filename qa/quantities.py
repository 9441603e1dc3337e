"""Amounts inside text: how they are written, which number of which unit. Only this file imports text_to_num."""

import re
from dataclasses import dataclass
from decimal import Decimal

from text_to_num import text2num

_SCALES = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6,
    "bn": 10**9, "billion": 10**9, "trillion": 10**12, "tn": 10**12, "hundred": 100, "dozen": 12,
}  # fmt: skip
_CURRENCIES = {"£": "GBP", "$": "USD", "US$": "USD", "€": "EUR"}
# Word -> unit. A word that is not here counts something ("1,400 children"), and the question has said what.
_UNITS = {
    "pound": "GBP", "sterling": "GBP", "gbp": "GBP", "dollar": "USD", "usd": "USD", "euro": "EUR", "eur": "EUR",
    "penny": "penny", "pence": "penny", "p": "penny", "%": "%", "percent": "%", "second": "second", "minute": "minute",
    "hour": "hour", "day": "day", "week": "week", "fortnight": "fortnight", "month": "month", "year": "year",
    "decade": "decade", "century": "century", "mile": "mile", "metre": "metre", "meter": "metre", "m": "metre",
    "kilometre": "kilometre", "kilometer": "kilometre", "km": "kilometre", "centimetre": "cm", "cm": "cm", "mm": "mm",
    "foot": "foot", "feet": "foot", "ft": "foot", "inch": "inch", "inches": "inch", "yard": "yard", "acre": "acre",
    "hectare": "hectare", "kg": "kg", "kilogram": "kg", "gram": "gram", "g": "gram", "tonne": "tonne", "ton": "ton",
    "litre": "litre", "liter": "litre", "degree": "degree", "mph": "mph", "time": "time",
}  # fmt: skip
# Thousands are parted by commas or, as in "532 000", by spaces.
_NUMERAL = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[ \xa0\u202f]\d{3})+(?!\d)|\d+(?:\.\d+)?"
_SIGN = r"(?:\b(?:US|A|AU|C|CA|HK|NZ))?\$|[£€]"
_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NUMBER_WORDS = frozenset(f"{_SMALL} {_TENS} hundred thousand million billion trillion and".split())
_NUMBER_WORD = "|".join(sorted(_NUMBER_WORDS - {"and"}, key=len, reverse=True))
_SCALE = r"(?:thousand|million|billion|trillion|dozen|mn?|bn|tn|k)\b"
_COUNTED = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|miles?|metres?|kilometres?|km|kg|tonnes?|acres?"
    r"|hectares?|pounds?|pence|euros?|dollars?|people|children|cases|men|women|times|per\s?cent|percent)\b"
)
_WORDED = (
    r"\b(?:(?:a|half\s+a)\s+(?=hundred|thousand|million|billion|trillion))?"
    rf"(?:{_NUMBER_WORD})(?:(?:\s+and)?[\s-]+(?:{_NUMBER_WORD}))*"
)

# As people quote it: currency, number, scale, unit.
AMOUNT = re.compile(
    rf"(?:{_SIGN})\s?(?:{_NUMERAL})(?:\s?{_SCALE})?|(?<![\d.,£$€])(?:{_NUMERAL})(?:\s?%|\s?{_SCALE})?(?:[\s-]{_COUNTED})?"
    rf"|{_WORDED}(?:[\s-]{_COUNTED})?|\ba\s+(?:dozen|year|month|week|day|decade)\b",
    re.IGNORECASE,
)

# They say how exact the number is, not which one.
_QUALIFIER = re.compile(
    r"(?:(?:more|less|fewer|greater|higher|lower) than|at (?:least|most)|up to|as (?:many|much) as"
    r"|an? (?:total|estimated)(?: of)?|close to|around|about|approximately|roughly|some|nearly|almost"
    r"|over|under|below|above|a (?:maximum|minimum) of|estimated|the|all|in total|for|~|c\.|circa"
    r"|just|only|exactly)(?:\s+|(?<=~))",
    re.IGNORECASE,
)
_NUMBER = re.compile(rf"(?P<sign>{_SIGN})?\s?(?P<number>{_NUMERAL})(?!\d)\s?(?P<rest>.*)", re.DOTALL)
_RATE = re.compile(r"\b(?:an?|per|each|every)[\s-]+(\w+)|\b(annual)(?:ly)?\b", re.IGNORECASE)
_WORD = re.compile(r"%|[^\W\d_]+")
# Words after the unit: "1,400 children in the borough". More is a statement, not an amount.
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a unit.

    Attributes:
        amount: with its scale taken in: 532000 for "£0.532m".
        unit: "GBP", "year", "%"...; "" for a count or where none is written.
    """

    amount: Decimal
    unit: str

    def differs(self, other: "Quantity") -> bool:
        """Whether both count the same unit and come to another number."""
        return self.unit == other.unit and self.amount != other.amount

    def agrees(self, other: "Quantity") -> bool:
        """Whether the numbers are the same and the units too, as far as written."""
        return self.amount == other.amount and (self.unit == other.unit or "" in (self.unit, other.unit))

    def finer(self, other: "Quantity") -> "Quantity":
        """Of two that agree, the one with a unit."""
        return self if self.unit else other


def quantity_of(quote: str) -> Quantity | None:
    """The one amount that a quote is; None for none, several, a range, or a longer statement."""
    # "29 km (18 miles)" is one amount, written twice.
    text = re.sub(r"\s*\([^()]*\)\s*$", "", quote.strip().rstrip(".,;:!?")).strip()
    while qualifier := _QUALIFIER.match(text):
        text = text[qualifier.end() :]
    found = _NUMBER.fullmatch(text)
    if found:
        number, rest, currency = Decimal(re.sub(r"[^\d.]", "", found["number"])), found["rest"], found["sign"]
    else:
        worded = _worded(text)
        if worded is None:
            return None
        (number, rest), currency = worded, None
    return _with_unit(number, rest.lower(), _CURRENCIES.get(currency, currency) if currency else "")


def _worded(text: str) -> tuple[Decimal, str] | None:
    """The number that the first words spell, and what follows it."""
    words = text.replace("-", " ").lower().split()
    share = Decimal(1)
    if words[:2] == ["half", "a"] and len(words) > 2:
        share, words = Decimal("0.5"), ["one", *words[2:]]
    elif len(words) > 1 and words[0] in ("a", "an") and (words[1] in _SCALES or words[1] in _UNITS):
        words = ["one", *words[1:]]
    length = 0
    while length < len(words) and words[length] in _NUMBER_WORDS:
        length += 1
    while length and words[length - 1] == "and":
        length -= 1
    if not length:
        return None
    try:
        number = text2num(" ".join(words[:length]), "en")
    except ValueError:
        return None
    rest = " ".join(words[length:])
    # "One of the worst cases" counts nothing.
    return None if number == 1 and rest.startswith("of ") else (share * number, rest)


def _with_unit(number: Decimal, rest: str, currency: str) -> Quantity | None:
    rest = re.sub(r"per\s+cent\b", "percent", rest)
    words = _WORD.findall(rest)
    if len(words) > _MOST_WORDS or any(c.isdigit() for c in rest) or any(_is_number(word) for word in words[1:]):
        return None
    # "5m" is metres unless it is money or something follows that can be counted.
    metres = (
        words[:1] == ["m"]
        and not currency
        and (len(words) == 1 or words[1] in ("tall", "long", "high", "wide", "deep"))
    )
    if words and words[0] in _SCALES and not metres:
        number *= _SCALES[words.pop(0)]
    unit = currency
    if not unit and words:
        unit = _UNITS.get(words[0]) or _UNITS.get(words[0].removesuffix("s")) or ""
    rate = _RATE.search(rest)
    return Quantity(number, f"{unit} / {rate[1] or 'year'}" if rate else unit)


def _is_number(word: str) -> bool:
    return word in _NUMBER_WORDS and word not in ("and", "one")
