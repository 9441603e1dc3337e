"""Names inside text: how they are written, and when two can be one person. Only this file imports nameparser."""

import re
from dataclasses import dataclass, field
from functools import cached_property

Parsed = tuple[str, tuple[str, ...]]

_TITLE = (
    r"(?:Sir|Dame|Lord|Lady|Baroness|Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Councillor|Cllr|Judge|Justice|Rev|Reverend|Father"
    r"|President|Prime Minister|Captain|Colonel|General|Sergeant|Detective|Inspector|Chief Inspector|PC)\b\.?"
)
_PART = (
    r"(?:[A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-Я](?:[\w’']|-(?=[A-ZÀ-Þ]))*(?<!['’])"
    r"|(?:de|da|di|von|van|der|la|le|bin|al)(?=\s+(?:[a-z]+\s+)?[A-Z]))"
)
_INITIALS = r"(?:[A-Z]\.\s?)+"
# What follows "'s" is another's.
_GAP = r"(?<!['’]s)[ \xa0]+"

# As people quote it: titles, initials, given names, particles, surname; "'s" may hang on.
NAME = re.compile(rf"(?<![\w’'-])(?:{_TITLE}\s+)*(?:{_INITIALS})?{_PART}(?:{_GAP}(?:{_INITIALS})?{_PART})*")
_PERSON = re.compile(
    rf"(?:the\s+)?((?:[a-z]+\s+){{0,3}})((?:{_TITLE}\s+)*(?:{_INITIALS})?{_PART}(?:{_GAP}(?:{_INITIALS})?{_PART})*)"
)
_TITLED = re.compile(_TITLE)
_POSSESSIVE = re.compile(r"['’]s$")

# A name with one of these is no person's.
_BODIES = frozenset(
    "academy agency army assembly association authority bank board borough bureau cabinet church city club college "
    "commission commissioners committee company constabulary corporation council county court department district "
    "england executive federation force foundation fund government group guardian hospital house inquiry institute "
    "international limited ltd ministry news nhs office ofsted organisation panel parliament partnership party police "
    "post press review school secretariat service services society team times trust union university".split()
)
_ROLES = frozenset(
    "assistant chair chairman chief commissioner constable councillor deputy director education executive first "
    "foreign head home inspector judge justice king leader lord lady mayor minister officer pc police president prime "
    "queen secretary superintendent the of for".split()
)
_PARTICLES = frozenset("de da di von van der la le bin al".split())
_NOT_GIVEN = _ROLES | _PARTICLES
_NO_NAMES = frozenset("the a an his her their our its in on at".split())


@dataclass(frozen=True)
class Name:
    """What may be a person's name.

    Attributes:
        text: as written, without "'s".
        words: its words in lower case, to tell quickly that two names share none.
    """

    text: str
    words: frozenset[str] = field(compare=False)

    def agrees(self, other: "Name") -> bool:
        """Whether the surname is one and the given names, where both have them, go together."""
        if not self.words & other.words:
            return False
        return self.text == other.text or _together(self._parsed, other._parsed)

    @cached_property
    def _parsed(self) -> Parsed:
        """Surname and given names, in lower case, without particles and roles; a single word counts as a surname."""
        if self.text.isalpha():
            return self.text.lower(), ()
        from nameparser import parse  # A tenth of a second, and few questions need it.

        found = parse(self.text)
        given = tuple(word for word in found.given_names.lower().replace(".", " ").split() if word not in _NOT_GIVEN)
        return (found.family_base.lower(), given) if found.family else (" ".join(given), ())

    def differs(self, other: "Name") -> bool:
        """Whether they cannot be the same person."""
        return not self.agrees(other)

    def finer(self, other: "Name") -> "Name":
        """Of two that agree, the one that says more."""
        return other if len(other.words) > len(self.words) else self


def name_of(quote: str) -> Name | None:
    """The person's name that a quote is: two words or more, or a title and one; None for anything else."""
    text = _POSSESSIVE.sub("", quote.strip().rstrip(",;:!?").strip())
    found = _PERSON.fullmatch(text)
    if found is None:
        return None
    name = found[2]
    words = frozenset(re.findall(r"[^\W\d_]+", name.lower()))
    if words & _BODIES or words <= _ROLES or name.split()[0].lower() in _NO_NAMES:
        return None
    return Name(name, words)


def names_a_person(name: Name) -> bool:
    """Whether it has a given name or a title beside the surname."""
    return len(name.words) > 1 or bool(_TITLED.match(name.text))


def _together(one: Parsed, other: Parsed) -> bool:
    if not one[1] or not other[1]:
        # "Wood" is a surname, "Sir Alan" a given name: either will do.
        return one[0] in (other[0], *other[1]) or other[0] in one[1]
    # "J. Smith", "John Smith", "John Paul Smith": each given name begins with the other's, as far as both go.
    return one[0] == other[0] and all(
        a.startswith(b) or b.startswith(a) for a, b in zip(one[1], other[1], strict=False)
    )
