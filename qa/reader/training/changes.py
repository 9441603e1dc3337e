"""Questions made wrong: near to one that a passage answers, and not answered by it.

The ways are those by which people made SQuAD 2.0's unanswerable questions (Rajpurkar, Jia and Liang 2018, table 1):
another name or number, an opposite, a negation, another thing altogether.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np

from qa.reader.training.examples import Asked, Context
from qa.reader.training.features import sentences_around

_NAME = re.compile(r"(?<=\w\s)[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)*")
_NUMBER = re.compile(r"\b\d{1,4}\b")
_WORD = re.compile(r"[^\W\d_]{4,}")
_HELPER = re.compile(r"\b(did|does|do|was|were|is|are|has|have|had|can|could|would|will|should)\b", re.IGNORECASE)
_HOW = re.compile(r"\bhow\s$", re.IGNORECASE)
"""What follows ("how many", "how long") asks for a measure, and its opposite asks for the same."""
_ASKING = frozenset(
    "what when where which whose whom that this these those there their they from with does have been were will would "
    "could should many much long often name type kind other than into about after before between because during "
    "most".split()
)
_OTHERS = 8
_ENDINGS = ("ing", "ed", "ly", "er", "s")
_OPPOSITES = """
increase/decrease increased/decreased increasing/decreasing rise/fall rose/fell rising/falling grow/shrink grew/shrank
gain/lose gained/lost win/lose won/lost first/last largest/smallest larger/smaller large/small biggest/smallest
bigger/smaller big/small highest/lowest higher/lower high/low most/least more/less more/fewer best/worst better/worse
good/bad oldest/newest older/newer old/new oldest/youngest older/younger old/young earliest/latest earlier/later
early/late before/after begin/end began/ended beginning/end start/end start/stop started/ended started/stopped
starting/ending open/close opened/closed opening/closing north/south northern/southern east/west eastern/western
inside/outside internal/external above/below over/under up/down top/bottom left/right accept/reject accepted/rejected
agree/disagree agreed/disagreed allow/forbid allowed/forbidden approve/reject approved/rejected support/oppose
supported/opposed join/leave joined/left arrive/leave arrived/departed enter/leave entered/left buy/sell bought/sold
build/destroy built/destroyed create/destroy created/destroyed appoint/dismiss appointed/dismissed hire/fire
hired/fired add/remove added/removed attack/defend attacked/defended succeed/fail succeeded/failed success/failure
strong/weak stronger/weaker strongest/weakest strength/weakness advantage/disadvantage benefit/drawback
positive/negative public/private male/female man/woman men/women boy/girl father/mother son/daughter brother/sister
husband/wife king/queen born/died birth/death alive/dead love/hate loved/hated like/dislike liked/disliked
easy/difficult easier/harder fast/slow faster/slower hot/cold hotter/colder warm/cool long/short longer/shorter
longest/shortest rich/poor richest/poorest cheap/expensive cheaper/dearer common/rare major/minor maximum/minimum
majority/minority many/few always/never all/none possible/impossible legal/illegal known/unknown popular/unpopular
successful/unsuccessful able/unable include/exclude included/excluded including/excluding import/export
imported/exported offensive/defensive upper/lower ancient/modern urban/rural primary/secondary improve/worsen
improved/worsened helped/harmed help/harm raise/lower raised/lowered permanent/temporary domestic/foreign
local/national victory/defeat defeated/lost teacher/student employer/employee parent/child wet/dry full/empty
light/dark heavy/light heavier/lighter near/far closest/farthest nearest/farthest remember/forget love/hated
""".split()

Others = Sequence[str]
Change = tuple[re.Match[str], str]
"""A part of a question, and what stands there instead."""


def opposites() -> dict[str, list[str]]:
    """Words with an opposite, both ways, lower case."""
    table: dict[str, list[str]] = {}
    for pair in _OPPOSITES:
        one, other = pair.split("/")
        table.setdefault(one, []).append(other)
        table.setdefault(other, []).append(one)
    return {word: sorted(set(found)) for word, found in table.items()}


class Changer:
    """Makes wrong questions, in a way drawn at random from those that a question allows."""

    def __init__(self) -> None:
        self._opposites = opposites()
        self._word = re.compile(rf"\b({'|'.join(self._opposites)})\b", re.IGNORECASE)
        self._ways: tuple[tuple[float, Callable[[Asked, Context, Others], list[Change]]], ...] = (
            (0.22, lambda asked, home, _: self._other_number(asked, home)),
            (0.34, self._other_name),
            (0.22, lambda asked, home, _: self._opposite(asked, home)),
            (0.08, lambda asked, home, _: self._negation(asked, home)),
            (0.12, self._other_word),
        )

    def changed(self, asked: Asked, home: Context, others: Others, rng: np.random.Generator) -> str | None:
        """The question made wrong for its passage, or None where no way fits.

        `others`: further questions on the same article; from a few of them names and words are taken.
        """
        others = [others[int(i)] for i in rng.integers(len(others), size=_OTHERS)] if others else []
        offers = [(weight, found) for weight, way in self._ways if (found := way(asked, home, others))]
        if not offers:
            return None
        weights = np.asarray([weight for weight, _ in offers])
        found = offers[int(rng.choice(len(offers), p=weights / weights.sum()))][1]
        part, new = found[int(rng.integers(len(found)))]
        return asked.text[: part.start()] + new + asked.text[part.end() :]

    def _other_number(self, asked: Asked, home: Context) -> list[Change]:
        numbers = [m for m in _NUMBER.finditer(asked.text) if m[0] in home.text]
        rest = _without_answer(asked, home)
        here = {m[0] for m in _NUMBER.finditer(rest)}
        return [
            (m, new)
            for m in numbers
            for new in [
                *(str(int(m[0]) + step) for step in (-10, -3, -2, -1, 1, 2, 3, 7) if int(m[0]) + step > 0),
                *(sorted(n for n in here if len(n) == len(m[0]))),
            ]
            if new != m[0] and new not in _answering(asked, home)
        ]

    def _other_name(self, asked: Asked, home: Context, others: Others) -> list[Change]:
        known = f"{home.title} {home.text}"
        names = [m for m in _NAME.finditer(asked.text) if m[0] in known]
        if not names:
            return []
        answering = _answering(asked, home).lower()
        here = {m[0] for m in _NAME.finditer(_without_answer(asked, home))}
        beside = {m[0] for other in others for m in _NAME.finditer(other)}
        fresh = sorted(n for n in here | beside if n.lower() not in answering and n.lower() not in asked.text.lower())
        return [(m, new) for m in names for new in fresh]

    def _opposite(self, asked: Asked, home: Context) -> list[Change]:
        answering = set(_answering(asked, home).lower().split())
        return [
            (m, new)
            for m in self._word.finditer(asked.text)
            if not _HOW.search(asked.text[: m.start()])
            for new in self._opposites[m[0].lower()]
            if new not in answering
        ]

    def _negation(self, asked: Asked, home: Context) -> list[Change]:
        m = _HELPER.search(asked.text)
        if m is None or re.search(r"\b(not|never|no)\b|n't", asked.text + _answering(asked, home)):
            return []
        word = m[0].lower()
        short = {"can": "can't", "will": "won't"}.get(word, f"{m[0]}n't")
        return [(m, short), *([(m, f"{m[0]} never")] if word in ("has", "have", "had", "was", "were") else [])]

    def _other_word(self, asked: Asked, home: Context, others: Others) -> list[Change]:
        answering = _answering(asked, home).lower()
        known = f"{home.title} {home.text}".lower()
        here = [m for m in _WORD.finditer(asked.text) if m[0].lower() not in _ASKING and m[0].lower() in known]
        if not here:
            return []
        beside = {w for other in others for w in _WORD.findall(other) if w[0].islower() and w not in _ASKING}
        fresh = sorted(w for w in beside if w not in answering and w not in asked.text.lower())
        return [(m, new) for m in here if m[0][0].islower() for new in fresh if _ending(new) == _ending(m[0])]


def _ending(word: str) -> str:
    return next((end for end in _ENDINGS if word.endswith(end)), "")


def _answering_range(asked: Asked, home: Context) -> tuple[int, int]:
    """Code points of the sentences that hold the answer; none where nothing answers."""
    if asked.target is None:
        return 0, 0
    first, last = sentences_around(home, asked.target)
    return int(home.starts[first]), int(home.ends[last - 1])


def _answering(asked: Asked, home: Context) -> str:
    start, end = _answering_range(asked, home)
    return home.text[start:end]


def _without_answer(asked: Asked, home: Context) -> str:
    start, end = _answering_range(asked, home)
    return f"{home.text[:start]} {home.text[end:]}"
